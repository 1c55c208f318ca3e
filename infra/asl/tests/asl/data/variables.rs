//! Variables: who assigns them, who sees them.

use asl::check::code;
use serde_json::{Value, json};

use super::assert_finds;

#[test]
fn a_variable_is_seen_by_the_states_behind_its_assignment() {
    let states = json!({
        "First": {"Type": "Pass", "Assign": {"n": 1, "m": "{% $n %}"}, "Output": "{% $n %}", "Next": "Second"},
        "Second": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Output": "{% $n & $string($m) %}", "Next": "Third"},
        "Third": {"Type": "Pass", "Output": "{% $n.x %}", "End": true},
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/First/Assign/m", code::UNASSIGNED),
            ("/States/First/Output", code::UNASSIGNED),
            ("/States/Third/Output", code::NO_SUCH_FIELD),
        ],
    );
}

#[test]
fn a_variable_of_some_ways_is_tested_or_warned_of() {
    let states = |read: &str| {
        json!({
            "Which": {
                "Type": "Choice",
                "Choices": [{"Condition": "{% $states.input.paid %}", "Assign": {"n": 1}, "Next": "Last"}],
                "Default": "Last",
            },
            "Last": {"Type": "Pass", "Output": read, "End": true},
        })
    };
    assert_finds(
        "JSONata",
        &states("{% $n %}"),
        &[("/States/Last/Output", code::PERHAPS_UNASSIGNED)],
    );
    assert_finds("JSONata", &states("{% $exists($n) ? $n : 0 %}"), &[]);
}

#[test]
fn assignments_of_catchers_and_defaults_count_on_their_ways() {
    let states = json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "price"},
            "Assign": {"due": "{% $states.result.Payload.due %}"},
            "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"error": "{% $states.errorOutput.Error %}"}, "Next": "Failed"}],
            "Next": "Which",
        },
        "Which": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $due > 5 %}", "Assign": {"large": true}, "Next": "Large"}],
            "Default": "Small",
            "Assign": {"large": false},
        },
        "Large": {"Type": "Pass", "Output": "{% $large and $due > 7 %}", "End": true},
        "Small": {"Type": "Pass", "Output": "{% $large and $error = 'x' %}", "End": true},
        "Failed": {"Type": "Pass", "Output": {"error": "{% $error %}", "due": "{% $due %}"}, "End": true},
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/Failed/Output/due", code::UNASSIGNED),
            ("/States/Small/Output", code::UNASSIGNED),
        ],
    );
}

fn around(inner: &Value, distributed: bool) -> Value {
    let mode = if distributed { "DISTRIBUTED" } else { "INLINE" };
    json!({
        "Begin": {"Type": "Pass", "Assign": {"n": 1}, "Next": "Each"},
        "Each": {
            "Type": "Map",
            "Items": [1, 2],
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": mode},
                "StartAt": "One",
                "States": {"One": inner},
            },
            "Next": "Last",
        },
        "Last": {"Type": "Pass", "Assign": {"later": 1}, "End": true},
    })
}

#[test]
fn iterations_read_outer_variables_and_assign_their_own() {
    let at = "/States/Each/ItemProcessor/States/One/Assign";
    let inner = |assign: Value| json!({"Type": "Pass", "Assign": assign, "End": true});
    let scope = |name: &str| vec![(format!("{at}/{name}"), code::VARIABLE_SCOPE)];
    let cases = [
        (json!({"own": "{% $n %}"}), false, vec![]),
        (json!({"n": 5}), false, scope("n")),
        (json!({"later": 5}), false, scope("later")),
        (json!({"own": "{% $n %}"}), true, scope("own")),
        (json!({"n": 5}), true, vec![]),
    ];
    for (assign, distributed, expected) in cases {
        let expected: Vec<(&str, &str)> = expected
            .iter()
            .map(|(place, code)| (place.as_str(), *code))
            .collect();
        assert_finds("JSONata", &around(&inner(assign), distributed), &expected);
    }
}

#[test]
fn names_of_variables() {
    let long = "n".repeat(81);
    for name in ["states", "1n", "a-b", "", &long] {
        let states = json!({"Only": {"Type": "Pass", "Assign": {name: 1}, "End": true}});
        assert_finds(
            "JSONata",
            &states,
            &[(&format!("/States/Only/Assign/{name}"), code::VARIABLE_NAME)],
        );
    }
    let states = json!({"Only": {"Type": "Pass", "Assign": {"_n1": 1, "größe": 2}, "End": true}});
    assert_finds("JSONata", &states, &[]);
}

#[test]
fn paths_assign_and_read_variables_too() {
    let states = json!({
        "First": {"Type": "Pass", "Assign": {"order.$": "$", "limit": {"daily": 5}}, "Next": "Last"},
        "Last": {
            "Type": "Pass",
            "Parameters": {"id.$": "$order.id", "typo.$": "$order.di", "most.$": "States.MathAdd($limit.daily, 1)"},
            "End": true,
        },
    });
    assert_finds(
        "JSONPath",
        &states,
        &[("/States/Last/Parameters/typo.$", code::NO_SUCH_FIELD)],
    );
}
