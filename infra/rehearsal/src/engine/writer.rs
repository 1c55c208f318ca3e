//! The results of child executions: as the output of a map, or as objects.

use serde_json::{Value, json};

use super::children::Child;
use super::frame::Frame;
use crate::Failure;
use crate::program::{Transformation, Writer};
use crate::query::View;

/// The output of a distributed map.
///
/// # Errors
/// An expression of the writer fails.
pub(super) fn output(
    writer: Option<&Writer>,
    children: &[Child],
    frame: &Frame<'_>,
    state: &str,
    view: &View<'_>,
) -> Result<Value, Failure> {
    let transformation = writer.map_or(Transformation::Compact, |writer| writer.transformation);
    let Some((writer, arguments)) =
        writer.and_then(|writer| Some((writer, writer.arguments.as_ref()?)))
    else {
        let results = children
            .iter()
            .flat_map(|child| results(child, transformation));
        return Ok(results.collect());
    };
    let arguments = arguments.evaluate(view)?;
    let argument = |name: &str| {
        arguments
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let engine = frame.execution.engine;
    let (bucket, run) = (argument("Bucket"), engine.random.uuid());
    let folder = match argument("Prefix") {
        "" => run.clone(),
        prefix => format!("{}/{run}", prefix.trim_end_matches('/')),
    };
    let write = |status: &str, belongs: fn(&Child) -> bool| {
        let of_status = children.iter().filter(|child| belongs(child));
        let results: Vec<Value> = of_status
            .flat_map(|child| results(child, transformation))
            .collect();
        if results.is_empty() {
            return json!([]);
        }
        let (bytes, extension) = encode(results, writer.lines);
        let key = format!("{folder}/{status}_0.{extension}");
        let size = bytes.len();
        engine.objects.put(bucket, &key, bytes);
        json!([{"Key": key, "Size": size}])
    };
    let map_run = frame.execution.facts.map_run_arn(state, &run);
    let manifest = json!({
        "DestinationBucket": bucket,
        "MapRunArn": map_run,
        "ResultFiles": {
            "FAILED": write("FAILED", |child| child.result.is_err()),
            "PENDING": [],
            "SUCCEEDED": write("SUCCEEDED", |child| child.result.is_ok()),
        },
    });
    let key = format!("{folder}/manifest.json");
    engine.objects.put(bucket, &key, manifest.to_string());
    Ok(json!({"MapRunArn": map_run, "ResultWriterDetails": {"Bucket": bucket, "Key": key}}))
}

fn encode(results: Vec<Value>, lines: bool) -> (String, &'static str) {
    if !lines {
        return (Value::Array(results).to_string(), "json");
    }
    let mut text = String::new();
    for result in results {
        text.push_str(&result.to_string());
        text.push('\n');
    }
    (text, "jsonl")
}

/// What a child leaves. Of one that failed it is always what is known of its execution.
fn results(child: &Child, transformation: Transformation) -> Vec<Value> {
    match (transformation, &child.result) {
        (Transformation::Flatten, Ok(Value::Array(items))) => items.clone(),
        (Transformation::Flatten | Transformation::Compact, Ok(output)) => vec![output.clone()],
        (Transformation::None, Ok(_)) | (_, Err(_)) => vec![describe(child)],
    }
}

fn describe(child: &Child) -> Value {
    let facts = &child.facts;
    let mut description = json!({
        "ExecutionArn": facts.arn(),
        "Input": facts.input.to_string(),
        "InputDetails": {"Included": true},
        "Name": facts.name,
        "RedriveCount": 0,
        "StartDate": facts.started.to_string(),
        "StateMachineArn": facts.machine_arn(),
        "StopDate": child.stopped.to_string(),
    });
    match &child.result {
        Ok(output) => {
            description["Status"] = "SUCCEEDED".into();
            description["Output"] = output.to_string().into();
            description["OutputDetails"] = json!({"Included": true});
        }
        Err(failure) => {
            description["Status"] = "FAILED".into();
            description["Error"] = failure.error.as_str().into();
            description["Cause"] = failure.cause.as_str().into();
        }
    }
    description
}
