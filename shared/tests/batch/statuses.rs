//! Statuses of jobs, and the event that tells of them.

use shared::batch::event::{DETAIL_TYPE, SOURCE, StateChange, parse_time};
use shared::batch::status::JobStatus;
use time::macros::datetime;

#[test]
fn statuses_are_words_of_the_api() {
    for status in JobStatus::ALL {
        assert_eq!(status.as_str().parse(), Ok(status));
        assert_eq!(serde_json::to_value(status).unwrap(), status.to_string());
    }
    let error = "completed".parse::<JobStatus>().unwrap_err().to_string();
    assert!(
        error.starts_with("`completed` is not a known status"),
        "{error}"
    );
}

#[test]
fn five_statuses_are_the_last_and_four_may_have_outputs() {
    let names = |keep: fn(JobStatus) -> bool| {
        let kept = JobStatus::ALL.into_iter().filter(|status| keep(*status));
        kept.map(JobStatus::as_str).collect::<Vec<_>>()
    };
    assert_eq!(
        names(JobStatus::is_terminal),
        [
            "Completed",
            "PartiallyCompleted",
            "Failed",
            "Stopped",
            "Expired"
        ]
    );
    assert_eq!(
        names(JobStatus::may_have_output),
        ["Completed", "PartiallyCompleted", "Stopped", "Expired"]
    );
}

#[test]
fn the_services_event_is_read() {
    let event: StateChange = serde_json::from_str(
        r#"{"version":"0","id":"a1b2c3d4","detail-type":"Batch Inference Job State Change","source":"aws.bedrock","account":"123456789012","time":"Wed Aug 28 22:58:30 UTC 2024","region":"us-east-1","resources":["arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz"],"detail":{"version":"0.0","accountId":"123456789012","batchJobName":"dummy-batch-job-name","batchJobArn":"arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz","batchModelId":"arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-sonnet-20240229-v1:0","status":"Completed","failureMessage":"","creationTime":"Aug 28, 2024, 10:47:53 PM"}}"#,
    )
    .unwrap();
    assert_eq!(
        (event.source.as_str(), event.detail_type.as_str()),
        (SOURCE, DETAIL_TYPE)
    );
    assert_eq!(event.detail.status.parse(), Ok(JobStatus::Completed));
    assert_eq!(event.detail.batch_job_name, "dummy-batch-job-name");
    assert_eq!(
        parse_time(&event.time),
        Some(datetime!(2024-08-28 22:58:30 UTC))
    );
    assert_eq!(
        parse_time(&event.detail.creation_time),
        Some(datetime!(2024-08-28 22:47:53 UTC))
    );
}

#[test]
fn times_have_several_forms() {
    for (text, time) in [
        (
            "2024-08-28T22:58:30Z",
            Some(datetime!(2024-08-28 22:58:30 UTC)),
        ),
        (
            "Sun Sep 1 02:03:04 UTC 2024",
            Some(datetime!(2024-09-01 02:03:04 UTC)),
        ),
        (
            "Sun Sep 01 02:03:04 UTC 2024",
            Some(datetime!(2024-09-01 02:03:04 UTC)),
        ),
        (
            "Sep 1, 2024, 2:03:04 AM",
            Some(datetime!(2024-09-01 02:03:04 UTC)),
        ),
        (
            "Sep 1, 2024, 12:03:04 AM",
            Some(datetime!(2024-09-01 00:03:04 UTC)),
        ),
        (
            "Sep 1, 2024, 2:03:04\u{202f}PM",
            Some(datetime!(2024-09-01 14:03:04 UTC)),
        ),
        ("", None),
        ("yesterday", None),
    ] {
        assert_eq!(parse_time(text), time, "{text}");
    }
}
