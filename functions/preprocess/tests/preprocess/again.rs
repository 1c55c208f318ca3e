//! Redrives.

use std::io::BufReader;

use bytes::Bytes;
use serde_json::{Value, json};
use shared::batch::cost::Usage;
use shared::batch::model_id::ModelId;
use shared::batch::processor::{Kind, processor_of};
use shared::contracts::batch::{AttemptRecord, ChunkRecord, Ending, JobEnd, JobMode};
use tables::join::{Join, JoinLimits, ResultFormat};

use super::support::{EXECUTION, REDRIVE, World, limits};

const FOLDER: &str = "batch_inputs_json/jokes/run-1/";

/// What became of a record.
#[derive(Clone, Copy)]
enum Became {
    Answered,
    Throttled,
    Refused,
    Missing,
}

/// A run of so many topics whose first jobs ended; `became` says what became of each record.
fn after_jobs(topics: usize, minimum: u64, became: impl Fn(u64, usize) -> Became) -> World {
    let world = World::of_topics(topics).limited(limits(minimum, 1 << 30));
    world.run(&fields()).unwrap();
    for task in world.tasks(0) {
        let ids = world.ids(&format!("{:04}.jsonl", task.chunk));
        let lines = ids.iter().enumerate();
        let lines: Vec<String> = lines
            .filter_map(|(place, id)| output(id, became(task.chunk, place)))
            .collect();
        end_job(&world, task.chunk, &lines.join("\n"));
    }
    world
}

fn fields() -> Value {
    json!({"max_records_per_job": 200})
}

fn output(id: &str, became: Became) -> Option<String> {
    let outcome = match became {
        Became::Answered => {
            json!({"modelOutput": {"content": [{"type": "text", "text": "Ha."}], "stop_reason": "end_turn"}})
        }
        Became::Throttled => json!({"error": {"errorCode": 429, "errorMessage": "slow down"}}),
        Became::Refused => json!({"error": {"errorCode": 400, "errorMessage": "bad request"}}),
        Became::Missing => return None,
    };
    let mut line = json!({"recordId": id, "modelInput": {}});
    for (name, value) in outcome.as_object().unwrap() {
        line[name] = value.clone();
    }
    Some(line.to_string())
}

/// Leaves what post-processing leaves of a chunk.
fn end_job(world: &World, chunk: u64, output: &str) {
    let rows = format!("batch_inputs_parquet/jokes/run-1/{chunk:04}.snappy.parquet");
    let rows = Bytes::from(world.bucket.get(&rows).unwrap());
    let model: ModelId = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
        .parse()
        .unwrap();
    let processor = processor_of(&model).unwrap();
    let mut join = Join::new("rows", rows, Kind::Text, JoinLimits::default()).unwrap();
    let lines = BufReader::new(output.as_bytes());
    join.read_outputs("output", "arn:job", lines, processor)
        .unwrap();
    let (result, joined) = join
        .write("result", Vec::new(), ResultFormat::Parquet)
        .unwrap();
    let key = format!("batch_output_parquet/jokes/run-1/{chunk:04}.snappy.parquet");
    world.bucket.put(&key, result);
    let record = ChunkRecord {
        chunk,
        attempts: vec![AttemptRecord {
            attempt: 0,
            mode: JobMode::Batch,
            records: joined.counts.records,
            end: JobEnd {
                ending: Ending::PartiallyCompleted,
                job_arn: None,
                message: None,
            },
            output: None,
            usage: Usage::default(),
        }],
        counts: joined.counts,
        result: key,
        csv: None,
    };
    let record = serde_json::to_vec(&record).unwrap();
    world
        .bucket
        .put(&format!("runs/jokes/run-1/chunks/{chunk:04}.json"), record);
}

#[test]
fn only_what_is_worth_another_try_is_sent_again() {
    let world = after_jobs(400, 3, |chunk, place| match (chunk, place) {
        (0, _) => Became::Answered,
        (_, 0) => Became::Refused,
        (_, 1..=2) => Became::Throttled,
        (_, 190..) => Became::Missing,
        _ => Became::Answered,
    });
    let before = world.text("batch_inputs_json/jokes/run-1/0001.jsonl");
    let done = world.again(1, &fields()).unwrap();
    assert_eq!((done.plan.chunks, done.plan.records), (1, 12));
    assert_eq!(done.plan.tasks, "runs/jokes/run-1/tasks-1.jsonl");
    assert!(done.resent.is_empty());
    let tasks = world.tasks(1);
    let task = &tasks[0];
    assert_eq!(
        (task.chunk, task.attempt, task.mode, task.records),
        (1, 1, JobMode::Batch, 12)
    );
    assert_eq!(task.input, format!("{FOLDER}0001-r1.jsonl"));
    assert_eq!(task.run.execution, REDRIVE);
    let again = world.text(&task.input);
    let lines: Vec<&str> = before.lines().collect();
    let expected: Vec<&str> = lines[1..3].iter().chain(&lines[190..]).copied().collect();
    assert_eq!(again, expected.join("\n"));
    // The job is another one, and so is its token, although the first execution names them.
    let first = &world.tasks(0)[1];
    assert_ne!(first.job_name, task.job_name);
    assert_ne!(first.client_request_token, task.client_request_token);
    assert_eq!(first.run.execution, EXECUTION);
}

#[test]
fn too_few_records_for_a_job_go_one_by_one() {
    let world = after_jobs(400, 100, |_, place| match place {
        0 => Became::Missing,
        _ => Became::Answered,
    });
    let done = world.again(1, &fields()).unwrap();
    assert_eq!((done.plan.chunks, done.plan.records), (2, 2));
    assert!(
        world
            .tasks(1)
            .iter()
            .all(|task| task.mode == JobMode::OnDemand)
    );
    let refusing = json!({"max_records_per_job": 200, "below_minimum": "refuse"});
    let refused = world.again(1, &refusing).unwrap_err().to_string();
    assert!(
        refused.contains("set `below_minimum` to `on_demand`"),
        "{refused}"
    );
}

#[test]
fn a_finished_run_has_nothing_to_redrive() {
    let world = after_jobs(400, 100, |_, place| match place {
        0 => Became::Refused,
        _ => Became::Answered,
    });
    let done = world.again(1, &fields()).unwrap();
    assert_eq!((done.plan.chunks, done.plan.records), (0, 0));
    assert_eq!(world.text("runs/jokes/run-1/tasks-1.jsonl"), "");
    assert!(!world.bucket.keys().iter().any(|key| key.contains("-r1")));
}

#[test]
fn a_chunk_without_outputs_is_sent_again_as_a_whole() {
    let world = after_jobs(400, 100, |_, _| Became::Answered);
    world.bucket.remove("runs/jokes/run-1/chunks/0000.json");
    world
        .bucket
        .remove("batch_output_parquet/jokes/run-1/0001.snappy.parquet");
    let done = world.again(2, &fields()).unwrap();
    assert_eq!(done.resent, [0, 1]);
    assert_eq!((done.plan.chunks, done.plan.records), (2, 400));
    for chunk in ["0000", "0001"] {
        assert_eq!(
            world.text(&format!("{FOLDER}{chunk}-r2.jsonl")),
            world.text(&format!("{FOLDER}{chunk}.jsonl"))
        );
    }
}

/// Leaves the output of a job that was given this input of a chunk.
fn put_output(world: &World, chunk: &str, input: &str, became: impl Fn(usize) -> Became) {
    let ids = world.ids(&format!("{input}.jsonl"));
    let lines = ids.iter().enumerate();
    let lines: Vec<_> = lines
        .filter_map(|(place, id)| output(id, became(place)))
        .collect();
    let folder = format!("batch_outputs_json/jokes/run-1/{chunk}/job{input}/").replace("-r", "r");
    let lines = lines.join("\n");
    world
        .bucket
        .put(&format!("{folder}{input}.jsonl.out"), lines);
    world
        .bucket
        .put(&format!("{folder}manifest.json.out"), "{}");
}

#[test]
fn outputs_that_came_after_the_results_count() {
    let world = after_jobs(200, 3, |_, place| match place {
        0..20 => Became::Missing,
        _ => Became::Answered,
    });
    world.again(1, &fields()).unwrap();
    assert_eq!(world.tasks(1)[0].records, 20);
    // The second execution ended before it made results of what its job had answered.
    put_output(&world, "0000", "0000-r1", |place| match place {
        0..4 => Became::Throttled,
        _ => Became::Answered,
    });
    world.again(2, &fields()).unwrap();
    assert_eq!(world.tasks(2)[0].records, 4);
    assert_eq!(world.ids("0000-r2.jsonl"), world.ids("0000.jsonl")[..4]);
}

#[test]
fn what_was_answered_is_not_sent_again_even_without_results() {
    let world = after_jobs(600, 3, |_, _| Became::Answered);
    let forget = |chunk: u64| {
        let record = format!("runs/jokes/run-1/chunks/{chunk:04}.json");
        world.bucket.remove(&record);
    };
    // Of the first, all but five were answered; of the second, all; the third has no output.
    (0..3).for_each(forget);
    put_output(&world, "0000", "0000", |place| match place {
        0..5 => Became::Throttled,
        5 => Became::Refused,
        _ => Became::Answered,
    });
    put_output(&world, "0001", "0001", |_| Became::Answered);
    let done = world.again(1, &fields()).unwrap();
    assert_eq!(done.resent, [2]);
    let tasks = world.tasks(1);
    let sent: Vec<_> = tasks.iter().map(|task| (task.mode, task.records)).collect();
    let expected = [
        (JobMode::Batch, 5),
        (JobMode::Nothing, 0),
        (JobMode::Batch, 200),
    ];
    assert_eq!(sent, expected);
    assert_eq!(world.ids("0000-r1.jsonl"), world.ids("0000.jsonl")[..5]);
    assert!(
        world
            .bucket
            .get(&format!("{FOLDER}0001-r1.jsonl"))
            .is_none()
    );
}

#[test]
fn asked_again_it_writes_the_same() {
    let world = after_jobs(400, 100, |_, place| match place {
        0..150 => Became::Missing,
        _ => Became::Answered,
    });
    let first = world.again(1, &fields()).unwrap();
    let tasks = world.text("runs/jokes/run-1/tasks-1.jsonl");
    assert_eq!(world.again(1, &fields()).unwrap(), first);
    assert_eq!(world.text("runs/jokes/run-1/tasks-1.jsonl"), tasks);
}

#[test]
fn files_that_are_gone_are_named() {
    let world = after_jobs(400, 100, |_, _| Became::Missing);
    world.bucket.remove(&format!("{FOLDER}0001.jsonl"));
    let gone = world.again(1, &fields()).unwrap_err().to_string();
    assert!(
        gone.starts_with("`s3://data/batch_inputs_json/jokes/run-1/0001.jsonl` is missing"),
        "{gone}"
    );
    world.bucket.remove("runs/jokes/run-1/run.json");
    let gone = world.again(1, &fields()).unwrap_err().to_string();
    assert!(
        gone.starts_with("`s3://data/runs/jokes/run-1/run.json` is missing"),
        "{gone}"
    );
}
