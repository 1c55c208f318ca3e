"""Template summaries that say how resources are identified in an import, as the cloud's do: the emulator imports resources, and
does not say which.

Use of the emulator's internals: the handler of `GetTemplateSummary`, and the table of what its imports take.
"""

from xml.sax.saxutils import escape

from ministack.services.cloudformation import changesets, engine, handlers

END = b"</GetTemplateSummaryResult>"


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


def install():
    answer = handlers._ACTION_HANDLERS["GetTemplateSummary"]

    def with_identifiers(params):
        status, headers, body = answer(params)
        text, problem = handlers._resolve_template(params)
        if status != 200 or problem or not text:
            return status, headers, body
        found = summaries(engine._parse_template(text))
        return status, headers, body.replace(END, found.encode() + END)

    handlers._ACTION_HANDLERS["GetTemplateSummary"] = with_identifiers
