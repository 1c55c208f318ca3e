//! How the objects of a definition are described: their fields, which language has them, and what they hold.

use crate::definition::QueryLanguage;

/// An object of a definition: a state, a retrier, an item reader ...
#[derive(Debug)]
pub(super) struct Record {
    /// What it is, in a message: `a Task state`.
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) groups: &'static [Group],
}

/// A field that an object may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) form: Form,
    pub(super) presence: Presence,
    /// The only language that has it; none for both.
    pub(super) language: Option<QueryLanguage>,
    /// What to write in the other language.
    pub(super) instead: &'static str,
    /// Whether JSONata may stand for the value.
    pub(super) evaluated: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Required,
    Optional,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// Anything: a value that is handed on.
    Any,
    Text,
    /// A text of at most so many characters, without spaces and the characters that file systems and shells treat specially.
    Label(usize),
    /// One of these texts.
    Word(&'static [&'static str]),
    /// A time as in `2026-11-21T08:00:00Z`.
    Time,
    /// A JSON path; some may be null, which stands for an empty object or for "throw it away".
    Path {
        nullable: bool,
    },
    /// The only value that `End` takes.
    True,
    Whole(u64, u64),
    Number(f64, f64),
    Object,
    /// A list with something in it.
    List,
    /// A list, or an object whose members are the items.
    Items,
    /// A list of texts with something in it.
    Texts,
    Record(&'static Record),
    /// A list of such records.
    Records(&'static Record),
}

/// Fields that depend on each other.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) fields: &'static [&'static str],
    pub(super) need: Need,
    pub(super) code: &'static str,
    pub(super) help: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    One,
    OneAtMost,
    OneOrMore,
}

impl Need {
    pub(super) fn lacks(self, present: usize) -> bool {
        self != Self::OneAtMost && present == 0
    }

    pub(super) fn exceeds(self, present: usize) -> bool {
        self != Self::OneOrMore && present > 1
    }
}

impl Field {
    pub(super) const fn optional(name: &'static str, form: Form) -> Self {
        Self {
            name,
            form,
            presence: Presence::Optional,
            language: None,
            instead: "",
            evaluated: false,
        }
    }

    pub(super) const fn required(name: &'static str, form: Form) -> Self {
        Self {
            presence: Presence::Required,
            ..Self::optional(name, form)
        }
    }

    /// Only `JSONPath` has it; in JSONata one writes something else.
    pub(super) const fn jsonpath(self, instead: &'static str) -> Self {
        Self {
            language: Some(QueryLanguage::JsonPath),
            instead,
            ..self
        }
    }

    /// Only JSONata has it; in `JSONPath` one writes something else.
    pub(super) const fn jsonata(self, instead: &'static str) -> Self {
        Self {
            language: Some(QueryLanguage::Jsonata),
            instead,
            ..self
        }
    }

    /// JSONata may stand for the value.
    pub(super) const fn evaluated(self) -> Self {
        Self {
            evaluated: true,
            ..self
        }
    }
}
