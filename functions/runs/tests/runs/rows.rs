//! The rows of a request.

use std::sync::Arc;

use runs::{MemoryBucket, Premises, RunError, RunRows};
use serde_json::{Value, json};
use shared::contracts::batch::{RunFailure, RunPolicy};
use shared::run::Fails as _;

use super::support::inputs;

fn premises(bucket: &MemoryBucket) -> Premises {
    Premises {
        inputs: inputs(bucket),
        prompts: Arc::new(bucket.clone()),
        templates: "prompts/templates.json".to_owned(),
        policy: RunPolicy::default(),
    }
}

fn rows(bucket: &MemoryBucket, fields: &Value) -> Result<RunRows, RunError> {
    let mut request = json!({
        "s3_uri": "s3://data/a.csv",
        "job_name_prefix": "jokes",
        "model_id": "anthropic.claude-haiku-4-5-20251001-v1:0",
        "prompt_id": "joke_about_topic",
    });
    for (name, value) in fields.as_object().unwrap() {
        request[name] = value.clone();
    }
    let request = serde_json::from_value(request).unwrap();
    premises(bucket).rows(&request, "arn:run")
}

fn columns(rows: &RunRows) -> Vec<String> {
    let schema = rows.rows().unwrap().schema().clone();
    schema
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect()
}

fn refused(rows: Result<RunRows, RunError>) -> String {
    let Err(error) = rows else {
        panic!("it was accepted");
    };
    assert_eq!(error.failure(), Some(RunFailure::InvalidRequest), "{error}");
    error.to_string()
}

#[test]
fn prompts_of_the_deployment_come_first() {
    let bucket = MemoryBucket::new("data");
    bucket.put("a.csv", "animal\ncat\n");
    let message = refused(rows(&bucket, &json!({})));
    assert!(
        message.starts_with("the source has no column topic: it has animal"),
        "{message}"
    );
    bucket.put(
        "prompts/templates.json",
        r#"{"joke_about_topic": "About {animal}:"}"#,
    );
    assert_eq!(
        rows(&bucket, &json!({})).unwrap().run.required_columns(),
        ["animal"]
    );
    bucket.put("prompts/templates.json", r#"{"x": "{a.b}"}"#);
    let message = refused(rows(&bucket, &json!({})));
    assert!(
        message.starts_with("`s3://data/prompts/templates.json`: template `x`"),
        "{message}"
    );
}

#[test]
fn columns_have_other_names() {
    let bucket = MemoryBucket::new("data");
    bucket.put("a.csv", "animal,id\ncat,1\n");
    let renamed = json!({"columns": {"animal": "topic", "id": "record_id"}});
    assert_eq!(
        columns(&rows(&bucket, &renamed).unwrap()),
        ["topic", "record_id"]
    );
    let message = refused(rows(&bucket, &json!({"columns": {"dog": "topic"}})));
    assert!(message.contains("no column `dog`"), "{message}");
}

#[test]
fn an_earlier_result_is_a_table_when_the_request_says_so() {
    let bucket = MemoryBucket::new("data");
    bucket.put(
        "a.csv",
        "record_id,topic,response,status\n1,cat,purr,succeeded\n",
    );
    let message = refused(rows(&bucket, &json!({})));
    assert!(
        message.contains("columns response, status, which results need"),
        "{message}"
    );
    let again = json!({"previous_results": true});
    assert_eq!(
        columns(&rows(&bucket, &again).unwrap()),
        ["record_id", "topic"]
    );
    let next = json!({"previous_results": true, "columns": {"response": "source"},
        "prompt_id": "question_answering"});
    assert_eq!(
        columns(&rows(&bucket, &next).unwrap()),
        ["record_id", "topic", "source"]
    );
}

#[test]
fn a_row_is_counted_once_for_each_prompt() {
    let bucket = MemoryBucket::new("data");
    bucket.put("a.csv", "kind,topic,source\na,x,y\nb,x,y\nc,x,y\n");
    let routing = json!({"prompt_id": null, "prompt_routing": {"column": "kind",
        "prompts": {"a": ["joke_about_topic", "question_answering"], "b": "joke_about_topic"}}});
    let rows = rows(&bucket, &routing).unwrap();
    assert_eq!(rows.count(u64::MAX).unwrap(), 4);
    assert_eq!(rows.count(2).unwrap(), 2);
    assert_eq!(
        columns(&rows),
        ["record_id", "kind", "topic", "source", "prompt_id"]
    );
}

#[test]
fn a_routed_result_can_be_routed_anew() {
    let bucket = MemoryBucket::new("data");
    let result = "record_id,kind,topic,prompt_id,response,status\n1,a,cat,old,purr,succeeded\n";
    bucket.put("a.csv", result);
    let routing = json!({"prompt_id": null, "previous_results": true,
        "prompt_routing": {"column": "kind", "default": "joke_about_topic"}});
    let rows = rows(&bucket, &routing).unwrap();
    assert_eq!(columns(&rows), ["record_id", "kind", "topic", "prompt_id"]);
}

#[test]
fn retired_models_are_refused() {
    let bucket = MemoryBucket::new("data");
    bucket.put("a.csv", "topic\ncat\n");
    let retired = json!({"model_id": "anthropic.claude-3-haiku-20240307-v1:0"});
    let message = refused(rows(&bucket, &retired));
    assert!(message.starts_with("model_id: "), "{message}");
}
