//! Estimates, starts and dry runs.

use serde_json::{Value, json};

use super::fake::{BUCKET, Fake};
use super::{MODEL, exit_code, snapshot, stderr, stdout, topics};

const JOKES: [&str; 6] = [
    "--file",
    "topics.csv",
    "--model",
    MODEL,
    "--prompt",
    "joke_about_topic",
];

fn with<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&[command], &JOKES[..], more].concat()
}

#[test]
fn a_run_is_estimated_then_its_table_is_uploaded_then_it_is_started() {
    let (fake, folder) = (Fake::new(), tempfile::tempdir().unwrap());
    topics(folder.path(), 2_500);
    let output = fake.batch(
        folder.path(),
        &with("run", &["--name", "jokes", "--yes", "--csv"]),
    );
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output), "jokes\n");
    let said = String::from_utf8_lossy(&output.stderr);
    let estimate = said.split_once("topics.csv with").unwrap().1;
    snapshot("estimate", estimate.split_once("✓").unwrap().0);
    assert!(
        said.contains("cargo infra batch status jokes --watch"),
        "{said}"
    );

    let account = fake.account();
    let table = std::fs::read(folder.path().join("topics.csv")).unwrap();
    assert_eq!(account.objects["inputs/topics.csv"].1, table);
    let input = account.executions["jokes"]["input"].as_str().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(input).unwrap(),
        json!({
            "job_name_prefix": "topics", "model_id": MODEL, "prompt_id": "joke_about_topic",
            "s3_uri": format!("s3://{BUCKET}/inputs/topics.csv"), "previous_results": false,
            "below_minimum": "on_demand", "csv": true,
        })
    );
}

#[test]
fn nothing_happens_before_somebody_has_agreed() {
    let (fake, folder) = (Fake::new(), tempfile::tempdir().unwrap());
    topics(folder.path(), 150);
    let output = fake.batch(folder.path(), &with("run", &[]));
    assert_eq!(exit_code(&output), 1);
    assert!(
        stderr(&output).contains("pass --yes"),
        "{}",
        stderr(&output)
    );
    let account = fake.account();
    assert!(account.objects.is_empty() && account.executions.is_empty());
}

#[test]
fn what_cannot_be_run_is_refused_here() {
    let (fake, folder) = (Fake::new(), tempfile::tempdir().unwrap());
    topics(folder.path(), 20);
    let refused = |arguments: &[&str], code: i32, words: &str| {
        let output = fake.batch(
            folder.path(),
            &with("run", &[&["--yes"], arguments].concat()),
        );
        let said = stderr(&output);
        assert_eq!(exit_code(&output), code, "{said}");
        assert!(said.contains(words), "{words} is not in {said}");
    };
    refused(
        &["--below-minimum", "refuse"],
        1,
        "has 20 records, and a batch job",
    );
    refused(&["--max-records-per-job", "50"], 1, "raise it to 100");
    refused(&["--dimensions", "256"], 1, "leave it out");
    refused(&["--name", "jokes-r1"], 2, "is a redrive");
    refused(&["--name", "jokes/1"], 2, "letters, digits, hyphens");
    refused(
        &["--s3-uri", "s3://other/table.csv"],
        2,
        "cannot be used with",
    );
    std::fs::write(folder.path().join("wrong.json"), "{\"model\": 1}").unwrap();
    refused(&["--request", "wrong.json"], 2, "unknown field `model`");
    assert!(fake.account().objects.is_empty());
}

#[test]
fn a_whole_request_can_come_from_a_file_and_options_go_before_it() {
    let (fake, folder) = (Fake::new(), tempfile::tempdir().unwrap());
    let csv = "kind,topic\njoke,cats\nother,dogs\n";
    fake.account().put("inputs/kinds.csv", 1_000, csv);
    let prompts = r#"{"plain": "Say {topic}"}"#;
    fake.account().put("prompts/templates.json", 1_000, prompts);
    let request = json!({
        "model_id": MODEL, "s3_uri": format!("s3://{BUCKET}/inputs/kinds.csv"), "max_tokens": 9,
        "prompt_routing": {
            "column": "kind", "prompts": { "joke": ["joke_about_topic", "plain"] }, "default": "plain"
        }
    });
    std::fs::write(folder.path().join("request.json"), request.to_string()).unwrap();
    let arguments = [
        "run",
        "--request",
        "request.json",
        "--max-tokens",
        "50",
        "--yes",
        "--format",
        "json",
    ];
    let output = fake.batch(folder.path(), &arguments);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    let started: Value = serde_json::from_str(&stdout(&output)).unwrap();
    // Two prompts for the first row, one for the other.
    assert_eq!(started["estimate"]["records"], 3);
    assert_eq!(started["estimate"]["usage"]["output_tokens"], 150);
    let name = started["run"].as_str().unwrap();
    assert!(name.starts_with("kinds-"), "{name}");
    let account = fake.account();
    let input = account.executions[name]["input"].as_str().unwrap();
    let input: Value = serde_json::from_str(input).unwrap();
    assert_eq!(input["max_tokens"], 50);
    assert_eq!(input["prompt_routing"], request["prompt_routing"]);
}

#[test]
fn a_dry_run_shows_answers_and_what_all_of_them_would_cost() {
    let (fake, folder) = (Fake::new(), tempfile::tempdir().unwrap());
    topics(folder.path(), 1_000);
    let output = fake.batch(folder.path(), &with("dry-run", &["--records", "2"]));
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    let shown = stdout(&output);
    assert!(!shown.contains('\u{1b}'), "{shown}");
    snapshot("dry_run", &shown);
    let account = fake.account();
    assert_eq!(account.asked.len(), 2);
    assert_eq!(
        account.asked[0]["messages"][0]["content"][0]["text"],
        "Tell me a joke about cats,\nand 0 in less than 50 words."
    );
}

#[test]
fn a_dry_run_needs_no_stack() {
    let (fake, folder) = (Fake::new(), tempfile::tempdir().unwrap());
    fake.account().empty = true;
    topics(folder.path(), 3);
    let output = fake.batch(folder.path(), &with("dry-run", &["--format", "json"]));
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    let result: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(result["answers"][2]["status"], "succeeded");
    assert_eq!(result["jobs"], 0);
    let run = fake.batch(folder.path(), &with("run", &["--yes"]));
    assert!(
        stderr(&run).contains("is not deployed here"),
        "{}",
        stderr(&run)
    );
}
