//! What no record can succeed with ends the sending at once; what was answered before is kept.

use invoke_records::InvokeError;
use runs::StoreError;
use shared::contracts::batch::{JobMode, RunFailure};
use shared::run::{ErrorKind, Fails as _};

use crate::support::{CLAUDE, TestModel, World, ids, input};

const NOT_ALLOWED: &str = "You don't have access to the model with the specified model ID.";
const PROFILE_ONLY: &str = "Invocation of model ID x with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.";

#[test]
fn a_model_that_cannot_be_invoked_is_not_asked_for_every_record() {
    let cases = [
        (
            ErrorKind::Denied,
            "AccessDeniedException",
            NOT_ALLOWED,
            RunFailure::Broken,
        ),
        (
            ErrorKind::OutsidePort,
            "OutsidePort",
            "not granted",
            RunFailure::Broken,
        ),
        (
            ErrorKind::Missing,
            "ResourceNotFoundException",
            "end of its life",
            RunFailure::InvalidRequest,
        ),
        (
            ErrorKind::Invalid,
            "ValidationException",
            "The provided model identifier is invalid.",
            RunFailure::InvalidRequest,
        ),
        (
            ErrorKind::Invalid,
            "ValidationException",
            PROFILE_ONLY,
            RunFailure::InvalidRequest,
        ),
    ];
    for (kind, code, message, failure) in cases {
        let world = World::of(50);
        let texts: Vec<_> = (0..50).map(|number| format!("t{number}")).collect();
        let answers: Vec<_> = texts
            .iter()
            .map(|text| (text.as_str(), Err((kind, code, message))))
            .collect();
        let model = TestModel::with(&answers);
        let error = world.invoke(&model).unwrap_err();
        assert_eq!(error.failure(), Some(failure), "{error}");
        assert!(error.to_string().contains(message) && error.to_string().contains(CLAUDE));
        assert!(model.asked().len() <= 4, "{:?}", model.asked());
        assert_eq!(world.bucket.get(&world.output_key()), None);
    }
}

#[test]
fn what_was_answered_before_is_kept_and_not_sent_again() {
    let world = World::of(40);
    let denied = Err((ErrorKind::Denied, "AccessDeniedException", NOT_ALLOWED));
    let model = TestModel::with(&[("t30", denied)]);
    let error = world.invoke(&model).unwrap_err();
    assert!(matches!(error, InvokeError::Denied { .. }), "{error}");
    assert!(world.part(0).is_some() && world.part(1).is_some());
    let model = TestModel::default();
    let sent = world.invoke(&model).unwrap();
    assert!(model.asked().len() <= 10, "{:?}", model.asked());
    assert!(model.asked().contains(&"t30".to_owned()));
    assert_eq!(sent.manifest.success_record_count, 40);
    let mut found = world.ids();
    found.sort();
    let mut expected = ids(0..40);
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn a_damaged_input_is_named_with_its_line() {
    let world = World::of(3);
    let text = format!("{}\n{{\"recordId\": 5}}\n{}", input(0), input(2));
    world.bucket.put(&world.task.input, text);
    let error = world.invoke(&TestModel::default()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("s3://runs-bucket/batch_inputs_json/jokes/5f1c/0003-r1.jsonl"),
        "{error}"
    );
    assert!(error.to_string().contains("line 2 "), "{error}");
    assert_eq!(error.failure(), Some(RunFailure::Broken));
    // The answer to the first line was paid for.
    assert!(world.part(0).is_some());
}

#[test]
fn a_chunk_of_another_mode_or_without_input_is_refused() {
    let mut world = World::of(3);
    world.task.mode = JobMode::Batch;
    let error = world.invoke(&TestModel::default()).unwrap_err();
    assert!(
        matches!(error, InvokeError::Mode(JobMode::Batch)),
        "{error}"
    );
    world.task.mode = JobMode::OnDemand;
    world.bucket.remove(&world.task.input);
    let error = world.invoke(&TestModel::default()).unwrap_err();
    assert!(matches!(error, InvokeError::NoFile(_)), "{error}");
    world.task.model_id = "meta.llama3-8b-instruct-v1:0".to_owned();
    let error = world.invoke(&TestModel::default()).unwrap_err();
    assert_eq!(error.failure(), Some(RunFailure::InvalidRequest));
}

#[test]
fn a_bucket_that_is_throttled_is_for_the_machine_to_repeat() {
    let world = World::of(3);
    let throttled = StoreError::new(RunFailure::Throttled, "slow down");
    world.bucket.fail(&world.output_key(), throttled.clone());
    let error = world.invoke(&TestModel::default()).unwrap_err();
    assert_eq!(error.failure(), Some(RunFailure::Throttled), "{error}");
    let world = World::of(3);
    world
        .bucket
        .fail(&world.key(|layout| layout.output_part(3, 1, 0)), throttled);
    let error = world.invoke(&TestModel::default()).unwrap_err();
    assert_eq!(error.failure(), Some(RunFailure::Throttled), "{error}");
}
