//! Each rule about the form of a definition: the one finding it makes, and where.

mod choices;
mod handlers;
mod maps;
mod tasks;

use asl::check::{MachineType, Schemas, check_as};
use serde_json::{Value, json};

/// The structural findings of a definition, as `pointer code`.
fn found_as(machine_type: MachineType, definition: &Value) -> Vec<String> {
    let report = check_as(machine_type, definition, &Schemas::default());
    let structural = report
        .findings
        .iter()
        .filter(|finding| finding.code.starts_with("S0"));
    structural
        .map(|finding| {
            let code = finding.code.split_once(' ').map_or("", |(code, _)| code);
            format!("{} {code}", finding.pointer)
        })
        .collect()
}

fn found(definition: &Value) -> Vec<String> {
    found_as(MachineType::Standard, definition)
}

/// A machine of one state, `A`.
fn jsonata(state: &Value) -> Value {
    json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": state}})
}

fn jsonpath(state: &Value) -> Value {
    json!({"StartAt": "A", "States": {"A": state}})
}

/// Definitions, each with all that is found in it.
#[track_caller]
fn each(cases: &[(Value, &[&str])]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(definition, expected)| (definition, expected, found(definition)))
        .filter(|(_, expected, found)| **expected != found)
        .map(|(definition, expected, found)| {
            format!("{definition}\n  expected {expected:?}\n  found    {found:?}")
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A `JSONPath` machine of one task.
fn task(fields: &Value) -> Value {
    let mut state =
        json!({"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "End": true});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    jsonpath(&state)
}

#[test]
fn machines_and_states_are_objects_with_the_fields_they_have() {
    let pass = json!({"Type": "Pass", "End": true});
    each(&[
        (json!([]), &[" S001"]),
        (json!({}), &[" S002", " S002"]),
        (
            json!({"StartAt": "A", "States": {}}),
            &["/StartAt S012", "/States S001"],
        ),
        (
            json!({"StartAt": "A", "States": [pass]}),
            &["/StartAt S012", "/States S001"],
        ),
        (
            json!({"StartAt": 1, "States": {"A": pass}}),
            &["/StartAt S001"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "Timeout": 5}),
            &["/Timeout S003"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "TimeoutSeconds": 0}),
            &["/TimeoutSeconds S005"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "Version": "2.0"}),
            &["/Version S005"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass}, "Comment": ["a"]}),
            &["/Comment S001"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": "Pass"}}),
            &["/StartAt S012", "/States/A S001"],
        ),
        (jsonpath(&json!({"End": true})), &["/States/A S010"]),
        (
            jsonpath(&json!({"Type": "Parse", "End": true})),
            &["/States/A/Type S010"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "Retries": []})),
            &["/States/A/Retries S003"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "InputPath": 5})),
            &["/States/A/InputPath S001"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "InputPath": null})),
            &[],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "Assign": "x"})),
            &["/States/A/Assign S001"],
        ),
    ]);
}

#[test]
fn transitions_lead_to_states_beside_them() {
    let inside = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "End": true}}});
    let outwards = json!({"StartAt": "B", "States": {"B": {"Type": "Pass", "Next": "C"}}});
    let twice = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}});
    let around = |branch: &Value, next: &str| {
        json!({"StartAt": "A", "States": {
            "A": {"Type": "Parallel", "Branches": [branch], "Next": next},
            "C": {"Type": "Succeed"},
        }})
    };
    each(&[
        (
            jsonpath(&json!({"Type": "Pass", "Next": "B"})),
            &["/States/A/Next S012"],
        ),
        (
            json!({"StartAt": "a", "States": {"A": {"Type": "Succeed"}}}),
            &["/StartAt S012"],
        ),
        (around(&inside, "C"), &[]),
        (around(&inside, "B"), &["/States/A/Next S013"]),
        (
            around(&outwards, "C"),
            &["/States/A/Branches/0/States/B/Next S013"],
        ),
        (around(&twice, "C"), &["/States/A/Branches/0/States/A S011"]),
        (
            jsonpath(&json!({"Type": "Choice", "Default": "B", "Choices": [
                {"Variable": "$.a", "IsNull": true, "Next": "C"},
            ]})),
            &["/States/A/Choices/0/Next S012", "/States/A/Default S012"],
        ),
        (
            jsonpath(
                &json!({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true,
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "B"}]}),
            ),
            &["/States/A/Catch/0/Next S012"],
        ),
    ]);
}

#[test]
fn misspelt_names_are_recognised() {
    let definition = json!({"StartAt": "Submit", "States": {
        "Submit": {"Type": "Pass", "Next": "Nofity"}, "Notify": {"Type": "Succeed"},
    }});
    let report = asl::check(&definition, &Schemas::default());
    assert_eq!(report.findings[0].help, "did you mean `Notify`?");
}

#[test]
fn states_are_reached_and_left() {
    let pass = |next: &str| json!({"Type": "Pass", "Next": next});
    let end = json!({"Type": "Pass", "End": true});
    each(&[
        (
            json!({"StartAt": "A", "States": {"A": end, "B": pass("C"), "C": end}}),
            &["/States/B S014"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": end, "B": pass("C"), "C": pass("B")}}),
            &["/States/B S014"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass("B"), "B": pass("C"), "C": pass("B")}}),
            &["/States/A S015"],
        ),
        (jsonpath(&json!({"Type": "Pass"})), &["/States/A S016"]),
        (
            json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B", "End": true}, "B": end}}),
            &["/States/A S016"],
        ),
        (
            jsonpath(&json!({"Type": "Succeed", "End": true})),
            &["/States/A/End S016"],
        ),
        (
            json!({"StartAt": "A", "States": {"A": pass("B"), "B": {"Type": "Fail", "Next": "A"}}}),
            &["/States/B/Next S016"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": false})),
            &["/States/A/End S001"],
        ),
        (
            jsonpath(&json!({"Type": "Pass", "End": true, "Comment": 5})),
            &["/States/A/Comment S001"],
        ),
    ]);
    let long = "x".repeat(81);
    let definition = json!({"StartAt": long, "States": {&long: end}});
    assert_eq!(found(&definition), [format!("/States/{long} S011")]);
}

#[test]
fn each_language_has_its_own_fields_and_texts() {
    let pass = |field: &str, value: Value| json!({"Type": "Pass", "End": true, field: value});
    each(&[
        (
            jsonata(&pass("InputPath", json!("$.a"))),
            &["/States/A/InputPath S020"],
        ),
        (
            jsonata(&pass("Parameters", json!({"a.$": "$.a"}))),
            &["/States/A/Parameters S020"],
        ),
        (
            jsonata(&pass("Result", json!({}))),
            &["/States/A/Result S020"],
        ),
        (
            jsonpath(&pass("Output", json!({}))),
            &["/States/A/Output S020"],
        ),
        (
            jsonata(&pass("Output", json!({"a.$": "$.a"}))),
            &["/States/A/Output/a.$ S020"],
        ),
        (
            jsonpath(&pass("Parameters", json!({"a": "{% $states.input.a %}"}))),
            &["/States/A/Parameters/a S020"],
        ),
        (
            jsonpath(&pass("Parameters", json!({"a": [{"b.$": 5}]}))),
            &["/States/A/Parameters/a/0/b.$ S001"],
        ),
        (jsonpath(&pass("Result", json!({"b": 1, "b.$": 5}))), &[]),
        (
            jsonpath(&pass("Parameters", json!({"a": 1, "a.$": "$.a"}))),
            &["/States/A/Parameters/a.$ S004"],
        ),
        (
            jsonata(&pass("Output", json!("{% $states.input"))),
            &["/States/A/Output S022"],
        ),
        (
            jsonata(&pass("Output", json!([" {% $states.input %}"]))),
            &["/States/A/Output/0 S022"],
        ),
        (
            jsonata(&pass("Output", json!("Hello {% $states.input %}!"))),
            &["/States/A/Output S022"],
        ),
        (jsonata(&pass("Output", json!("50% {of} %"))), &[]),
        (
            jsonata(&pass("QueryLanguage", json!("JSONPath"))),
            &["/States/A/QueryLanguage S021"],
        ),
        (
            jsonata(&pass("QueryLanguage", json!("jsonata"))),
            &["/States/A/QueryLanguage S005"],
        ),
        (
            jsonpath(
                &json!({"QueryLanguage": "JSONata", "Type": "Pass", "End": true, "Output": "{% 1 %}"}),
            ),
            &[],
        ),
        (
            jsonata(&json!({"Type": "Task", "End": true, "Resource": "{% $arn %}"})),
            &["/States/A/Resource S022"],
        ),
    ]);
}

#[test]
fn waits_and_failures_say_one_thing() {
    let wait = |fields: Value| {
        let mut state = json!({"Type": "Wait", "End": true});
        for (name, value) in fields.as_object().into_iter().flatten() {
            state[name] = value.clone();
        }
        state
    };
    each(&[
        (jsonpath(&wait(json!({}))), &["/States/A S004"]),
        (
            jsonpath(&wait(json!({"Seconds": 5, "SecondsPath": "$.a"}))),
            &["/States/A S004"],
        ),
        (
            jsonpath(&wait(json!({"Seconds": -5}))),
            &["/States/A/Seconds S005"],
        ),
        (
            jsonpath(&wait(json!({"Seconds": 1.5}))),
            &["/States/A/Seconds S005"],
        ),
        (
            jsonpath(&wait(json!({"Timestamp": "2026-11-21T08:00:00Z"}))),
            &[],
        ),
        (
            jsonpath(&wait(json!({"Timestamp": "2026-11-21 08:00"}))),
            &["/States/A/Timestamp S005"],
        ),
        (
            jsonata(&wait(json!({"Seconds": "{% $states.input.delay %}"}))),
            &[],
        ),
        (
            jsonata(&wait(json!({"SecondsPath": "$.a"}))),
            &["/States/A/SecondsPath S020"],
        ),
        (
            jsonpath(&json!({"Type": "Fail", "Error": "A", "ErrorPath": "$.a"})),
            &["/States/A S004"],
        ),
        (
            jsonpath(&json!({"Type": "Fail", "Error": 5})),
            &["/States/A/Error S001"],
        ),
        (
            jsonata(&json!({"Type": "Fail", "Cause": "{% $states.input.cause %}"})),
            &[],
        ),
    ]);
}

#[test]
fn definitions_have_a_largest_size() {
    let definition =
        jsonpath(&json!({"Type": "Pass", "End": true, "Result": "x".repeat(1_048_576)}));
    assert_eq!(found(&definition), [" S007"]);
}

#[test]
fn long_chains_are_checked_in_time() {
    let state = |index: u32| match index {
        5_999 => json!({"Type": "Succeed"}),
        _ => json!({"Type": "Wait", "Seconds": 1, "Next": format!("S{}", index + 1)}),
    };
    let states: serde_json::Map<_, _> = (0..6_000)
        .map(|index| (format!("S{index}"), state(index)))
        .collect();
    let begin = std::time::Instant::now();
    assert_eq!(
        found(&json!({"StartAt": "S0", "States": states})),
        Vec::<String>::new()
    );
    let taken = begin.elapsed();
    assert!(taken.as_secs() < 20, "{taken:?}");
}
