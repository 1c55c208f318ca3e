//! A machine over batch jobs, on the local AWS with the simulator: a distributed map whose tasks wait for tokens, jobs that work
//! under their role, and the events that tell how they ended.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its preparation fails"
)]

#[path = "../common/mod.rs"]
mod common;
mod world;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use world::World;

const NAMES: [&str; 7] = [
    "good-part-0000",
    "mute-part-0001",
    "dumb-part-0002",
    "distrustful-part-0003",
    "forbidden-part-0004",
    "lost-part-0005",
    "broken",
];

/// What the map has to do: each name is a job under the role that it begins with, or a case of the scenario.
fn tasks() -> Vec<Value> {
    NAMES
        .iter()
        .map(|name| {
            let kind = name.split('-').next().expect("a word");
            let role = match kind {
                "good" | "lost" => "jobs",
                other => other,
            };
            let seconds = if kind == "lost" { 4 } else { 60 };
            json!({
                "name": name, "model": "amazon.nova-lite-v1:0", "seconds": seconds,
                "role": format!("arn:aws:iam::000000000000:role/{role}"),
                "input": "s3://runs/in/0000.jsonl", "output": format!("s3://runs/out/{name}/"),
            })
        })
        .collect()
}

/// Outputs of the children, by the name of their job.
fn endings(written: &Value) -> BTreeMap<String, Value> {
    let children = written.as_array().expect("a list");
    children
        .iter()
        .map(|child| {
            let text = |name: &str| child[name].as_str().expect("text");
            let input: Value = serde_json::from_str(text("Input")).expect("JSON");
            let output: Value = serde_json::from_str(text("Output")).expect("JSON");
            assert_eq!(
                output["child"], child["Name"],
                "a child is an execution of its own"
            );
            let name = input["task"]["name"].as_str().expect("a name");
            (name.to_owned(), output)
        })
        .collect()
}

#[tokio::test]
async fn a_map_over_jobs_ends_with_each_job_as_it_ended() {
    let world = World::start().await;
    world.upload_tasks(&tasks()).await;
    let input = json!({ "tasks": "tasks.jsonl", "most": 3 });
    let execution = world.execute("chunks", &input).await;
    assert_eq!(execution["status"], "SUCCEEDED", "{execution}");

    // The state yields where its results are, and the topic's subscriber was told the same.
    let output: Value =
        serde_json::from_str(execution["output"].as_str().expect("text")).expect("JSON");
    assert_eq!(output["Bucket"], "runs");
    let told: Value = serde_json::from_str(&world.received("told").await).expect("JSON");
    let message = told["Message"].as_str().expect("text");
    assert_eq!(
        serde_json::from_str::<Value>(message).expect("JSON"),
        output
    );

    let manifest = world.json(output["Key"].as_str().expect("a key")).await;
    let file = |outcome: &str| {
        let key = &manifest["ResultFiles"][outcome][0]["Key"];
        key.as_str().expect("a key").to_owned()
    };
    let failed = world.json(&file("FAILED")).await;
    assert_eq!(failed[0]["Error"], "Broken");
    assert!(
        failed[0]["Cause"]
            .as_str()
            .expect("text")
            .starts_with("of ")
    );
    let endings = endings(&world.json(&file("SUCCEEDED")).await);
    let ending = |index: usize| endings[NAMES[index]]["ending"].as_str().expect("text");
    let message = |index: usize| {
        endings[NAMES[index]]["message"]
            .as_str()
            .expect("a message")
    };
    assert_eq!(endings.len(), 6);
    assert_eq!((ending(0), ending(5)), ("Completed", "Lost"));
    for (index, denied) in [
        (
            1,
            "User: arn:aws:sts::000000000000:assumed-role/mute/batch-",
        ),
        (
            2,
            "because no identity-based policy allows the bedrock:InvokeModel action",
        ),
        (
            3,
            "bedrock.amazonaws.com is not authorized to perform: sts:AssumeRole",
        ),
    ] {
        assert_eq!(ending(index), "Failed");
        assert!(message(index).contains(denied), "{}", message(index));
    }
    assert!(message(1).contains(
        "is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::runs/out/mute-part-0001/"
    ));
    assert_eq!(ending(4), "NotSubmitted");
    let words = "is not authorized to perform: iam:PassRole on resource: arn:aws:iam::000000000000:role/forbidden";
    assert!(message(4).contains(words), "{}", message(4));

    // The job wrote under its role, the rule's target was given the event as the service words it.
    let written = world.keys("out/good-part-0000/").await;
    assert!(written.iter().any(|key| key.ends_with("/0000.jsonl.out")));
    assert!(
        written
            .iter()
            .any(|key| key.ends_with("/manifest.json.out"))
    );
    assert_eq!(
        world.keys("out/mute-part-0001/").await,
        Vec::<String>::new()
    );
    let row = world.row("good-part-0000").await;
    assert_eq!(row["status"]["S"], "Completed");
    let time = row["time"]["S"].as_str().expect("text");
    assert!(time.contains(" UTC "), "not as it was sent: {time}");
    world.stop().await;
}

#[tokio::test]
async fn a_stopped_execution_ends_with_its_children_and_says_so() {
    let world = World::start().await;
    let waiting = json!({
        "name": "lost-part-0009", "model": "amazon.nova-lite-v1:0", "seconds": 300,
        "role": "arn:aws:iam::000000000000:role/jobs",
        "input": "s3://runs/in/0000.jsonl", "output": "s3://runs/out/",
    });
    world.upload_tasks(&[waiting]).await;
    let input = json!({ "tasks": "tasks.jsonl", "most": 1 });

    // A role that may not read the items is told so in the words of IAM.
    let blind = world.execute("blind", &input).await;
    assert_eq!(blind["error"], "States.ItemReaderFailed");
    let denied = "User: arn:aws:sts::000000000000:assumed-role/blind/states is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::runs/tasks.jsonl because no identity-based policy allows the s3:GetObject action";
    assert!(
        blind["cause"].as_str().expect("text").starts_with(denied),
        "{blind}"
    );
    let event: Value = serde_json::from_str(&world.received("stopped").await).expect("JSON");
    assert_eq!(event["detail"]["status"], "FAILED");

    let arn = world.begin("chunks", &input).await;
    let child = world.waiting_child(&arn).await;
    let stop = json!({ "executionArn": arn, "error": "Operator", "cause": "not needed any more" });
    world.states("StopExecution", &stop).await;
    let described = json!({ "executionArn": child });
    let described = world.states("DescribeExecution", &described).await;
    assert_eq!(described["status"], "ABORTED");
    let event: Value = serde_json::from_str(&world.received("stopped").await).expect("JSON");
    assert_eq!(event["source"], "aws.states");
    assert_eq!(event["detail"]["executionArn"], arn);
    assert_eq!(event["detail"]["status"], "ABORTED");
    assert_eq!(event["detail"]["input"], input.to_string());
    // Nothing goes on behind it.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let described = world
        .states("DescribeExecution", &json!({ "executionArn": arn }))
        .await;
    assert_eq!(
        (&described["status"], &described["error"]),
        (&json!("ABORTED"), &json!("Operator"))
    );
    world.stop().await;
}
