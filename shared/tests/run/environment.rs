//! Ports from environment variables.

use shared::Phase;
use shared::contracts::{ArchiveLimits, ParseMode};
use shared::run::{Clients, Run};
use shared_derive::Ports;

use crate::ports;
use crate::server::{Answer, Server};

#[derive(Ports)]
struct Sample<P: Phase> {
    landing: P::ReadObjects,
    raw: P::WriteObjects,
    model: P::InvokeModel,
    failures: P::SendMessages,
    limits: P::Setting<ArchiveLimits>,
    mode: P::Setting<ParseMode>,
    greeting: P::Setting<String>,
    inputs: P::ReadBuckets,
    open: P::QueryItems,
    jobs: P::SubmitJobs,
    token: P::ReadSecret,
}

const SAMPLE: [(&str, &str); 11] = [
    ("LANDING", "s3://landing-bucket/"),
    ("RAW", "s3://raw-bucket/images/"),
    ("MODEL", "eu.anthropic.claude-haiku-4-5-20251001-v1:0"),
    (
        "FAILURES",
        "https://sqs.eu-west-1.amazonaws.com/111122223333/failures",
    ),
    (
        "LIMITS",
        r#"{"entries": 5, "entry_bytes": 10, "total_bytes": 20, "ratio": 3}"#,
    ),
    ("MODE", "strict"),
    ("GREETING", "42"),
    ("INPUTS", "batch,tables"),
    ("OPEN", "batch-jobs/open-jobs"),
    ("JOBS", "arn:aws:iam::111122223333:role/jobs"),
    ("TOKEN", "none"),
];

fn clients() -> Clients {
    Clients::from_config(Server::answering(vec![Answer::ok("")]).config())
}

#[test]
fn every_port_comes_from_its_variable() {
    let sample: Sample<Run> = ports(&clients(), &SAMPLE).unwrap();
    assert_eq!(sample.landing.bucket(), "landing-bucket");
    assert_eq!(sample.landing.location().prefix(), "");
    assert_eq!(sample.raw.location().to_string(), "s3://raw-bucket/images/");
    assert_eq!(
        sample.model.model(),
        "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
    );
    assert_eq!(
        sample.failures.url(),
        "https://sqs.eu-west-1.amazonaws.com/111122223333/failures"
    );
    assert_eq!(
        sample.limits,
        ArchiveLimits {
            entries: 5,
            entry_bytes: 10,
            total_bytes: 20,
            ratio: 3
        }
    );
    assert_eq!(sample.mode, ParseMode::Strict);
    // Text stays text, also where it looks like a number.
    assert_eq!(sample.greeting, "42");
    assert_eq!(sample.inputs.buckets(), ["batch", "tables"]);
    assert_eq!(
        (sample.open.table(), sample.open.index()),
        ("batch-jobs", "open-jobs")
    );
    assert_eq!(sample.jobs.role(), "arn:aws:iam::111122223333:role/jobs");
}

#[test]
fn an_object_port_may_have_several_prefixes() {
    let common_part = |text: &'static str| {
        let mut variables = SAMPLE;
        variables[1].1 = text;
        let sample: Sample<Run> = ports(&clients(), &variables).unwrap();
        assert_eq!(sample.raw.location().to_string(), text);
        sample.raw.location().prefix().to_owned()
    };
    assert_eq!(common_part("s3://raw/images/,archives/"), "");
    assert_eq!(common_part("s3://raw/batch_in/,batch_out/"), "batch_");
    assert_eq!(common_part("s3://raw/bücher/,bände/"), "b");
    assert_eq!(common_part("s3://raw/a/,a/b/"), "a/");
}

fn refusal(variable: &str, value: Option<&str>) -> String {
    let mut variables: Vec<_> = SAMPLE
        .into_iter()
        .filter(|(name, _)| *name != variable)
        .collect();
    variables.extend(value.map(|value| (variable, value)));
    let Err(error) = ports::<Sample<Run>>(&clients(), &variables) else {
        panic!("{variable}={value:?} was accepted");
    };
    error.to_string()
}

#[test]
fn a_missing_variable_is_named() {
    let expected = "environment variable `RAW` is not set: port `raw` needs it; deploy the function by its stack, which writes it";
    assert_eq!(refusal("RAW", None), expected);
    assert_eq!(refusal("RAW", Some("")), expected);
}

#[test]
fn malformed_variables_are_refused() {
    for text in [
        "raw-bucket",
        "s3://",
        "s3:///key",
        "https://raw-bucket/",
        "s3://raw//images",
        "s3://raw/images/,",
        "s3://raw/,images/",
        "s3://raw/images/,/archives/",
    ] {
        let error = refusal("RAW", Some(text));
        assert!(
            error.starts_with("environment variable `RAW`: ")
                && error.contains("write `s3://bucket/prefix`"),
            "{error}"
        );
    }
    for (variable, text, expected) in [
        ("INPUTS", "batch,", "bucket names with commas between them"),
        ("OPEN", "batch-jobs", "`table/index`"),
        ("JOBS", "jobs", "an ARN"),
        ("TOKEN", "hf_x", "an ARN"),
    ] {
        let error = refusal(variable, Some(text));
        assert_eq!(
            error,
            format!(
                "environment variable `{variable}` does not hold {expected}: deploy the function by its stack, which writes it"
            )
        );
    }
    let error = refusal("LIMITS", Some(r#"{"entries": 5}"#));
    assert!(error.contains("missing field `entry_bytes`"), "{error}");
    let error = refusal(
        "LIMITS",
        Some(r#"{"entries": 0, "entry_bytes": 1, "total_bytes": 1, "ratio": 1}"#),
    );
    assert!(error.contains("must all be at least 1"), "{error}");
}
