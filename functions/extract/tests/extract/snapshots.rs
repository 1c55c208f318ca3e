//! What a reviewer should see change: requests, answers, log lines, metrics, the file schema and failure messages.

use std::time::SystemTime;

use crate::support::{GATSBY, World, batch, body, created, message, run};
use extract::answer::Answer;
use extract::batch::{Happened, process_batch};
use extract::report;
use extract::request;
use extract::table::Table;
use serde_json::{Value, json};
use shared::contracts::ParseMode;
use shared::record::{Record, prompt, read};
use shared::records::{BookMetadata, InvoiceSummary};
use shared::telemetry::log::Line;

fn assert_snapshot(name: &str, text: impl std::fmt::Display) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots/extract");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

#[test]
fn the_prompt_of_a_book() {
    assert_snapshot("prompt", prompt::<BookMetadata>());
}

#[test]
fn a_request() {
    let body = request::body(b"\xFF\xD8\xFF the bytes of a JPEG", "What is this?").unwrap();
    assert_snapshot("request", pretty(&serde_json::from_slice(&body).unwrap()));
}

#[test]
fn answers() {
    let texts = [
        ("as asked", GATSBY.to_owned()),
        ("in a code fence", format!("```json\n{GATSBY}\n```")),
        ("with words around", format!("The cover says: {GATSBY} I hope this helps.")),
        ("with numbers as text", GATSBY.replace("2004", "\"2004\"").replace("0.88", "\"0.88\"")),
        ("with fields out of range", GATSBY.replace("2004", "12004").replace("0.88", "1.88")),
        ("with other types", r#"{"title": null, "author": ["A. One", "B. Two"], "isbn": 9780743273565, "published_year": "c. 1925"}"#.to_owned()),
        ("cut off", GATSBY[..100].to_owned()),
        ("a refusal", "I can't read this image.".to_owned()),
    ];
    let mut all = Vec::new();
    for (name, text) in texts {
        let body = message(&text).to_string();
        let answer = Answer::read(body.as_bytes()).unwrap();
        for mode in [ParseMode::Lenient, ParseMode::Strict] {
            let reading = read::<BookMetadata>(&answer.text, mode);
            all.push(format!("{name}, {mode:?}: {reading:#?}"));
        }
    }
    assert_snapshot("answers", all.join("\n\n"));
}

#[test]
fn schemas() {
    assert_snapshot(
        "parquet_schema",
        Table::of::<BookMetadata>().unwrap().schema_text(),
    );
    assert_snapshot(
        "parquet_schema_invoice",
        Table::of::<InvoiceSummary>().unwrap().schema_text(),
    );
}

#[test]
fn log_lines_and_metrics() {
    let unsure = r#"{"title": "Emma", "published_year": "soon", "confidence": 0.3}"#;
    let scenes = [
        (
            "a sure record",
            lines(&World::answering(GATSBY), "covers/gatsby.jpg"),
        ),
        (
            "an unsure record with an invalid field",
            lines(&World::answering(unsure), "covers/gatsby.jpg"),
        ),
        (
            "an unreadable answer",
            lines(&World::answering("no"), "covers/gatsby.jpg"),
        ),
        (
            "a content of another format",
            lines(
                &World::answering(GATSBY)
                    .with("covers/a.jpg", crate::support::pictures::png_cover(3, 3)),
                "covers/a.jpg",
            ),
        ),
        (
            "a poison image",
            lines(
                &World::answering(GATSBY).with("covers/a.jpg", b"GIF89a".to_vec()),
                "covers/a.jpg",
            ),
        ),
        (
            "a throttled model",
            lines(
                &World::answering(GATSBY).failing("InvokeModel", shared::run::ErrorKind::Throttled),
                "covers/gatsby.jpg",
            ),
        ),
    ];
    let text: Vec<String> = scenes
        .iter()
        .map(|(name, lines)| format!("# {name}\n{}", lines.join("\n")))
        .collect();
    assert_snapshot("log_lines_and_metrics", text.join("\n\n"));
}

/// What a message writes to standard output.
fn lines(world: &World, key: &str) -> Vec<String> {
    let table = Table::of::<BookMetadata>().unwrap();
    let mut lines = Vec::new();
    let event = batch(&[body(vec![created(key)])]);
    run(process_batch::<BookMetadata>(
        world,
        &table,
        &event,
        |happened| lines.extend(written(&happened)),
    ));
    lines
}

fn written<R: Record>(happened: &Happened<R>) -> Vec<String> {
    let at = SystemTime::UNIX_EPOCH;
    let log = report::entries(happened).into_iter().map(|entry| {
        let line = Line {
            at,
            level: entry.level,
            message: entry.message,
            function: "extract",
            request_id: Some("c6af9ac6-7b61-11e6-9a41-93e8deadbeef"),
            fields: entry.fields.as_object().cloned().unwrap_or_default(),
        };
        line.to_json()
    });
    let metrics = report::measurement(happened).map(|measurement| measurement.to_json(at));
    log.chain(metrics).collect()
}

#[test]
fn messages_to_the_queues() {
    let world = World::answering(r#"{"title": "Emma", "confidence": 0.3}"#)
        .with("covers/a.jpg", b"GIF89a".to_vec());
    let table = Table::of::<BookMetadata>().unwrap();
    let event = batch(&["covers/a.jpg", "covers/gatsby.jpg"].map(|key| body(vec![created(key)])));
    run(process_batch::<BookMetadata>(&world, &table, &event, drop));
    assert_snapshot(
        "failure_message",
        pretty(&json!(world.failures.borrow()[0])),
    );
    assert_snapshot("review_message", pretty(&world.reviews.borrow()[0]));
}
