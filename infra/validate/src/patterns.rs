//! The specification's regular expressions, compiled once.

use std::collections::HashMap;

use fancy_regex::Regex;

/// Compiled patterns; those which cannot be compiled are kept as nothing.
#[derive(Default)]
pub(crate) struct Patterns<'a>(HashMap<&'a str, Option<Regex>>);

impl<'a> Patterns<'a> {
    /// Whether the pattern is found in the text, as Python's `re.search` would; nothing when that cannot be decided.
    pub(crate) fn is_match(&mut self, pattern: &'a str, text: &str) -> Option<bool> {
        let regex = self
            .0
            .entry(pattern)
            .or_insert_with(|| Regex::new(&translate(pattern)).ok());
        regex.as_ref()?.is_match(text).ok()
    }
}

/// From Python's flavour: its `\Z` is the very end of the text, which is `\z` here. Hyphens and brackets inside classes mean
/// themselves there; here `--`, `&&` and `[` would be set operations.
fn translate(pattern: &str) -> String {
    let mut translated = String::with_capacity(pattern.len());
    let mut in_class = false;
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, in_class) {
            ('\\', _) => {
                let escaped = characters
                    .next()
                    .map(|next| if next == 'Z' { 'z' } else { next });
                translated.push('\\');
                translated.extend(escaped);
            }
            ('[', false) => {
                in_class = true;
                translated.push('[');
                // A bracket right at the start of a class is a member of it.
                if characters.next_if_eq(&'^').is_some() {
                    translated.push('^');
                }
                if characters.next_if_eq(&']').is_some() {
                    translated.push_str("\\]");
                }
            }
            ('[' | '&' | '~', true) => translated.extend(['\\', character]),
            ('-', true) if characters.peek() == Some(&'-') => translated.push_str("\\-"),
            (']', true) => {
                in_class = false;
                translated.push(']');
            }
            _ => translated.push(character),
        }
    }
    translated
}

#[cfg(test)]
mod tests {
    use super::Patterns;
    use spec::{Shape, Specification};

    #[test]
    fn python_flavour_is_understood() {
        let mut patterns = Patterns::default();
        assert_eq!(patterns.is_match(r"^a\Z", "a"), Some(true));
        assert_eq!(patterns.is_match(r"^a\Z", "a\n"), Some(false));
        assert_eq!(patterns.is_match("^[[a&&b]+$", "a&[b"), Some(true));
        assert_eq!(patterns.is_match("^[]a]+$", "]a"), Some(true));
        assert_eq!(patterns.is_match(r"^(?!aws:)\w+$", "aws:x"), Some(false));
        assert_eq!(patterns.is_match("(", "("), None);
    }

    /// Every pattern that cannot be compiled is one that nobody checks: the list must not grow unseen.
    #[test]
    fn all_patterns_of_the_specification_compile() {
        let specification = Specification::embedded();
        let mut patterns = Patterns::default();
        let mut broken = Vec::new();
        for name in specification.names() {
            let Ok(Some(model)) = specification.resource_type(name) else {
                panic!("{name} cannot be read");
            };
            for object in std::iter::once(&model.root).chain(model.definitions.values()) {
                for property in object.properties.values() {
                    let pattern = pattern_of(&property.shape);
                    broken
                        .extend(pattern.filter(|pattern| patterns.is_match(pattern, "").is_none()));
                }
            }
        }
        assert_eq!(broken, Vec::<&str>::new());
    }

    fn pattern_of(shape: &Shape) -> Option<&str> {
        match shape {
            Shape::String(text) => text.pattern.as_deref(),
            Shape::List { items, .. } => pattern_of(items),
            Shape::Map {
                values,
                key_pattern,
                ..
            } => key_pattern.as_deref().or_else(|| pattern_of(values)),
            _ => None,
        }
    }
}
