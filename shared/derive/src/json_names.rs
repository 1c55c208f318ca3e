//! The names that serde gives fields and variants in JSON.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Error, LitStr};

/// What serde's attributes on a container, field or variant say about its JSON.
#[derive(Default)]
pub(crate) struct SerdeAttributes {
    pub(crate) rename: Option<String>,
    pub(crate) rename_all: Option<Rule>,
    pub(crate) may_be_left_out: bool,
}

/// Attributes that leave the JSON as the type says.
const HARMLESS: [&str; 6] = [
    "default",
    "alias",
    "deny_unknown_fields",
    "bound",
    "borrow",
    "crate",
];

/// Attributes that make the JSON something else than the type says, and what that is.
const REFUSED: [(&str, &str); 14] = [
    (
        "flatten",
        "the members of a flattened field are not told apart from the others",
    ),
    ("untagged", "an untagged type has no one shape"),
    ("tag", "a tagged type has no one shape"),
    ("content", "a tagged type has no one shape"),
    ("transparent", "a transparent type is no object"),
    ("from", "the JSON is that of another type"),
    ("try_from", "the JSON is that of another type"),
    ("into", "the JSON is that of another type"),
    ("with", "the JSON is not that of the field's type"),
    ("serialize_with", "the JSON is not that of the field's type"),
    (
        "deserialize_with",
        "the JSON is not that of the field's type",
    ),
    ("skip", "the field is not in the JSON"),
    ("skip_serializing", "the field is not in the JSON"),
    ("skip_deserializing", "the field is not read from the JSON"),
];

impl SerdeAttributes {
    pub(crate) fn read(attributes: &[Attribute]) -> Result<Self, Error> {
        let mut read = Self::default();
        for attribute in attributes {
            if attribute.path().is_ident("serde") {
                attribute.parse_nested_meta(|meta| read.take(&meta))?;
            }
        }
        Ok(read)
    }

    fn take(&mut self, meta: &ParseNestedMeta<'_>) -> Result<(), Error> {
        let name = meta
            .path
            .get_ident()
            .map_or_else(String::new, ToString::to_string);
        if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| name == *refused) {
            return Err(meta.error(format!(
                "`{name}` does not go with this derive, because {why}: write the type as its JSON is"
            )));
        }
        match name.as_str() {
            "rename" => self.rename = Some(text(meta)?.value()),
            "rename_all" => self.rename_all = Some(Rule::read(&text(meta)?)?),
            "skip_serializing_if" => {
                text(meta)?;
                self.may_be_left_out = true;
            }
            harmless if HARMLESS.contains(&harmless) => {
                if meta.input.peek(syn::Token![=]) {
                    text(meta)?;
                }
            }
            _ => return Err(meta.error("this derive does not know what that means for the JSON")),
        }
        Ok(())
    }
}

fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr, Error> {
    if meta.input.peek(syn::token::Paren) {
        return Err(
            meta.error("one name for reading and another for writing do not go with this derive")
        );
    }
    meta.value()?.parse()
}

/// A rule of `rename_all`.
#[derive(Clone, Copy)]
pub(crate) struct Rule {
    separator: &'static str,
    first: Case,
    others: Case,
}

#[derive(Clone, Copy)]
enum Case {
    Lower,
    Upper,
    Capital,
}

/// The rules, after serde's documentation.
const RULES: [(&str, Rule); 8] = {
    use Case::{Capital, Lower, Upper};
    const fn rule(separator: &'static str, first: Case, others: Case) -> Rule {
        Rule {
            separator,
            first,
            others,
        }
    }
    [
        ("lowercase", rule("", Lower, Lower)),
        ("UPPERCASE", rule("", Upper, Upper)),
        ("PascalCase", rule("", Capital, Capital)),
        ("camelCase", rule("", Lower, Capital)),
        ("snake_case", rule("_", Lower, Lower)),
        ("SCREAMING_SNAKE_CASE", rule("_", Upper, Upper)),
        ("kebab-case", rule("-", Lower, Lower)),
        ("SCREAMING-KEBAB-CASE", rule("-", Upper, Upper)),
    ]
};

impl Rule {
    fn read(name: &LitStr) -> Result<Self, Error> {
        let known = RULES.iter().find(|(known, _)| name.value() == *known);
        known.map(|(_, rule)| *rule).ok_or_else(|| {
            let names = RULES.map(|(known, _)| known).join("`, `");
            Error::new(name.span(), format!("serde's rules are `{names}`"))
        })
    }

    /// The JSON name of a field in `snake_case`. `lowercase` and `UPPERCASE` keep its underscores.
    pub(crate) fn of_field(self, field: &str) -> String {
        match (self.separator, self.others) {
            ("", Case::Lower) => field.to_owned(),
            ("", Case::Upper) => field.to_ascii_uppercase(),
            _ => self.join(field.split('_').filter(|word| !word.is_empty())),
        }
    }

    /// The JSON name of a variant in `PascalCase`.
    pub(crate) fn of_variant(self, variant: &str) -> String {
        let starts = variant
            .char_indices()
            .filter(|&(at, letter)| at > 0 && letter.is_uppercase())
            .map(|(at, _)| at);
        let mut words = Vec::new();
        let mut begin = 0;
        for start in starts {
            words.push(&variant[begin..start]);
            begin = start;
        }
        words.push(&variant[begin..]);
        self.join(words.into_iter())
    }

    fn join<'a>(self, words: impl Iterator<Item = &'a str>) -> String {
        let cased = words.enumerate().map(|(index, word)| {
            let case = if index == 0 { self.first } else { self.others };
            case.of(word)
        });
        cased.collect::<Vec<_>>().join(self.separator)
    }
}

impl Case {
    fn of(self, word: &str) -> String {
        match self {
            Self::Lower => word.to_lowercase(),
            Self::Upper => word.to_uppercase(),
            Self::Capital => {
                let mut letters = word.chars();
                let first = letters.next().map(char::to_uppercase);
                first.into_iter().flatten().chain(letters).collect()
            }
        }
    }
}
