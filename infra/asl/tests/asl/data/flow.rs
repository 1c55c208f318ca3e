//! Data on its way from state to state.

use asl::check::{Schemas, check, code};
use serde_json::json;

use super::{assert_finds, machine};

#[test]
fn a_state_sees_what_may_come_on_any_way() {
    let states = json!({
        "Which": {
            "Type": "Choice",
            "Choices": [
                {"Condition": "{% $states.input.paid %}", "Output": {"kind": "paid", "at": 1}, "Next": "Tell"},
                {"Condition": "{% $states.input.total > 5 %}", "Output": {"kind": "large"}, "Next": "Tell"},
            ],
            "Default": "Tell",
            "Output": {"kind": "small"},
        },
        "Tell": {
            "Type": "Pass",
            "Output": {
                "kind": "{% $states.input.kind %}",
                "some": "{% $states.input.at %}",
                "none": "{% $states.input.id %}",
                "typo": "{% $states.input.kind = 'lagre' %}",
            },
            "End": true,
        },
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/Tell/Output/none", code::NO_SUCH_FIELD),
            ("/States/Tell/Output/typo", code::NEVER_EQUAL),
        ],
    );
}

#[test]
fn a_loop_that_makes_data_grow_is_followed_to_its_end() {
    let states = json!({
        "Begin": {"Type": "Pass", "Output": {"tries": 0, "seen": [], "text": ""}, "Next": "Again"},
        "Again": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $states.input.tries > 9 %}", "Next": "Done"}],
            "Default": "Work",
        },
        "Work": {
            "Type": "Pass",
            "Assign": {"history": "{% {'before': $states.input} %}"},
            "Output": {
                "tries": "{% $states.input.tries + 1 %}",
                "seen": "{% $append($states.input.seen, [$states.input]) %}",
                "text": "{% $states.input.text & 'x' %}",
                "before": "{% $states.input %}",
            },
            "Next": "Again",
        },
        "Done": {
            "Type": "Pass",
            "Output": {"tries": "{% $states.input.tries %}", "typo": "{% $states.input.tris %}"},
            "End": true,
        },
    });
    assert_finds(
        "JSONata",
        &states,
        &[("/States/Done/Output/typo", code::NO_SUCH_FIELD)],
    );
}

#[test]
fn branches_give_an_array_and_keep_their_places() {
    let branch = |name: &str, output: serde_json::Value| json!({"StartAt": name, "States": {name: {"Type": "Pass", "Output": output, "End": true}}});
    let states = json!({
        "Both": {
            "Type": "Parallel",
            "Arguments": {"order": "{% $states.input.id %}"},
            "Branches": [
                branch("One", json!({"a": "{% $states.input.order %}"})),
                branch("Two", json!({"b": "{% $states.input.total %}"})),
            ],
            "Output": {
                "a": "{% $states.result[0].a %}",
                "b": "{% $states.result[1].b %}",
                "swapped": "{% $states.result[0].b %}",
                "third": "{% $states.result[2] %}",
                "any": "{% $states.result.a %}",
            },
            "End": true,
        },
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            (
                "/States/Both/Branches/1/States/Two/Output/b",
                code::NO_SUCH_FIELD,
            ),
            ("/States/Both/Output/swapped", code::NO_SUCH_FIELD),
            ("/States/Both/Output/third", code::NO_SUCH_FIELD),
        ],
    );
}

#[test]
fn iterations_get_items_and_give_an_array() {
    let states = json!({
        "Each": {
            "Type": "Map",
            "Items": "{% $states.input.lines %}",
            "ItemSelector": {
                "sku": "{% $states.context.Map.Item.Value.sku %}",
                "typo": "{% $states.context.Map.Item.Value.skoo %}",
                "of": "{% $states.input.id %}",
            },
            "ItemProcessor": {
                "StartAt": "One",
                "States": {
                    "One": {
                        "Type": "Pass",
                        "Output": {
                            "sku": "{% $states.input.sku %}",
                            "lost": "{% $states.input.price %}",
                            "index": "{% $states.context.Map.Item.Index + 1 %}",
                        },
                        "End": true,
                    },
                },
            },
            "Output": {"skus": "{% $states.result.sku %}", "typo": "{% $states.result.skoo %}"},
            "Next": "After",
        },
        "After": {"Type": "Pass", "Output": "{% $states.context.Map.Item.Index %}", "End": true},
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/After/Output", code::STATES_MEMBER),
            (
                "/States/Each/ItemProcessor/States/One/Output/lost",
                code::NO_SUCH_FIELD,
            ),
            ("/States/Each/ItemSelector/typo", code::NO_SUCH_FIELD),
            ("/States/Each/Output/typo", code::NO_SUCH_FIELD),
        ],
    );
}

#[test]
fn a_distributed_map_that_writes_its_results_gives_only_where_they_are() {
    let states = json!({
        "Each": {
            "Type": "Map",
            "ItemReader": {
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                "Arguments": {"Bucket": "b", "Key": "{% $states.input.key %}"},
            },
            "ItemBatcher": {"MaxItemsPerBatch": 10, "BatchInput": {"of": "{% $states.input.id %}"}},
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "One",
                "States": {
                    "One": {
                        "Type": "Pass",
                        "Output": {
                            "first": "{% $states.input.Items[0].whatever %}",
                            "of": "{% $states.input.BatchInput.of %}",
                            "typo": "{% $states.input.Itmes %}",
                        },
                        "End": true,
                    },
                },
            },
            "ResultWriter": {
                "Resource": "arn:aws:states:::s3:putObject",
                "Arguments": {"Bucket": "b", "Prefix": "results"},
            },
            "Output": {"at": "{% $states.result.ResultWriterDetails.Key %}"},
            "Next": "After",
        },
        "After": {"Type": "Pass", "Output": "{% $states.input.at.key %}", "End": true},
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/After/Output", code::NO_SUCH_FIELD),
            (
                "/States/Each/ItemProcessor/States/One/Output/typo",
                code::NO_SUCH_FIELD,
            ),
            ("/States/Each/ItemReader/Arguments/Key", code::NO_SUCH_FIELD),
        ],
    );
}

#[test]
fn a_caught_error_takes_the_place_of_the_data() {
    let states = json!({
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "price", "Payload": "{% $states.input %}"},
            "Catch": [
                {"ErrorEquals": ["A"], "Output": {"why": "{% $states.errorOutput.Cause %}"}, "Next": "Why"},
                {"ErrorEquals": ["States.ALL"], "Next": "Raw"},
            ],
            "Output": "{% $states.result.Payload.due %}",
            "End": true,
        },
        "Why": {"Type": "Fail", "Cause": "{% $states.input.why %}", "Error": "{% $states.input.error %}"},
        "Raw": {"Type": "Fail", "Cause": "{% $states.input.Cause %}", "Error": "{% $states.input.id %}"},
    });
    assert_finds(
        "JSONata",
        &states,
        &[
            ("/States/Raw/Error", code::NO_SUCH_FIELD),
            ("/States/Why/Error", code::NO_SUCH_FIELD),
        ],
    );
}

#[test]
fn without_schemas_nothing_is_missing_from_the_input() {
    let states = json!({"Only": {"Type": "Pass", "Output": "{% $states.input.whatever.there.is %}", "End": true}});
    let report = check(&machine("JSONata", &states), &Schemas::default());
    assert_eq!(report.findings, []);
    assert_eq!(report.checked, 1);
    assert_eq!(report.not_checked, []);
}

#[test]
fn what_is_not_followed_is_listed_and_not_counted_as_checked() {
    let states = json!({"Only": {"Type": "Pass", "Output": {"a": "{% $states.input.lines@$l.sku %}", "b": "{% 1 %}"}, "End": true}});
    let report = check(&machine("JSONata", &states), &super::schemas());
    assert_eq!(report.findings, []);
    assert_eq!(report.checked, 1);
    assert_eq!(
        report.not_checked[0].pointer.as_str(),
        "/States/Only/Output/a"
    );
}

#[test]
fn a_schema_that_cannot_be_read_is_said() {
    let schemas = Schemas {
        input: Some(json!({"$ref": "#/$defs/Nobody"})),
        ..Schemas::default()
    };
    let states = json!({"Only": {"Type": "Pass", "End": true}});
    let report = check(&machine("JSONata", &states), &schemas);
    assert!(
        report.not_checked[0].reason.contains("#/$defs/Nobody"),
        "{:?}",
        report.not_checked
    );
}
