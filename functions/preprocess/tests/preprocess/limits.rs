//! What a model takes in one job.

use serde_json::json;

use super::support::{World, limits};

#[test]
fn an_input_that_is_too_large_says_how_many_records_would_fit() {
    let world = World::of_topics(1_000).limited(limits(100, 100_000));
    let refused = world.refused(&json!({}));
    let (_, fitting) = refused.split_once("set `max_records_per_job` to ").unwrap();
    let fitting: u64 = fitting.strip_suffix(" or less").unwrap().parse().unwrap();
    assert!(fitting > 300, "{refused}");
    let smaller = world.run(&json!({"max_records_per_job": fitting}));
    assert!(smaller.is_ok());
}

#[test]
fn records_that_never_fit_say_so() {
    let world = World::of_topics(1_000).limited(limits(100, 10_000));
    let refused = world.refused(&json!({}));
    assert!(
        refused.contains("a job must have 100: shorten the texts"),
        "{refused}"
    );
}

#[test]
fn bounds_that_contradict_the_model_are_refused() {
    let world = World::of_topics(1_000);
    let few = world.refused(&json!({"max_records_per_job": 50}));
    assert!(few.starts_with("max_records_per_job is 50"), "{few}");
    let many = world.refused(&json!({"max_records_per_job": 60_000}));
    assert!(many.starts_with("max_records_per_job is 60000"), "{many}");
}

#[test]
fn a_run_asks_for_no_more_jobs_than_the_model_allows() {
    let mut few = limits(100, 1 << 30);
    few.maximum_jobs = 2;
    let world = World::of_topics(1_000).limited(few);
    assert_eq!(world.run(&json!({})).unwrap().plan.max_concurrency, 2);
}
