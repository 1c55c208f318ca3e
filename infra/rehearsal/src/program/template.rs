//! JSON with expressions in it.

use serde_json::{Map, Value};

use crate::failure::{Failure, name};
use crate::query::{Call, Expression, Path, View};

/// A value that is computed when its state runs.
#[derive(Clone, Debug)]
pub(crate) enum Template {
    Literal(Value),
    Expression(Expression),
    Path { path: Path, missing: &'static str },
    Call(Call),
    Array(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl Template {
    /// A value of a JSONata state: strings in `{% %}` are expressions.
    ///
    /// # Errors
    /// The expressions that are none.
    pub(crate) fn jsonata(value: &Value, field: &str) -> Result<Self, String> {
        Ok(match value {
            Value::String(text) => match Expression::parse(text, field) {
                Some(expression) => Self::Expression(expression?),
                None => Self::Literal(value.clone()),
            },
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items =
                    items.map(|(index, item)| Self::jsonata(item, &format!("{field}[{index}]")));
                Self::Array(items.collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(name, value)| {
                    Ok((
                        name.clone(),
                        Self::jsonata(value, &format!("{field}/{name}"))?,
                    ))
                });
                Self::Object(fields.collect::<Result<_, String>>()?)
            }
            other => Self::Literal(other.clone()),
        }
        .folded())
    }

    /// A payload template of a `JSONPath` state: fields whose names end in `.$` are paths or calls. `missing` is the error
    /// when a path leads nowhere.
    ///
    /// # Errors
    /// The paths and calls that are none.
    pub(crate) fn payload(value: &Value, missing: &'static str) -> Result<Self, String> {
        Ok(match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| Self::payload(item, missing));
                Self::Array(items.collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => {
                let fields = fields.iter();
                let fields = fields.map(|(name, value)| Self::payload_field(name, value, missing));
                Self::Object(fields.collect::<Result<_, _>>()?)
            }
            other => Self::Literal(other.clone()),
        }
        .folded())
    }

    fn payload_field(
        name: &str,
        value: &Value,
        missing: &'static str,
    ) -> Result<(String, Self), String> {
        let Some(plain) = name.strip_suffix(".$") else {
            return Ok((name.to_owned(), Self::payload(value, missing)?));
        };
        let text = value.as_str().ok_or_else(|| {
            format!("the field `{name}` has to be a path or a call of an intrinsic function")
        })?;
        Ok((plain.to_owned(), Self::path_or_call(text, missing)?))
    }

    /// A path, or a call of an intrinsic function.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn path_or_call(text: &str, missing: &'static str) -> Result<Self, String> {
        if text.starts_with('$') {
            let path = Path::parse(text)?;
            return Ok(Self::Path { path, missing });
        }
        Call::parse(text).map(Self::Call)
    }

    /// What holds no expression is one literal.
    fn folded(self) -> Self {
        let literal = |template: Self| match template {
            Self::Literal(value) => Some(value),
            _ => None,
        };
        let is_literal = |template: &Self| matches!(template, Self::Literal(_));
        match self {
            Self::Array(items) if items.iter().all(is_literal) => {
                Self::Literal(items.into_iter().filter_map(literal).collect())
            }
            Self::Object(fields) if fields.iter().all(|(_, value)| is_literal(value)) => {
                let fields = fields.into_iter();
                let fields = fields.filter_map(|(name, value)| Some((name, literal(value)?)));
                Self::Literal(Value::Object(fields.collect()))
            }
            other => other,
        }
    }

    /// Its value.
    ///
    /// # Errors
    /// The failure of an expression in it.
    pub(crate) fn evaluate(&self, view: &View<'_>) -> Result<Value, Failure> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Expression(expression) => expression.evaluate(view),
            Self::Path { path, missing } => {
                path.find(view).ok_or_else(|| nothing_at(path, missing))
            }
            Self::Call(call) => call.evaluate(view),
            Self::Array(items) => items.iter().map(|item| item.evaluate(view)).collect(),
            Self::Object(fields) => fields
                .iter()
                .map(|(name, value)| Ok((name.clone(), value.evaluate(view)?)))
                .collect::<Result<Map<_, _>, _>>()
                .map(Value::Object),
        }
    }

    /// Its value where a value of one kind is needed: `read` gives none for any other.
    ///
    /// # Errors
    /// The failure of the expression, or one about the kind.
    pub(crate) fn evaluate_as<T>(
        &self,
        view: &View<'_>,
        kind: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, Failure> {
        let value = self.evaluate(view)?;
        read(&value).ok_or_else(|| match self {
            Self::Expression(expression) => {
                expression.failure(&format!("returned {value}; expected {kind}."))
            }
            _ => Failure::runtime(format!("expected {kind}, but the value is {value}.")),
        })
    }

    /// The field of an object that is the same in every run.
    pub(crate) fn literal_field(&self, name: &str) -> Option<&str> {
        match self {
            Self::Literal(value) => value.get(name)?.as_str(),
            Self::Object(fields) => match fields.iter().find(|(field, _)| field == name)? {
                (_, Self::Literal(value)) => value.as_str(),
                _ => None,
            },
            _ => None,
        }
    }
}

pub(super) fn nothing_at(path: &Path, error: &str) -> Failure {
    let path = path.source();
    let cause = format!("The path '{path}' could not be found in the input.");
    debug_assert!(
        error.starts_with("States."),
        "`{error}`, e.g. {}",
        name::RUNTIME
    );
    Failure::new(error, cause)
}
