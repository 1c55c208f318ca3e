//! Expressions in the fields of states.

use asl::check::code;
use serde_json::json;

use super::{assert_finds, assert_payload};

#[test]
fn every_defect_of_an_expression_has_a_code() {
    let cases = [
        ("{% $states.input.id %}", None),
        ("{% $states.input. %}", Some(code::UNPARSABLE)),
        ("{% $states.input.di %}", Some(code::NO_SUCH_FIELD)),
        ("{% $exists($states.input.di) %}", Some(code::NEVER_THERE)),
        ("{% $states.inptu %}", Some(code::STATES_MEMBER)),
        ("{% $states.result %}", Some(code::STATES_MEMBER)),
        (
            "{% $states.context.Task.Token %}",
            Some(code::STATES_MEMBER),
        ),
        ("{% id %}", Some(code::NO_DOCUMENT)),
        (
            "{% $uppper($states.input.id) %}",
            Some(code::UNKNOWN_FUNCTION),
        ),
        ("{% $eval('1') %}", Some(code::REFUSED)),
        ("{% $states.input.note ?? '' %}", Some(code::REFUSED)),
        ("{% $substring('a') %}", Some(code::ARGUMENT_COUNT)),
        (
            "{% $trim($states.input.total) %}",
            Some(code::ARGUMENT_TYPE),
        ),
        ("{% $states.input.total + 'x' %}", Some(code::ARGUMENT_TYPE)),
        ("{% () %}", Some(code::ALWAYS_NOTHING)),
        (
            "{% $states.input.status = 'CLOSD' %}",
            Some(code::NEVER_EQUAL),
        ),
        ("{% $nobody %}", Some(code::UNASSIGNED)),
    ];
    for (expression, expected) in cases {
        assert_payload(
            "JSONata",
            &json!({"nested": [{"value": expression}]}),
            expected,
        );
    }
}

#[test]
fn texts_without_delimiters_are_not_evaluated() {
    assert_payload(
        "JSONata",
        &json!(["$nobody", "{ % x % }", "${Name}", "id"]),
        None,
    );
}

#[test]
fn fields_of_a_type_get_a_value_of_that_type() {
    let states = json!({
        "Rest": {"Type": "Wait", "Seconds": "{% $states.input.id %}", "Next": "Until"},
        "Until": {"Type": "Wait", "Timestamp": "{% $states.input.total %}", "Next": "Ready"},
        "Ready": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.id %}", "Next": "Call"}],
            "Default": "Stop",
        },
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
            "Arguments": {"FunctionName": "price", "Payload": "{% $states.context.Task.Token %}"},
            "TimeoutSeconds": "{% $states.input.total %}",
            "HeartbeatSeconds": "{% $states.input.lines %}",
            "End": true,
        },
        "Stop": {"Type": "Fail", "Error": "{% $states.input.paid %}", "Cause": "{% $states.input.id %}"},
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/Call/HeartbeatSeconds", code::FIELD_TYPE),
            ("/States/Ready/Choices/0/Condition", code::FIELD_TYPE),
            ("/States/Rest/Seconds", code::FIELD_TYPE),
            ("/States/Stop/Error", code::FIELD_TYPE),
            ("/States/Until/Timestamp", code::FIELD_TYPE),
        ],
    );
}
