//! Data in `JSONPath` states.

use rehearsal::{Mock, Rehearsal};
use serde_json::json;

use crate::{error, old_machine, output};

#[test]
fn data_goes_through_five_fields() {
    let definition = old_machine(json!({"Call": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:x:y",
        "InputPath": "$.order",
        "Parameters": {"Id.$": "$.id", "Fixed": [1, {"State.$": "$$.State.Name"}]},
        "ResultSelector": {"price.$": "$.Price.Amount"},
        "ResultPath": "$.order.quote",
        "OutputPath": "$.order",
        "End": true,
    }}));
    let outcome = Rehearsal::of(&definition)
        .task("Call", Mock::answers(json!({"Price": {"Amount": 5}})))
        .input(json!({"order": {"id": 7}, "other": 1}))
        .run()
        .unwrap();
    assert_eq!(
        outcome.calls("Call")[0].arguments,
        json!({"Id": 7, "Fixed": [1, {"State": "Call"}]})
    );
    assert_eq!(
        outcome.output(),
        Some(&json!({"id": 7, "quote": {"price": 5}}))
    );
}

#[test]
fn result_path_replaces_adds_and_drops() {
    for (path, expected) in [
        (json!("$"), json!("new")),
        (json!("$.b.c"), json!({"a": 1, "b": {"c": "new"}})),
        (json!("$['a']"), json!({"a": "new"})),
        (json!(null), json!({"a": 1})),
    ] {
        let definition = old_machine(
            json!({"Pass": {"Type": "Pass", "Result": "new", "ResultPath": path, "End": true}}),
        );
        assert_eq!(output(&definition, json!({"a": 1})), expected, "{path}");
    }
    let definition = old_machine(
        json!({"Pass": {"Type": "Pass", "Result": 1, "ResultPath": "$.a.b", "End": true}}),
    );
    assert_eq!(
        error(&definition, json!({"a": 1})),
        "States.ResultPathMatchFailure"
    );
}

#[test]
fn null_paths_discard() {
    let input = old_machine(json!({"Pass": {"Type": "Pass", "InputPath": null, "End": true}}));
    assert_eq!(output(&input, json!({"a": 1})), json!({}));
    let output_path =
        old_machine(json!({"Pass": {"Type": "Pass", "OutputPath": null, "End": true}}));
    assert_eq!(output(&output_path, json!({"a": 1})), json!({}));
}

#[test]
fn paths_select_one_value_or_a_list() {
    let input = json!({
        "detail-type": "Created",
        "orders": [{"id": 1, "open": true}, {"id": 2, "open": false}, {"id": 3, "open": true}],
        "a b": {"c,d": 4},
    });
    for (path, expected) in [
        ("$.detail-type", json!("Created")),
        ("$.orders[1].id", json!(2)),
        ("$.orders[-1].id", json!(3)),
        ("$.orders[*].id", json!([1, 2, 3])),
        ("$.orders[0:2].id", json!([1, 2])),
        ("$.orders[0,2].id", json!([1, 3])),
        ("$.orders[?(@.open == true)].id", json!([1, 3])),
        ("$.orders[?(@.id > 2)].id", json!([3])),
        ("$.orders[?(@.id > 9)]", json!([])),
        ("$..id", json!([1, 2, 3])),
        ("$['a b']['c,d']", json!(4)),
    ] {
        let definition =
            old_machine(json!({"Pass": {"Type": "Pass", "InputPath": path, "End": true}}));
        assert_eq!(output(&definition, input.clone()), expected, "{path}");
    }
}

#[test]
fn paths_that_lead_nowhere_fail_by_field() {
    let cases = [
        (
            json!({"Type": "Pass", "InputPath": "$.no", "End": true}),
            "States.Runtime",
        ),
        (
            json!({"Type": "Pass", "OutputPath": "$.no", "End": true}),
            "States.Runtime",
        ),
        (
            json!({"Type": "Pass", "Parameters": {"x.$": "$.no"}, "End": true}),
            "States.ParameterPathFailure",
        ),
        (
            json!({"Type": "Pass", "Parameters": {"x.$": "States.ArrayGetItem($.list, 9)"}, "End": true}),
            "States.IntrinsicFailure",
        ),
        (
            json!({"Type": "Wait", "SecondsPath": "$.no", "End": true}),
            "States.Runtime",
        ),
    ];
    for (state, expected) in cases {
        let definition = old_machine(json!({"State": state}));
        assert_eq!(error(&definition, json!({"list": []})), expected, "{state}");
    }
}

#[test]
fn a_pass_makes_its_result_or_parameters_the_result() {
    let both = old_machine(
        json!({"Pass": {"Type": "Pass", "Parameters": {"a.$": "$.x"}, "ResultPath": "$.y", "End": true}}),
    );
    assert_eq!(
        output(&both, json!({"x": 1})),
        json!({"x": 1, "y": {"a": 1}})
    );
}
