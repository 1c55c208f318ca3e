"""Names and sentences: how definitions without a name get one, and how long descriptions become one line."""

import re

LONGEST_SUMMARY = 160
UNEXPANDED_ENTITY = re.compile(r"[A-Z]+(?:long|short)\b|AWS-")  # "KMSlong", "AWS-service": the schemas' own templating, left in


def pascal(name: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]", "_", name)
    return name[:1].upper() + name[1:]


def singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name + "Item"


def summary(description: str | None) -> str | None:
    """The first sentence of a description as plain text, or nothing when it is not short."""
    if not description:
        return None
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", description)
    text = re.sub(r"</?[a-zA-Z][^>]*>", "", text)
    text = re.sub(r"\s+", " ", text.replace("``", "`")).strip()
    sentence = re.split(r"(?<=[a-z0-9)`]{2}\.)\s", text, maxsplit=1)[0].strip()
    if not 0 < len(sentence) <= LONGEST_SUMMARY or UNEXPANDED_ENTITY.search(sentence):
        return None
    return sentence
