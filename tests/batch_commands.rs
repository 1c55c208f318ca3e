//! `infra batch` as people type it, against the batch stack on a local AWS: what it prints, and what it exits with.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says why and ends"
)]

use std::path::Path;

use end_to_end::batch::{Batch, until};
use local::covers::generate;
use serde_json::{Value, json};
use tokio::process::Command;

const MODEL: &str = "eu.anthropic.claude-haiku-4-5-20251001-v1:0";

/// What a person may have set for cargo.
const KEPT: [&str; 3] = ["CARGO_HOME", "CARGO_INCREMENTAL", "CARGO_TARGET_DIR"];

/// What a command came to.
#[derive(Debug)]
struct Ended {
    code: i32,
    /// What it printed, when that is JSON.
    data: Value,
    said: String,
}

/// Runs a command in the repository, as its README says.
async fn infra(batch: &Batch, words: &[&str]) -> Ended {
    let bedrock = batch.session().bedrock_endpoint();
    let mut command = Command::new("cargo");
    // Variables of this test's own package would have build scripts run again.
    for (name, _) in std::env::vars_os() {
        let of_cargo = name.to_str().is_some_and(|name| name.starts_with("CARGO"));
        if of_cargo && !KEPT.iter().any(|kept| name == *kept) {
            command.env_remove(name);
        }
    }
    let output = command
        .args(["infra", "batch"])
        .args(words)
        .args(["--endpoint-url", batch.session().aws().endpoint()])
        .args(["--region", batch.session().aws().region()])
        .args(["--format", "json"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", bedrock)
        .output()
        .await
        .expect("the command runs");
    Ended {
        code: output.status.code().expect("it ends by itself"),
        data: serde_json::from_slice(&output.stdout).unwrap_or_default(),
        said: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The same, held to an exit code; answers what was printed.
async fn exits(batch: &Batch, code: i32, words: &[&str]) -> Value {
    let ended = infra(batch, words).await;
    assert_eq!(ended.code, code, "{words:?}: {}", ended.said);
    ended.data
}

/// A table of 300 topics.
fn topics(folder: &Path) -> String {
    let path = folder.join("topics.csv");
    let rows = (0..300).map(|row| format!("\"topic, {row}.\"\n"));
    let table = format!("topic\n{}", rows.collect::<String>());
    std::fs::write(&path, table).expect("the table is written");
    path.to_str().expect("the path is a text").to_owned()
}

#[tokio::test]
async fn a_run_from_its_estimate_to_its_results() {
    let scenario = json!({ "batch": { "rules": [
        { "when": { "name_contains": "-part-0001-" }, "times": 1, "then": { "fault": "partial", "unprocessed": 20 } },
    ] } });
    let batch = Batch::deploy(scenario, &[], |_| ()).await;
    let folder = tempfile::tempdir().expect("there is room for files");
    let file = topics(folder.path());
    let jokes = [
        "--file",
        &file,
        "--model",
        MODEL,
        "--prompt",
        "joke_about_topic",
    ];
    let with =
        |command: &'static str, more: &[&'static str]| [&[command], &jokes[..], more].concat();

    let models = exits(&batch, 0, &["models", "--available"]).await;
    let haiku = models.as_array().into_iter().flatten();
    let mut haiku = haiku.filter(|family| family["model"] == MODEL[3..]);
    assert_eq!(haiku.next().expect("it is listed")["kind"], "text");

    let tried = exits(&batch, 0, &with("dry-run", &["--records", "3"])).await;
    let answers = tried["answers"].as_array().expect("records were sent");
    assert_eq!(answers.len(), 3, "{tried:#}");
    for (row, answer) in answers.iter().enumerate() {
        let text = answer["answer"].as_str().expect("it was answered");
        assert!(text.contains(&format!("topic, {row}.")), "{text}");
    }
    assert_eq!(tried["records"], 300);
    assert_eq!(batch.session().model_requests().len(), 3);

    let words = [
        "--name",
        "jokes",
        "--max-records-per-job",
        "100",
        "--csv",
        "--wait",
        "--yes",
    ];
    let run = exits(&batch, 3, &with("run", &words)).await;
    assert_eq!(run["state"], "succeeded", "{run:#}");
    assert_eq!(run["report"]["verdict"], "redrivable", "{run:#}");
    assert_eq!(run["report"]["missing"], 20, "{run:#}");
    assert_eq!(run["chunks_done"], 3, "{run:#}");
    assert_eq!(run["jobs"]["by_status"]["PartiallyCompleted"], 1, "{run:#}");
    let status = exits(&batch, 3, &["status", "jokes"]).await;
    assert_eq!(status["report"], run["report"]);
    let runs = exits(&batch, 0, &["status"]).await;
    assert_eq!(runs[0]["name"], "jokes", "{runs:#}");

    let again = exits(&batch, 0, &["redrive", "jokes", "--wait", "--yes"]).await;
    assert_eq!(again["attempt"], 1, "{again:#}");
    assert_eq!(again["report"]["succeeded"], 300, "{again:#}");
    assert_eq!(batch.session().model_requests().len(), 23);
    exits(&batch, 0, &["status", "jokes"]).await;
    let nothing = infra(&batch, &["redrive", "jokes", "--yes"]).await;
    assert_eq!(nothing.code, 1, "{}", nothing.said);

    let out = folder.path().join("results");
    let out = out.to_str().expect("the path is a text");
    let results = exits(&batch, 0, &["results", "jokes", "--out", out, "--raw"]).await;
    let files = results["results"].as_array().expect("there are results");
    assert_eq!(files.len(), 3, "{results:#}");
    for file in files {
        assert!(
            Path::new(file.as_str().expect("a path")).is_file(),
            "{file}"
        );
    }
    let printed = ["results", "jokes", "--out", out, "--print", "2"];
    let rows = exits(&batch, 0, &printed).await;
    assert_eq!(rows.as_array().map(Vec::len), Some(2), "{rows:#}");
    assert_eq!(rows[1]["topic"], "topic, 1.", "{rows:#}");
    let csv = exits(&batch, 0, &["results", "jokes", "--out", out, "--csv"]).await;
    assert_eq!(csv["results"].as_array().map(Vec::len), Some(3), "{csv:#}");

    exits(&batch, 1, &["status", "no-such-run"]).await;
    let taken = infra(&batch, &with("run", &["--name", "jokes", "--yes", "--csv"])).await;
    assert_eq!(taken.code, 1, "{}", taken.said);
    assert_eq!(
        batch.listed_jobs().await.len(),
        3,
        "nothing was sent by these"
    );
    batch.stop().await;
}

#[tokio::test]
async fn images_of_a_prefix_and_of_a_table_on_this_machine() {
    let batch = Batch::deploy(json!({}), &[], |_| ()).await;
    for (number, cover) in generate(2).into_iter().enumerate() {
        let key = format!("inputs/covers/{number}.jpg");
        batch.put(&key, cover.bytes).await;
    }
    let prefix = format!("s3://{}/inputs/covers/", batch.output("Bucket"));
    let common = ["--model", MODEL, "--prompt", "describe_image"];
    let images = [
        "run", "--images", &prefix, "--name", "covers", "--wait", "--yes",
    ];
    let run = exits(&batch, 0, &[&images, &common[..]].concat()).await;
    assert_eq!(run["report"]["succeeded"], 2, "{run:#}");

    let folder = tempfile::tempdir().expect("there is room for files");
    let path = folder.path().join("books.csv");
    let table = format!("cover\n{prefix}0.jpg\n{prefix}7.jpg\n");
    std::fs::write(&path, table).expect("the table is written");
    let path = path.to_str().expect("the path is a text");
    let few = ["dry-run", "--file", path, "--image-column", "cover"];
    let tried = infra(&batch, &[&few, &common[..]].concat()).await;
    assert_eq!(tried.code, 0, "{}", tried.said);
    assert!(tried.said.contains("there is no object"), "{}", tried.said);
    let answers = tried.data["answers"].as_array().map(Vec::len);
    assert_eq!(answers, Some(1), "{:#}", tried.data);
    let asked = &tried.data["answers"][0]["request"];
    assert!(
        asked
            .as_str()
            .is_some_and(|asked| asked.starts_with("Describe"))
    );
    assert_eq!(batch.session().model_requests().len(), 3);
    batch.stop().await;
}

#[tokio::test]
async fn a_run_that_is_stopped() {
    let scenario = json!({ "batch": { "clock": { "speed": 1, "in_progress": 600 } } });
    let batch = Batch::deploy(scenario, &[], |_| ()).await;
    let folder = tempfile::tempdir().expect("there is room for files");
    let file = topics(folder.path());
    let words = [
        "run",
        "--file",
        &file,
        "--model",
        MODEL,
        "--prompt",
        "joke_about_topic",
        "--name",
        "slow",
        "--yes",
    ];
    let started = exits(&batch, 0, &words).await;
    assert_eq!(started["run"], "slow", "{started:#}");
    assert_eq!(started["estimate"]["records"], 300, "{started:#}");
    let running = exits(&batch, 0, &["status", "slow"]).await;
    assert_eq!(running["state"], "running", "{running:#}");
    let busy = infra(&batch, &["redrive", "slow", "--yes"]).await;
    assert_eq!(busy.code, 1, "{}", busy.said);
    until(async || !batch.listed_jobs().await.is_empty()).await;
    let stopped = exits(&batch, 0, &["stop", "slow"]).await;
    assert_eq!(stopped, json!({ "stopped": "slow" }));
    let status = exits(&batch, 1, &["status", "slow", "--watch"]).await;
    assert_eq!(status["state"], "stopped", "{status:#}");
    until(async || {
        let jobs = batch.listed_jobs().await;
        jobs.iter().all(|(_, status)| status == "Stopped")
    })
    .await;
    exits(&batch, 1, &["stop", "slow"]).await;
    batch.stop().await;
}
