//! Data in JSONata states.

use rehearsal::{Mock, Rehearsal};
use serde_json::json;

use crate::{error, machine, output, run};

#[test]
fn a_pass_hands_its_input_on_unless_it_has_an_output() {
    let plain = machine(json!({"Pass": {"Type": "Pass", "End": true}}));
    assert_eq!(output(&plain, json!({"a": 1})), json!({"a": 1}));
    let shaped = machine(json!({"Pass": {
        "Type": "Pass",
        "Output": {"fixed": true, "sum": "{% $sum($states.input.numbers) %}", "list": ["{% $states.input.numbers[0] %}", "x"]},
        "End": true,
    }}));
    assert_eq!(
        output(&shaped, json!({"numbers": [1, 2, 3]})),
        json!({"fixed": true, "sum": 6, "list": [1, "x"]})
    );
}

#[test]
fn integers_stay_integers_and_fractions_fractions() {
    let divide = machine(json!({"Pass": {
        "Type": "Pass",
        "Output": "{% [$states.input.n, $states.input.n / 2, $states.input.n * 1.5] %}",
        "End": true,
    }}));
    assert_eq!(output(&divide, json!({"n": 4})).to_string(), "[4,2,6]");
    assert_eq!(output(&divide, json!({"n": 3})).to_string(), "[3,1.5,4.5]");
}

#[test]
fn an_undefined_expression_fails_and_says_where() {
    let definition = machine(json!({"Pass": {
        "Type": "Pass",
        "Output": {"order": {"id": "{% $states.inptu.id %}"}},
        "End": true,
    }}));
    let outcome = run(&definition, json!({"id": 7}));
    let failure = outcome.failure().unwrap();
    assert_eq!(failure.error, "States.QueryEvaluationError");
    assert_eq!(
        failure.cause,
        "The JSONata expression '$states.inptu.id' specified for the field 'Output/order/id' returned nothing (undefined)."
    );
}

#[test]
fn what_is_no_json_and_what_has_the_wrong_type_fails() {
    for expression in [
        "$uppercase",
        "1 / 0",
        "$error('no')",
        "$sum('text')",
        "$eval('1')",
    ] {
        let definition = machine(
            json!({"Pass": {"Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true}}),
        );
        assert_eq!(
            error(&definition, json!({})),
            "States.QueryEvaluationError",
            "{expression}"
        );
    }
    let wait = machine(json!({"Wait": {"Type": "Wait", "Seconds": "{% 'five' %}", "End": true}}));
    assert_eq!(error(&wait, json!({})), "States.QueryEvaluationError");
}

#[test]
fn there_is_no_data_outside_of_states() {
    for expression in ["id", "$.id", "$$.id"] {
        let definition = machine(
            json!({"Pass": {"Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true}}),
        );
        assert_eq!(
            error(&definition, json!({"id": 1})),
            "States.QueryEvaluationError",
            "{expression}"
        );
    }
}

#[test]
fn a_task_gets_its_arguments_and_leaves_its_result() {
    let definition = machine(json!({
        "Plain": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "Arguments": {"N": "{% $states.input.n %}"}, "Next": "Shaped"},
        "Shaped": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:x:y",
            "Output": "{% {'before': $states.input.r, 'after': $states.result.r} %}",
            "End": true,
        },
    }));
    let outcome = Rehearsal::of(&definition)
        .task(
            "Plain",
            Mock::replies(|arguments| Ok(json!({"r": arguments["N"]}))),
        )
        .task("Shaped", Mock::answers(json!({"r": 2})))
        .input(json!({"n": 1, "dropped": true}))
        .run()
        .unwrap();
    assert_eq!(outcome.calls("Plain")[0].arguments, json!({"N": 1}));
    assert_eq!(outcome.calls("Shaped")[0].arguments, json!({"r": 1}));
    assert_eq!(outcome.output(), Some(&json!({"before": 1, "after": 2})));
}

#[test]
fn the_context_object_tells_of_execution_state_and_machine() {
    let definition = machine(json!({
        "Wait": {"Type": "Wait", "Seconds": 90, "Next": "Tell"},
        "Tell": {"Type": "Pass", "Output": "{% $states.context %}", "End": true},
    }));
    let outcome = Rehearsal::of(&definition)
        .named("Orders")
        .starting_at("2026-03-01T12:00:00+02:00")
        .input(json!({"id": 7}))
        .run()
        .unwrap();
    let context = outcome.output().unwrap();
    assert_eq!(
        context["Execution"]["Id"],
        "arn:aws:states:us-east-1:123456789012:execution:Orders:rehearsal"
    );
    assert_eq!(context["Execution"]["Name"], "rehearsal");
    assert_eq!(context["Execution"]["Input"], json!({"id": 7}));
    assert_eq!(
        context["Execution"]["StartTime"],
        "2026-03-01T10:00:00.000Z"
    );
    assert_eq!(
        context["State"],
        json!({"EnteredTime": "2026-03-01T10:01:30.000Z", "Name": "Tell", "RetryCount": 0})
    );
    assert_eq!(context["StateMachine"]["Name"], "Orders");
    assert_eq!(context.get("Map"), None);
    assert_eq!(context.get("Task"), None);
}

#[test]
fn an_expression_may_take_states_as_a_whole() {
    let definition =
        machine(json!({"Pass": {"Type": "Pass", "Output": "{% $keys($states) %}", "End": true}}));
    assert_eq!(output(&definition, json!({})), json!(["input", "context"]));
    let looked_up = machine(
        json!({"Pass": {"Type": "Pass", "Output": "{% $lookup($states, 'input').id %}", "End": true}}),
    );
    assert_eq!(output(&looked_up, json!({"id": 3})), json!(3));
}

#[test]
fn a_state_may_have_another_language_than_its_machine() {
    let mut definition = machine(json!({
        "Old": {"Type": "Pass", "QueryLanguage": "JSONPath", "Parameters": {"n.$": "$.n"}, "Next": "New"},
        "New": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.input.n + 1 %}", "End": true},
    }));
    definition["QueryLanguage"] = "JSONata".into();
    assert_eq!(output(&definition, json!({"n": 1})), json!(2));
    definition["QueryLanguage"] = "JSONPath".into();
    assert_eq!(output(&definition, json!({"n": 1})), json!(2));
}
