//! The prompt of a record: its task, and the format of the answer derived from its fields.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{Record, columns};

/// Rules that hold for every record. No example value of the confidence, on purpose: models copy it.
const ANSWER_RULES: [&str; 4] = [
    "Reply with the JSON object and nothing else: no Markdown, no code fence, no words before or after it.",
    "Use double quotes around names and text, escape special characters in text, and put no comma after the last field.",
    "Give every field. Where the image does not tell, use \"\" for text and null for anything else; never guess a default value.",
    "Judge `confidence` anew for this image, by how much of the text can be read:
  - 0.9 to 1.0: all text is clearly visible and every field is certain
  - 0.7 to 0.9: most fields are visible, some text is unclear or partly covered
  - 0.5 to 0.7: several fields are missing or the text is of poor quality
  - 0.0 to 0.5: the image is very poor and most fields are guesses",
];

/// The text sent along with the image.
#[must_use]
pub fn prompt<R: Record>() -> String {
    let fields = columns::<R>()
        .iter()
        .map(|column| format!("- `{}`: {}", column.name, column.comment))
        .collect::<Vec<_>>();
    let rules = ANSWER_RULES
        .iter()
        .chain(R::RULES)
        .map(|rule| format!("- {rule}"))
        .collect::<Vec<_>>();
    format!(
        "{}\n\nReply with one JSON object that has these fields and matches the JSON Schema below.\n\n{}\n\nRules:\n{}\n\nJSON Schema:\n{}\n",
        R::TASK,
        fields.join("\n"),
        rules.join("\n"),
        schema::<R>(),
    )
}

/// The JSON Schema (2020-12) of an answer: every field required, no defaults, no comments.
#[must_use]
pub fn schema<R: Record>() -> Value {
    let generated = SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<R>();
    let mut schema = generated.to_value();
    if let Some(root) = schema.as_object_mut() {
        root.retain(|key, _| matches!(key.as_str(), "type" | "properties" | "required"));
        root.insert("additionalProperties".into(), Value::Bool(false));
    }
    let properties = schema
        .pointer_mut("/properties")
        .and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        if let Some(property) = property.as_object_mut() {
            property.retain(|key, _| !matches!(key.as_str(), "default" | "description" | "format"));
        }
    }
    schema
}
