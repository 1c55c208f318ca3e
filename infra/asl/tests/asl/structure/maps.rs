//! Inline and distributed maps.

use asl::check::MachineType;
use serde_json::{Value, json};

use super::{each, found, found_as, jsonpath};

fn map(fields: &Value, config: &Value) -> Value {
    let mut state = json!({"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": config,
        "StartAt": "B",
        "States": {"B": {"Type": "Pass", "End": true}},
    }});
    for (name, value) in fields.as_object().into_iter().flatten() {
        state[name] = value.clone();
    }
    jsonpath(&state)
}

#[test]
fn maps_are_inline_or_distributed() {
    let inline = json!({"Mode": "INLINE"});
    let distributed = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    let csv = |config: Value| json!({"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config}});
    each(&[
        (map(&json!({}), &inline), &[]),
        (
            jsonpath(&json!({"Type": "Map", "End": true})),
            &["/States/A S004"],
        ),
        (
            map(&json!({"Label": "x"}), &inline),
            &["/States/A/Label S050"],
        ),
        (
            map(&json!({"Label": "a b"}), &distributed),
            &["/States/A/Label S005"],
        ),
        (
            map(&json!({"ToleratedFailurePercentage": 101}), &distributed),
            &["/States/A/ToleratedFailurePercentage S005"],
        ),
        (
            map(&json!({"MaxConcurrency": -1}), &distributed),
            &["/States/A/MaxConcurrency S005"],
        ),
        (
            map(&json!({}), &json!({"Mode": "DISTRIBUTED"})),
            &["/States/A/ItemProcessor/ProcessorConfig S002"],
        ),
        (
            map(&json!({}), &json!({"Mode": "SPREAD"})),
            &["/States/A/ItemProcessor/ProcessorConfig/Mode S005"],
        ),
        (
            map(&json!({}), &json!({"ExecutionType": "EXPRESS"})),
            &["/States/A/ItemProcessor/ProcessorConfig/ExecutionType S050"],
        ),
        (
            map(&json!({"Parameters": {}}), &inline),
            &["/States/A/Parameters S051"],
        ),
        (
            map(&json!({"Parameters": {}, "ItemSelector": {}}), &inline),
            &["/States/A S004"],
        ),
        (
            jsonpath(
                &json!({"Type": "Map", "End": true, "Iterator": {"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}),
            ),
            &["/States/A/Iterator S051"],
        ),
        (
            map(
                &csv(json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"})),
                &distributed,
            ),
            &[],
        ),
        (
            map(&csv(json!({"InputType": "CSV"})), &distributed),
            &["/States/A/ItemReader/ReaderConfig S002"],
        ),
        (
            map(&csv(json!({})), &distributed),
            &["/States/A/ItemReader S002"],
        ),
        (
            map(
                &csv(json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN"})),
                &distributed,
            ),
            &["/States/A/ItemReader/ReaderConfig/CSVHeaderLocation S002"],
        ),
        (
            map(&json!({"ItemBatcher": {}}), &distributed),
            &["/States/A/ItemBatcher S004"],
        ),
        (
            map(
                &json!({"ItemBatcher": {"MaxInputBytesPerBatch": 300_000}}),
                &distributed,
            ),
            &["/States/A/ItemBatcher/MaxInputBytesPerBatch S005"],
        ),
        (
            map(
                &json!({"ItemReader": {"Resource": "arn:aws:states:::s3:putObject"}}),
                &distributed,
            ),
            &["/States/A/ItemReader/Resource S060"],
        ),
        (
            jsonpath(&json!({"Type": "Parallel", "Branches": [], "End": true})),
            &["/States/A/Branches S001"],
        ),
        (
            jsonpath(&json!({"Type": "Parallel", "Branches": ["B"], "End": true})),
            &["/States/A/Branches/0 S001"],
        ),
    ]);
}

#[test]
fn express_workflows_have_no_distributed_map() {
    let express = |definition: &Value| found_as(MachineType::Express, definition);
    let distributed = json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
    assert_eq!(
        express(&map(&json!({}), &distributed)),
        ["/States/A/ItemProcessor/ProcessorConfig/Mode S063"]
    );
}

#[test]
fn iterations_of_the_express_kind_do_not_wait_either() {
    let mut definition = map(
        &json!({}),
        &json!({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}),
    );
    definition["States"]["A"]["ItemProcessor"]["States"]["B"] =
        json!({"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "End": true});
    let here = "/States/A/ItemProcessor/States/B/Resource S063";
    assert_eq!(found(&definition), [here]);
}
