//! Paths and intrinsic functions in the fields of states.

use asl::check::{check, code};
use serde_json::{Value, json};

use super::{assert_finds, assert_payload, machine, schemas};

fn assert_values(cases: &[(&str, Option<&str>)]) {
    for (value, expected) in cases {
        assert_payload(
            "JSONPath",
            &json!({"nested": [{"value.$": value}]}),
            *expected,
        );
    }
}

#[test]
fn paths() {
    assert_values(&[
        ("$", None),
        ("$.id", None),
        ("$['id']", None),
        ("$.lines[0].sku", None),
        ("$.lines[-1]['sku']", None),
        ("$.lines[*].sku", None),
        ("$.lines[0:2].sku", None),
        ("$..sku", None),
        ("$.lines[?(@.price > 3)].sku", None),
        ("$.any.thing[3].else", None),
        ("$.note", Some(code::NOT_REQUIRED)),
        ("$$.Execution.Input.id", None),
        ("$$.State.Name", None),
        ("$.di", Some(code::NO_SUCH_FIELD)),
        ("$.id.length", Some(code::NO_SUCH_FIELD)),
        ("$.lines.sku", Some(code::NO_SUCH_FIELD)),
        ("$.lines[0].skoo", Some(code::NO_SUCH_FIELD)),
        ("$.lines[*].skoo", Some(code::NO_SUCH_FIELD)),
        ("$$.Execution.Input.di", Some(code::NO_SUCH_FIELD)),
        ("$$.Execution.ID", Some(code::STATES_MEMBER)),
        ("$$.Task.Token", Some(code::STATES_MEMBER)),
        ("$$.Map.Item.Value", Some(code::STATES_MEMBER)),
        ("$.lines[", Some(code::UNPARSABLE)),
        ("$.lines[x]", Some(code::UNPARSABLE)),
        ("$.", Some(code::UNPARSABLE)),
        ("id", Some(code::NO_DOCUMENT)),
        ("$nobody.id", Some(code::UNASSIGNED)),
    ]);
}

#[test]
fn intrinsic_functions() {
    assert_values(&[
        ("States.Format('{} of {}', $.id, $.total)", None),
        ("States.Format('it\\'s \\{\\} {}', $.id)", None),
        ("States.StringToJson($.id)", None),
        ("States.JsonToString($.lines)", None),
        ("States.Array()", None),
        ("States.Array($.id, 5, true, null, 'x')", None),
        ("States.ArrayPartition($.lines, 4)", None),
        ("States.ArrayContains($.lines, $.id)", None),
        ("States.ArrayRange(1, 9, 2)", None),
        ("States.ArrayGetItem($.lines, 5)", None),
        ("States.ArrayLength($.lines)", None),
        ("States.ArrayUnique($.lines)", None),
        ("States.Base64Encode($.id)", None),
        ("States.Base64Decode($.id)", None),
        ("States.Hash($.lines, 'SHA-256')", None),
        ("States.JsonMerge($, $.any, false)", None),
        ("States.MathRandom(1, 9)", None),
        ("States.MathRandom(1, 9, 7)", None),
        ("States.MathAdd($.total, -1)", None),
        ("States.StringSplit($.id, ',')", None),
        ("States.UUID()", None),
        ("States.Format('{}', States.ArrayLength($.lines))", None),
        ("States.Concat($.id, 'x')", Some(code::UNKNOWN_FUNCTION)),
        ("States.UUID", Some(code::UNPARSABLE)),
        ("States.Format('{}', $.id", Some(code::UNPARSABLE)),
        ("States.Format('{}, $.id)", Some(code::UNPARSABLE)),
        ("States.Format(\"{}\", $.id)", Some(code::UNPARSABLE)),
        ("States.Array($.lines[0)", Some(code::UNPARSABLE)),
        ("States.UUID($.id)", Some(code::ARGUMENT_COUNT)),
        ("States.ArrayContains($.lines)", Some(code::ARGUMENT_COUNT)),
        ("States.MathRandom(1, 2, 3, 4)", Some(code::ARGUMENT_COUNT)),
        ("States.Format('{} {}', $.id)", Some(code::ARGUMENT_COUNT)),
        ("States.Format('{}', $.lines)", Some(code::ARGUMENT_TYPE)),
        ("States.Format($.total, $.id)", Some(code::ARGUMENT_TYPE)),
        ("States.ArrayLength($.id)", Some(code::ARGUMENT_TYPE)),
        ("States.MathAdd($.id, 1)", Some(code::ARGUMENT_TYPE)),
        ("States.StringToJson($.total)", Some(code::ARGUMENT_TYPE)),
        (
            "States.JsonMerge($.lines, $.any, false)",
            Some(code::ARGUMENT_TYPE),
        ),
        (
            "States.MathAdd(States.UUID(), 1)",
            Some(code::ARGUMENT_TYPE),
        ),
        ("States.Format('{}', $.di)", Some(code::NO_SUCH_FIELD)),
    ]);
}

fn task(more: &Value) -> Value {
    let mut task = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "price", "Payload.$": "$"},
        "Next": "Last",
    });
    if let (Some(task), Some(more)) = (task.as_object_mut(), more.as_object()) {
        task.extend(more.clone());
    }
    task
}

#[test]
fn fields_select_and_combine_in_their_order() {
    let cases = [
        (json!({}), "$.Payload.due", "$.id"),
        (json!({"OutputPath": "$.Payload"}), "$.due", "$.Payload.due"),
        (
            json!({"ResultSelector": {"sum.$": "$.Payload.due"}}),
            "$.sum",
            "$.Payload",
        ),
        (
            json!({"ResultPath": "$.price.answer"}),
            "$.price.answer.Payload.due",
            "$.price.Payload",
        ),
        (
            json!({"ResultPath": "$.price"}),
            "$.lines[0].sku",
            "$.Payload",
        ),
        (json!({"ResultPath": null}), "$.id", "$.Payload"),
        (
            json!({"ResultPath": "$.p", "OutputPath": "$.p.Payload"}),
            "$.due",
            "$.id",
        ),
        (
            json!({"InputPath": "$.lines[0]", "ResultPath": "$.p"}),
            "$.id",
            "$.sku",
        ),
        (
            json!({"InputPath": "$.lines[0]", "Parameters": {"FunctionName": "price", "Payload": {"s.$": "$.sku"}}}),
            "$.Payload",
            "$.sku",
        ),
    ];
    for (fields, there, missing) in cases {
        let states = json!({
            "First": task(&fields),
            "Last": {"Type": "Pass", "Parameters": {"there.$": there, "missing.$": missing}, "End": true},
        });
        assert_finds(
            "JSONPath",
            &states,
            &[("/States/Last/Parameters/missing.$", code::NO_SUCH_FIELD)],
        );
    }
}

#[test]
fn an_error_is_put_where_the_catcher_says() {
    let catcher = |path: &str| json!({"Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": path, "Next": "Failed"}], "OutputPath": "$.Payload"});
    let states = |path: &str, read: &str| {
        json!({
            "First": task(&catcher(path)),
            "Last": {"Type": "Succeed"},
            "Failed": {"Type": "Fail", "CausePath": read},
        })
    };
    assert_finds("JSONPath", &states("$.error", "$.error.Cause"), &[]);
    assert_finds("JSONPath", &states("$.error", "$.id"), &[]);
    assert_finds("JSONPath", &states("$", "$.Cause"), &[]);
    assert_finds(
        "JSONPath",
        &states("$", "$.id"),
        &[("/States/Failed/CausePath", code::NO_SUCH_FIELD)],
    );
}

#[test]
fn result_paths_name_one_place() {
    for path in ["$.a[*]", "$.a[0]", "$$.a", "$x", "$..a"] {
        let states =
            json!({"First": task(&json!({"ResultPath": path})), "Last": {"Type": "Succeed"}});
        assert_finds(
            "JSONPath",
            &states,
            &[("/States/First/ResultPath", code::REFERENCE_PATH)],
        );
    }
}

fn choice(rule: &Value) -> Value {
    let mut rule = rule.clone();
    rule["Next"] = json!("Last");
    json!({"Which": {"Type": "Choice", "Choices": [rule], "Default": "Last"}, "Last": {"Type": "Succeed"}})
}

#[test]
fn comparisons_fit_the_type_of_the_variable() {
    let at = "/States/Which/Choices/0";
    let cases = [
        (json!({"Variable": "$.id", "StringEquals": "x"}), None),
        (
            json!({"Variable": "$.total", "NumericGreaterThanPath": "$.lines[0].price"}),
            None,
        ),
        (json!({"Variable": "$.paid", "BooleanEquals": true}), None),
        (
            json!({"Variable": "$.id", "TimestampLessThanPath": "$$.State.EnteredTime"}),
            None,
        ),
        (json!({"Variable": "$.note", "IsPresent": true}), None),
        (json!({"Variable": "$.any", "IsNumeric": true}), None),
        (
            json!({"And": [{"Variable": "$.x", "IsPresent": true}, {"Variable": "$.x", "StringEquals": "a"}]}),
            Some(("/And/0/Variable", code::NEVER_THERE)),
        ),
        (
            json!({"Variable": "$.total", "StringEquals": "5"}),
            Some(("/StringEquals", code::NEVER_EQUAL)),
        ),
        (
            json!({"Variable": "$.paid", "NumericEquals": 1}),
            Some(("/NumericEquals", code::NEVER_EQUAL)),
        ),
        (
            json!({"Variable": "$.status", "StringEquals": "OEPN"}),
            Some(("/StringEquals", code::NEVER_EQUAL)),
        ),
        (
            json!({"Variable": "$.total", "NumericLessThanPath": "$.id"}),
            Some(("/NumericLessThanPath", code::FIELD_TYPE)),
        ),
        (
            json!({"Variable": "$.totl", "NumericEquals": 1}),
            Some(("/Variable", code::NO_SUCH_FIELD)),
        ),
        (
            json!({"Not": {"Or": [{"Variable": "$.totl", "IsNull": true}]}}),
            Some(("/Not/Or/0/Variable", code::NO_SUCH_FIELD)),
        ),
    ];
    for (rule, expected) in cases {
        let places: Vec<(String, &str)> = expected
            .into_iter()
            .map(|(place, code)| (format!("{at}{place}"), code))
            .collect();
        let places: Vec<(&str, &str)> = places
            .iter()
            .map(|(place, code)| (place.as_str(), *code))
            .collect();
        assert_finds("JSONPath", &choice(&rule), &places);
    }
}

#[test]
fn paths_to_fields_of_a_type_lead_to_that_type() {
    let states = json!({
        "Rest": {"Type": "Wait", "SecondsPath": "$.id", "Next": "Until"},
        "Until": {"Type": "Wait", "TimestampPath": "$.total", "Next": "Each"},
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.lines",
            "MaxConcurrencyPath": "$.id",
            "ItemSelector": {"price.$": "$$.Map.Item.Value.price", "id.$": "$.id"},
            "ItemProcessor": {
                "StartAt": "One",
                "States": {"One": {"Type": "Pass", "Parameters": {"a.$": "$.price", "b.$": "$.sku"}, "End": true}},
            },
            "ResultPath": "$.all",
            "Next": "Last",
        },
        "Last": {"Type": "Pass", "Parameters": {"a.$": "$.all[0].a", "z.$": "$.all[*].z", "id.$": "$.id"}, "End": true},
    });
    assert_finds(
        "JSONPath",
        &states,
        &[
            (
                "/States/Each/ItemProcessor/States/One/Parameters/b.$",
                code::NO_SUCH_FIELD,
            ),
            ("/States/Each/MaxConcurrencyPath", code::FIELD_TYPE),
            ("/States/Last/Parameters/z.$", code::NO_SUCH_FIELD),
            ("/States/Rest/SecondsPath", code::FIELD_TYPE),
            ("/States/Until/TimestampPath", code::FIELD_TYPE),
        ],
    );
}

#[test]
fn what_is_no_path_is_told_in_the_words_of_its_place() {
    let states = json!({
        "Select": {"Type": "Pass", "InputPath": "any", "Parameters": {"id.$": "id"}, "Next": "Which"},
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.id", "StringEqualsPath": "order", "Next": "Done"}],
            "Default": "Done",
        },
        "Done": {"Type": "Succeed"},
    });
    let report = check(&machine("JSONPath", &states), &schemas());
    let findings = report.findings.iter();
    let mut findings = findings.filter(|finding| finding.code == code::NO_DOCUMENT);
    for (message, help) in [
        (
            "`any` is no path: `InputPath` takes one, and it does not begin with `$`",
            "write `$.any`",
        ),
        (
            "`id` is no path: the key ends in `.$`, and its value does not begin with `$` or `States.`",
            "write `$.id`, or take `.$` off the key for the text itself",
        ),
        (
            "`order` is no path: `StringEqualsPath` takes one, and it does not begin with `$`",
            "write `$.order`",
        ),
    ] {
        let finding = findings.next().expect("a finding for each place");
        assert_eq!(
            (finding.message.as_str(), finding.help.as_str()),
            (message, help)
        );
    }
    assert_eq!(findings.next(), None);
}
