//! Functions of CloudFormation.

use serde_json::Value;

use super::Meaning;
use super::text::TextBuilder;
use crate::template::Template;

const NO_VALUE: &str = "AWS::NoValue";

/// Holds the value of a parameter, where it is known. No key of CloudFormation's.
pub(crate) const VALUE: &str = "Value";

/// What a function gives. One with arguments that it does not take is kept as it is written.
pub(super) fn meaning(name: &str, argument: &Value, template: &Template<'_>) -> Meaning {
    let understood = match name {
        "Ref" => argument.as_str().map(|name| reference(name, template)),
        "Fn::GetAtt" => attribute(argument, template),
        "Fn::Sub" => substitution(argument, template),
        "Fn::Join" => join(argument, template),
        "Fn::If" => choice(argument, template),
        "Fn::FindInMap" => found(argument, template),
        _ => None,
    };
    understood.unwrap_or_else(|| {
        let mut argument = Meaning::of(argument, template);
        // None of them cares for the order.
        if let ("Fn::And" | "Fn::Equals" | "Fn::Or", Meaning::List(items)) = (name, &mut argument) {
            items.sort();
        }
        Meaning::Function(name.to_owned(), Box::new(argument))
    })
}

fn reference(name: &str, template: &Template<'_>) -> Meaning {
    if name == NO_VALUE {
        return Meaning::Absent;
    }
    match template.parameter(name) {
        Some(parameter) => {
            if let Some(value) = parameter.get(VALUE) {
                return literal(value);
            }
            let default = parameter.get("Default");
            let default = default.map(|default| Box::new(literal(default)));
            Meaning::Parameter(name.to_owned(), default)
        }
        None if name.starts_with("AWS::") => Meaning::Parameter(name.to_owned(), None),
        None => Meaning::Resource(template.new_id(name).to_owned()),
    }
}

/// Defaults contain no functions.
fn literal(value: &Value) -> Meaning {
    match value {
        Value::String(text) => Meaning::Scalar(text.clone()),
        other => Meaning::Scalar(other.to_string()),
    }
}

fn attribute(argument: &Value, template: &Template<'_>) -> Option<Meaning> {
    let (id, attribute) = match argument {
        Value::String(path) => path.split_once('.')?,
        Value::Array(path) => match path.as_slice() {
            [Value::String(id), Value::String(attribute)] => (id.as_str(), attribute.as_str()),
            _ => return None,
        },
        _ => return None,
    };
    Some(attribute_of(id, attribute, template))
}

fn attribute_of(id: &str, attribute: &str, template: &Template<'_>) -> Meaning {
    Meaning::Attribute(template.new_id(id).to_owned(), attribute.to_owned())
}

fn substitution(argument: &Value, template: &Template<'_>) -> Option<Meaning> {
    let (text, variables) = match argument {
        Value::String(text) => (text, &Value::Null),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(text), variables @ Value::Object(_)] => (text, variables),
            _ => return None,
        },
        _ => return None,
    };
    let mut built = TextBuilder::default();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        built.literal(before);
        let Some((name, after)) = after.split_once('}') else {
            built.literal("${");
            rest = after;
            continue;
        };
        if let Some(literal) = name.strip_prefix('!') {
            built.literal(&format!("${{{literal}}}"));
        } else if let Some(value) = variables.get(name) {
            built.value(Meaning::of(value, template));
        } else if let Some((id, attribute)) = name.split_once('.') {
            built.value(attribute_of(id, attribute, template));
        } else {
            built.value(reference(name, template));
        }
        rest = after;
    }
    built.literal(rest);
    Some(built.finish())
}

fn join(argument: &Value, template: &Template<'_>) -> Option<Meaning> {
    let [Value::String(delimiter), Value::Array(items)] = argument.as_array()?.as_slice() else {
        return None;
    };
    let mut built = TextBuilder::default();
    let items = items.iter().map(|item| Meaning::of(item, template));
    let mut is_first = true;
    for item in items.filter(|item| *item != Meaning::Absent) {
        // A list inside, such as a parameter of lists, is joined too, with as many parts as the deployment knows.
        if matches!(item, Meaning::List(_)) {
            return None;
        }
        if !is_first {
            built.literal(delimiter);
        }
        built.value(item);
        is_first = false;
    }
    Some(built.finish())
}

fn choice(argument: &Value, template: &Template<'_>) -> Option<Meaning> {
    let [Value::String(name), then, otherwise] = argument.as_array()?.as_slice() else {
        return None;
    };
    let then = Meaning::of(then, template);
    let otherwise = Meaning::of(otherwise, template);
    if then == otherwise {
        return Some(then);
    }
    let condition = template.condition_meaning(name);
    Some(Meaning::Choice(
        condition,
        Box::new(then),
        Box::new(otherwise),
    ))
}

fn found(argument: &Value, template: &Template<'_>) -> Option<Meaning> {
    let [map, first, second] = argument.as_array()?.get(..3)? else {
        return None;
    };
    let keys = [first, second].map(|key| Meaning::of(key, template));
    let map = map.as_str()?;
    let mapping = template.mapping(map)?;
    if let [Some(first), Some(second)] = [keys[0].as_text(), keys[1].as_text()] {
        return Some(Meaning::of(mapping.get(first)?.get(second)?, template));
    }
    // Which of the values it is, only the deployment knows: so all of them are part of the meaning.
    let [first, second] = keys;
    let values = match second.as_text() {
        Some(second) => mapping
            .as_object()?
            .iter()
            .filter_map(|(key, inner)| {
                Some((key.clone(), Meaning::of(inner.get(second)?, template)))
            })
            .collect(),
        None => match Meaning::of(mapping, template) {
            Meaning::Object(values) => values,
            _ => return None,
        },
    };
    let argument = Meaning::List(vec![first, second, Meaning::Object(values)]);
    Some(Meaning::Function(
        "Fn::FindInMap".to_owned(),
        Box::new(argument),
    ))
}
