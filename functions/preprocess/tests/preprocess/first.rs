//! New runs.

use std::collections::BTreeSet;

use runs::StoreError;
use serde_json::json;
use shared::contracts::batch::{JobMode, RunFailure};
use shared::run::Fails as _;
use time::OffsetDateTime;

use super::support::{EXECUTION, World};

#[test]
fn a_table_becomes_even_chunks() {
    let world = World::of_topics(1_050);
    let plan = world.run(&json!({})).unwrap().plan;
    assert_eq!(
        (plan.chunks, plan.records, plan.max_concurrency),
        (2, 1_050, 5)
    );
    assert_eq!(plan.tasks, "runs/jokes/run-1/tasks-0.jsonl");
    assert_eq!(world.manifest().chunks, [525, 525]);
    let tasks = world.tasks(0);
    let modes: Vec<_> = tasks
        .iter()
        .map(|task| (task.chunk, task.mode, task.records))
        .collect();
    assert_eq!(modes, [(0, JobMode::Batch, 525), (1, JobMode::Batch, 525)]);
    let names: BTreeSet<&str> = tasks.iter().map(|task| task.job_name.as_str()).collect();
    assert!(names.len() == 2 && names.iter().all(|name| name.starts_with("jokes-part-000")));
    let (first, second) = (world.ids("0000.jsonl"), world.ids("0001.jsonl"));
    assert_eq!((first.len(), second.len()), (525, 525));
    let all: BTreeSet<_> = first.into_iter().chain(second).collect();
    assert_eq!(all.len(), 1_050);
    assert_eq!(
        world.bucket.keys(),
        [
            "batch_inputs_json/jokes/run-1/0000.jsonl",
            "batch_inputs_json/jokes/run-1/0001.jsonl",
            "batch_inputs_parquet/jokes/run-1/0000.snappy.parquet",
            "batch_inputs_parquet/jokes/run-1/0001.snappy.parquet",
            "inputs/topics.csv",
            "runs/jokes/run-1/run.json",
            "runs/jokes/run-1/tasks-0.jsonl",
        ]
    );
}

#[test]
fn bounds_leave_records_out() {
    for (fields, chunks) in [
        (json!({"max_records_total": 100}), vec![100]),
        (
            json!({"max_num_jobs": "1", "max_records_per_job": 300}),
            vec![300],
        ),
        (
            json!({"max_records_total": 500, "max_records_per_job": 200}),
            vec![167, 167, 166],
        ),
        (json!({"max_records_total": "none"}), vec![1_000]),
    ] {
        let world = World::of_topics(1_000);
        let plan = world.run(&fields).unwrap().plan;
        assert_eq!(world.manifest().chunks, chunks, "{fields}");
        assert_eq!(plan.records, chunks.iter().sum::<u64>());
    }
}

#[test]
fn too_few_records_for_a_job_go_one_by_one_or_are_refused() {
    let world = World::of_topics(99);
    world.run(&json!({})).unwrap();
    assert_eq!(world.tasks(0)[0].mode, JobMode::OnDemand);
    let refused = World::of_topics(99).refused(&json!({"below_minimum": "refuse"}));
    assert!(
        refused.contains(
            "99 records can be sent in chunk 0000, and a job of this model must have 100"
        ),
        "{refused}"
    );
    let empty = World::of_topics(0).refused(&json!({}));
    assert!(empty.starts_with("the source has no records"), "{empty}");
}

#[test]
fn rows_without_a_body_are_kept_and_not_sent() {
    let world = World::of_topics(0);
    let mut csv = "input_text\n".to_owned();
    csv += &"text\n".repeat(150);
    csv += &"\"\"\n".repeat(60);
    world.bucket.put("inputs/topics.csv", csv);
    let titan = json!({"model_id": "amazon.titan-embed-text-v2:0", "prompt_id": null,
        "max_records_per_job": 105});
    let plan = world.run(&titan).unwrap().plan;
    assert_eq!((plan.chunks, plan.records), (2, 150));
    assert_eq!(world.manifest().chunks, [105, 105]);
    let tasks = world.tasks(0);
    assert_eq!((tasks[0].mode, tasks[0].records), (JobMode::Batch, 105));
    // The second chunk lost so many that it is too small for a job.
    assert_eq!((tasks[1].mode, tasks[1].records), (JobMode::OnDemand, 45));
    let rejected = world.text("batch_inputs_parquet/jokes/run-1/0001.rejected.jsonl");
    assert_eq!(rejected.lines().count(), 60);
    assert!(rejected.contains("the text is empty"), "{rejected}");

    let none = World::of_topics(0);
    none.bucket.put(
        "inputs/topics.csv",
        format!("input_text\n{}", "\"\"\n".repeat(120)),
    );
    none.run(&titan).unwrap();
    assert_eq!(
        (none.tasks(0)[0].mode, none.tasks(0)[0].records),
        (JobMode::Nothing, 0)
    );
}

#[test]
fn ids_of_the_table_are_kept() {
    let world = World::of_topics(0);
    world
        .bucket
        .put("inputs/topics.csv", "record_id,topic\nb,cats\na,dogs\n");
    world.run(&json!({})).unwrap();
    assert_eq!(world.ids("0000.jsonl"), ["b", "a"]);
    let world = World::of_topics(0);
    world
        .bucket
        .put("inputs/topics.csv", "record_id,topic\nb,cats\nb,dogs\n");
    let twice = world.refused(&json!({}));
    assert!(
        twice.contains("`record_id` is `b` in row 2 and in an earlier row"),
        "{twice}"
    );
}

#[test]
fn a_row_may_become_several_records() {
    let world = World::of_topics(0);
    world.bucket.put(
        "inputs/topics.csv",
        "kind,topic,source\none,cats,x\nboth,dogs,y\nodd,mice,z\n",
    );
    let routing = json!({"prompt_id": null, "prompt_routing": {"column": "kind", "prompts": {
        "one": "joke_about_topic", "both": ["joke_about_topic", "question_answering"]}}});
    let plan = world.run(&routing).unwrap().plan;
    assert_eq!((plan.records, world.manifest().chunks), (3, vec![4]));
    let ids = world.ids("0000.jsonl");
    assert!(
        ids[0].ends_with("0-001") && ids[1].ends_with("1-001") && ids[2].ends_with("1-002"),
        "{ids:?}"
    );
    let rejected = world.text("batch_inputs_parquet/jokes/run-1/0000.rejected.jsonl");
    assert!(
        rejected.contains("the value `odd` of the column `kind` leads to no prompt"),
        "{rejected}"
    );
}

#[test]
fn the_answers_of_a_run_are_the_table_of_the_next() {
    let world = World::of_topics(0);
    world.bucket.put(
        "inputs/topics.csv",
        "record_id,topic,response,status,error_code\n1,cats,why?,succeeded,\n2,dogs,,failed,400\n",
    );
    let next = json!({"previous_results": true, "columns": {"response": "source"},
        "prompt_id": "question_answering"});
    let plan = world.run(&next).unwrap().plan;
    assert_eq!(
        (plan.records, world.ids("0000.jsonl")),
        (1, vec!["1".to_owned()])
    );
    let rejected = world.text("batch_inputs_parquet/jokes/run-1/0000.rejected.jsonl");
    assert!(
        rejected.contains("the earlier run has no answer for this row"),
        "{rejected}"
    );
}

#[test]
fn asked_again_it_writes_the_same() {
    let world = World::of_topics(250);
    let first = world.run(&json!({})).unwrap();
    let contents = |world: &World| -> Vec<_> {
        let keys = world.bucket.keys().into_iter();
        keys.map(|key| (world.bucket.get(&key).unwrap(), key))
            .collect()
    };
    let before = contents(&world);
    let later = World {
        now: OffsetDateTime::now_utc,
        ..world
    };
    assert_eq!(later.run(&json!({})).unwrap(), first);
    assert!(contents(&later) == before);
    assert_eq!(later.manifest().created, "1970-01-01T00:00:00Z");
    assert_eq!(later.manifest().execution, EXECUTION);
}

#[test]
fn a_table_that_was_replaced_between_two_attempts_leaves_nothing_behind() {
    let world = World::of_topics(0);
    let empty = format!("input_text\n{}", "\"\"\n".repeat(120));
    world.bucket.put("inputs/topics.csv", empty);
    let titan = json!({"model_id": "amazon.titan-embed-text-v2:0", "prompt_id": null});
    world.bucket.fail(
        "runs/jokes/run-1/tasks-0.jsonl",
        StoreError::new(RunFailure::Unavailable, "out of reach"),
    );
    world.run(&titan).unwrap_err();
    let rejected = "batch_inputs_parquet/jokes/run-1/0000.rejected.jsonl";
    assert_eq!(world.text(rejected).lines().count(), 120);
    world.bucket.mend("runs/jokes/run-1/tasks-0.jsonl");
    let full = format!("input_text\n{}", "text\n".repeat(120));
    world.bucket.put("inputs/topics.csv", full);
    assert_eq!(world.run(&titan).unwrap().plan.records, 120);
    assert_eq!(world.text(rejected), "");
}

#[test]
fn a_run_of_the_same_name_is_not_overwritten() {
    let world = World::of_topics(250);
    world.run(&json!({})).unwrap();
    let mut order = super::support::order(&json!({}));
    order.run.execution = "arn:of:another:execution:batch:run-1".to_owned();
    let written = world.bucket.written();
    let error = preprocess::preprocess(&world.services(), &order).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("there is a run `run-1` already"),
        "{error}"
    );
    assert_eq!(world.bucket.written(), written);
}

#[test]
fn the_manifest_is_last() {
    for key in [
        "batch_inputs_json/jokes/run-1/0000.jsonl",
        "batch_inputs_parquet/jokes/run-1/0000.snappy.parquet",
        "runs/jokes/run-1/tasks-0.jsonl",
    ] {
        let world = World::of_topics(250);
        let slow = StoreError::new(RunFailure::Unavailable, "out of reach");
        world.bucket.fail(key, slow);
        let error = world.run(&json!({})).unwrap_err();
        assert_eq!(
            error.failure(),
            Some(RunFailure::Unavailable),
            "{key}: {error}"
        );
        assert_eq!(world.bucket.get("runs/jokes/run-1/run.json"), None);
    }
}
