//! `${Name}` in definitions.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Substitutions;
use super::intrinsics::call;

/// Puts the known values in place, once: a placeholder inside a value stays one.
pub(super) fn replace(text: &str, substitutions: &Substitutions) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        replaced.push_str(before);
        let known = (after.split_once('}'))
            .and_then(|(name, after)| Some((substitutions.get(name)?.as_ref()?, after)));
        rest = if let Some((value, after)) = known {
            replaced.push_str(value);
            after
        } else {
            replaced.push_str("${");
            after
        };
    }
    replaced + rest
}

/// Puts the known values in place, in every text of a value.
pub(super) fn replace_all(value: &mut Value, substitutions: &Substitutions) {
    match value {
        Value::String(text) => *text = replace(text, substitutions),
        Value::Array(items) => {
            for item in items {
                replace_all(item, substitutions);
            }
        }
        Value::Object(body) => {
            for (_, member) in body.iter_mut() {
                replace_all(member, substitutions);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The placeholders that nothing replaces: those in literal texts that are no substitution. Functions replace theirs.
pub(super) fn unreplaced(value: &Value, substitutions: &Substitutions) -> Vec<String> {
    let mut found = BTreeSet::new();
    collect(value, &mut found);
    found.retain(|name| !substitutions.contains_key(name));
    found.into_iter().collect()
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    if call(value).is_some() {
        return;
    }
    match value {
        Value::String(text) => found.extend(names(text).map(str::to_owned)),
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(body) => body.values().for_each(|member| collect(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn names(text: &str) -> impl Iterator<Item = &str> {
    let inside = text.split("${").skip(1);
    let named = inside.filter_map(|rest| Some(rest.split_once('}')?.0));
    named.filter(|name| is_name(name))
}

fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    !text.is_empty() && text.chars().all(allowed)
}

/// Quotes the placeholders of a JSON text that stand where a value is: `"Seconds": ${Delay}`.
pub(super) fn quote(json: &str) -> String {
    let mut quoted = String::with_capacity(json.len());
    let mut rest = json;
    let mut in_text = false;
    while let Some(at) = rest.find(['"', '\\', '$']) {
        let (before, found) = rest.split_at(at);
        quoted.push_str(before);
        let (taken, replacement) = step(found, &mut in_text);
        quoted.push_str(&replacement);
        rest = &found[taken..];
    }
    quoted + rest
}

/// How many bytes are taken, and what is written for them.
fn step(found: &str, in_text: &mut bool) -> (usize, String) {
    let placeholder = found
        .strip_prefix("${")
        .and_then(|inside| inside.split_once('}'));
    match placeholder {
        Some((name, _)) if !*in_text && is_name(name) => {
            (name.len() + 3, format!("\"${{{name}}}\""))
        }
        _ if found.starts_with('\\') => {
            let taken = found.chars().take(2).map(char::len_utf8).sum();
            (taken, found[..taken].to_owned())
        }
        _ => {
            *in_text ^= found.starts_with('"');
            (1, found[..1].to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{quote, replace};

    #[test]
    fn values_are_put_in_place_once() {
        let value = |text: &str| Some(text.to_owned());
        let substitutions = BTreeMap::from([
            ("A".to_owned(), value("${B}${B}")),
            ("B".to_owned(), value("b")),
            ("C".to_owned(), None),
        ]);
        assert_eq!(
            replace("${A} ${${B}} ${C} ${", &substitutions),
            "${B}${B} ${b} ${C} ${"
        );
    }

    #[test]
    fn placeholders_are_quoted_outside_of_texts() {
        let json = r#"{"a": ${A}, "b": "${B} \" ${C}", "c": [${D.Arn}]}"#;
        let quoted = r#"{"a": "${A}", "b": "${B} \" ${C}", "c": ["${D.Arn}"]}"#;
        assert_eq!(quote(json), quoted);
    }
}
