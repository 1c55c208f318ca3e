//! YAML as `CloudFormation` reads it: with short forms of its functions, which become the long ones.
//!
//! `serde-saphyr`, which writes our templates, hides tags from readers of plain data; so this reads the events of its parser.

use std::collections::BTreeMap;

use granit_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Number, Value};

use super::{Document, ReadError};
use crate::Pointer;

/// How deep collections may be nested: deeper ones are no templates, but attempts on the stack.
const DEEPEST: usize = 128;

/// How many bytes of values aliases may repeat in all.
const MOST_REPEATED: usize = 1_048_576;

pub(super) fn read(text: &str) -> Result<Document, ReadError> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        duplicates: Vec::new(),
        lines: BTreeMap::new(),
        repeated: 0,
    };
    let (event, span) = reader.next()?;
    let value = reader.node(event, span, &Pointer::root(), 0)?;
    let (event, span) = reader.next()?;
    if event != Event::StreamEnd {
        return Err(problem(span.start, "a second document; keep one per file"));
    }
    Ok(Document {
        value,
        duplicates: reader.duplicates,
        lines: reader.lines,
    })
}

struct Reader<E> {
    events: E,
    /// What aliases stand for.
    anchors: BTreeMap<usize, Value>,
    duplicates: Vec<Pointer>,
    lines: BTreeMap<Pointer, usize>,
    repeated: usize,
}

type Located<'t> = (Event<'t>, Span);

impl<'t, E: Iterator<Item = Result<Located<'t>, ScanError>>> Reader<E> {
    /// The next event that is about data; the end of the stream again and again once it is reached.
    fn next(&mut self) -> Result<Located<'t>, ReadError> {
        for event in self.events.by_ref() {
            let (event, span) =
                event.map_err(|error| problem(*error.marker(), &error.kind().to_string()))?;
            match event {
                Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
                event if event.is_node() => return Ok((event, span)),
                Event::SequenceEnd | Event::MappingEnd | Event::StreamEnd => {
                    return Ok((event, span));
                }
                _ => {}
            }
        }
        Ok((Event::StreamEnd, Span::empty(Marker::default())))
    }

    fn node(
        &mut self,
        event: Event<'t>,
        span: Span,
        here: &Pointer,
        depth: usize,
    ) -> Result<Value, ReadError> {
        if depth > DEEPEST {
            return Err(problem(span.start, "collections nested too deep"));
        }
        let (anchor, tag, value) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                (anchor, tag, value)
            }
            Event::SequenceStart(_, anchor, tag) => (anchor, tag, self.sequence(here, depth)?),
            Event::MappingStart(_, anchor, tag) => (anchor, tag, self.mapping(here, depth)?),
            Event::Alias(anchor) => return self.alias(anchor, span),
            _ => return Err(problem(span.start, "a value is missing")),
        };
        let value = match tag {
            Some(tag) => long_form(&tag, value),
            None => value,
        };
        if anchor != 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    fn sequence(&mut self, here: &Pointer, depth: usize) -> Result<Value, ReadError> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Value::Array(items));
            }
            let here = here.item(items.len());
            self.lines.insert(here.clone(), span.start.line());
            items.push(self.node(event, span, &here, depth + 1)?);
        }
    }

    fn mapping(&mut self, here: &Pointer, depth: usize) -> Result<Value, ReadError> {
        let mut members = Map::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Object(members)),
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(problem(span.start, "a key that is no text")),
            };
            let here = here.member(&key);
            self.lines.insert(here.clone(), span.start.line());
            let (event, span) = self.next()?;
            let value = self.node(event, span, &here, depth + 1)?;
            if members.insert(key, value).is_some() {
                self.duplicates.push(here);
            }
        }
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<Value, ReadError> {
        let value = self.anchors.get(&anchor).cloned();
        let value = value.ok_or_else(|| problem(span.start, "an alias of what it stands in"))?;
        self.repeated += value.to_string().len();
        if self.repeated > MOST_REPEATED {
            return Err(problem(span.start, "aliases that repeat more than 1 MiB"));
        }
        Ok(value)
    }
}

fn problem(at: Marker, problem: &str) -> ReadError {
    ReadError::Yaml {
        line: at.line(),
        column: at.col() + 1,
        problem: problem.to_owned(),
    }
}

/// A plain scalar by YAML's core schema; a quoted one, or one with a tag, is a text.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let text_tag = tag.is_some_and(|tag| tag.is_custom() || tag.is_yaml_core_schema_tag("str"));
    if style != ScalarStyle::Plain || text_tag {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => number(text).map_or_else(|| Value::String(text.to_owned()), Value::Number),
    }
}

/// A decimal number; `0x10`, `1_000`, `.inf` and other special forms stay texts.
fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if let Ok(whole) = unsigned.parse::<i64>() {
        return Some(whole.into());
    }
    Number::from_f64(unsigned.parse().ok()?)
}

/// `!Sub text` as `{"Fn::Sub": "text"}`.
fn long_form(tag: &Tag, value: Value) -> Value {
    if !tag.is_custom() {
        return value;
    }
    let name = tag.suffix();
    let (function, argument) = match (name, value) {
        ("Ref" | "Condition", value) => (name.to_owned(), value),
        ("GetAtt", Value::String(path)) => ("Fn::GetAtt".to_owned(), attribute(&path)),
        (name, value) => (format!("Fn::{name}"), value),
    };
    Value::Object(Map::from_iter([(function, argument)]))
}

/// `Table.Arn` as a list of the resource and its attribute.
fn attribute(path: &str) -> Value {
    match path.split_once('.') {
        Some((resource, attribute)) => Value::from(vec![resource, attribute]),
        None => Value::from(path),
    }
}
