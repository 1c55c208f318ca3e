"""Refreshes the resource specification in this directory from the pinned sources.

Run `python3 infra/spec/refresh.py` (or `just spec`). Needs the network, pip and npm; writes `aws/**/*.json` and `SOURCE.json`.
Only the types listed in `types.txt` are kept.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE / "refresh"))

from facts import ServiceSpecFacts  # noqa: E402
from patches import apply_patches, read_patches  # noqa: E402
from sources import fetch  # noqa: E402
from trim import trim  # noqa: E402


def main() -> None:
    wanted = (HERE / "types.txt").read_text().split()
    if wanted != sorted(set(wanted)):
        sys.exit("types.txt must be sorted and free of duplicates; run `LC_ALL=C sort -u -o types.txt types.txt`")
    patches = read_patches(HERE / "patches")
    with tempfile.TemporaryDirectory() as directory:
        sources = fetch(Path(directory))
        facts = ServiceSpecFacts(sources.service_spec)
        types = {name: trim(name, sources.schema(name), facts.of(name)) for name in wanted}
    apply_patches(types, patches)
    write_types(types)
    write_json(HERE / "SOURCE.json", sources.record)
    print(f"{len(types)} resource types written to {HERE / 'aws'}")


def write_types(types: dict) -> None:
    shutil.rmtree(HERE / "aws", ignore_errors=True)
    for name, resource in types.items():
        _, service, kind = name.split("::")
        write_json(HERE / "aws" / service.lower() / f"{kind.lower()}.json", resource)


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
