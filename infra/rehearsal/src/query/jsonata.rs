//! JSONata expressions as Step Functions evaluates them.

use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator};
use jsonata_core::parser;
use jsonata_core::value::JValue;
use serde_json::{Map, Number, Value};

use super::{View, host};
use crate::failure::Failure;

/// An expression between `{%` and `%}`.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    source: String,
    /// The field it is in, for messages.
    field: String,
    tree: AstNode,
    /// The names after a `$`: candidates for variables, so that only those are bound.
    names: Vec<String>,
}

impl Expression {
    /// The expression that a string of a JSONata state holds; none if the string is only a string.
    ///
    /// # Errors
    /// What the parser finds wrong.
    pub(crate) fn parse(text: &str, field: &str) -> Option<Result<Self, String>> {
        let source = text.trim().strip_prefix("{%")?.strip_suffix("%}")?.trim();
        Some(Self::compile(source, field))
    }

    fn compile(source: &str, field: &str) -> Result<Self, String> {
        let tree = parser::parse(source)
            .map_err(|error| format!("`{source}` is no JSONata: {}", error.display_message()))?;
        Ok(Self {
            source: source.to_owned(),
            field: field.to_owned(),
            names: names(source),
            tree,
        })
    }

    /// The value of the expression.
    ///
    /// # Errors
    /// `States.QueryEvaluationError`: it fails, is undefined, or is no JSON.
    pub(crate) fn evaluate(&self, view: &View<'_>) -> Result<Value, Failure> {
        let mut context = Context::new();
        context.bind("states".to_owned(), self.states(view));
        for name in &self.names {
            if let Some(value) = view.scope.with(name, |value| JValue::from(value.clone())) {
                context.bind(name.clone(), value);
            }
        }
        let mut evaluator = Evaluator::with_context(context);
        let found = host::register(&mut evaluator, view.services)
            .and_then(|()| evaluator.evaluate(&self.tree, &JValue::Undefined))
            .map_err(|error| self.failure(&format!("threw an error: {error}")))?;
        if found.is_undefined() {
            return Err(self.failure("returned nothing (undefined)."));
        }
        to_json(&found).map_err(|reason| self.failure(&reason))
    }

    /// A `States.QueryEvaluationError` about this expression.
    pub(crate) fn failure(&self, what: &str) -> Failure {
        let (source, field) = (&self.source, &self.field);
        Failure::query(format!(
            "The JSONata expression '{source}' specified for the field '{field}' {what}"
        ))
    }

    /// `$states` with the members that the expression may read.
    fn states(&self, view: &View<'_>) -> JValue {
        let mut states = Map::new();
        let members = [
            ("input", Some(view.input)),
            ("result", view.result),
            ("errorOutput", view.error),
        ];
        for (name, value) in members {
            if let Some(value) = value.filter(|_| self.reads(name)) {
                states.insert(name.to_owned(), value.clone());
            }
        }
        if self.reads("context") {
            states.insert("context".to_owned(), view.context.to_value());
        }
        JValue::from(Value::Object(states))
    }

    /// Whether it may read this member of `$states`: by name, or because it takes the whole.
    fn reads(&self, member: &str) -> bool {
        let mut uses = self.source.split("$states").skip(1);
        uses.any(|rest| {
            let Some(rest) = rest.strip_prefix('.') else {
                return true;
            };
            let end = rest
                .find(|c: char| !c.is_alphanumeric())
                .unwrap_or(rest.len());
            end == 0 || &rest[..end] == member
        })
    }
}

fn names(source: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut names: Vec<String> = source
        .split('$')
        .skip(1)
        .map(|rest| rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())].to_owned())
        .filter(|name| !name.is_empty() && name != "states")
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The result as JSON, whole numbers as integers.
fn to_json(value: &JValue) -> Result<Value, String> {
    Ok(match value {
        JValue::Null | JValue::Undefined => Value::Null,
        JValue::Bool(value) => Value::Bool(*value),
        JValue::Number(value) => Value::Number(number(*value)?),
        JValue::String(text) => Value::String(text.to_string()),
        JValue::Array(items) => items.iter().map(to_json).collect::<Result<_, _>>()?,
        JValue::Object(fields) => fields
            .iter()
            .map(|(name, value)| Ok((name.clone(), to_json(value)?)))
            .collect::<Result<Map<_, _>, String>>()?
            .into(),
        JValue::Lambda(_) | JValue::Builtin { .. } | JValue::Regex { .. } => {
            return Err("returned a function, which is no JSON.".to_owned());
        }
    })
}

/// Doubles hold every integer up to here.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn number(value: f64) -> Result<Number, String> {
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
        return Ok(Number::from(value as i64));
    }
    Number::from_f64(value).ok_or_else(|| format!("returned {value}, which is no JSON."))
}
