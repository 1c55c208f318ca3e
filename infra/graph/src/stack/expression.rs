//! Values of a template as text: what is known stays, what is known at deployment only becomes a hole, `{Name}`.

use serde_json::Value;

/// A value as one text. `Ref` and `Fn::GetAtt` are `{Name}` and `{Name.Attribute}`; pseudo parameters are `{@Region}`, without
/// the colons by which ARNs are taken apart.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(object) => match object.iter().next() {
            Some((name, argument)) if object.len() == 1 => function(name, argument),
            _ => "{…}".to_owned(),
        },
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Array(_) | Value::Null => "{…}".to_owned(),
    }
}

fn function(name: &str, argument: &Value) -> String {
    match (name, argument) {
        ("Ref" | "Fn::GetAtt", Value::String(path)) => hole(path),
        ("Fn::GetAtt", Value::Array(path)) => {
            let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
            hole(&path.join("."))
        }
        ("Fn::Sub", Value::String(template)) => substituted(template, &Value::Null),
        ("Fn::Sub", Value::Array(parts)) => {
            let template = parts.first().and_then(Value::as_str).unwrap_or_default();
            substituted(template, parts.get(1).unwrap_or(&Value::Null))
        }
        ("Fn::Join", Value::Array(parts)) => {
            let delimiter = parts.first().and_then(Value::as_str).unwrap_or_default();
            match parts.get(1) {
                Some(Value::Array(items)) => {
                    items.iter().map(text).collect::<Vec<_>>().join(delimiter)
                }
                _ => "{…}".to_owned(),
            }
        }
        // One of the two is enough to say what it is about.
        ("Fn::If", Value::Array(parts)) => parts.get(1).map_or_else(String::new, text),
        ("Fn::ImportValue", exported) => hole(&text(exported)),
        _ => "{…}".to_owned(),
    }
}

fn hole(name: &str) -> String {
    format!("{{{}}}", name.replace("AWS::", "@"))
}

/// The template of an `Fn::Sub`, its own variables filled in.
fn substituted(template: &str, variables: &Value) -> String {
    let mut result = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("${") {
        result.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            result.push_str("${");
            rest = after;
            continue;
        };
        match (name.strip_prefix('!'), variables.get(name)) {
            (Some(literal), _) => result.extend(["${", literal, "}"]),
            (None, Some(value)) => result.push_str(&text(value)),
            (None, None) => result.push_str(&hole(name)),
        }
        rest = after;
    }
    result + rest
}

/// Every value that stands here, whichever way conditions go: the items of lists, both ways of an `Fn::If`.
pub(super) fn alternatives(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(alternatives).collect(),
        Value::Object(object) => match object.get("Fn::If").and_then(Value::as_array) {
            Some(parts) => parts.iter().skip(1).flat_map(alternatives).collect(),
            None if value["Ref"] == "AWS::NoValue" => Vec::new(),
            None => vec![value],
        },
        Value::Null => Vec::new(),
        _ => vec![value],
    }
}

/// What is at a path such as `Targets/Arn`, each with the object that holds it. Lists are gone through, and conditions
/// both ways; `*` is any member of an object.
pub(super) fn at<'a>(value: &'a Value, path: &str) -> Vec<(&'a Value, &'a Value)> {
    let (head, rest) = path
        .split_once('/')
        .map_or((path, None), |(head, rest)| (head, Some(rest)));
    let members = |holder: &'a Value| -> Vec<&'a Value> {
        match (head, holder.as_object()) {
            ("*", Some(object)) => object.values().collect(),
            _ => holder.get(head).into_iter().collect(),
        }
    };
    let mut found = Vec::new();
    for holder in alternatives(value) {
        for member in members(holder) {
            match rest {
                Some(rest) => found.extend(at(member, rest)),
                None => found.extend(alternatives(member).into_iter().map(|each| (holder, each))),
            }
        }
    }
    found
}

/// The first text at a path.
pub(super) fn text_at(value: &Value, path: &str) -> Option<String> {
    at(value, path).first().map(|(_, member)| text(member))
}

/// Every name that is referred to somewhere inside, in order.
pub(super) fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::Object(object) => {
            if let Some((name, _)) = object.iter().next()
                && object.len() == 1
                && matches!(name.as_str(), "Ref" | "Fn::GetAtt" | "Fn::Sub")
            {
                found.extend(holes(&text(value)).map(str::to_owned));
            }
            object.values().for_each(|member| references(member, found));
        }
        _ => {}
    }
}

/// The names in the holes of a text, without attributes.
pub(super) fn holes(text: &str) -> impl Iterator<Item = &str> {
    let inside = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'));
    inside.filter_map(|(name, _)| name.split('.').next())
}
