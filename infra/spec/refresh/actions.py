"""The IAM actions of every service.

One line for each service and access level in `actions.txt`, `s3 Read GetBucketAcl GetObject ...`, sorted; `src/actions.rs` reads it.
"""

import sys

WORDS = {
    "List": "List",
    "Permissions management": "PermissionsManagement",
    "Read": "Read",
    "Tagging": "Tagging",
    "Write": "Write",
}


def action_lines(actions_by_service: dict) -> list:
    return [
        " ".join([service, level, *names])
        for service, actions in sorted(actions_by_service.items())
        for level, names in by_level(service, actions).items()
    ]


def by_level(service: str, actions: list) -> dict:
    result = {word: [] for word in WORDS.values()}
    for action in actions:
        level = action["accessLevel"].split(",")[0]  # "Tagging, Write": the narrower word comes first
        if level not in WORDS:
            sys.exit(f"{service}:{action['name']} has the access level {level}; teach it to actions.py and src/actions.rs")
        result[WORDS[level]].append(action["name"])
    return {level: sorted(names) for level, names in result.items() if names}
