//! Names of jobs.

use proptest::prelude::*;
use shared::batch::job::{JobKey, JobPrefix, is_job_name, job_id};

const RUN: &str = "arn:aws:states:eu-west-1:111122223333:execution:batch:5f1c";

fn key(chunk: u64) -> JobKey<'static> {
    JobKey {
        run: RUN,
        chunk,
        attempt: 0,
    }
}

fn prefix(text: &str) -> JobPrefix {
    text.parse().unwrap()
}

#[test]
fn a_retry_finds_the_job_it_made() {
    let name = key(3).name(&prefix("test-joke-job1"));
    assert_eq!(name, "test-joke-job1-part-0003-14c8942bfc");
    assert_eq!(name, key(3).name(&prefix("test-joke-job1")));
    assert_eq!(key(3).client_request_token(), key(3).client_request_token());
}

#[test]
fn another_chunk_run_or_attempt_is_another_job() {
    let others = [
        key(4),
        JobKey {
            attempt: 1,
            ..key(3)
        },
        JobKey {
            run: "other",
            ..key(3)
        },
    ];
    for other in others {
        assert_ne!(other.name(&prefix("a")), key(3).name(&prefix("a")));
        assert_ne!(other.client_request_token(), key(3).client_request_token());
    }
}

#[test]
fn a_prefix_becomes_what_names_can_start_with() {
    assert_eq!(prefix("--my jobs/2024_").as_str(), "my-jobs-2024");
    assert_eq!(prefix("übung").as_str(), "bung");
    for nothing in ["", "---", "日本", " "] {
        let error = nothing.parse::<JobPrefix>().unwrap_err().to_string();
        assert!(error.contains("has no letter or digit"), "{error}");
    }
}

proptest! {
    /// The service's pattern is `[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\+\-\.]){0,63}`, and 63 characters in all.
    #[test]
    fn names_keep_to_the_pattern(text in "\\PC*[a-zA-Z0-9]\\PC*", chunk in 0u64..2_000_000, attempt in 0u32..9) {
        let name = JobKey { run: RUN, chunk, attempt }.name(&prefix(&text));
        prop_assert!(name.len() <= 63);
        prop_assert!(name.starts_with(|letter: char| letter.is_ascii_alphanumeric()));
        prop_assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        prop_assert!(is_job_name(&name));
        let token = JobKey { run: RUN, chunk, attempt }.client_request_token();
        prop_assert!(token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}

#[test]
fn other_names_are_not_ours() {
    for name in [
        "",
        "nightly",
        "-part-0001-0123456789",
        "a-part-1-0123456789",
        "a-part-0001-012345678",
        "a-part-0001-012345678g",
        "a-part-000x-0123456789",
        "a-part-0001",
    ] {
        assert!(!is_job_name(name), "{name}");
    }
}

#[test]
fn the_id_is_what_the_arn_ends_in() {
    let id = job_id("arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz");
    assert_eq!(id, Ok("abcdefghwxyz"));
    for arn in [
        "",
        "abcdefghwxyz",
        "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/",
        "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/../x",
    ] {
        assert!(job_id(arn).is_err(), "{arn}");
    }
}
