//! The columns of a record, derived from its struct.

use schemars::{JsonSchema, SchemaGenerator};
use serde::de::value::Error as CaptureError;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde_json::Value;

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub kind: ColumnKind,
    /// Whether the record can hold null here. Files are written with every column nullable all the same, so that a
    /// column can be added later.
    pub nullable: bool,
    /// What it holds, from the field's doc comment.
    pub comment: String,
    /// Smallest valid value.
    pub minimum: Option<f64>,
    /// Largest valid value.
    pub maximum: Option<f64>,
}

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// UTF-8 text.
    Text,
    /// Signed 64-bit integer.
    Integer,
    /// 64-bit floating point.
    Number,
    /// True or false.
    Boolean,
}

impl ColumnKind {
    /// The type in the Glue Data Catalog and in Athena DDL.
    #[must_use]
    pub fn glue_type(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "bigint",
            Self::Number => "double",
            Self::Boolean => "boolean",
        }
    }

    fn from_json_type(name: &str) -> Option<Self> {
        match name {
            "string" => Some(Self::Text),
            "integer" => Some(Self::Integer),
            "number" => Some(Self::Number),
            "boolean" => Some(Self::Boolean),
            _ => None,
        }
    }
}

/// The columns of a struct, in the order of its fields.
///
/// # Panics
/// When `T` is no struct with named fields, or a field is neither text, integer, number, boolean nor an `Option` of
/// one: there is no column for it.
#[must_use]
pub fn columns<T: DeserializeOwned + JsonSchema>() -> Vec<Column> {
    let schema = SchemaGenerator::default().into_root_schema_for::<T>();
    field_names::<T>()
        .iter()
        .map(|name| {
            let property = schema
                .pointer(&format!("/properties/{name}"))
                .unwrap_or(&Value::Null);
            column(name, property).unwrap_or_else(|| {
                panic!(
                    "field `{name}` of `{}` has no column type: use String, i64, f64, bool or an Option of one (its schema is {property})",
                    T::schema_name()
                )
            })
        })
        .collect()
}

fn column(name: &'static str, property: &Value) -> Option<Column> {
    let types: Vec<&str> = match property.get("type")? {
        Value::String(single) => vec![single],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let nullable = types.contains(&"null");
    let mut others = types.into_iter().filter(|&json_type| json_type != "null");
    let (Some(json_type), None) = (others.next(), others.next()) else {
        return None;
    };
    Some(Column {
        name,
        kind: ColumnKind::from_json_type(json_type)?,
        nullable,
        comment: one_line(property.get("description").and_then(Value::as_str)?),
        minimum: property.get("minimum").and_then(Value::as_f64),
        maximum: property.get("maximum").and_then(Value::as_f64),
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names of the fields in declaration order. A JSON object does not keep that order, but serde hands it to every
/// format before it reads the first field.
fn field_names<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    let stopped = T::deserialize(FieldNames(&mut names));
    debug_assert!(stopped.is_err(), "no value can come of field names alone");
    assert!(
        !names.is_empty(),
        "`{}` has no columns: it must be a struct with named fields",
        std::any::type_name::<T>()
    );
    names
}

struct FieldNames<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = CaptureError;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, CaptureError> {
        *self.0 = fields;
        Err(CaptureError::custom("only the names are wanted"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, CaptureError> {
        Err(CaptureError::custom("not a struct"))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
