//! Runs with images.

use serde_json::{Value, json};
use shared::contracts::batch::JobMode;

use super::support::{World, limits};

/// A GIF of one pixel.
const GIF: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x01D\0;";

/// The same in base64, as another tool writes it.
const BASE64: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

/// A bucket of so many images.
fn world(images: usize) -> World {
    let world = World::of_topics(1);
    for number in 0..images {
        world
            .bucket
            .put(&format!("inputs/covers/{number:03}.gif"), GIF);
    }
    world
}

fn fields(more: &Value) -> Value {
    let mut fields = json!({"s3_uri": null, "images_s3_uri": "s3://data/inputs/covers/", "prompt_id": "describe_image"});
    for (name, value) in more.as_object().unwrap() {
        fields[name] = value.clone();
    }
    fields
}

#[test]
fn every_image_is_a_record_of_jobs_that_it_fits_into() {
    let world = world(250);
    world.bucket.put("inputs/covers/007.gif", "no picture");
    let done = world.run(&fields(&json!({}))).unwrap();
    assert_eq!((done.plan.chunks, done.plan.records), (2, 249));
    let tasks = world.tasks(0);
    assert!(tasks.iter().all(|task| task.mode == JobMode::Batch));
    assert_eq!(world.manifest().chunks, [125, 125]);
    let lines = world.text(&tasks[0].input);
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let content = &line["modelInput"]["messages"][0]["content"];
        assert_eq!(content[0]["source"]["data"], BASE64);
        let prompt = content[1]["text"].as_str().unwrap();
        assert!(prompt.starts_with("Describe the image"), "{prompt}");
    }
    let rejected = world.text("batch_inputs_parquet/jokes/run-1/0000.rejected.jsonl");
    assert_eq!(rejected.lines().count(), 1);
    assert!(
        rejected.contains("`s3://data/inputs/covers/007.gif` begins like no JPEG"),
        "{rejected}"
    );
    let again = world.run(&fields(&json!({}))).unwrap();
    assert_eq!(
        (again.plan, world.text(&tasks[0].input)),
        (done.plan, lines)
    );
}

#[test]
fn larger_jobs_of_small_images_are_had_for_the_asking() {
    let world = world(250);
    let done = world.run(&fields(&json!({"max_records_per_job": 1_000})));
    assert_eq!(done.unwrap().plan.chunks, 1);
    let strict = world.limited(limits(100, 50_000));
    let refused = strict.run(&fields(&json!({"max_records_per_job": 1_000})));
    let refused = refused.unwrap_err().to_string();
    assert!(
        refused.contains("set `max_records_per_job` to "),
        "{refused}"
    );
}

#[test]
fn a_redrive_sends_what_was_sent_and_looks_at_no_image() {
    let world = world(250);
    world.run(&fields(&json!({}))).unwrap();
    let before = world.text("batch_inputs_json/jokes/run-1/0001.jsonl");
    for number in 0..250 {
        world
            .bucket
            .remove(&format!("inputs/covers/{number:03}.gif"));
    }
    let again = world.again(1, &fields(&json!({}))).unwrap();
    assert_eq!((again.resent, again.plan.records), (vec![0, 1], 250));
    let sent = world.text("batch_inputs_json/jokes/run-1/0001-r1.jsonl");
    assert_eq!(sent, before);
}

#[test]
fn few_images_go_one_by_one() {
    let world = world(3);
    let done = world.run(&fields(&json!({}))).unwrap();
    assert_eq!((done.plan.chunks, done.plan.records), (1, 3));
    assert_eq!(world.tasks(0)[0].mode, JobMode::OnDemand);
}
