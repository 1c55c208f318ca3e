//! `Batch Inference Job State Change`, as the service sends it.

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::Status;
use super::job::Job;
use crate::aws::ACCOUNT_ID;
use crate::hash::sha256;

/// `Wed Aug 28 22:58:30 UTC 2024`: the envelope of the documented sample.
const ENVELOPE_TIME: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short] [month repr:short] [day] [hour]:[minute]:[second] UTC [year]"
);
/// `Aug 28, 2024, 10:47:53 PM`: the detail of the same.
const CREATION_TIME: &[BorrowedFormatItem<'_>] = format_description!(
    "[month repr:short] [day padding:none], [year], [hour repr:12 padding:none]:[minute]:[second] [period]"
);

/// The event that says a job has this status. Its times are not ISO 8601, in the envelope neither.
pub(super) fn state_change(job: &Job, status: Status) -> Value {
    let time = job.time.now();
    let id = sha256(format!("{}:{}:{time}", job.arn, status.name()).as_bytes());
    let failure = if status == Status::Failed {
        job.message.as_str()
    } else {
        ""
    };
    json!({
        "version": "0",
        "id": &id[..8],
        "detail-type": "Batch Inference Job State Change",
        "source": "aws.bedrock",
        "account": ACCOUNT_ID,
        "time": written(time, ENVELOPE_TIME),
        "region": job.region,
        "resources": [job.arn],
        "detail": {
            "version": "0.0",
            "accountId": ACCOUNT_ID,
            "batchJobName": job.request.job_name,
            "batchJobArn": job.arn,
            "batchModelId": job.model.arn(&job.region),
            "status": status,
            "failureMessage": failure,
            "creationTime": written(job.time.submitted, CREATION_TIME),
        },
    })
}

fn written(time: OffsetDateTime, format: &[BorrowedFormatItem<'_>]) -> String {
    time.format(format).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_in_the_documented_sample() {
        let sent = time::macros::datetime!(2024-08-28 22:58:30 UTC);
        assert_eq!(written(sent, ENVELOPE_TIME), "Wed Aug 28 22:58:30 UTC 2024");
        let created = time::macros::datetime!(2024-08-28 22:47:53 UTC);
        assert_eq!(written(created, CREATION_TIME), "Aug 28, 2024, 10:47:53 PM");
        let early = time::macros::datetime!(2024-08-05 00:07:03 UTC);
        assert_eq!(written(early, CREATION_TIME), "Aug 5, 2024, 12:07:03 AM");
    }
}
