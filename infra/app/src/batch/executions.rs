//! Executions of the state machine: the first one of a run, and its redrives.

use aws_sdk_sfn::error::ProvideErrorMetadata as _;
use aws_sdk_sfn::primitives::{DateTime, DateTimeFormat};
use aws_sdk_sfn::types::ExecutionStatus;
use deploy::service;
use serde::Serialize;

use super::request::{redrive_name, redrive_of};
use super::{BatchError, BatchStack};

/// Runs that a list shows.
const LISTED: i32 = 20;

/// An execution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Execution {
    /// Its ARN.
    pub(crate) arn: String,
    /// Its name: that of the run, or of the run with `-r<N>`.
    pub(crate) name: String,
    /// 0 for the first one of a run, and the number of the redrive for the others.
    pub(crate) attempt: u32,
    /// How it is.
    pub(crate) state: State,
    /// When it was started, ISO 8601.
    pub(crate) started: String,
    /// The same, in seconds since 1970.
    #[serde(skip)]
    pub(crate) started_at: i64,
    /// When it ended, ISO 8601.
    pub(crate) ended: Option<String>,
    /// What it was given, JSON.
    #[serde(skip)]
    pub(crate) input: Option<String>,
    /// The name of the error that it failed with.
    pub(crate) error: Option<String>,
    /// Why it failed, for a person.
    pub(crate) failure: Option<String>,
}

/// How an execution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It works.
    Running,
    /// It has written its report.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// Somebody stopped it.
    Stopped,
    /// It took too long.
    TimedOut,
}

impl State {
    fn of(status: Option<&ExecutionStatus>) -> Self {
        match status {
            Some(ExecutionStatus::Succeeded) => Self::Succeeded,
            Some(ExecutionStatus::Failed) => Self::Failed,
            Some(ExecutionStatus::Aborted) => Self::Stopped,
            Some(ExecutionStatus::TimedOut) => Self::TimedOut,
            // Also what waits to be redriven by the service itself.
            _ => Self::Running,
        }
    }

    /// In the words of a sentence about the run.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Running => "is running",
            Self::Succeeded => "has ended",
            Self::Failed => "failed",
            Self::Stopped => "was stopped",
            Self::TimedOut => "took too long",
        }
    }
}

/// The executions of one run, the first one first; those that the service has forgotten (after 90 days) are missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Executions(pub(crate) Vec<Execution>);

impl Executions {
    /// Finds the executions of a run, of which at least `attempts` redrives have left files.
    pub(crate) async fn of_run(
        stack: &BatchStack,
        run: &str,
        attempts: u32,
    ) -> Result<Self, BatchError> {
        let mut found: Vec<_> = describe(stack, run, 0).await?.into_iter().collect();
        for attempt in 1.. {
            match describe(stack, &redrive_name(run, attempt), attempt).await? {
                Some(execution) => found.push(execution),
                None if attempt > attempts => break,
                None => {}
            }
        }
        Ok(Self(found))
    }

    /// The newest one.
    pub(crate) fn last(&self) -> Option<&Execution> {
        self.0.last()
    }

    /// The one that is under way.
    pub(crate) fn running(&self) -> Option<&Execution> {
        self.0.iter().find(|one| one.state == State::Running)
    }

    /// The number for another redrive, when `attempts` have left files.
    pub(crate) fn next_attempt(&self, attempts: u32) -> u32 {
        let last = self.last().map_or(0, |execution| execution.attempt);
        last.max(attempts) + 1
    }
}

/// An execution by its name; none when there is none.
async fn describe(
    stack: &BatchStack,
    name: &str,
    attempt: u32,
) -> Result<Option<Execution>, BatchError> {
    let arn = execution_arn(&stack.machine, name);
    let described = stack
        .states()
        .describe_execution()
        .execution_arn(&arn)
        .send()
        .await;
    let described = match described {
        Ok(described) => described,
        Err(error) if error.code() == Some("ExecutionDoesNotExist") => return Ok(None),
        Err(error) => return Err(service(format!("describe execution `{name}`"))(error).into()),
    };
    let state = State::of(Some(described.status()));
    let told = described.cause().or(described.error());
    Ok(Some(Execution {
        arn,
        name: name.to_owned(),
        attempt,
        state,
        started: iso(described.start_date()),
        started_at: described.start_date().secs(),
        ended: described.stop_date().map(iso),
        input: described.input().map(str::to_owned),
        error: described.error().map(str::to_owned),
        failure: told.filter(|_| state != State::Succeeded).map(reason),
    }))
}

/// The ARN of an execution: that of its machine, with its name.
pub(super) fn execution_arn(machine: &str, name: &str) -> String {
    format!(
        "{}:{name}",
        machine.replacen(":stateMachine:", ":execution:", 1)
    )
}

/// What a function said, without the JSON that Lambda and Step Functions put around it.
pub(super) fn reason(cause: &str) -> String {
    let inner = serde_json::from_str::<serde_json::Value>(cause).ok();
    let told = inner.as_ref().and_then(|value| {
        ["errorMessage", "Cause", "cause", "message"]
            .iter()
            .find_map(|field| value.get(field)?.as_str())
    });
    told.map_or_else(|| super::printable(cause), reason)
}

/// The runs that were started last, the newest first, redrives among them.
pub(crate) async fn recent(stack: &BatchStack) -> Result<Vec<Execution>, BatchError> {
    let listed = stack
        .states()
        .list_executions()
        .state_machine_arn(&stack.machine)
        .max_results(LISTED)
        .send()
        .await
        .map_err(service("list the executions"))?;
    let executions = listed.executions().iter().map(|execution| Execution {
        arn: execution.execution_arn().to_owned(),
        name: execution.name().to_owned(),
        attempt: redrive_of(execution.name()).map_or(0, |(_, attempt)| attempt),
        state: State::of(Some(execution.status())),
        started: iso(execution.start_date()),
        started_at: execution.start_date().secs(),
        ended: execution.stop_date().map(iso),
        input: None,
        error: None,
        failure: None,
    });
    Ok(executions.collect())
}

/// The error for a run that nothing is known of, which names those that there are.
pub(crate) async fn unknown(stack: &BatchStack, run: &str) -> BatchError {
    let known = match recent(stack).await {
        Ok(recent) if recent.is_empty() => {
            "no run was started yet: `cargo infra batch run --help`".to_owned()
        }
        Ok(recent) => {
            let names: Vec<&str> = recent
                .iter()
                .filter(|execution| execution.attempt == 0)
                .map(|execution| execution.name.as_str())
                .take(5)
                .collect();
            format!("the last ones are: {}", names.join(", "))
        }
        Err(error) => return error,
    };
    BatchError::UnknownRun {
        run: run.to_owned(),
        known,
    }
}

/// Starts an execution.
pub(crate) async fn start(
    stack: &BatchStack,
    name: &str,
    input: &str,
) -> Result<String, BatchError> {
    let started = stack
        .states()
        .start_execution()
        .state_machine_arn(&stack.machine)
        .name(name)
        .input(input)
        .send()
        .await;
    match started {
        Ok(started) => Ok(started.execution_arn().to_owned()),
        Err(error) if error.code() == Some("ExecutionAlreadyExists") => {
            Err(BatchError::Taken(name.to_owned()))
        }
        Err(error) => Err(service("start the run")(error).into()),
    }
}

/// Stops an execution.
pub(crate) async fn stop(stack: &BatchStack, arn: &str) -> Result<(), BatchError> {
    stack
        .states()
        .stop_execution()
        .execution_arn(arn)
        .error("Stopped")
        .cause("stopped by `infra batch stop`")
        .send()
        .await
        .map_err(service("stop the run"))?;
    Ok(())
}

fn iso(time: &DateTime) -> String {
    DateTime::from_secs(time.secs())
        .fmt(DateTimeFormat::DateTime)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_message_is_found_in_what_surrounds_it() {
        let lambda =
            r#"{"errorType":"InvalidRequest","errorMessage":"there is no source","stackTrace":[]}"#;
        assert_eq!(reason(lambda), "there is no source");
        let wrapped = serde_json::json!({ "Error": "InvalidRequest", "Cause": lambda }).to_string();
        assert_eq!(reason(&wrapped), "there is no source");
        assert_eq!(reason("plain\u{1b}[2J text"), "plain [2J text");
        assert_eq!(reason(r#"{"Cause": 7}"#), r#"{"Cause": 7}"#);
    }

    #[test]
    fn the_arn_of_an_execution_follows_from_that_of_its_machine() {
        let machine = "arn:aws:states:eu-west-1:000000000000:stateMachine:batch-Run";
        assert_eq!(
            execution_arn(machine, "jokes"),
            "arn:aws:states:eu-west-1:000000000000:execution:batch-Run:jokes"
        );
    }
}
