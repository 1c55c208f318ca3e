//! Shapes from JSON Schema (draft 2020-12, as `schemars` writes it).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use thiserror::Error;

use super::{Array, Object, Shape, Text};

/// A schema that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SchemaError {
    /// A reference that leads nowhere.
    #[error(
        "`$ref` {reference:?} names nothing in the schema; put the definition into its `$defs`"
    )]
    Reference {
        /// The reference.
        reference: String,
    },
    /// A type that JSON does not have.
    #[error(
        "{name:?} is no type of JSON Schema; use null, boolean, integer, number, string, array or object"
    )]
    Type {
        /// The name.
        name: String,
    },
    /// Something that is neither an object nor a boolean.
    #[error("a schema is an object or a boolean, not {found}")]
    Form {
        /// What was found.
        found: String,
    },
}

/// Deeper schemas are taken for any JSON.
const DEEPEST: usize = 48;

impl Shape {
    /// Reads a JSON Schema.
    ///
    /// An object whose `properties` are listed has these and no others, unless `additionalProperties` says so: schemas describe
    /// what a type writes, and a field that no schema names is what the check is to find. What a schema demands beyond the shape
    /// (`pattern`, `minimum`, `not` ...) is left out, which only makes the shape larger. Recursion ends in any JSON.
    pub fn from_schema(schema: &Value) -> Result<Self, SchemaError> {
        Reader {
            root: schema,
            entered: Vec::new(),
            depth: 0,
        }
        .read(schema)
    }
}

struct Reader<'a> {
    root: &'a Value,
    /// References that are being followed.
    entered: Vec<&'a str>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn read(&mut self, schema: &'a Value) -> Result<Shape, SchemaError> {
        let schema = match schema {
            Value::Bool(true) => return Ok(Shape::json()),
            Value::Bool(false) => return Ok(Shape::never()),
            Value::Object(schema) => schema,
            other => {
                return Err(SchemaError::Form {
                    found: other.to_string(),
                });
            }
        };
        if self.depth == DEEPEST {
            return Ok(Shape::json());
        }
        self.depth += 1;
        let shape = self.read_parts(schema);
        self.depth -= 1;
        shape
    }

    /// A schema demands all of its keywords at once.
    fn read_parts(&mut self, schema: &'a Map<String, Value>) -> Result<Shape, SchemaError> {
        let mut shape = self.read_types(schema)?;
        if let Some(Value::String(reference)) = schema.get("$ref") {
            shape = meet(shape, self.follow(reference)?);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(Value::Array(alternatives)) = schema.get(keyword) else {
                continue;
            };
            let mut any = Shape::never();
            for alternative in alternatives {
                any = any.join(&self.read(alternative)?);
            }
            shape = meet(shape, any);
        }
        if let Some(Value::Array(parts)) = schema.get("allOf") {
            for part in parts {
                shape = meet(shape, self.read(part)?);
            }
        }
        if let Some(value) = schema.get("const") {
            shape = meet(shape, Shape::of_value(value));
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            let any = values.iter().fold(Shape::never(), |any, value| {
                any.join(&Shape::of_value(value))
            });
            shape = meet(shape, any);
        }
        Ok(shape)
    }

    fn read_types(&mut self, schema: &'a Map<String, Value>) -> Result<Shape, SchemaError> {
        let names: Vec<&str> = match schema.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ if schema.contains_key("properties") => vec!["object"],
            _ if schema.contains_key("items") || schema.contains_key("prefixItems") => {
                vec!["array"]
            }
            _ => return Ok(Shape::json()),
        };
        let mut shape = Shape::never();
        for name in names {
            let part = match name {
                "null" => Shape::null(),
                "boolean" => Shape::boolean(),
                "integer" | "number" => Shape::number(),
                "string" => text(schema),
                "array" => self.array(schema)?,
                "object" => self.object(schema)?,
                _ => {
                    return Err(SchemaError::Type {
                        name: name.to_owned(),
                    });
                }
            };
            shape = shape.join(&part);
        }
        Ok(shape)
    }

    fn follow(&mut self, reference: &'a str) -> Result<Shape, SchemaError> {
        if self.entered.contains(&reference) {
            return Ok(Shape::json());
        }
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| self.root.pointer(pointer));
        let Some(target) = target else {
            return Err(SchemaError::Reference {
                reference: reference.to_owned(),
            });
        };
        self.entered.push(reference);
        let shape = self.read(target);
        self.entered.pop();
        shape
    }

    fn array(&mut self, schema: &'a Map<String, Value>) -> Result<Shape, SchemaError> {
        let mut prefix = Vec::new();
        if let Some(Value::Array(items)) = schema.get("prefixItems") {
            for item in items {
                prefix.push(self.read(item)?);
            }
        }
        let rest = match schema.get("items") {
            Some(items) => self.read(items)?,
            None => Shape::json(),
        };
        let closed = rest.is_never().then_some(prefix.len() as u64);
        Ok(Array {
            prefix,
            rest,
            min_items: count(schema, "minItems").unwrap_or(0),
            max_items: count(schema, "maxItems").or(closed),
        }
        .into())
    }

    fn object(&mut self, schema: &'a Map<String, Value>) -> Result<Shape, SchemaError> {
        let required: BTreeSet<&str> = match schema.get("required") {
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => BTreeSet::new(),
        };
        let mut fields = BTreeMap::new();
        let listed = schema.get("properties").and_then(Value::as_object);
        for (name, field) in listed.into_iter().flatten() {
            let shape = self.read(field)?;
            let shape = if required.contains(name.as_str()) {
                shape
            } else {
                shape.or_undefined()
            };
            fields.insert(name.clone(), shape);
        }
        let rest = match schema.get("additionalProperties") {
            Some(rest) => Some(self.read(rest)?.or_undefined()).filter(Shape::may_be_defined),
            None if listed.is_some() && !schema.contains_key("patternProperties") => None,
            None => Some(Shape::any()),
        };
        if rest.is_some() {
            for name in required {
                fields.entry(name.to_owned()).or_insert_with(Shape::json);
            }
        }
        Ok(Object { fields, rest }.into())
    }
}

fn text(schema: &Map<String, Value>) -> Shape {
    Text {
        values: None,
        max_length: count(schema, "maxLength"),
    }
    .into()
}

fn count(schema: &Map<String, Value>, keyword: &str) -> Option<u64> {
    schema.get(keyword)?.as_u64()
}

/// What has both shapes. Objects get the fields of both: parts of `allOf` list their own fields only.
fn meet(one: Shape, other: Shape) -> Shape {
    if one.unknown {
        return other;
    }
    if other.unknown {
        return one;
    }
    Shape {
        unknown: false,
        undefined: one.undefined && other.undefined,
        function: one.function && other.function,
        null: one.null && other.null,
        boolean: one.boolean && other.boolean,
        number: one.number && other.number,
        text: one.text.zip(other.text).map(|(a, b)| meet_texts(a, b)),
        array: one
            .array
            .zip(other.array)
            .map(|(a, b)| Box::new(meet_arrays(*a, *b))),
        object: one
            .object
            .zip(other.object)
            .map(|(a, b)| Box::new(meet_objects(*a, *b))),
    }
}

fn meet_texts(one: Text, other: Text) -> Text {
    match (one.values, other.values) {
        (Some(a), Some(b)) => Text::one_of(a.intersection(&b).cloned().collect()),
        (Some(values), None) | (None, Some(values)) => Text::one_of(values),
        (None, None) => Text {
            values: None,
            max_length: fewest(one.max_length, other.max_length),
        },
    }
}

fn meet_arrays(one: Array, other: Array) -> Array {
    let length = one.prefix.len().max(other.prefix.len());
    let item = |index| meet(one.item_at(index).clone(), other.item_at(index).clone());
    Array {
        prefix: (0..length).map(item).collect(),
        min_items: one.min_items.max(other.min_items),
        max_items: fewest(one.max_items, other.max_items),
        rest: meet(one.rest, other.rest),
    }
}

fn meet_objects(one: Object, other: Object) -> Object {
    let rest = match (one.rest, other.rest) {
        (Some(a), Some(b)) => Some(meet(a, b)),
        _ => None,
    };
    let mut fields = one.fields;
    for (name, shape) in other.fields {
        let shape = match fields.remove(&name) {
            Some(present) => meet(present, shape),
            None => shape,
        };
        fields.insert(name, shape);
    }
    Object { fields, rest }
}

fn fewest(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}
