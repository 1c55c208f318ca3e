//! The functions of the batch system that the tests describe machines for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{Contract, ErrorKind, NoFailure, Variants};
use workflow::{Function, TaskToken};

use crate::support::data;

data! {
    struct BatchRequest {
        date: String,
        dry_run: bool,
        notify: Option<String>,
    }
    struct Plan {
        jobs: Vec<Job>,
        records: u64,
        manifest: String,
    }
    #[serde(rename_all = "camelCase")]
    struct Job {
        id: String,
        input_key: String,
        records: u64,
    }
    struct SubmitRequest {
        job: Job,
        date: String,
        token: TaskToken,
    }
    struct JobStatus {
        state: JobState,
        done: u64,
        message: Option<String>,
    }
    struct CheckRequest {
        job_id: String,
    }
    struct CollectRequest {
        job: Job,
        output: String,
    }
    struct Collected {
        rows: u64,
        failed: Vec<String>,
    }
    struct ReportRequest {
        date: String,
        jobs: u64,
        rows: u64,
        failed: u64,
    }
    struct Report {
        location: String,
        rows: u64,
    }
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Variants)]
pub(crate) enum JobState {
    InProgress,
    Completed,
    PartiallyCompleted,
    Expired,
    Failed,
}

/// How a submission fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Variants)]
pub(crate) enum SubmitFailure {
    QuotaExceeded,
    InvalidRecord,
}

macro_rules! contracts {
    ($($name:ident $text:literal: $event:ty => $response:ty, $failure:ty;)*) => {$(
        pub(crate) struct $name;

        impl Contract for $name {
            const NAME: &'static str = $text;
            type Event = $event;
            type Response = $response;
            type Failure = $failure;
        }

        impl $name {
            pub(crate) fn function() -> Function<Self> {
                let name = concat!(stringify!($name), "Function");
                Function::by_arn(name, cfn::intrinsics::sub(format!("${{{name}.Arn}}")))
            }
        }
    )*};
}
contracts! {
    Preprocess "preprocess": BatchRequest => Plan, ErrorKind;
    Submit "submit": SubmitRequest => JobStatus, SubmitFailure;
    Check "check": CheckRequest => JobStatus, NoFailure;
    Collect "collect": CollectRequest => Collected, ErrorKind;
    MakeReport "make-report": ReportRequest => Report, ErrorKind;
}
