//! Intrinsic functions, and JSONata functions of Step Functions.

use rehearsal::Rehearsal;
use serde_json::{Value, json};

use crate::{error, machine, old_machine, output, seconds};

fn intrinsic(call: &str) -> Value {
    old_machine(
        json!({"Pass": {"Type": "Pass", "Parameters": {"x.$": call}, "OutputPath": "$.x", "End": true}}),
    )
}

fn jsonata(expression: &str) -> Value {
    machine(
        json!({"Pass": {"Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true}}),
    )
}

#[test]
fn intrinsic_functions_answer_as_documented() {
    let input = json!({"name": "Foo", "n": 5, "list": [1, 2, 3, 3], "text": "{\"a\":1}", "o1": {"a": 1, "b": 1}, "o2": {"b": 2}});
    for (call, expected) in [
        (
            "States.Format('Hello, my name is {}.', $.name)",
            json!("Hello, my name is Foo."),
        ),
        (
            r"States.Format('it\'s \{{}\}, {}', $.n, $.o2)",
            json!("it's {5}, {\"b\":2}"),
        ),
        ("States.StringToJson($.text)", json!({"a": 1})),
        ("States.JsonToString($.o2)", json!("{\"b\":2}")),
        (
            "States.Array($.n, 'x', null, true, -1.5, States.Array())",
            json!([5, "x", null, true, -1.5, []]),
        ),
        ("States.ArrayPartition($.list, 3)", json!([[1, 2, 3], [3]])),
        ("States.ArrayContains($.list, 2)", json!(true)),
        ("States.ArrayRange(1, 9, 2)", json!([1, 3, 5, 7, 9])),
        ("States.ArrayRange(5, 1, -2)", json!([5, 3, 1])),
        ("States.ArrayGetItem($.list, 1)", json!(2)),
        ("States.ArrayLength($.list[*])", json!(4)),
        ("States.ArrayUnique($.list)", json!([1, 2, 3])),
        (
            "States.Base64Encode('Data to encode')",
            json!("RGF0YSB0byBlbmNvZGU="),
        ),
        (
            "States.Base64Decode('RGF0YSB0byBlbmNvZGU=')",
            json!("Data to encode"),
        ),
        (
            "States.Hash('input data', 'SHA-1')",
            json!("aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ),
        (
            "States.JsonMerge($.o1, $.o2, false)",
            json!({"a": 1, "b": 2}),
        ),
        ("States.MathAdd($.n, -1)", json!(4)),
        (
            "States.StringSplit('This.is+a,test', '.+,')",
            json!(["This", "is", "a", "test"]),
        ),
    ] {
        assert_eq!(output(&intrinsic(call), input.clone()), expected, "{call}");
    }
}

#[test]
fn intrinsic_functions_fail_on_wrong_values() {
    for call in [
        "States.StringToJson('{')",
        "States.Format('{} {}', 1)",
        "States.Format('{}', 1, 2)",
        "States.ArrayPartition(States.Array(1), 0)",
        "States.ArrayRange(1, 5, 0)",
        "States.ArrayRange(1, 2000, 1)",
        "States.Hash('x', 'CRC')",
        "States.JsonMerge($, $, true)",
        "States.MathAdd(1, 'a')",
        "States.ArrayLength($.no)",
    ] {
        assert_eq!(
            error(&intrinsic(call), json!({})),
            "States.IntrinsicFailure",
            "{call}"
        );
    }
}

#[test]
fn chance_is_the_same_every_time_and_differs_by_seed() {
    let definition = jsonata("[$uuid(), $random()]");
    let drawn = |seed| {
        let outcome = Rehearsal::of(&definition).seed(seed).run().unwrap();
        outcome.output().cloned().unwrap()
    };
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    let [uuid, number] = drawn(1).as_array().unwrap().clone().try_into().unwrap();
    let parts: Vec<usize> = uuid.as_str().unwrap().split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12]);
    assert_eq!(&uuid.as_str().unwrap()[14..15], "4");
    assert!((0.0..1.0).contains(&number.as_f64().unwrap()));
    let twice = jsonata("[$uuid(), $uuid()]");
    let twice = output(&twice, json!({}));
    assert_ne!(twice[0], twice[1]);
    assert_eq!(
        output(&jsonata("$random(7) = $random(7)"), json!({})),
        json!(true)
    );
    let between = output(&intrinsic("States.MathRandom(5, 7)"), json!({}));
    assert!((5..7).contains(&between.as_i64().unwrap()));
    assert_eq!(
        output(&intrinsic("States.UUID()"), json!({}))
            .as_str()
            .unwrap()
            .len(),
        36
    );
}

#[test]
fn jsonata_functions_of_step_functions() {
    for (expression, expected) in [
        ("$partition([1,2,3,4,5], 2)", json!([[1, 2], [3, 4], [5]])),
        ("$range(0, 10, 5)", json!([0, 5, 10])),
        ("$range(3, 1, -1)", json!([3, 2, 1])),
        (
            "$hash('input data', 'SHA-1')",
            json!("aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ),
        ("$length($hash('x', 'SHA-256'))", json!(64)),
        ("$parse('{\"a\": [1, 2]}').a[1]", json!(2)),
        ("$parse($string({'a': 1}))", json!({"a": 1})),
    ] {
        assert_eq!(
            output(&jsonata(expression), json!({})),
            expected,
            "{expression}"
        );
    }
    for expression in [
        "$range(1, 5, 0)",
        "$partition([1], 0)",
        "$hash('x', 'CRC')",
        "$parse('{')",
    ] {
        assert_eq!(
            error(&jsonata(expression), json!({})),
            "States.QueryEvaluationError",
            "{expression}"
        );
    }
}

#[test]
fn the_time_of_expressions_is_virtual() {
    let definition = machine(json!({
        "Wait": {"Type": "Wait", "Seconds": 3600, "Next": "Tell"},
        "Tell": {
            "Type": "Pass",
            "Output": "{% [$now(), $now('[Y]-[M01]'), $millis() - $toMillis($states.context.Execution.StartTime)] %}",
            "End": true,
        },
    }));
    let outcome = Rehearsal::of(&definition)
        .starting_at("2026-05-01T00:00:00Z")
        .run()
        .unwrap();
    assert_eq!(
        outcome.output(),
        Some(&json!(["2026-05-01T01:00:00.000Z", "2026-05", 3_600_000]))
    );
    assert_eq!(outcome.elapsed(), seconds(3600));
}
