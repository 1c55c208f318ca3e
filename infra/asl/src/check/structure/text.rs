//! What a text in a definition may stand for.

/// Whether JSONata stands between `{%` and `%}`.
pub(super) fn is_expression(text: &str) -> bool {
    text.len() >= 4 && text.starts_with("{%") && text.ends_with("%}")
}

/// Whether somebody meant an expression: one of the delimiters is where it should be, give or take spaces.
pub(super) fn looks_like_expression(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("{%") || text.ends_with("%}")
}

/// Whether the whole text is `${Name}`, which a deployment replaces by something we do not know.
pub(super) fn is_placeholder(text: &str) -> bool {
    let name = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| !name.contains(['{', '}']))
}

/// Whether a deployment replaces a part of the text.
pub(super) fn has_placeholder(text: &str) -> bool {
    let rest = text.split_once("${").map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.contains('}'))
}
