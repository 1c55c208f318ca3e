//! Records in the order of the input, several at a time, for as long as there is time.

use shared::contracts::batch::Ending;

use crate::support::{TestModel, World, ids};

#[test]
fn every_record_is_sent_once_and_lines_are_in_the_order_of_the_input() {
    let world = World::of(60);
    let model = TestModel::default();
    let sent = world.invoke(&model).unwrap();
    assert_eq!(world.ids(), ids(0..60));
    let mut asked = model.asked();
    asked.sort();
    asked.dedup();
    assert_eq!((asked.len(), sent.calls), (60, 60));
    assert_eq!(sent.end.ending, Ending::OnDemand);
    assert_eq!((sent.end.job_arn, sent.end.message), (None, None));
    let manifest = world.manifest();
    assert_eq!(manifest, sent.manifest);
    assert_eq!(
        (manifest.total_record_count, manifest.success_record_count),
        (60, 60)
    );
    assert_eq!(
        (manifest.input_token_count, manifest.output_token_count),
        (600, 180)
    );
}

#[test]
fn as_many_records_are_with_the_model_as_the_policy_says() {
    for concurrency in [1, 4, 7] {
        let mut world = World::of(30);
        world.policy.concurrency = concurrency;
        let model = TestModel::default();
        world.invoke(&model).unwrap();
        assert_eq!(model.most_open.get(), usize::try_from(concurrency).unwrap());
    }
}

#[test]
fn when_time_runs_out_the_rest_is_not_sent_and_not_in_the_output() {
    let mut world = World::of(40);
    world.policy.seconds = 10;
    let model = TestModel::default();
    let sent = world.invoke(&model).unwrap();
    let processed = sent.manifest.processed_record_count;
    assert!((10..=14).contains(&processed), "{processed}");
    assert_eq!(model.asked().len() as u64, processed);
    assert_eq!(world.ids(), ids(0..processed));
    assert_eq!(sent.manifest.total_record_count, 40);
    let left = 40 - processed;
    assert_eq!(
        sent.end.message,
        Some(format!(
            "time ran out with {left} of 40 records left that were not sent"
        ))
    );
    // Asked again it says the same, and does not go on: a redrive does.
    let again = TestModel::default();
    assert_eq!(world.invoke(&again).unwrap().end, sent.end);
    assert!(again.asked().is_empty());
}

#[test]
fn an_input_without_records_has_an_empty_output() {
    let world = World::of(0);
    let model = TestModel::default();
    let sent = world.invoke(&model).unwrap();
    assert_eq!((world.output(), sent.calls), (String::new(), 0));
}
