//! Variables and their scopes.

use rehearsal::{Mock, Rehearsal};
use serde_json::json;

use crate::{machine, old_machine, output, refused, run};

#[test]
fn output_and_assign_see_the_old_values() {
    let definition = machine(json!({
        "First": {"Type": "Pass", "Assign": {"x": 1, "y": 10}, "Next": "Second"},
        "Second": {
            "Type": "Pass",
            "Assign": {"x": "{% $x + 1 %}", "y": "{% $x %}"},
            "Output": "{% [$x, $y] %}",
            "Next": "Third",
        },
        "Third": {"Type": "Pass", "Output": "{% {'old': $states.input, 'new': [$x, $y]} %}", "End": true},
    }));
    let outcome = run(&definition, json!({}));
    assert_eq!(
        outcome.output(),
        Some(&json!({"old": [1, 10], "new": [2, 1]}))
    );
    assert_eq!(json!(outcome.variables()), json!({"x": 2, "y": 1}));
}

#[test]
fn inner_scopes_read_outer_variables_and_keep_their_own() {
    let definition = machine(json!({
        "Set": {"Type": "Pass", "Assign": {"outer": 1}, "Next": "Both"},
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "A1", "States": {
                    "A1": {"Type": "Pass", "Assign": {"inner": "{% $outer + 1 %}"}, "Next": "A2"},
                    "A2": {"Type": "Pass", "Output": "{% $inner %}", "End": true},
                }},
                {"StartAt": "B1", "States": {
                    "B1": {"Type": "Pass", "Assign": {"inner": 20}, "Next": "B2"},
                    "B2": {"Type": "Pass", "Output": "{% $outer + $inner %}", "End": true},
                }},
            ],
            "Assign": {"collected": "{% $states.result %}"},
            "Next": "After",
        },
        "After": {"Type": "Pass", "Output": "{% {'gone': $exists($inner), 'collected': $collected} %}", "End": true},
    }));
    let outcome = run(&definition, json!({}));
    assert_eq!(
        outcome.output(),
        Some(&json!({"gone": false, "collected": [2, 21]}))
    );
    assert_eq!(
        json!(outcome.variables()),
        json!({"outer": 1, "collected": [2, 21]})
    );
}

#[test]
fn a_name_of_an_outer_scope_cannot_be_assigned_to() {
    let definition = |mode: &str| {
        machine(json!({
            "Set": {"Type": "Pass", "Assign": {"x": 1}, "Next": "Each"},
            "Each": {
                "Type": "Map",
                "Items": [1],
                "ItemProcessor": {"ProcessorConfig": {"Mode": mode}, "StartAt": "In", "States": {
                    "In": {"Type": "Pass", "Assign": {"x": 2}, "End": true},
                }},
                "End": true,
            },
        }))
    };
    let message = refused(Rehearsal::of(&definition("INLINE")));
    assert!(
        message.contains(
            "/States/Each/ItemProcessor/States/In/Assign/x: `x` is a variable of an outer scope"
        ),
        "{message}"
    );
    assert!(
        run(&definition("DISTRIBUTED"), json!({}))
            .output()
            .is_some(),
        "executions of their own"
    );
}

#[test]
fn choices_and_catchers_assign() {
    let definition = machine(json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "Catch": [{"ErrorEquals": ["Late"], "Assign": {"error": "{% $states.errorOutput.Error %}"}, "Output": "{% $states.input.n %}", "Next": "Choose"}],
            "End": true,
        },
        "Choose": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input > 1 %}", "Assign": {"way": "rule"}, "Next": "Done"}],
            "Assign": {"way": "default"},
            "Default": "Done",
        },
        "Done": {"Type": "Pass", "Output": "{% [$error, $way] %}", "End": true},
    }));
    for (n, way) in [(2, "rule"), (1, "default")] {
        let outcome = Rehearsal::of(&definition)
            .task("Call", Mock::fails("Late", ""))
            .input(json!({"n": n}))
            .run()
            .unwrap();
        assert_eq!(outcome.output(), Some(&json!(["Late", way])));
    }
}

#[test]
fn json_path_states_assign_from_the_result_and_read_by_name() {
    let definition = old_machine(json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "ResultSelector": {"kept.$": "$.a"},
            "Assign": {"raw.$": "$.b", "from.$": "$$.Execution.Input.who"},
            "Next": "Read",
        },
        "Read": {"Type": "Pass", "Parameters": {"b.$": "$raw.c", "who.$": "States.Format('by {}', $from)", "kept.$": "$.kept"}, "End": true},
    }));
    let outcome = Rehearsal::of(&definition)
        .task("Call", Mock::answers(json!({"a": 1, "b": {"c": 2}})))
        .input(json!({"who": "me"}))
        .run()
        .unwrap();
    assert_eq!(
        outcome.output(),
        Some(&json!({"b": 2, "who": "by me", "kept": 1}))
    );
}

#[test]
fn variables_live_through_loops() {
    let definition = machine(json!({
        "Start": {"Type": "Pass", "Assign": {"count": 0}, "Next": "Count"},
        "Count": {"Type": "Pass", "Assign": {"count": "{% $count + 1 %}"}, "Next": "Enough"},
        "Enough": {"Type": "Choice", "Choices": [{"Condition": "{% $count < 5 %}", "Next": "Count"}], "Default": "Done"},
        "Done": {"Type": "Succeed", "Output": "{% $count %}"},
    }));
    assert_eq!(output(&definition, json!({})), json!(5));
}
