//! The rules of choices.

use serde_json::{Value, json};

use super::each;

fn choice(rule: &Value) -> Value {
    json!({"StartAt": "A", "States": {
        "A": {"Type": "Choice", "Choices": [rule], "Default": "B"},
        "B": {"Type": "Succeed"},
    }})
}

#[test]
fn choices_have_one_condition_each() {
    let with =
        |field: &str, value: Value| choice(&json!({"Variable": "$.a", field: value, "Next": "B"}));
    let both = |condition: Value| choice(&json!({"And": [condition], "Next": "B"}));
    each(&[
        (with("StringEquals", json!("x")), &[]),
        (
            with("StringEquals", json!(5)),
            &["/States/A/Choices/0/StringEquals S001"],
        ),
        (
            with("NumericEquals", json!("5")),
            &["/States/A/Choices/0/NumericEquals S001"],
        ),
        (
            with("IsPresent", json!("true")),
            &["/States/A/Choices/0/IsPresent S001"],
        ),
        (
            with("TimestampLessThan", json!("tomorrow")),
            &["/States/A/Choices/0/TimestampLessThan S001"],
        ),
        (
            with("StringEqual", json!("x")),
            &["/States/A/Choices/0/StringEqual S040"],
        ),
        (
            with("Condition", json!("{% true %}")),
            &["/States/A/Choices/0/Condition S020"],
        ),
        (
            choice(&json!({"Variable": "$.a", "Next": "B"})),
            &["/States/A/Choices/0 S040"],
        ),
        (
            choice(&json!({"StringEquals": "x", "Next": "B"})),
            &["/States/A/Choices/0 S002"],
        ),
        (
            choice(&json!({"Variable": "$.a", "StringEquals": "x"})),
            &["/States/A/Choices/0 S002"],
        ),
        (
            choice(&json!({"Variable": "$.a", "IsNull": true, "IsString": true, "Next": "B"})),
            &["/States/A/Choices/0 S040"],
        ),
        (both(json!({"Variable": "$.a", "IsNull": true})), &[]),
        (
            both(json!({"Variable": "$.a", "IsNull": true, "Next": "B"})),
            &["/States/A/Choices/0/And/0/Next S040"],
        ),
        (
            both(json!({"Not": [1]})),
            &["/States/A/Choices/0/And/0/Not S001"],
        ),
        (
            choice(&json!({"Or": [], "Next": "B"})),
            &["/States/A/Choices/0/Or S001"],
        ),
        (choice(&json!("B")), &["/States/A/Choices/0 S001"]),
        (
            json!({"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [], "Default": "B"}, "B": {"Type": "Succeed"}}}),
            &["/States/A/Choices S001"],
        ),
        (
            json!({"StartAt": "A", "States": {
                "A": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsNull": true, "Next": "B"}]},
                "B": {"Type": "Succeed"},
            }}),
            &["/States/A S041"],
        ),
    ]);
}

#[test]
fn choices_in_jsonata_have_a_condition() {
    let with = |rule: Value| {
        let mut definition = choice(&rule);
        definition["QueryLanguage"] = json!("JSONata");
        definition
    };
    each(&[
        (with(json!({"Condition": "{% $x = 1 %}", "Next": "B"})), &[]),
        (with(json!({"Condition": true, "Next": "B"})), &[]),
        (
            with(json!({"Condition": "$x = 1", "Next": "B"})),
            &["/States/A/Choices/0/Condition S040"],
        ),
        (
            with(json!({"Condition": 1, "Next": "B"})),
            &["/States/A/Choices/0/Condition S001"],
        ),
        (
            with(json!({"Condition": "{% $x = 1", "Next": "B"})),
            &["/States/A/Choices/0/Condition S022"],
        ),
        (with(json!({"Next": "B"})), &["/States/A/Choices/0 S002"]),
        (
            with(json!({"Variable": "$.a", "StringEquals": "x", "Next": "B"})),
            &["/States/A/Choices/0/Variable S020"],
        ),
    ]);
}
