//! `Choice`, `Succeed` and `Fail`.

use serde_json::{Value, json};

use crate::{error, machine, old_machine, output, run};

/// A choice whose rules lead to states that tell their name.
fn choice(rule: Value) -> Value {
    let mut rule = rule;
    rule["Next"] = "Yes".into();
    old_machine(json!({
        "Choice": {"Type": "Choice", "Choices": [rule], "Default": "No"},
        "Yes": {"Type": "Pass", "Result": true, "End": true},
        "No": {"Type": "Pass", "Result": false, "End": true},
    }))
}

#[test]
fn the_first_rule_that_holds_wins() {
    let definition = machine(json!({
        "Choice": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $states.input.n > 10 %}", "Next": "Large"},
                {"Condition": "{% $states.input.n > 5 %}", "Output": {"n": "{% $states.input.n %}", "chosen": true}, "Next": "Middle"},
            ],
            "Output": "by default",
            "Default": "Small",
        },
        "Large": {"Type": "Succeed"},
        "Middle": {"Type": "Succeed"},
        "Small": {"Type": "Succeed"},
    }));
    assert_eq!(
        run(&definition, json!({"n": 11})).path(),
        ["Choice", "Large"]
    );
    assert_eq!(output(&definition, json!({"n": 11})), json!({"n": 11}));
    assert_eq!(
        output(&definition, json!({"n": 6})),
        json!({"n": 6, "chosen": true})
    );
    assert_eq!(output(&definition, json!({"n": 5})), json!("by default"));
}

#[test]
fn without_rule_and_default_the_choice_fails() {
    let definition = machine(json!({
        "Choice": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.ok %}", "Next": "End"}]},
        "End": {"Type": "Succeed"},
    }));
    assert_eq!(
        error(&definition, json!({"ok": false})),
        "States.NoChoiceMatched"
    );
    assert_eq!(
        error(&definition, json!({"ok": "true"})),
        "States.QueryEvaluationError",
        "no boolean"
    );
}

#[test]
fn texts_and_timestamps_are_compared() {
    let cases = [
        (
            json!({"Variable": "$.v", "StringEquals": "b"}),
            vec!["b"],
            vec!["a"],
        ),
        (
            json!({"Variable": "$.v", "StringLessThan": "b"}),
            vec!["a"],
            vec!["b"],
        ),
        (
            json!({"Variable": "$.v", "StringGreaterThan": "b"}),
            vec!["c"],
            vec!["b"],
        ),
        (
            json!({"Variable": "$.v", "StringLessThanEquals": "b"}),
            vec!["b"],
            vec!["c"],
        ),
        (
            json!({"Variable": "$.v", "StringGreaterThanEquals": "b"}),
            vec!["b"],
            vec!["a"],
        ),
        (
            json!({"Variable": "$.v", "StringMatches": "log-*.\\*"}),
            vec!["log-1.*"],
            vec!["log-1.x"],
        ),
        (
            json!({"Variable": "$.v", "StringEqualsPath": "$.b"}),
            vec!["b"],
            vec!["a"],
        ),
        (
            json!({"Variable": "$.v", "TimestampLessThan": "2026-01-01T01:00:00Z"}),
            vec!["2026-01-01T01:30:00+01:00"],
            vec!["2026-01-01T01:00:00Z", "yesterday"],
        ),
        (
            json!({"Variable": "$.v", "IsTimestamp": true}),
            vec!["2026-01-01T01:00:00Z"],
            vec!["2026-01-01"],
        ),
    ];
    for (rule, yes, no) in cases {
        let definition = choice(rule.clone());
        let answer = |v: &str| output(&definition, json!({"v": v, "b": "b"}));
        assert!(yes.iter().all(|v| answer(v) == json!(true)), "{rule}");
        assert!(no.iter().all(|v| answer(v) == json!(false)), "{rule}");
    }
}

#[test]
fn numbers_booleans_and_kinds_are_compared() {
    let cases = [
        (
            json!({"Variable": "$.v", "NumericEquals": 2}),
            json!(2.0),
            json!("2"),
        ),
        (
            json!({"Variable": "$.v", "NumericLessThan": 2}),
            json!(1),
            json!(2),
        ),
        (
            json!({"Variable": "$.v", "NumericGreaterThan": 2}),
            json!(2.5),
            json!(2),
        ),
        (
            json!({"Variable": "$.v", "NumericLessThanEquals": 2}),
            json!(2),
            json!(3),
        ),
        (
            json!({"Variable": "$.v", "NumericGreaterThanEqualsPath": "$.two"}),
            json!(2),
            json!(1),
        ),
        (
            json!({"Variable": "$.v", "BooleanEquals": false}),
            json!(false),
            json!(true),
        ),
        (
            json!({"Variable": "$.v", "IsNull": true}),
            json!(null),
            json!(0),
        ),
        (
            json!({"Variable": "$.v", "IsNull": false}),
            json!(0),
            json!(null),
        ),
        (
            json!({"Variable": "$.v", "IsNumeric": true}),
            json!(1),
            json!("1"),
        ),
        (
            json!({"Variable": "$.v", "IsString": true}),
            json!("1"),
            json!(1),
        ),
        (
            json!({"Variable": "$.v", "IsBoolean": true}),
            json!(true),
            json!("true"),
        ),
        (
            json!({"Not": {"Variable": "$.v", "NumericEquals": 2}}),
            json!(3),
            json!(2),
        ),
        (
            json!({"And": [{"Variable": "$.v", "NumericGreaterThan": 1}, {"Variable": "$.v", "NumericLessThan": 3}]}),
            json!(2),
            json!(3),
        ),
        (
            json!({"Or": [{"Variable": "$.v", "NumericEquals": 1}, {"Variable": "$.v", "NumericEquals": 3}]}),
            json!(3),
            json!(2),
        ),
    ];
    for (rule, yes, no) in cases {
        let definition = choice(rule.clone());
        assert_eq!(
            output(&definition, json!({"v": yes, "two": 2})),
            json!(true),
            "{rule}"
        );
        assert_eq!(
            output(&definition, json!({"v": no, "two": 2})),
            json!(false),
            "{rule}"
        );
    }
}

#[test]
fn only_presence_may_be_asked_of_what_is_not_there() {
    let present = choice(json!({"Variable": "$.v", "IsPresent": true}));
    assert_eq!(output(&present, json!({})), json!(false));
    assert_eq!(output(&present, json!({"v": null})), json!(true));
    let equal = choice(json!({"Variable": "$.v", "NumericEquals": 1}));
    assert_eq!(error(&equal, json!({})), "States.Runtime");
}

#[test]
fn fail_takes_its_error_and_cause_from_data() {
    let definition = machine(
        json!({"Fail": {"Type": "Fail", "Error": "{% $states.input.error %}", "Cause": "{% 'because ' & $states.input.why %}"}}),
    );
    let outcome = run(&definition, json!({"error": "Late", "why": "slow"}));
    let failure = outcome.failure().unwrap();
    assert_eq!(
        (failure.error.as_str(), failure.cause.as_str()),
        ("Late", "because slow")
    );
    let old = old_machine(
        json!({"Fail": {"Type": "Fail", "ErrorPath": "$.error", "CausePath": "States.Format('because {}', $.why)"}}),
    );
    let outcome = run(&old, json!({"error": "Late", "why": "slow"}));
    let failure = outcome.failure().unwrap();
    assert_eq!(
        (failure.error.as_str(), failure.cause.as_str()),
        ("Late", "because slow")
    );
}
