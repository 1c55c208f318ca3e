//! Data: what reaches each state, and what is done with it.

mod flow;
mod jsonata;
mod jsonpath;
mod needed;
mod services;
mod variables;

use std::collections::BTreeMap;

use asl::check::{Schemas, check};
use serde_json::{Value, json};

/// A machine of these states; the first one starts it.
fn machine(language: &str, states: &Value) -> Value {
    let first = states.as_object().and_then(|states| states.keys().next());
    json!({"QueryLanguage": language, "StartAt": first, "States": states})
}

fn order() -> Value {
    json!({
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "total": {"type": "number"},
            "paid": {"type": "boolean"},
            "status": {"enum": ["OPEN", "CLOSED"]},
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"sku": {"type": "string"}, "price": {"type": "number"}},
                    "required": ["sku", "price"],
                },
            },
            "note": {"type": "string"},
            "any": true,
        },
        "required": ["id", "total", "paid", "status", "lines", "any"],
    })
}

/// The order is the input; a function `price` answers `{due}`.
fn schemas() -> Schemas {
    let price = json!({"properties": {"due": {"type": "number"}}, "required": ["due"]});
    Schemas {
        input: Some(order()),
        results: BTreeMap::from([("price".to_owned(), price)]),
    }
}

/// The places of findings about data, with their codes, in order.
fn findings(language: &str, states: &Value) -> Vec<(String, &'static str)> {
    let report = check(&machine(language, states), &schemas());
    let data = report
        .findings
        .iter()
        .filter(|finding| finding.code.starts_with("S1"));
    data.map(|finding| (finding.pointer.as_str().to_owned(), finding.code))
        .collect()
}

#[track_caller]
fn assert_finds(language: &str, states: &Value, expected: &[(&str, &str)]) {
    let found = findings(language, states);
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(pointer, code)| (pointer.as_str(), *code))
        .collect();
    assert_eq!(found, expected, "{states:#}");
}

/// The code that is found in the payload of one state, if any.
#[track_caller]
fn assert_payload(language: &str, payload: &Value, expected: Option<&str>) {
    let field = if language == "JSONata" {
        "Output"
    } else {
        "Parameters"
    };
    let states = json!({"Only": {"Type": "Pass", field: payload, "End": true}});
    let found = findings(language, &states);
    let codes: Vec<&str> = found.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, Vec::from_iter(expected), "{payload}");
}
