//! Runs over images: what they will cost, and what is sent.

use serde_json::{Value, json};

use super::fake::{BUCKET, Fake};
use super::{MODEL, exit_code, snapshot, stderr, stdout};

/// A PNG of 1,024 by 683 pixels that ends behind its header.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x04\0\0\0\x02\xab\x08\0\0\0\0\x4a\x7d\xa0\x48\0\0\0\0IDAT";

const PROMPTS: &str = r#"{"compare": "Is it {title}?"}"#;

/// An account with so many images, the second of which is none.
fn account_of(images: usize) -> Fake {
    let fake = Fake::new();
    fake.account().put("prompts/templates.json", 1_000, PROMPTS);
    for number in 0..images {
        let content = if number == 1 { b"no picture" } else { PNG };
        let key = format!("inputs/covers/{number:03}.png");
        fake.account().put(&key, 1_000, content);
    }
    fake
}

fn estimate(said: &str) -> &str {
    let (_, estimate) = said.split_once("images below ").unwrap();
    estimate.split_once("run covers").unwrap().0
}

#[test]
fn a_run_over_a_prefix_counts_the_tokens_of_images() {
    let (fake, folder) = (account_of(400), tempfile::tempdir().unwrap());
    let prefix = format!("s3://{BUCKET}/inputs/covers/");
    let run = |model, name| {
        let words = [
            "run",
            "--images",
            &prefix,
            "--model",
            model,
            "--prompt",
            "describe_image",
            "--name",
            name,
            "--yes",
        ];
        let output = fake.batch(folder.path(), &words);
        assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
        String::from_utf8(output.stderr).unwrap()
    };
    let said = run(MODEL, "covers");
    snapshot("estimate_of_images", estimate(&said));
    let said = run("amazon.nova-lite-v1:0", "covers-2");
    snapshot("estimate_without_images", estimate(&said));
    let account = fake.account();
    let input = account.executions["covers"]["input"].as_str().unwrap();
    let input: Value = serde_json::from_str(input).unwrap();
    assert_eq!(input["images_s3_uri"], prefix);
    assert_eq!(input["job_name_prefix"], "covers");
    assert_eq!(
        (input.get("s3_uri"), input.get("image_column")),
        (None, None)
    );
}

#[test]
fn a_dry_run_shows_the_model_what_a_table_on_this_machine_names() {
    let (fake, folder) = (account_of(3), tempfile::tempdir().unwrap());
    let row = |number| format!("title {number},s3://{BUCKET}/inputs/covers/{number:03}.png\n");
    let table = format!("title,cover\n{}{}{}", row(0), row(1), row(7));
    std::fs::write(folder.path().join("covers.csv"), table).unwrap();
    let words = [
        "dry-run",
        "--file",
        "covers.csv",
        "--image-column",
        "cover",
        "--model",
        MODEL,
        "--prompt",
        "compare",
    ];
    let output = fake.batch(folder.path(), &words);
    assert_eq!(exit_code(&output), 0, "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("begins like no JPEG"), "{said}");
    assert!(said.contains("there is no object"), "{said}");
    assert!(
        stdout(&output).contains("Is it title 0?"),
        "{}",
        stdout(&output)
    );
    let account = fake.account();
    assert_eq!(account.asked.len(), 1);
    let content = &account.asked[0]["messages"][0]["content"];
    assert_eq!(content[0]["source"]["media_type"], "image/png");
    assert_eq!(
        content[1],
        json!({"type": "text", "text": "Is it title 0?"})
    );
}

#[test]
fn images_have_one_source_and_a_column_that_is_there() {
    let (fake, folder) = (account_of(1), tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("covers.csv"), "title\nx\n").unwrap();
    let refused = |words: &[&str], code, reason: &str| {
        let common = [
            "run",
            "--model",
            MODEL,
            "--prompt",
            "describe_image",
            "--yes",
        ];
        let output = fake.batch(folder.path(), &[&common, words].concat());
        assert_eq!(exit_code(&output), code, "{}", stderr(&output));
        assert!(stderr(&output).contains(reason), "{}", stderr(&output));
    };
    let images = "s3://data/covers/";
    refused(
        &["--images", images, "--file", "covers.csv"],
        2,
        "cannot be used with",
    );
    refused(
        &["--images", images, "--image-column", "x"],
        2,
        "cannot be used with",
    );
    refused(
        &["--file", "covers.csv", "--image-column", "cover"],
        1,
        "no column cover: it has title",
    );
    let none = format!("s3://{BUCKET}/inputs/none/");
    refused(&["--images", &none], 1, "there are no images below");
}
