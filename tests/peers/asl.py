"""Runs our checker of state machines and those of others over the same definitions, and counts what each finds.

usage: asl.py --infra BINARY --asl-validator BINARY [--details]

The definitions are those of `infra/asl/tests/corpus`. Something is caught when a tool reports anything at all about a broken
definition, wherever and whatever; a false alarm is anything at all about a correct one. This interpreter needs the packages
of `asl.txt`. Prints a Markdown table; with `--details` also what each tool made of each definition.
"""

import argparse
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable

CORPUS = pathlib.Path(__file__).parents[2] / "infra/asl/tests/corpus"
SCRIPTS = pathlib.Path(sys.executable).parent
CLASSES = {"S0": "structure", "S1": "data", "S2": "budgets"}

# A definition in a file of its own, and what is known of its data.
Case = tuple[pathlib.Path, dict]
# The names of the definitions about which a tool reports something.
Reported = set[str]


def run(command: list[str], fine: Iterable[int]) -> subprocess.CompletedProcess:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode not in fine:
        raise SystemExit(f"{' '.join(command)}: exit {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def ours(binary: str, with_schemas: bool) -> Callable[[list[Case]], Reported]:
    def schemas(path: pathlib.Path, wrapper: dict) -> Iterable[str]:
        def written(kind: str, schema: dict) -> str:
            file = path.with_suffix(f".{kind}.schema")
            file.write_text(json.dumps(schema))
            return str(file)

        if "input" in wrapper:
            yield from ["--input-schema", written("input", wrapper["input"])]
        for number, (name, schema) in enumerate(wrapper.get("results", {}).items()):
            yield from ["--result-schema", f"{name}={written(str(number), schema)}"]

    def reports(path: pathlib.Path, wrapper: dict) -> bool:
        known = list(schemas(path, wrapper)) if with_schemas else []
        result = run([binary, "check-asl", str(path), *known, "--strict", "--format", "json"], fine=[0, 1])
        return result.returncode == 1

    def all_reported(cases: list[Case]) -> Reported:
        with concurrent.futures.ThreadPoolExecutor() as pool:
            verdicts = pool.map(lambda case: reports(*case), cases)
            return {path.stem for (path, _), reported in zip(cases, verdicts) if reported}

    return all_reported


def statelint(cases: list[Case]) -> Reported:
    paths = {str(path): path.stem for path, _ in cases}
    # Without the option it wants 2.0 where the service takes 2.
    result = run([str(SCRIPTS / "statelint"), "--ignore=FLOAT", *paths], fine=[0, 1])
    return {paths[line] for line in result.stdout.splitlines() if line in paths}


def asl_validator(binary: str) -> Callable[[list[Case]], Reported]:
    def reported(cases: list[Case]) -> Reported:
        options = [option for path, _ in cases for option in ["--json-path", str(path)]]
        result = run([binary, *options], fine=[0, 1])
        told = re.findall(r"([✓✕]) State machine definition \"(.+?)\" is", result.stdout + result.stderr)
        if len(told) != len(cases):
            raise SystemExit(f"asl-validator tells of {len(told)} of {len(cases)} definitions\n{result.stderr}")
        return {pathlib.Path(name).stem for mark, name in told if mark == "✕"}

    return reported


def cfn_lint(cases: list[Case]) -> Reported:
    """It reads templates only: each definition becomes the one resource of one."""
    templates = {}
    for path, wrapper in cases:
        properties = {"RoleArn": "arn:aws:iam::123456789012:role/machine", "Definition": wrapper["definition"]}
        machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
        template = path.with_suffix(".template.json")
        template.write_text(json.dumps({"Resources": {"Machine": machine}}))
        templates[str(template)] = path.stem
    # The exit code says of which severities something was found: 2 errors, 4 warnings, 8 informations.
    result = run([str(SCRIPTS / "cfn-lint"), "--format", "json", *templates], fine=range(0, 15, 2))
    return {templates[finding["Filename"]] for finding in json.loads(result.stdout)}


def versions(arguments: argparse.Namespace) -> str:
    def version(*command: str) -> str:
        return run([*command, "--version"], fine=[0]).stdout.split(" on ")[0].strip()

    told = [
        version(str(SCRIPTS / "cfn-lint")),
        "statelint " + version(str(SCRIPTS / "statelint")).split()[0],
        "asl-validator " + version(arguments.asl_validator),
    ]
    return ", ".join(told)


def class_of(wrapper: dict) -> str:
    language = wrapper["definition"].get("QueryLanguage", "JSONPath")
    return f"{CLASSES[wrapper['finds'][:2]]}, {language}"


def table(broken: list[Case], correct: list[Case], caught: dict[str, Reported], alarms: dict[str, Reported]) -> str:
    def row(title: str, cases: list[Case], reported: dict[str, Reported]) -> list[str]:
        names = {path.stem for path, _ in cases}
        return [f"{title} ({len(names)})", *(str(len(names & found)) for found in reported.values())]

    rows = [["", *caught], ["---", *("--:" for _ in caught)]]
    for name in [f"{kind}, {language}" for kind in CLASSES.values() for language in ["JSONPath", "JSONata"]]:
        rows.append(row(name, [case for case in broken if class_of(case[1]) == name], caught))
    rows.append(row("**caught in all**", broken, caught))
    rows.append(row("**false alarms**", correct, alarms))
    return "\n".join("| " + " | ".join(cells) + " |" for cells in rows)


def details(title: str, cases: list[Case], reported: dict[str, Reported]) -> str:
    def by(path: pathlib.Path) -> str:
        return ", ".join(tool for tool, names in reported.items() if path.stem in names) or "nobody"

    return "\n".join([f"\n{title}", *(f"  {path.stem}: {by(path)}" for path, _ in cases)])


def read(folder: str, into: pathlib.Path) -> list[Case]:
    into.mkdir()
    cases = []
    for file in sorted((CORPUS / folder).glob("*.json")):
        wrapper = json.loads(file.read_text())
        path = into / file.name
        path.write_text(json.dumps(wrapper["definition"]))
        cases.append((path, wrapper))
    return cases


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--infra", required=True)
    parser.add_argument("--asl-validator", required=True)
    parser.add_argument("--details", action="store_true")
    arguments = parser.parse_args()
    tools = {
        "`infra check-asl`": ours(arguments.infra, with_schemas=True),
        "… without schemas": ours(arguments.infra, with_schemas=False),
        "statelint": statelint,
        "asl-validator": asl_validator(arguments.asl_validator),
        "cfn-lint": cfn_lint,
    }
    with tempfile.TemporaryDirectory() as directory:
        broken, correct = (read(folder, pathlib.Path(directory, folder)) for folder in ["broken", "correct"])
        caught = {name: tool(broken) for name, tool in tools.items()}
        alarms = {name: tool(correct) for name, tool in tools.items()}
    print(versions(arguments), end="\n\n")
    print(table(broken, correct, caught, alarms))
    if arguments.details:
        print(details("broken, caught by", broken, caught))
        print(details("correct, false alarm of", correct, alarms))


main()
