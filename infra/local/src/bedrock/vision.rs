//! The built-in vision model: it knows what its eyes tell it, and nothing else.

use serde_json::{Map, Value};

use super::conversation::{Conversation, Picture};
use super::{fields, text};
use crate::barcode::{self, Reading};
use crate::catalogue::{self, Book};

/// Confidence without a readable barcode.
const BLIND: f64 = 0.1;
/// Of a barcode that is in no catalogue: only the number is known.
const NUMBER_ONLY: f64 = 0.4;
/// Of a book whose barcode one scan line alone could read.
const BARELY: f64 = 0.7;
/// Added to that when every scan line across the barcode agrees.
const CLEARLY: f64 = 0.29;

/// The first barcode of an ISBN in the images. Slow: decodes and scans every pixel.
pub(super) fn look(conversation: &Conversation) -> Option<Reading> {
    conversation
        .pictures()
        .filter_map(Picture::luma)
        .find_map(|pixels| barcode::read(&pixels))
}

/// The JSON object that the prompt asks for; plain text where it asks for no fields.
pub(super) fn answer(conversation: &Conversation, reading: Option<&Reading>) -> String {
    let book = reading.and_then(|reading| catalogue::find(&reading.isbn));
    let confidence = match (reading, book) {
        (None, _) => BLIND,
        (Some(_), None) => NUMBER_ONLY,
        (Some(reading), Some(_)) => {
            (CLEARLY.mul_add(reading.agreement, BARELY) * 100.0).round() / 100.0
        }
    };
    let known = |name: &str| match name {
        "confidence" => Some(Value::from(confidence)),
        "isbn" => reading.map(|reading| Value::from(reading.isbn.as_str())),
        _ => book.and_then(|book| fact(book, name)),
    };
    let fields = fields::asked(&conversation.text());
    if fields.is_empty() {
        return text::answer(conversation);
    }
    let object: Map<String, Value> = fields
        .into_iter()
        .map(|field| {
            (
                field.name.clone(),
                known(&field.name).unwrap_or(field.blank),
            )
        })
        .collect();
    Value::Object(object).to_string()
}

fn fact(book: &Book, name: &str) -> Option<Value> {
    match name {
        "title" => Some(Value::from(book.title.as_str())),
        "author" => Some(Value::from(book.author.as_str())),
        "publisher" => Some(Value::from(book.publisher.as_str())),
        "published_year" => Some(Value::from(book.published_year)),
        "description" => Some(Value::from(book.description.as_str())),
        _ => None,
    }
}
