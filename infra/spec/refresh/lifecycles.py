"""What every public resource type goes through: what replaces it, what is lost with it, what matters to security.

One line of JSON for each type, sorted by type, in `lifecycles.jsonl`; `src/lifecycles.rs` reads it.
"""

import json
import sys
from pathlib import Path

from facts import TypeFacts
from trim import PATHS, is_marked, property_path

KEPT_PATHS = ("createOnlyProperties", "conditionalCreateOnlyProperties", "primaryIdentifier")


def read_losses(path: Path) -> dict:
    """What is lost with each type of `stateful.txt`."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    losses = dict(line.split(maxsplit=1) for line in lines)
    if len(losses) != len(lines):
        sys.exit(f"{path.name}: a type is listed twice; remove one of its lines")
    return losses


def check_losses(losses: dict, names: set, stateful: set) -> None:
    if unknown := sorted(set(losses) - names):
        sys.exit(f"stateful.txt: no source knows {', '.join(unknown)}; correct the names or remove the lines")
    if missing := sorted(stateful - set(losses)):
        sys.exit(f"stateful.txt: the sources call {', '.join(missing)} stateful; add a line on what is lost")


def lifecycle(name: str, schema: dict, facts: TypeFacts, loss: str | None) -> str:
    result = {PATHS[source]: paths(schema, source) for source in KEPT_PATHS if schema.get(source)}
    if disputed := disputed_create_only(schema, facts):
        result["disputed_create_only"] = disputed
    if loss:
        result["loss"] = loss
    if facts.security:
        result["security"] = facts.security
    if marked := {name: fact["scrutinizable"] for name, fact in facts.properties.items() if is_marked(fact)}:
        result["security_properties"] = marked
    if schema.get("replacementStrategy"):
        result["replacement_strategy"] = schema["replacementStrategy"]
    return json.dumps({"type": name, **dict(sorted(result.items()))}, separators=(",", ":"))


def paths(schema: dict, source: str) -> list:
    found = [property_path(path) for path in schema.get(source, [])]
    return found if source == "primaryIdentifier" else sorted(set(found))


def disputed_create_only(schema: dict, facts: TypeFacts) -> list:
    """What replaces the resource by the service specification, of which the schema says nothing.

    Tags are left out: there the service specification repeats an old documentation. So are the types of macros, which are
    no resources.
    """
    if facts.is_macro:
        return []
    known = {path.split(".")[0] for source in KEPT_PATHS[:2] for path in paths(schema, source)}
    replacing = {name for name, fact in facts.properties.items() if fact.get("causesReplacement", "no") != "no"}
    read_only = set(paths(schema, "readOnlyProperties"))
    return sorted(name for name in replacing - known - read_only if not name.startswith("Tag"))
