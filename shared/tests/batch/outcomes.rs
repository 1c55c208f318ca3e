//! Lines of output, whatever they hold, become outcomes.

use proptest::prelude::*;
use shared::batch::outcome::{Answer, Outcome, RecordError, RecordStatus};
use shared::batch::processor::PROCESSORS;
use shared::batch::record::{OutputLine, parse_line};

use super::support::{CLAUDE, TITAN, processor};

fn outcome(model: &str, rest: &str) -> Outcome {
    let line = format!(r#"{{"recordId":"1","modelInput":{{"x":1}}{rest}}}"#);
    let line: OutputLine<'_> = parse_line(1, line.as_bytes()).unwrap().unwrap();
    assert_eq!(line.record_id, "1");
    line.outcome(processor(model))
}

#[test]
fn an_answer_is_an_answer() {
    let outcome = outcome(
        CLAUDE,
        r#","modelOutput":{"content":[{"type":"text","text":"ha"}]}"#,
    );
    assert_eq!(outcome, Outcome::answered(Answer::Text("ha".into())));
}

#[test]
fn errors_are_read_with_codes_of_either_form() {
    for model in [CLAUDE, TITAN] {
        for (error, code, message) in [
            (
                r#"{"errorCode":400,"errorMessage":"bad request"}"#,
                Some(400),
                "bad request",
            ),
            (
                r#"{"errorCode":"400","errorMessage":"bad request"}"#,
                Some(400),
                "bad request",
            ),
            (
                r#"{"errorCode":"Throttled","errorMessage":"slow"}"#,
                None,
                "Throttled: slow",
            ),
            (
                r#"{"errorCode":70000,"errorMessage":"odd"}"#,
                None,
                "70000: odd",
            ),
            (r#"{"errorMessage":"bad"}"#, None, "bad"),
            (
                r#"{"errorCode":503}"#,
                Some(503),
                "the service gave no message",
            ),
        ] {
            let outcome = outcome(model, &format!(r#","error":{error}"#));
            let message = message.to_owned();
            assert_eq!(outcome, Outcome::failed(RecordError { code, message }));
        }
    }
}

#[test]
fn lines_without_answer_are_told_apart() {
    let neither = outcome(CLAUDE, "");
    assert_eq!(
        neither,
        Outcome::no_answer("the line has neither `modelOutput` nor `error`")
    );
    assert_eq!(outcome(CLAUDE, r#","modelOutput":null"#), neither);
    for odd in [
        r#""text""#,
        "{}",
        r#"{"content":"text"}"#,
        r#"{"content":[{"text":"untyped"}]}"#,
    ] {
        let outcome = outcome(CLAUDE, &format!(r#","modelOutput":{odd}"#));
        assert_eq!(outcome.status, RecordStatus::NoAnswer, "{odd}");
        let message = outcome.error.unwrap().message;
        assert!(
            message.starts_with("the output is not one of Anthropic Messages: "),
            "{message}"
        );
    }
}

#[test]
fn only_what_may_change_is_tried_again() {
    let failed = |code| {
        Outcome::failed(RecordError {
            code,
            message: String::new(),
        })
    };
    for code in [408, 424, 429, 500, 503] {
        assert!(failed(Some(code)).is_worth_another_try(), "{code}");
    }
    assert!(Outcome::missing().is_worth_another_try());
    for outcome in [
        failed(Some(400)),
        failed(None),
        Outcome::no_answer("a"),
        Outcome::rejected("a"),
        Outcome::answered(Answer::Text("a".into())),
    ] {
        assert!(!outcome.is_worth_another_try(), "{outcome:?}");
    }
}

#[test]
fn the_word_in_the_column_is_the_word_in_json() {
    for status in [
        RecordStatus::Succeeded,
        RecordStatus::Failed,
        RecordStatus::NoAnswer,
        RecordStatus::Rejected,
        RecordStatus::Missing,
    ] {
        assert_eq!(serde_json::to_value(status).unwrap(), status.as_str());
        assert_eq!(RecordStatus::of_word(status.as_str()), Some(status));
    }
}

proptest! {
    /// Whatever a line holds, reading it ends in a value.
    #[test]
    fn no_output_panics(text in r#"[{}\[\]",:a-z0-9.]{0,40}"#, key in "content|output|embedding|embeddings|message") {
        for processor in PROCESSORS {
            for output in [text.clone(), format!(r#"{{"{key}":{text}}}"#)] {
                if let Ok(outcome) = processor.read_output(&output) {
                    prop_assert_eq!(outcome.answer.is_some(), outcome.error.is_none());
                }
            }
        }
    }
}
