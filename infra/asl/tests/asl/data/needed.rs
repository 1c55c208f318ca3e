//! Fields that a schema does not require.

use asl::check::{Schemas, Severity, check, code};
use serde_json::{Value, json};

use super::{assert_finds, assert_payload, machine, schemas};

#[test]
fn a_default_or_a_place_that_takes_nothing_is_no_finding() {
    for (expression, found) in [
        ("{% $states.input.note %}", true),
        ("{% $states.context.Execution.Input.note %}", true),
        ("{% ($n := $states.input.note; $n) %}", true),
        ("{% $lookup($states.input, 'note') %}", true),
        (
            "{% $exists($states.input.note) ? $states.input.note : '' %}",
            false,
        ),
        ("{% $states.input.note ? $states.input.note %}", false),
        ("{% {'note': $states.input.note} %}", false),
        ("{% [$states.input.note] %}", false),
        ("{% 'Note: ' & $states.input.note %}", false),
        ("{% $states.input.note = 'x' %}", false),
        ("{% $states.input.lines[price > 5].sku %}", false),
        ("{% $states.input.any.note %}", false),
        ("{% $states.input %}", false),
    ] {
        let expected = found.then_some(code::NOT_REQUIRED);
        assert_payload("JSONata", &json!({"nested": [expression]}), expected);
    }
}

#[test]
fn a_field_of_an_object_that_is_not_required_may_be_missing_too() {
    let customer = json!({"properties": {"name": {"type": "string"}}, "required": ["name"]});
    let input = json!({"properties": {"id": true, "customer": customer}, "required": ["id"]});
    let schemas = Schemas {
        input: Some(input),
        ..Schemas::default()
    };
    for (language, payload, expression) in [
        (
            "JSONata",
            "Output",
            json!({"name": "{% $states.input.customer.name %}"}),
        ),
        (
            "JSONPath",
            "Parameters",
            json!({"name.$": "$.customer.name"}),
        ),
    ] {
        let states = json!({"Only": {"Type": "Pass", payload: expression, "End": true}});
        let findings = check(&machine(language, &states), &schemas).findings;
        let [finding] = &findings[..] else {
            panic!("{findings:#?}")
        };
        assert_eq!(
            (finding.code, finding.severity),
            (code::NOT_REQUIRED, Severity::Warning)
        );
        assert!(
            finding
                .message
                .ends_with("a schema does not require `customer`")
        );
    }
}

#[test]
fn every_field_that_takes_the_value_whole_needs_it() {
    let states = json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "price", "Payload": "{% $states.input.note %}"},
            "Assign": {"note": "{% $states.context.Execution.Input.note %}"},
            "Output": "{% $states.context.Execution.Input %}",
            "Next": "Stop",
        },
        "Stop": {"Type": "Fail", "Error": "{% $states.input.note %}", "Cause": "{% $note %}"},
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/Call/Arguments/Payload", code::NOT_REQUIRED),
            ("/States/Call/Assign/note", code::NOT_REQUIRED),
            ("/States/Stop/Error", code::NOT_REQUIRED),
        ],
    );
    let states = json!({
        "Select": {"Type": "Pass", "InputPath": "$.note", "Parameters": {"note.$": "$"}, "Next": "Stop"},
        "Stop": {"Type": "Fail", "ErrorPath": "$.note", "CausePath": "$$.Execution.Input.note"},
    });
    assert_finds(
        "JSONPath",
        &states,
        &[
            ("/States/Select/InputPath", code::NOT_REQUIRED),
            ("/States/Stop/CausePath", code::NOT_REQUIRED),
        ],
    );
}

#[test]
fn what_a_choice_asks_for_is_no_finding_behind_it() {
    let asking = |rule: Value, payload: Value| {
        json!({
            "Noted": {"Type": "Choice", "Choices": [rule], "Default": "Done"},
            "Use": {"Type": "Pass", "Next": "Done", "Parameters": payload["path"], "Output": payload["query"]},
            "Done": {"Type": "Succeed"},
        })
    };
    let mut paths = asking(
        json!({"And": [{"Variable": "$.note", "IsPresent": true}, {"Variable": "$.note", "StringEquals": "x"}], "Next": "Use"}),
        json!({"path": {"note.$": "$.note"}}),
    );
    paths["Use"]
        .as_object_mut()
        .map(|body| body.remove("Output"));
    assert_finds("JSONPath", &paths, &[]);
    let mut queries = asking(
        json!({"Condition": "{% $exists($states.input.note) %}", "Next": "Use"}),
        json!({"query": "{% $states.input.note %}"}),
    );
    queries["Use"]
        .as_object_mut()
        .map(|body| body.remove("Parameters"));
    assert_finds("JSONata", &queries, &[]);
}

#[test]
fn a_schema_that_requires_nothing_says_nothing() {
    let states = json!({"Only": {"Type": "Pass", "Output": "{% $states.input.id %}", "End": true}});
    for (required, findings) in [(None, 0), (Some(json!([])), 1), (Some(json!(["id"])), 0)] {
        let mut input = json!({"properties": {"id": {"type": "string"}}});
        if let Some(required) = required {
            input["required"] = required;
        }
        let schemas = Schemas {
            input: Some(input),
            ..schemas()
        };
        let report = check(&machine("JSONata", &states), &schemas);
        assert_eq!(report.findings.len(), findings, "{:#?}", report.findings);
    }
}
