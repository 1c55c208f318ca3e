//! What the tests share.

mod faults;
mod services;
mod world;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use shared::TaskToken;
use shared::batch::event::{DETAIL_TYPE, Detail, SOURCE, StateChange};
use shared::batch::job::JobKey;
use shared::contracts::batch::{ChunkTask, JobMode, RunReference, SubmitJobRequest};
use shared::run::{Error, ErrorKind};

pub(crate) use faults::{Fault, Faults};
pub(crate) use world::{Job, World};

pub(crate) const EXECUTION: &str = "arn:aws:states:eu-central-1:111122223333:execution:batch:5f1c";
pub(crate) const BUCKET: &str = "s3://runs-of-batch/";

/// Runs what never waits for anything but its next turn.
pub(crate) fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        let turn = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(output) = turn {
            return output;
        }
    }
}

/// The task of a chunk.
pub(crate) fn task(chunk: u64) -> ChunkTask {
    let key = JobKey {
        run: EXECUTION,
        chunk,
        attempt: 0,
    };
    ChunkTask {
        run: RunReference {
            run: "5f1c".to_owned(),
            prefix: "jokes".to_owned(),
            execution: EXECUTION.to_owned(),
        },
        chunk,
        attempt: 0,
        mode: JobMode::Batch,
        model_id: "anthropic.claude-3-haiku-20240307-v1:0".to_owned(),
        records: 500,
        input: format!("batch_inputs_json/jokes/5f1c/{chunk:04}.jsonl"),
        outputs: format!("batch_outputs_json/jokes/5f1c/{chunk:04}/"),
        job_name: key.name(&"jokes".parse().unwrap()),
        client_request_token: key.client_request_token(),
        csv: false,
    }
}

/// The request of an attempt at submitting.
pub(crate) fn request(chunk: u64, token: &str) -> SubmitJobRequest {
    SubmitJobRequest {
        task: task(chunk),
        token: TaskToken(token.to_owned()),
    }
}

/// The event that says that a job changed.
pub(crate) fn event(name: &str, arn: &str, status: &str) -> StateChange {
    StateChange {
        id: "a1b2c3d4".to_owned(),
        source: SOURCE.to_owned(),
        detail_type: DETAIL_TYPE.to_owned(),
        account: "111122223333".to_owned(),
        region: "eu-central-1".to_owned(),
        time: "Wed Aug 28 22:58:30 UTC 2024".to_owned(),
        detail: Detail {
            batch_job_name: name.to_owned(),
            batch_job_arn: arn.to_owned(),
            batch_model_id: "arn:aws:bedrock:eu-central-1::foundation-model/any".to_owned(),
            status: status.to_owned(),
            failure_message: String::new(),
            creation_time: "Aug 28, 2024, 10:47:53 PM".to_owned(),
        },
    }
}

/// A call that fails.
pub(crate) fn failure(operation: &'static str, kind: ErrorKind, code: &str) -> Error {
    Error {
        kind,
        operation,
        target: "the test's".to_owned(),
        code: code.to_owned(),
        message: "as the test wants it".to_owned(),
    }
}
