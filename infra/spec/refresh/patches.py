"""Our corrections of the sources: JSON merge patches (RFC 7386) on the trimmed types, each with its reason."""

import json
import sys
from pathlib import Path


def read_patches(directory: Path) -> list:
    patches = []
    for path in sorted(directory.glob("*.json")):
        for patch in json.loads(path.read_text()):
            if not patch.get("reason"):
                sys.exit(f"{path}: the patch of {patch.get('type')} gives no reason; add one")
            patches.append({**patch, "file": path.name})
    return patches


def apply_patches(types: dict, patches: list) -> None:
    for patch in patches:
        for name in [patch["type"]] if isinstance(patch["type"], str) else patch["type"]:
            if name not in types:
                sys.exit(f"{patch['file']}: {name} is not in types.txt; remove the patch or add the type")
            before = json.dumps(types[name], sort_keys=True)
            types[name] = merged(types[name], patch["merge"])
            if json.dumps(types[name], sort_keys=True) == before:
                sys.exit(f"{patch['file']}: the patch of {name} changes nothing any more; remove it ({patch['reason']})")


def merged(target: object, patch: object) -> object:
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result
