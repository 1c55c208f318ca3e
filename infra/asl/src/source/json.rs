//! JSON, with the keys that are there twice.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Document, ReadError};
use crate::Pointer;

pub(super) fn read(text: &str) -> Result<Document, ReadError> {
    let duplicates = RefCell::new(Vec::new());
    let root = Place {
        pointer: Pointer::root(),
        duplicates: &duplicates,
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = root
        .deserialize(&mut reader)
        .map_err(|error| syntax(&error))?;
    reader.end().map_err(|error| syntax(&error))?;
    Ok(Document {
        value,
        duplicates: duplicates.into_inner(),
    })
}

fn syntax(error: &serde_json::Error) -> ReadError {
    let text = error.to_string();
    let problem = text
        .split_once(" at line ")
        .map_or(&*text, |(problem, _)| problem);
    ReadError::Json {
        line: error.line(),
        column: error.column(),
        problem: problem.to_owned(),
    }
}

/// Where in the document a value is read.
struct Place<'d> {
    pointer: Pointer,
    duplicates: &'d RefCell<Vec<Pointer>>,
}

impl Place<'_> {
    fn at(&self, pointer: Pointer) -> Place<'_> {
        Place {
            pointer,
            duplicates: self.duplicates,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(item) = items.next_element_seed(self.at(self.pointer.item(read.len())))? {
            read.push(item);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut read = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let pointer = self.pointer.member(&key);
            let value = members.next_value_seed(self.at(pointer.clone()))?;
            if read.insert(key, value).is_some() {
                self.duplicates.borrow_mut().push(pointer);
            }
        }
        Ok(Value::Object(read))
    }
}
