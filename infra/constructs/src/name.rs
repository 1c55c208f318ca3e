//! Names of constructs and the identifiers that follow from them.
//!
//! A construct is named once, in `PascalCase`: `AthenaResults`. Everything else is predictable from that name and holds no
//! hash: the logical ids of its resources are the name and the kind of resource (`AthenaResultsBucket`,
//! `AthenaResultsBucketPolicy`), physical names use the kebab form (`athena-results`) and the catalogue the snake form
//! (`athena_results`).

use std::fmt;

/// The name of a construct: ASCII letters and digits, beginning with a capital.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Takes a `PascalCase` name. Stacks refuse any other when they are synthesized, see [`Name::is_valid`].
    pub fn new(pascal: impl Into<String>) -> Self {
        Self(pascal.into())
    }

    /// Makes `StartJob` of `start-job` or `start_job`.
    pub fn from_kebab(kebab: &str) -> Self {
        Self(
            kebab
                .split(['-', '_'])
                .map(|word| {
                    let mut letters = word.chars();
                    letters.next().map_or_else(String::new, |first| {
                        first.to_ascii_uppercase().to_string() + letters.as_str()
                    })
                })
                .collect(),
        )
    }

    /// Whether the name is `PascalCase`, as logical ids need it.
    pub fn is_valid(&self) -> bool {
        self.0.starts_with(|first: char| first.is_ascii_uppercase())
            && self.0.chars().all(|letter| letter.is_ascii_alphanumeric())
    }

    /// The logical id of a resource of this construct.
    pub fn logical_id(&self, kind: &str) -> String {
        format!("{}{kind}", self.0)
    }

    /// `athena-results`
    pub fn kebab(&self) -> String {
        self.separated('-')
    }

    /// `athena_results`
    pub fn snake(&self) -> String {
        self.separated('_')
    }

    fn separated(&self, separator: char) -> String {
        let mut text = String::with_capacity(self.0.len() + 4);
        for letter in self.0.chars() {
            if letter.is_ascii_uppercase() && !text.is_empty() {
                text.push(separator);
            }
            text.push(letter.to_ascii_lowercase());
        }
        text
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&str> for Name {
    fn from(pascal: &str) -> Self {
        Self::new(pascal)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn forms() {
        let name = Name::new("AthenaResults");
        assert_eq!(name.kebab(), "athena-results");
        assert_eq!(name.snake(), "athena_results");
        assert_eq!(name.logical_id("Bucket"), "AthenaResultsBucket");
        assert_eq!(Name::from_kebab("start-job").to_string(), "StartJob");
    }

    #[test]
    fn only_pascal_case_is_valid() {
        assert!(Name::new("Raw2").is_valid());
        for wrong in ["", "raw", "Raw-Images", "Raw Images", "Räw", "2Raw"] {
            assert!(!Name::new(wrong).is_valid(), "{wrong}");
        }
    }
}
