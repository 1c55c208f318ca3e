//! Values for the parameters of a template, before CloudFormation sees them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::patterns::Patterns;

/// What is wrong with the `values` given for a template's parameters, a sentence each: names that the template does not have,
/// values that their declarations do not take, and parameters that need a value and get none. `kept` are those that have one
/// already.
///
/// Constraints are those of the developer guide's "CloudFormation template Parameters syntax". Types of AWS resources
/// (`AWS::EC2::VPC::Id`) and of the parameter store are left to CloudFormation, which alone knows what there is.
///
/// ```
/// use std::collections::BTreeMap;
/// use serde_json::json;
///
/// let template = json!({"Parameters": {"Days": {"Type": "Number", "MaxValue": 30}}});
/// let values = BTreeMap::from([("Days".to_owned(), "31".to_owned())]);
/// let problems = validate::parameter_values(&template, &values, |_| false);
/// assert_eq!(problems, ["`Days` is 31, and the template allows no more than 30"]);
/// ```
#[must_use]
pub fn parameter_values(
    template: &Value,
    values: &BTreeMap<String, String>,
    kept: impl Fn(&str) -> bool,
) -> Vec<String> {
    let none = Map::new();
    let declared = template.get("Parameters").and_then(Value::as_object);
    let declared = declared.unwrap_or(&none);
    let mut problems = Vec::new();
    for (name, value) in values {
        match declared.get(name) {
            Some(declaration) => problems.extend(problem(name, value, declaration)),
            None => problems.push(unknown(name, declared)),
        }
    }
    for (name, declaration) in declared {
        let has_value = values.contains_key(name) || declaration.get("Default").is_some();
        if !has_value && !kept(name) {
            problems.push(format!(
                "`{name}` has no default and needs a value{}",
                described(declaration)
            ));
        }
    }
    problems
}

fn described(declaration: &Value) -> String {
    let description = declaration.get("Description").and_then(Value::as_str);
    description.map_or(String::new(), |text| format!(": {text}"))
}

fn unknown(name: &str, declared: &Map<String, Value>) -> String {
    let known: Vec<&str> = declared.keys().map(String::as_str).collect();
    if known.is_empty() {
        return format!("there is no parameter `{name}`: the template has none");
    }
    format!(
        "there is no parameter `{name}`; the template has {}",
        known.join(", ")
    )
}

fn problem(name: &str, value: &str, declaration: &Value) -> Option<String> {
    let shown = if declaration["NoEcho"] == true {
        "not shown".to_owned()
    } else {
        value.to_owned()
    };
    let allowed = |what: String| {
        Some(format!(
            "`{name}` is {shown}, and the template allows {what}"
        ))
    };
    let kind = declaration["Type"].as_str().unwrap_or("String");
    if let Some(what) = of_type(value, kind) {
        return allowed(what.to_owned());
    }
    let items: Vec<&str> = match kind {
        "CommaDelimitedList" | "List<Number>" => value.split(',').map(str::trim).collect(),
        _ => vec![value],
    };
    items
        .into_iter()
        .find_map(|item| breaks(item, declaration))
        .and_then(allowed)
}

fn of_type(value: &str, kind: &str) -> Option<&'static str> {
    let is_number = |text: &str| text.trim().parse::<f64>().is_ok_and(f64::is_finite);
    match kind {
        "Number" if !is_number(value) => Some("a number"),
        "List<Number>" if !value.split(',').all(is_number) => {
            Some("a list of numbers with commas between them")
        }
        _ => None,
    }
}

/// What the declaration allows instead of the value.
fn breaks(value: &str, declaration: &Value) -> Option<String> {
    if let Some(choices) = declaration["AllowedValues"].as_array() {
        let choices: Vec<String> = choices.iter().map(plain).collect();
        if !choices.iter().any(|choice| choice == value) {
            return Some(format!("one of {}", choices.join(", ")));
        }
    }
    let number = value.trim().parse::<f64>().ok();
    let bound = |key: &str| plain(&declaration[key]).parse::<f64>().ok();
    if let (Some(number), Some(least)) = (number, bound("MinValue"))
        && number < least
    {
        return Some(format!("no less than {least}"));
    }
    if let (Some(number), Some(most)) = (number, bound("MaxValue"))
        && number > most
    {
        return Some(format!("no more than {most}"));
    }
    let length = value.chars().count();
    let letters = |key: &str| plain(&declaration[key]).parse::<usize>().ok();
    if let Some(least) = letters("MinLength").filter(|least| length < *least) {
        return Some(format!("no fewer than {least} characters"));
    }
    if let Some(most) = letters("MaxLength").filter(|most| length > *most) {
        return Some(format!("no more than {most} characters"));
    }
    let pattern = declaration["AllowedPattern"].as_str()?;
    // One that cannot be understood here is left to CloudFormation, and so is one that may or may not match.
    let whole = format!(r"\A(?:{pattern})\z");
    if Patterns::default().is_match(&whole, value) != Some(false) {
        return None;
    }
    let words = declaration["ConstraintDescription"].as_str();
    Some(words.map_or_else(|| format!("only what matches `{pattern}`"), str::to_owned))
}

/// Numbers may be written as texts, and the other way round.
fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
