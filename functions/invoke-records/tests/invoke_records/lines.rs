//! The lines of the output are those of a batch job.

use proptest::prelude::*;
use serde_json::{Value, json};
use shared::batch::outcome::{Answer, RecordStatus};
use shared::batch::processor::processor_of;
use shared::batch::record::{OutputLine, parse_lines};
use shared::run::ErrorKind;

use crate::support::{CLAUDE, TestModel, World, claude, input};

#[test]
fn a_line_repeats_the_input_and_has_the_answer_or_the_error() {
    let world = World::of(3);
    let throttled = Err((
        ErrorKind::Throttled,
        "ThrottlingException",
        "Too many requests",
    ));
    world
        .invoke(&TestModel::with(&[("t1", throttled)]))
        .unwrap();
    let lines = world.lines();
    let sent: Value = serde_json::from_str(&input(0)).unwrap();
    assert_eq!(lines[0]["modelInput"], sent["modelInput"]);
    assert_eq!(lines[0]["modelOutput"], claude("answer to t0"));
    assert_eq!(lines[0].as_object().unwrap().len(), 3);
    assert_eq!(
        lines[1]["error"],
        json!({"errorCode": 429, "errorMessage": "Too many requests"})
    );
    assert_eq!(lines[1].as_object().unwrap().len(), 3);
    assert!(
        world
            .output()
            .starts_with(r#"{"recordId":"r0","modelInput":{"#)
    );
    assert!(!world.output().ends_with('\n'));
}

#[test]
fn a_failed_record_fails_alone_by_the_code_that_a_batch_job_would_write() {
    let cases = [
        ("t0", ErrorKind::Throttled, "ThrottlingException", 429, true),
        (
            "t1",
            ErrorKind::Throttled,
            "ModelNotReadyException",
            429,
            true,
        ),
        (
            "t2",
            ErrorKind::Unavailable,
            "ServiceUnavailableException",
            503,
            true,
        ),
        (
            "t3",
            ErrorKind::Unavailable,
            "InternalServerException",
            500,
            true,
        ),
        (
            "t4",
            ErrorKind::Unavailable,
            "ModelTimeoutException",
            408,
            true,
        ),
        (
            "t5",
            ErrorKind::Unavailable,
            "ModelErrorException",
            424,
            true,
        ),
        ("t6", ErrorKind::Unavailable, "Unavailable", 503, true),
        ("t7", ErrorKind::Invalid, "ValidationException", 400, false),
        ("t8", ErrorKind::TooLarge, "TooLarge", 413, false),
    ];
    let world = World::of(10);
    let answers =
        cases.map(|(text, kind, code, ..)| (text, Err((kind, code, "prompt is too long"))));
    let sent = world.invoke(&TestModel::with(&answers)).unwrap();
    let output = world.output();
    let processor = processor_of(&CLAUDE.parse().unwrap()).unwrap();
    let outcomes: Vec<_> = parse_lines::<OutputLine<'_>>(output.as_bytes())
        .map(|line| line.unwrap().outcome(processor))
        .collect();
    for ((text, _, _, code, passes), outcome) in cases.iter().zip(&outcomes) {
        assert_eq!(outcome.status, RecordStatus::Failed, "{text}");
        assert_eq!(outcome.error.as_ref().unwrap().code, Some(*code), "{text}");
        assert_eq!(outcome.is_worth_another_try(), *passes, "{text}");
    }
    assert_eq!(
        outcomes[9].answer,
        Some(Answer::Text("answer to t9".to_owned()))
    );
    assert_eq!(
        (
            sent.manifest.error_record_count,
            sent.manifest.success_record_count
        ),
        (9, 1)
    );
}

#[test]
fn an_answer_over_several_lines_becomes_one() {
    let world = World::of(2);
    let pretty = serde_json::to_string_pretty(&claude("two\nlines")).unwrap();
    let answer = Ok(Value::String(pretty.replace('\n', "\r\n")));
    world.invoke(&TestModel::with(&[("t0", answer)])).unwrap();
    assert_eq!(world.output().lines().count(), 2);
    assert_eq!(world.lines()[0]["modelOutput"], claude("two\nlines"));
}

#[test]
fn an_answer_that_is_not_json_is_an_error_of_the_model() {
    let world = World::of(1);
    let answer = Ok(Value::String("<html>".to_owned()));
    let sent = world.invoke(&TestModel::with(&[("t0", answer)])).unwrap();
    assert_eq!(world.lines()[0]["error"]["errorCode"], 424);
    assert_eq!(sent.manifest.error_record_count, 1);
}

#[test]
fn an_output_without_an_answer_is_a_success_to_the_service() {
    let world = World::of(1);
    let mut refusal = claude("");
    refusal["content"] = json!([]);
    let sent = world
        .invoke(&TestModel::with(&[("t0", Ok(refusal))]))
        .unwrap();
    assert_eq!(
        (
            sent.manifest.success_record_count,
            sent.manifest.error_record_count
        ),
        (1, 0)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_the_model_says_is_read_back(text in any::<String>()) {
        let world = World::of(1);
        let pretty = serde_json::to_string_pretty(&claude(&text)).unwrap();
        world.invoke(&TestModel::with(&[("t0", Ok(Value::String(pretty)))])).unwrap();
        let output = world.output();
        prop_assert_eq!(output.split('\n').count(), 1);
        prop_assert_eq!(&world.lines()[0]["modelOutput"], &claude(&text));
    }
}
