//! Shapes from JSON Schema (draft 2020-12, as `schemars` writes it).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use thiserror::Error;

use super::{Array, Object, Shape, Text};

/// A schema that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{}: {problem}", if place.is_empty() { "the schema itself" } else { place })]
pub struct SchemaError {
    /// Where in the schema, as a JSON pointer.
    pub place: String,
    /// What is wrong there.
    pub problem: SchemaProblem,
}

/// What is wrong with a schema.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SchemaProblem {
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
    /// A part that is not what JSON Schema wants there.
    #[error("this has to be {expected}, and is {found}")]
    Form {
        /// What JSON Schema wants.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// An object that says nothing of any data: an example of it, perhaps.
    #[error(
        "none of its fields is a keyword of JSON Schema; describe the data by `type`, `properties`, `required` ..."
    )]
    NoKeyword,
}

/// Deeper schemas are taken for any JSON.
const DEEPEST: usize = 48;

/// An object with none of these describes nothing. Keywords that begin with `$` are known without being listed.
const KEYWORDS: [&str; 54] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "deprecated",
    "description",
    "else",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "id",
    "if",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "properties",
    "propertyNames",
    "readOnly",
    "required",
    "then",
    "title",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
    "example",
];

impl Shape {
    /// Reads a JSON Schema.
    ///
    /// An object whose `properties` are listed has these and no others, unless `additionalProperties` says so: schemas describe
    /// what a type writes, and a field that no schema names is what the check is to find. What a schema demands beyond the shape
    /// (`pattern`, `minimum`, `not` ...) is left out, which only makes the shape larger. Recursion ends in any JSON.
    ///
    /// # Errors
    /// When it is no schema, or a part of it that matters here has the wrong form; the error says where.
    pub fn from_schema(schema: &Value) -> Result<Self, SchemaError> {
        if let Value::Object(fields) = schema
            && !fields.is_empty()
            && !fields.keys().any(|name| is_keyword(name))
        {
            return Err(error("", SchemaProblem::NoKeyword));
        }
        Reader {
            root: schema,
            entered: Vec::new(),
            depth: 0,
        }
        .read(schema, "")
    }
}

struct Reader<'a> {
    root: &'a Value,
    /// References that are being followed.
    entered: Vec<&'a str>,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn read(&mut self, schema: &'a Value, place: &str) -> Result<Shape, SchemaError> {
        let schema = match schema {
            Value::Bool(true) => return Ok(Shape::json()),
            Value::Bool(false) => return Ok(Shape::never()),
            Value::Object(fields) => Schema { fields, place },
            other => {
                return Err(form(
                    place,
                    "a schema, which is an object or a boolean",
                    other,
                ));
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
    fn read_parts(&mut self, schema: Schema<'a, '_>) -> Result<Shape, SchemaError> {
        let mut shape = self.read_types(schema)?;
        if let Some(reference) = schema.get("$ref", "a text", Value::as_str)? {
            shape = meet(shape, self.follow(reference, &schema.inside("$ref"))?);
        }
        for keyword in ["oneOf", "anyOf"] {
            if schema.fields.contains_key(keyword) {
                let alternatives = self.schemas(schema, keyword)?;
                let any = alternatives
                    .iter()
                    .fold(Shape::never(), |any, one| any.join(one));
                shape = meet(shape, any);
            }
        }
        for part in self.schemas(schema, "allOf")? {
            shape = meet(shape, part);
        }
        if let Some(value) = schema.fields.get("const") {
            shape = meet(shape, Shape::of_value(value));
        }
        if let Some(values) = schema.list("enum")? {
            let any = values.iter().fold(Shape::never(), |any, value| {
                any.join(&Shape::of_value(value))
            });
            shape = meet(shape, any);
        }
        Ok(shape)
    }

    /// The schemas in a list; none without the keyword.
    fn schemas(
        &mut self,
        schema: Schema<'a, '_>,
        keyword: &str,
    ) -> Result<Vec<Shape>, SchemaError> {
        let listed = schema.list(keyword)?.into_iter().flatten().enumerate();
        let place = schema.inside(keyword);
        listed
            .map(|(index, part)| self.read(part, &format!("{place}/{index}")))
            .collect()
    }

    fn read_types(&mut self, schema: Schema<'a, '_>) -> Result<Shape, SchemaError> {
        let has = |keyword| schema.fields.contains_key(keyword);
        let names: Vec<&str> = match schema.fields.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(_) => schema.texts("type")?,
            None if has("properties") || has("required") => vec!["object"],
            None if has("items") || has("prefixItems") => vec!["array"],
            None => return Ok(Shape::json()),
        };
        let mut shape = Shape::never();
        for name in names {
            let part = match name {
                "null" => Shape::null(),
                "boolean" => Shape::boolean(),
                "integer" | "number" => Shape::number(),
                "string" => text(schema.fields),
                "array" => self.array(schema)?,
                "object" => self.object(schema)?,
                _ => {
                    let name = name.to_owned();
                    return Err(error(&schema.inside("type"), SchemaProblem::Type { name }));
                }
            };
            shape = shape.join(&part);
        }
        Ok(shape)
    }

    fn follow(&mut self, reference: &'a str, place: &str) -> Result<Shape, SchemaError> {
        if self.entered.contains(&reference) {
            return Ok(Shape::json());
        }
        let target = reference
            .strip_prefix('#')
            .and_then(|pointer| Some((pointer, self.root.pointer(pointer)?)));
        let Some((pointer, target)) = target else {
            let reference = reference.to_owned();
            return Err(error(place, SchemaProblem::Reference { reference }));
        };
        self.entered.push(reference);
        let shape = self.read(target, pointer);
        self.entered.pop();
        shape
    }

    fn array(&mut self, schema: Schema<'a, '_>) -> Result<Shape, SchemaError> {
        let prefix = self.schemas(schema, "prefixItems")?;
        let rest = match schema.fields.get("items") {
            Some(items) => self.read(items, &schema.inside("items"))?,
            None => Shape::json(),
        };
        let closed = rest.is_never().then_some(prefix.len() as u64);
        Ok(Array {
            prefix,
            rest,
            min_items: count(schema.fields, "minItems").unwrap_or(0),
            max_items: count(schema.fields, "maxItems").or(closed),
        }
        .into())
    }

    fn object(&mut self, schema: Schema<'a, '_>) -> Result<Shape, SchemaError> {
        let required: BTreeSet<&str> = schema.texts("required")?.into_iter().collect();
        let mut fields = BTreeMap::new();
        let listed = schema.get("properties", "an object", Value::as_object)?;
        let place = schema.inside("properties");
        for (name, field) in listed.into_iter().flatten() {
            let shape = self.read(field, &inside(&place, name))?;
            let shape = if required.contains(name.as_str()) {
                shape
            } else if schema.fields.contains_key("required") {
                shape.or_missing(name)
            } else {
                // A schema that requires nothing leaves it open what may be missing.
                shape.or_undefined()
            };
            fields.insert(name.clone(), shape);
        }
        let rest = match schema.fields.get("additionalProperties") {
            Some(rest) => {
                let rest = self.read(rest, &schema.inside("additionalProperties"))?;
                Some(rest.or_undefined()).filter(Shape::may_be_defined)
            }
            None if listed.is_some() && !schema.fields.contains_key("patternProperties") => None,
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

/// A schema that is an object.
#[derive(Clone, Copy)]
struct Schema<'a, 'p> {
    fields: &'a Map<String, Value>,
    /// Where it is.
    place: &'p str,
}

impl<'a> Schema<'a, '_> {
    /// The value of a keyword, which has to be what `read` takes.
    fn get<T>(
        self,
        keyword: &str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, SchemaError> {
        let Some(value) = self.fields.get(keyword) else {
            return Ok(None);
        };
        let wrong = || form(&self.inside(keyword), expected, value);
        read(value).map(Some).ok_or_else(wrong)
    }

    fn list(self, keyword: &str) -> Result<Option<&'a Vec<Value>>, SchemaError> {
        self.get(keyword, "a list", Value::as_array)
    }

    /// A list of texts; empty without the keyword.
    fn texts(self, keyword: &str) -> Result<Vec<&'a str>, SchemaError> {
        let texts = |value: &'a Value| value.as_array()?.iter().map(Value::as_str).collect();
        let texts = self.get(keyword, "a list of texts", texts)?;
        Ok(texts.unwrap_or_default())
    }

    fn inside(self, keyword: &str) -> String {
        inside(self.place, keyword)
    }
}

/// The JSON pointer to a member.
fn inside(place: &str, name: &str) -> String {
    format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn is_keyword(name: &str) -> bool {
    name.starts_with('$') || KEYWORDS.contains(&name)
}

fn error(place: &str, problem: SchemaProblem) -> SchemaError {
    SchemaError {
        place: place.to_owned(),
        problem,
    }
}

fn form(place: &str, expected: &'static str, found: &Value) -> SchemaError {
    let found = Shape::of_value(found).to_string();
    error(place, SchemaProblem::Form { expected, found })
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
    let undefined = one.undefined && other.undefined;
    let either = [&one, &other].into_iter().find_map(Shape::not_required);
    let not_required = either.filter(|_| undefined).map(str::to_owned);
    if one.unknown || other.unknown {
        let known = if one.unknown { other } else { one };
        return Shape {
            undefined,
            not_required,
            ..known
        };
    }
    Shape {
        unknown: false,
        undefined,
        not_required,
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
