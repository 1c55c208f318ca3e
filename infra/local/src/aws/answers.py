"""What the emulator leaves out of its answers, as the cloud's have it: which change set a stack was last changed by, and how
resources are identified in an import.

Use of the emulator's internals: the handlers of actions, its stacks and change sets, and the table of what its imports take.
"""

from xml.sax.saxutils import escape

from ministack.services.cloudformation import _p, _stacks, changesets, engine, handlers

END = b"</GetTemplateSummaryResult>"
# Where a stack remembers its change set.
EXECUTED = "executed_change_set"


def members(names):
    return "".join(f"<member>{escape(name)}</member>" for name in names)


def summary(kind, names):
    identifiers, _ = changesets._IMPORT_LOOKUPS[kind]
    return (f"<member><ResourceType>{escape(kind)}</ResourceType>"
            f"<LogicalResourceIds>{members(names)}</LogicalResourceIds>"
            f"<ResourceIdentifiers>{members(identifiers)}</ResourceIdentifiers></member>")


def summaries(template):
    by_type = {}
    for name, resource in template.get("Resources", {}).items():
        by_type.setdefault(resource.get("Type", ""), []).append(name)
    known = [summary(kind, names) for kind, names in by_type.items() if kind in changesets._IMPORT_LOOKUPS]
    return f"<ResourceIdentifierSummaries>{''.join(known)}</ResourceIdentifierSummaries>"


def with_identifiers(answer):
    def summarized(params):
        status, headers, body = answer(params)
        text, problem = handlers._resolve_template(params)
        if status != 200 or problem or not text:
            return status, headers, body
        found = summaries(engine._parse_template(text))
        return status, headers, body.replace(END, found.encode() + END)

    return summarized


def remembering(execute):
    def executed(params):
        change_set, found = changesets._find_change_set(_p(params, "ChangeSetName"), _p(params, "StackName"))
        answer = execute(params)
        if answer[0] == 200:
            _stacks[found["StackName"]][EXECUTED] = change_set
        return answer

    return executed


def with_change_sets(answer):
    def described(params):
        status, headers, body = answer(params)
        for stack in list(_stacks.values()):
            if change_set := stack.get(EXECUTED):
                name = f"<StackId>{escape(stack['StackId'])}</StackId>"
                body = body.replace(name.encode(), f"{name}<ChangeSetId>{escape(change_set)}</ChangeSetId>".encode())
        return status, headers, body

    return described


def install():
    actions = handlers._ACTION_HANDLERS
    actions["GetTemplateSummary"] = with_identifiers(actions["GetTemplateSummary"])
    actions["ExecuteChangeSet"] = remembering(actions["ExecuteChangeSet"])
    actions["DescribeStacks"] = with_change_sets(actions["DescribeStacks"])
