//! Distributed maps: items from objects, batches, results as objects, tolerated failures.

use rehearsal::{EventKind, Failure, Mock, Objects, Rehearsal};
use serde_json::{Value, json};

use crate::{machine, old_machine, seconds};

const BUCKET: &str = "${Bucket}";

/// A distributed map of one task, with more fields.
fn distributed(fields: Value) -> Value {
    let mut definition = machine(json!({"Each": {
        "Type": "Map",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Work",
            "States": {"Work": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:x:y", "End": true}},
        },
        "End": true,
    }}));
    let each = definition["States"]["Each"].as_object_mut().unwrap();
    each.extend(fields.as_object().unwrap().clone());
    definition
}

fn echo<'a>() -> Mock<'a> {
    Mock::replies(|arguments| Ok(arguments.clone())).always()
}

fn reader(config: Value) -> Value {
    distributed(json!({"ItemReader": {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": config,
        "Arguments": {"Bucket": BUCKET, "Key": "{% $states.input.key %}"},
    }}))
}

#[test]
fn items_come_from_objects_of_several_formats() {
    let header = json!(["a", "b"]);
    for (config, object, expected) in [
        (
            json!({"InputType": "JSON"}),
            "[1, {\"x\": 2}]",
            json!([1, {"x": 2}]),
        ),
        (
            json!({"InputType": "JSON", "ItemsPointer": "/deep/list"}),
            "{\"deep\": {\"list\": [3]}}",
            json!([3]),
        ),
        (
            json!({"InputType": "JSONL"}),
            "{\"n\": 1}\n{\"n\": 2}\n\n",
            json!([{"n": 1}, {"n": 2}]),
        ),
        (
            json!({"InputType": "JSONL", "MaxItems": 1}),
            "1\n2\n",
            json!([1]),
        ),
        (
            json!({"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
            "a,b\n1,\"x, y\"\n2\n3,4,5\n",
            json!([{"a": "1", "b": "x, y"}, {"a": "2", "b": ""}, {"a": "3", "b": "4"}]),
        ),
        (
            json!({"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": header, "CSVDelimiter": "PIPE"}),
            "1|2\n3|4\n",
            json!([{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]),
        ),
    ] {
        let outcome = Rehearsal::of(&reader(config.clone()))
            .object(BUCKET, "items", object)
            .task("Work", echo())
            .input(json!({"key": "items"}))
            .run()
            .unwrap();
        assert_eq!(outcome.output(), Some(&expected), "{config}");
    }
}

#[test]
fn a_missing_or_broken_object_fails_the_map() {
    for (key, object) in [("missing", "[]"), ("items", "[1"), ("items", "{}")] {
        let outcome = Rehearsal::of(&reader(json!({"InputType": "JSON"})))
            .object(BUCKET, "items", object)
            .task("Work", echo())
            .input(json!({"key": key}))
            .run()
            .unwrap();
        assert_eq!(outcome.failure().unwrap().error, "States.ItemReaderFailed");
    }
}

#[test]
fn listings_are_items() {
    let definition = distributed(json!({"ItemReader": {
        "Resource": "arn:aws:states:::s3:listObjectsV2",
        "Arguments": {"Bucket": BUCKET, "Prefix": "in/"},
    }, "Output": "{% $states.result.{'key': Key, 'size': Size} %}"}));
    let outcome = Rehearsal::of(&definition)
        .object(BUCKET, "in/b", "12")
        .object(BUCKET, "in/a", "1")
        .object(BUCKET, "out/c", "")
        .object("other", "in/d", "")
        .task("Work", echo())
        .run()
        .unwrap();
    assert_eq!(
        outcome.output(),
        Some(&json!([{"key": "in/a", "size": 1}, {"key": "in/b", "size": 2}]))
    );
}

#[test]
fn a_handler_writes_what_the_reader_reads() {
    let mut definition = reader(json!({"InputType": "JSONL"}));
    definition["StartAt"] = "Prepare".into();
    definition["States"]["Prepare"] = json!({
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "prepare", "Payload": "{% $states.input %}"},
        "Output": "{% $states.result.Payload %}",
        "Next": "Each",
    });
    let objects = Objects::new();
    let outcome = Rehearsal::of(&definition)
        .objects(&objects)
        .function("prepare", async |lines: Vec<u64>| {
            let lines: Vec<String> = lines.iter().map(u64::to_string).collect();
            objects.put(
                BUCKET,
                "jobs.jsonl",
                lines.join(
                    "
",
                ),
            );
            Ok::<_, Failure>(json!({"key": "jobs.jsonl"}))
        })
        .task("Work", echo())
        .input(json!([4, 5]))
        .run()
        .unwrap();
    assert_eq!(outcome.output(), Some(&json!([4, 5])));
}

#[test]
fn items_go_in_batches() {
    let batched = |batcher: Value| {
        let definition = distributed(json!({
            "Items": "{% [1..5] %}",
            "ItemSelector": {"n": "{% $states.context.Map.Item.Value %}"},
            "ItemBatcher": batcher,
        }));
        let outcome = Rehearsal::of(&definition)
            .task("Work", echo())
            .input(json!({"run": 9}))
            .run()
            .unwrap();
        outcome.output().cloned().unwrap()
    };
    assert_eq!(
        batched(json!({"MaxItemsPerBatch": 2, "BatchInput": {"run": "{% $states.input.run %}"}})),
        json!([
            {"BatchInput": {"run": 9}, "Items": [{"n": 1}, {"n": 2}]},
            {"BatchInput": {"run": 9}, "Items": [{"n": 3}, {"n": 4}]},
            {"BatchInput": {"run": 9}, "Items": [{"n": 5}]},
        ])
    );
    let three = json!({"Items": [{"n": 1}, {"n": 2}, {"n": 3}]})
        .to_string()
        .len();
    let by_size = batched(json!({"MaxInputBytesPerBatch": three}));
    assert_eq!(
        by_size,
        json!([{"Items": [{"n": 1}, {"n": 2}, {"n": 3}]}, {"Items": [{"n": 4}, {"n": 5}]}])
    );
    let a_byte_less = batched(json!({"MaxInputBytesPerBatch": three - 1}));
    assert_eq!(a_byte_less[0], json!({"Items": [{"n": 1}, {"n": 2}]}));
}

/// Items 0 and 1 of 4 fail.
fn half_fails(tolerance: Value) -> rehearsal::Outcome {
    let mut fields = tolerance;
    fields["Items"] = json!([0, 1, 2, 3]);
    fields["MaxConcurrency"] = 1.into();
    let work = Mock::replies(|item: &Value| match item.as_u64().unwrap() {
        0 | 1 => Err(Failure::new("Bad", "item")),
        other => Ok(json!({"ok": other})),
    });
    Rehearsal::of(&distributed(fields))
        .task("Work", work.after(seconds(10)).always())
        .run()
        .unwrap()
}

#[test]
fn failures_are_tolerated_up_to_the_threshold() {
    for (tolerance, tolerated, elapsed) in [
        (json!({}), false, 10),
        (json!({"ToleratedFailureCount": 1}), false, 20),
        (json!({"ToleratedFailureCount": 2}), true, 40),
        (json!({"ToleratedFailurePercentage": 49.9}), false, 20),
        (json!({"ToleratedFailurePercentage": "{% 50 %}"}), true, 40),
        (
            json!({"ToleratedFailurePercentage": 100, "ToleratedFailureCount": 1}),
            false,
            20,
        ),
    ] {
        let outcome = half_fails(tolerance.clone());
        assert_eq!(outcome.elapsed(), seconds(elapsed), "{tolerance}");
        match outcome.failure() {
            Some(failure) => {
                assert!(!tolerated, "{tolerance}");
                assert_eq!(failure.error, "States.ExceedToleratedFailureThreshold");
            }
            None => assert!(tolerated, "{tolerance}"),
        }
    }
}

#[test]
fn what_failed_stays_in_the_results_with_its_error() {
    let outcome = half_fails(json!({"ToleratedFailurePercentage": 100}));
    let results = outcome.output().unwrap().as_array().unwrap();
    assert_eq!(results.len(), 4);
    assert_eq!(results[0]["Status"], "FAILED");
    assert_eq!(results[0]["Error"], "Bad");
    assert_eq!(results[0]["Input"], "0");
    assert_eq!(results[2..], [json!({"ok": 2}), json!({"ok": 3})]);
}

#[test]
fn results_are_written_with_a_manifest() {
    let outcome = half_fails(json!({
        "ToleratedFailurePercentage": 100,
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": BUCKET, "Prefix": "runs/1/"}},
    }));
    let output = outcome.output().unwrap();
    assert!(
        output["MapRunArn"]
            .as_str()
            .unwrap()
            .contains(":mapRun:Rehearsal/Each:")
    );
    let read = |key: &Value| -> Value {
        let bytes = outcome
            .objects()
            .get(BUCKET, key.as_str().unwrap())
            .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let key = &output["ResultWriterDetails"]["Key"];
    assert!(
        key.as_str().unwrap().starts_with("runs/1/")
            && key.as_str().unwrap().ends_with("/manifest.json"),
        "{key}"
    );
    let files = &read(key)["ResultFiles"];
    let succeeded = read(&files["SUCCEEDED"][0]["Key"]);
    assert_eq!(succeeded[1]["Output"], "{\"ok\":3}");
    assert_eq!(succeeded[1]["Status"], "SUCCEEDED");
    assert_eq!(read(&files["FAILED"][0]["Key"])[0]["Error"], "Bad");
    assert_eq!(files["PENDING"], json!([]));
}

#[test]
fn results_are_transformed() {
    let lists = Mock::replies(|item| Ok(json!([item, item]))).always();
    let flat = distributed(
        json!({"Items": [1, 2], "ResultWriter": {"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSON"}}}),
    );
    assert_eq!(
        Rehearsal::of(&flat)
            .task("Work", lists)
            .run()
            .unwrap()
            .output(),
        Some(&json!([1, 1, 2, 2]))
    );
    let lines = distributed(json!({"Items": [1, 2], "ResultWriter": {
        "Resource": "arn:aws:states:::s3:putObject",
        "Arguments": {"Bucket": BUCKET},
        "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"},
    }}));
    let outcome = Rehearsal::of(&lines).task("Work", echo()).run().unwrap();
    let written = outcome.objects().list(BUCKET, "");
    let (key, _) = written
        .iter()
        .find(|(key, _)| key.ends_with("SUCCEEDED_0.jsonl"))
        .unwrap();
    assert_eq!(outcome.objects().get(BUCKET, key).unwrap(), b"1\n2\n");
}

#[test]
fn children_are_executions_of_their_own() {
    let mut definition = distributed(json!({"Items": [5, 6]}));
    definition["States"]["Set"] = json!({"Type": "Pass", "Assign": {"secret": 1}, "Next": "Each"});
    definition["StartAt"] = "Set".into();
    definition["States"]["Each"]["ItemProcessor"]["States"]["Work"] = json!({
        "Type": "Pass",
        "Output": "{% {'input': $states.context.Execution.Input, 'sees': $exists($secret), 'id': $states.context.Execution.Id} %}",
        "End": true,
    });
    let outcome = Rehearsal::of(&definition).run().unwrap();
    let results = outcome.output().unwrap();
    assert_eq!(
        (&results[0]["input"], &results[0]["sees"]),
        (&json!(5), &json!(false))
    );
    assert_ne!(results[0]["id"], results[1]["id"]);
    // The execution, the pass, the map with its run; nothing of the children.
    assert_eq!(outcome.events_used(), 2 + 2 + 6);
    let begun = outcome
        .history()
        .iter()
        .filter(|event| event.kind == EventKind::ExecutionStarted);
    assert_eq!(
        begun.map(|event| event.execution).collect::<Vec<_>>(),
        [0, 1, 2]
    );
}

#[test]
fn express_children_have_five_minutes() {
    let mut definition = distributed(json!({"Items": [1], "ToleratedFailureCount": 1}));
    let rehearse = |definition: &Value| {
        let slow = Mock::answers(json!("done")).after(seconds(301));
        let outcome = Rehearsal::of(definition).task("Work", slow).run().unwrap();
        (outcome.elapsed(), outcome.output().unwrap()[0].clone())
    };
    assert_eq!(rehearse(&definition), (seconds(301), json!("done")));
    definition["States"]["Each"]["ItemProcessor"]["ProcessorConfig"]["ExecutionType"] =
        "EXPRESS".into();
    let (elapsed, child) = rehearse(&definition);
    assert_eq!(
        (elapsed, &child["Error"]),
        (seconds(300), &json!("States.Timeout"))
    );
}

#[test]
fn json_path_has_it_all_too() {
    let definition = old_machine(json!({"Each": {
        "Type": "Map",
        "ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON", "MaxItemsPath": "$.most"}, "Parameters": {"Bucket": BUCKET, "Key.$": "$.key"}},
        "ItemSelector": {"item.$": "$$.Map.Item.Value", "key.$": "$.key"},
        "ItemBatcher": {"MaxItemsPerBatchPath": "$.size", "BatchInput": {"key.$": "$.key"}},
        "ToleratedFailurePercentagePath": "$.most",
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Work", "States": {"Work": {"Type": "Pass", "End": true}}},
        "ResultPath": "$.done",
        "End": true,
    }}));
    let outcome = Rehearsal::of(&definition)
        .object(BUCKET, "k", "[1, 2, 3, 4]")
        .input(json!({"key": "k", "most": 3, "size": 2}))
        .run()
        .unwrap();
    let item = |n: u8| json!({"item": n, "key": "k"});
    assert_eq!(
        outcome.output().unwrap()["done"],
        json!([{"BatchInput": {"key": "k"}, "Items": [item(1), item(2)]}, {"BatchInput": {"key": "k"}, "Items": [item(3)]}])
    );
}
