//! What is known of a value: which types it may have, and what is inside.

mod contains;
mod describe;
mod join;
mod schema;
mod size;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use schema::{SchemaError, SchemaProblem};

/// The values that may be somewhere.
///
/// A shape has at most one entry per type of JSON, so that joining two shapes is joining entry by entry and every shape has one
/// form. What is lost is which alternatives belong together: `{a} | {b}` is an object where both are optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "one flag per type that has nothing inside"
)]
pub struct Shape {
    /// Any JSON value; the entries below say nothing then.
    pub(crate) unknown: bool,
    /// Nothing at all: a missing field, a variable that was not assigned, JSONata's empty sequence.
    pub(crate) undefined: bool,
    /// The field that has to be there for a value, where there may be nothing because a schema does not require it.
    pub(crate) not_required: Option<String>,
    pub(crate) null: bool,
    pub(crate) boolean: bool,
    pub(crate) number: bool,
    pub(crate) function: bool,
    pub(crate) text: Option<Text>,
    pub(crate) array: Option<Box<Array>>,
    pub(crate) object: Option<Box<Object>>,
}

/// A text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// All values it may have, where they are known and few.
    pub values: Option<BTreeSet<String>>,
    /// Its length at most, in characters.
    pub max_length: Option<u64>,
}

/// An array.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Array {
    /// The first items, each with its own shape, as far as there are so many.
    pub prefix: Vec<Shape>,
    /// All further items.
    pub rest: Shape,
    /// Items at least.
    pub min_items: u64,
    /// Items at most.
    pub max_items: Option<u64>,
}

/// An object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object {
    /// The fields by name; one that may be missing may be undefined.
    pub fields: BTreeMap<String, Shape>,
    /// Fields of other names: what they hold, and none when there cannot be any.
    pub rest: Option<Shape>,
}

/// A type that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A text.
    Text,
    /// An array.
    Array,
    /// An object.
    Object,
    /// A function of JSONata.
    Function,
}

impl Type {
    /// All types.
    pub const ALL: [Self; 7] = [
        Self::Null,
        Self::Boolean,
        Self::Number,
        Self::Text,
        Self::Array,
        Self::Object,
        Self::Function,
    ];
}

/// More known values than this are forgotten; their longest length is kept.
const MOST_VALUES: usize = 64;

impl Shape {
    /// Anything, or nothing at all.
    pub fn any() -> Self {
        Self::json().or_undefined()
    }

    /// Any JSON value.
    pub fn json() -> Self {
        Self {
            unknown: true,
            ..Self::default()
        }
    }

    /// No value, not even a missing one: code that is never reached.
    pub fn never() -> Self {
        Self::default()
    }

    /// Nothing: what a path to a missing field yields.
    pub fn undefined() -> Self {
        Self::never().or_undefined()
    }

    /// `null`.
    pub fn null() -> Self {
        Self {
            null: true,
            ..Self::default()
        }
    }

    /// `true` or `false`.
    pub fn boolean() -> Self {
        Self {
            boolean: true,
            ..Self::default()
        }
    }

    /// A number.
    pub fn number() -> Self {
        Self {
            number: true,
            ..Self::default()
        }
    }

    /// A function.
    pub fn function() -> Self {
        Self {
            function: true,
            ..Self::default()
        }
    }

    /// Any text.
    pub fn text() -> Self {
        Text::default().into()
    }

    /// A text of at most so many characters.
    pub fn text_up_to(max_length: u64) -> Self {
        Text {
            values: None,
            max_length: Some(max_length),
        }
        .into()
    }

    /// One of these texts.
    pub fn one_of<T: Into<String>>(values: impl IntoIterator<Item = T>) -> Self {
        Text::one_of(values.into_iter().map(Into::into).collect()).into()
    }

    /// An array of any length.
    pub fn array(item: Self) -> Self {
        Array {
            rest: item.defined(),
            ..Array::default()
        }
        .into()
    }

    /// An array of exactly these items.
    pub fn tuple(items: Vec<Self>) -> Self {
        let length = items.len() as u64;
        Array {
            prefix: items,
            rest: Self::never(),
            min_items: length,
            max_items: Some(length),
        }
        .into()
    }

    /// An object with these fields and no others.
    pub fn object<N: Into<String>>(fields: impl IntoIterator<Item = (N, Self)>) -> Self {
        let named = |(name, shape): (N, Self)| (name.into(), shape);
        Object {
            fields: fields.into_iter().map(named).collect(),
            rest: None,
        }
        .into()
    }

    /// An object whose fields have any name.
    pub fn map(value: Self) -> Self {
        Object {
            fields: BTreeMap::new(),
            rest: Some(value.or_undefined()),
        }
        .into()
    }

    /// The shape of one value, exactly.
    pub fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::null(),
            Value::Bool(_) => Self::boolean(),
            Value::Number(_) => Self::number(),
            Value::String(text) => Self::one_of([text.clone()]),
            Value::Array(items) => Self::tuple(items.iter().map(Self::of_value).collect()),
            Value::Object(fields) => Self::object(
                fields
                    .iter()
                    .map(|(name, value)| (name.clone(), Self::of_value(value))),
            ),
        }
    }

    /// The same, or nothing: a field that may be missing.
    #[must_use]
    pub fn or_undefined(mut self) -> Self {
        self.undefined = true;
        self
    }

    /// The same, or nothing where this field is missing, which its schema does not require.
    #[must_use]
    pub fn or_missing(mut self, field: &str) -> Self {
        self.not_required = Some(field.to_owned());
        self.or_undefined()
    }

    /// The field without which there is nothing, though a schema does not require it.
    pub fn not_required(&self) -> Option<&str> {
        self.not_required.as_deref()
    }

    /// The same; where there is nothing, that is meant.
    #[must_use]
    pub(crate) fn meaning_it(mut self) -> Self {
        self.not_required = None;
        self
    }

    /// The same, or `null`.
    #[must_use]
    pub fn or_null(mut self) -> Self {
        self.null = !self.unknown;
        self
    }

    /// The same, certainly there.
    #[must_use]
    pub fn defined(mut self) -> Self {
        self.undefined = false;
        self.meaning_it()
    }

    /// Whether there may be nothing.
    pub fn may_be_undefined(&self) -> bool {
        self.undefined
    }

    /// Whether there may be something.
    pub fn may_be_defined(&self) -> bool {
        self.clone().defined() != Self::never()
    }

    /// Whether there is certainly nothing.
    pub fn is_undefined(&self) -> bool {
        self.undefined && !self.may_be_defined()
    }

    /// Whether nothing is known but that it is JSON.
    pub fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// Whether there is no such value.
    pub fn is_never(&self) -> bool {
        *self == Self::never()
    }

    /// Whether it may have this type.
    pub fn may_be(&self, of: Type) -> bool {
        match of {
            Type::Function => self.function,
            _ if self.unknown => true,
            Type::Null => self.null,
            Type::Boolean => self.boolean,
            Type::Number => self.number,
            Type::Text => self.text.is_some(),
            Type::Array => self.array.is_some(),
            Type::Object => self.object.is_some(),
        }
    }

    /// Whether it certainly has one of these types, if it is there.
    pub fn is_only(&self, types: &[Type]) -> bool {
        Type::ALL
            .iter()
            .all(|of| types.contains(of) || !self.may_be(*of))
    }

    /// The array it may be, unless anything is possible.
    pub fn as_array(&self) -> Option<&Array> {
        self.array.as_deref()
    }

    /// The object it may be, unless anything is possible.
    pub fn as_object(&self) -> Option<&Object> {
        self.object.as_deref()
    }

    /// The text it may be, unless anything is possible.
    pub fn as_text(&self) -> Option<&Text> {
        self.text.as_ref()
    }

    /// The same without arrays.
    #[must_use]
    pub(crate) fn without_array(mut self) -> Self {
        self.array = None;
        self
    }
}

impl Text {
    fn one_of(values: BTreeSet<String>) -> Self {
        let longest = values.iter().map(|value| value.chars().count() as u64);
        Self {
            max_length: longest.max(),
            values: (values.len() <= MOST_VALUES).then_some(values),
        }
    }
}

impl Array {
    /// The item at this place, if there are so many.
    pub fn item_at(&self, index: usize) -> &Shape {
        self.prefix.get(index).unwrap_or(&self.rest)
    }

    /// Any item.
    pub fn item(&self) -> Shape {
        let all = self
            .prefix
            .iter()
            .fold(self.rest.clone(), |all, item| all.join(item));
        all.defined()
    }
}

impl From<Text> for Shape {
    fn from(text: Text) -> Self {
        Self {
            text: Some(text),
            ..Self::default()
        }
    }
}

impl From<Array> for Shape {
    fn from(array: Array) -> Self {
        Self {
            array: Some(Box::new(array)),
            ..Self::default()
        }
    }
}

impl From<Object> for Shape {
    fn from(object: Object) -> Self {
        Self {
            object: Some(Box::new(object)),
            ..Self::default()
        }
    }
}
