//! Which fields a prompt asks for, read from the prompt as a model would.

use serde_json::{Map, Value};

/// A field, with the value that says "the image does not tell".
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) blank: Value,
}

/// Looks for a JSON Schema in the text, then for an example object, then for quoted names before a colon.
pub(super) fn asked(prompt: &str) -> Vec<Field> {
    let objects: Vec<Map<String, Value>> = objects(prompt);
    if let Some(properties) = objects
        .iter()
        .find_map(|object| object.get("properties")?.as_object())
    {
        return properties
            .iter()
            .map(|(name, schema)| Field {
                name: name.clone(),
                blank: blank(schema),
            })
            .collect();
    }
    if let Some(example) = objects.iter().find(|object| !object.is_empty()) {
        return example
            .iter()
            .map(|(name, value)| Field {
                name: name.clone(),
                blank: blank_like(value),
            })
            .collect();
    }
    quoted_names(prompt)
}

/// Every JSON object in the text, outermost ones only.
fn objects(text: &str) -> Vec<Map<String, Value>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        rest = &rest[start..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Map<String, Value>>();
        let length = match values.next() {
            Some(Ok(object)) => {
                found.push(object);
                values.byte_offset()
            }
            _ => 1,
        };
        rest = &rest[length..];
    }
    found
}

/// Text is left empty; anything else is null where the schema allows it, or the smallest value of its type.
fn blank(schema: &Value) -> Value {
    let kind = &schema["type"];
    let allows = |name: &str| {
        kind == name
            || kind
                .as_array()
                .is_some_and(|kinds| kinds.iter().any(|kind| kind == name))
    };
    if allows("string") {
        Value::from("")
    } else if allows("array") && !allows("null") {
        Value::Array(Vec::new())
    } else if (allows("number") || allows("integer")) && !allows("null") {
        Value::from(0)
    } else {
        Value::Null
    }
}

fn blank_like(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::from(""),
        Value::Array(_) => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}

fn quoted_names(text: &str) -> Vec<Field> {
    let parts: Vec<&str> = text.split('"').collect();
    let mut fields: Vec<Field> = Vec::new();
    for pair in parts.windows(2) {
        let (name, after) = (pair[0], pair[1]);
        let is_name = !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_name
            && after.trim_start().starts_with(':')
            && fields.iter().all(|field| field.name != name)
        {
            fields.push(Field {
                name: name.to_owned(),
                blank: Value::from(""),
            });
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names_and_blanks(prompt: &str) -> Value {
        asked(prompt)
            .into_iter()
            .map(|field| (field.name, field.blank))
            .collect::<Map<_, _>>()
            .into()
    }

    #[test]
    fn a_schema_says_names_and_types() {
        let prompt = r#"Read it {carefully}. JSON Schema:
            {"type":"object","properties":{"title":{"type":"string"},"year":{"type":["integer","null"]},"tags":{"type":"array"},"count":{"type":"integer"}}}"#;
        assert_eq!(
            names_and_blanks(prompt),
            json!({"title": "", "year": null, "tags": [], "count": 0})
        );
    }

    #[test]
    fn an_example_or_quoted_names_do_too() {
        let example = r#"Answer like {"title": "...", "confidence": 0.5}."#;
        assert_eq!(
            names_and_blanks(example),
            json!({"title": "", "confidence": null})
        );
        let listed = "Give \"title\": the title, and \"isbn\" : digits. Say \"please\".";
        assert_eq!(names_and_blanks(listed), json!({"title": "", "isbn": ""}));
        assert_eq!(names_and_blanks("Describe the image."), json!({}));
    }
}
