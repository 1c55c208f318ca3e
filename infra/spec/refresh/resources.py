"""The resources that IAM actions are about.

One line for each service, kind of resource and form of its ARNs in `resources.txt`, `s3 bucket arn:${Partition}:s3:::${BucketName} CreateBucket ...`,
sorted; `src/resources.rs` reads it. Only the actions that the handlers of our types name are kept. A kind's name loses its spaces.
"""


def resource_lines(types: dict, actions_by_service: dict, kinds_by_service: dict) -> list:
    needed = {action.lower() for resource in types.values() for actions in resource.get("permissions", {}).values() for action in actions}
    lines = [
        " ".join([service, kind["key"].replace(" ", "-"), form, *names])
        for service, actions in actions_by_service.items()
        for kind in kinds_by_service.get(service, [])
        if (names := about(kind["key"], [action for action in actions if f"{service}:{action['name']}".lower() in needed]))
        for form in kind["arn"].split(", ")
    ]
    return sorted(lines)


def about(kind: str, actions: list) -> list:
    return sorted(action["name"] for action in actions if any(taken["name"] == kind for taken in action["resourceTypes"]))
