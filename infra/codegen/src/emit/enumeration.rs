//! Enumerations that stay open: the specification is always older than AWS.

use std::fmt::Write as _;

use crate::plan::Enumeration;

/// The type, its texts, and its conversion into a value.
pub(super) fn open_enum(enumeration: &Enumeration) -> String {
    let name = &enumeration.name;
    let mut variants = String::new();
    let mut texts = String::new();
    for (variant, value) in &enumeration.variants {
        let _ = writeln!(variants, "/// `{value}`.\n{variant},");
        let _ = writeln!(texts, "Self::{variant} => {value:?},");
    }
    format!(
        "\n/// The values of `{name}`.\n#[derive(Clone, Debug, PartialEq, Eq)]\n#[non_exhaustive]\npub enum {name} {{\n{variants}\
         /// A value that the specification does not list.\nOther(String),\n}}\n\
         impl {name} {{\n/// The value as templates write it.\npub fn as_str(&self) -> &str {{ match self {{\n{texts}Self::Other(value) => value,\n}} }}\n}}\n\
         impl crate::Literal for {name} {{\nfn into_node(self) -> Node {{ self.as_str().into() }}\n}}\n"
    )
}
