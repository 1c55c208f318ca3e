//! A definition as it was written.
//!
//! Reading never fails: what is missing or malformed is simply not there, and the structural check says so on the JSON
//! itself. Every part knows its [`Pointer`], and borrows the JSON it was read from.

mod handlers;
mod state;
mod states;

use serde_json::{Map, Value};

use crate::Pointer;

pub use handlers::{Catcher, Retrier};
pub use state::{ChoiceRule, Integration, Kind, MapState, ProcessorMode, State, Transition};
pub use states::States;

/// The language of paths and expressions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    /// `$.order.id`, and `States.Format(...)` intrinsic functions; the default.
    #[default]
    JsonPath,
    /// `{% $states.input.order.id %}`.
    Jsonata,
}

impl QueryLanguage {
    /// The language that a `QueryLanguage` field names; none when it names no language.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "JSONPath" => Some(Self::JsonPath),
            "JSONata" => Some(Self::Jsonata),
            _ => None,
        }
    }

    /// The name in a definition.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonPath => "JSONPath",
            Self::Jsonata => "JSONata",
        }
    }
}

/// A whole state machine.
#[derive(Clone, Debug)]
pub struct Definition<'a> {
    /// The language of states that name none.
    pub language: QueryLanguage,
    /// The states.
    pub states: States<'a>,
    /// All fields.
    pub body: &'a Map<String, Value>,
}

impl<'a> Definition<'a> {
    /// Reads a definition; anything that is no object is read as an empty one.
    pub fn read(json: &'a Value) -> Self {
        static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
        let body = json.as_object().unwrap_or(&EMPTY);
        let language = language_of(body).unwrap_or_default();
        Self {
            language,
            states: States::read(body, Pointer::root(), language),
            body,
        }
    }

    /// Seconds until the whole execution times out.
    pub fn timeout_seconds(&self) -> Option<u64> {
        self.body.get("TimeoutSeconds")?.as_u64()
    }

    /// What the machine is for.
    pub fn comment(&self) -> Option<&'a str> {
        text(self.body, "Comment")
    }
}

fn language_of(body: &Map<String, Value>) -> Option<QueryLanguage> {
    QueryLanguage::parse(text(body, "QueryLanguage")?)
}

fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    body.get(field)?.as_str()
}

fn list<'a>(body: &'a Map<String, Value>, field: &str) -> &'a [Value] {
    body.get(field)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
