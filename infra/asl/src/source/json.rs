//! JSON, with the keys that are there twice, and the lines.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Document, ReadError};
use crate::Pointer;

pub(super) fn read(text: &str) -> Result<Document, ReadError> {
    let notes = Notes::default();
    let root = Place {
        pointer: Pointer::root(),
        notes: &notes,
    };
    let mut reader = serde_json::Deserializer::from_reader(Counted {
        rest: text.as_bytes(),
        was_break: false,
        line: &notes.line,
    });
    let value = root
        .deserialize(&mut reader)
        .map_err(|error| syntax(&error))?;
    reader.end().map_err(|error| syntax(&error))?;
    Ok(Document {
        value,
        duplicates: notes.duplicates.into_inner(),
        lines: notes.lines.into_inner(),
    })
}

/// A text, byte by byte, with its lines counted: the parser says where an error is, and not where a value is.
struct Counted<'t> {
    rest: &'t [u8],
    was_break: bool,
    line: &'t Cell<usize>,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let (Some((byte, rest)), Some(first)) = (self.rest.split_first(), buffer.first_mut())
        else {
            return Ok(0);
        };
        // A break counts with the byte behind it, because the parser looks one byte ahead.
        if self.was_break {
            self.line.set(self.line.get() + 1);
        }
        self.was_break = *byte == b'\n';
        *first = *byte;
        self.rest = rest;
        Ok(1)
    }
}

/// What is noted of a document while it is read.
struct Notes {
    /// The line that is read.
    line: Cell<usize>,
    duplicates: RefCell<Vec<Pointer>>,
    lines: RefCell<BTreeMap<Pointer, usize>>,
}

impl Default for Notes {
    fn default() -> Self {
        Self {
            line: Cell::new(1),
            duplicates: RefCell::default(),
            lines: RefCell::default(),
        }
    }
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
    notes: &'d Notes,
}

impl Place<'_> {
    fn at(&self, pointer: Pointer) -> Place<'_> {
        Place {
            pointer,
            notes: self.notes,
        }
    }

    fn note_key(&self, pointer: &Pointer) {
        let line = self.notes.line.get();
        self.notes.lines.borrow_mut().insert(pointer.clone(), line);
    }

    /// Of a member the line of its key counts.
    fn note_value(&self) {
        let line = self.notes.line.get();
        let mut lines = self.notes.lines.borrow_mut();
        lines.entry(self.pointer.clone()).or_insert(line);
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.note_value();
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
            self.note_key(&pointer);
            let value = members.next_value_seed(self.at(pointer.clone()))?;
            if read.insert(key, value).is_some() {
                self.notes.duplicates.borrow_mut().push(pointer);
            }
        }
        Ok(Value::Object(read))
    }
}
