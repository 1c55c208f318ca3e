//! Names of errors, and how often a step is tried again on them.

use std::marker::PhantomData;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use shared::{Fields, Variants};

/// The errors that Step Functions itself raises, and those of services that no contract names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatesError {
    /// Any error, but for `States.DataLimitExceeded` and `States.Runtime`, which end the execution.
    All,
    /// A state ran longer than its timeout.
    Timeout,
    /// A state let more time pass than its heartbeat interval.
    HeartbeatTimeout,
    /// A task failed, but not by its timeout.
    TaskFailed,
    /// The role lacks a permission.
    Permissions,
    /// An expression could not be evaluated, or gave nothing, or something of a wrong type.
    QueryEvaluation,
    /// More items of a map failed than are tolerated.
    ExceedToleratedFailureThreshold,
    /// The items of a map could not be read.
    ItemReaderFailed,
    /// The results of a map could not be written.
    ResultWriterFailed,
    /// An error of a service by its name, such as `Bedrock.ThrottlingException`.
    Named(&'static str),
}

impl StatesError {
    fn name(self) -> &'static str {
        match self {
            Self::All => "States.ALL",
            Self::Timeout => "States.Timeout",
            Self::HeartbeatTimeout => "States.HeartbeatTimeout",
            Self::TaskFailed => "States.TaskFailed",
            Self::Permissions => "States.Permissions",
            Self::QueryEvaluation => "States.QueryEvaluationError",
            Self::ExceedToleratedFailureThreshold => "States.ExceedToleratedFailureThreshold",
            Self::ItemReaderFailed => "States.ItemReaderFailed",
            Self::ResultWriterFailed => "States.ResultWriterFailed",
            Self::Named(name) => name,
        }
    }
}

/// An error that a step with the failures `F` can end with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error of a step whose contract's failures are `{F}`",
    label = "this step never fails with a `{Self}`",
    note = "name one of the contract's failures `{F}`, or a `StatesError`"
)]
pub trait ErrorOf<F> {
    /// The name in `ErrorEquals`.
    fn error_name(&self) -> &'static str;
}

impl<F: Variants> ErrorOf<F> for F {
    fn error_name(&self) -> &'static str {
        self.name()
    }
}

impl<F> ErrorOf<F> for StatesError {
    fn error_name(&self) -> &'static str {
        self.name()
    }
}

/// What a handler of errors is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema, Fields)]
#[serde(rename_all = "PascalCase")]
pub struct ErrorOutput {
    /// The error's name.
    pub error: String,
    /// What happened; for a failed function the JSON that Lambda reports, as text.
    pub cause: Option<String>,
}

/// When and how often a step whose contract's failures are `F` is tried again.
#[derive(Clone, Debug)]
#[must_use = "a retry is given to a task"]
pub struct Retry<F> {
    rule: RetryRule,
    of: PhantomData<fn() -> F>,
}

/// A retry, as the definition has it.
#[derive(Clone, Debug)]
pub(crate) struct RetryRule {
    pub(crate) errors: Vec<String>,
    interval: Duration,
    attempts: u32,
    backoff: f64,
    longest: Option<Duration>,
    jitter: bool,
}

impl<F> Retry<F> {
    /// Three retries on these errors, after one, two and four seconds.
    pub fn on<E: ErrorOf<F>, const N: usize>(errors: [E; N]) -> Self {
        Self {
            rule: RetryRule::on(errors.into_iter().map(|error| error.error_name())),
            of: PhantomData,
        }
    }

    /// How long to wait before the first retry.
    pub fn interval(mut self, interval: impl Into<Duration>) -> Self {
        self.rule.interval = interval.into();
        self
    }

    /// How many retries there are before the error stands.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.rule.attempts = attempts;
        self
    }

    /// What each interval is multiplied with to give the next.
    pub fn backoff(mut self, rate: f64) -> Self {
        self.rule.backoff = rate;
        self
    }

    /// The longest interval.
    pub fn no_longer_than(mut self, interval: impl Into<Duration>) -> Self {
        self.rule.longest = Some(interval.into());
        self
    }

    /// Waits anything between nothing and the interval, so that many executions do not try again all at once.
    pub fn with_jitter(mut self) -> Self {
        self.rule.jitter = true;
        self
    }

    pub(crate) fn into_rule(self) -> RetryRule {
        self.rule
    }
}

/// What passes when the Lambda service is unwell. Source: AWS Step Functions Developer Guide, "Handle transient Lambda
/// service exceptions".
const LAMBDA_SERVICE: [&str; 4] = [
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
];

/// More invocations than the account's concurrency allows: nothing was run.
const LAMBDA_THROTTLES: [&str; 1] = ["Lambda.TooManyRequestsException"];

impl RetryRule {
    fn on(errors: impl Iterator<Item = &'static str>) -> Self {
        Self {
            errors: errors.map(str::to_owned).collect(),
            interval: Duration::from_secs(1),
            attempts: 3,
            backoff: 2.0,
            longest: None,
            jitter: false,
        }
    }

    pub(crate) fn of_lambda_service() -> Self {
        Self {
            interval: Duration::from_secs(2),
            attempts: 6,
            ..Self::on(LAMBDA_SERVICE.into_iter())
        }
    }

    /// Throttling passes by itself, in minutes rather than seconds.
    pub(crate) fn of_lambda_throttles() -> Self {
        Self {
            interval: Duration::from_secs(5),
            attempts: 12,
            longest: Some(Duration::from_mins(5)),
            jitter: true,
            ..Self::on(LAMBDA_THROTTLES.into_iter())
        }
    }

    pub(crate) fn durations(&self) -> impl Iterator<Item = Duration> {
        std::iter::once(self.interval).chain(self.longest)
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut rule = Map::new();
        rule.insert("ErrorEquals".to_owned(), json!(self.errors));
        rule.insert("IntervalSeconds".to_owned(), json!(self.interval.as_secs()));
        rule.insert("MaxAttempts".to_owned(), json!(self.attempts));
        rule.insert("BackoffRate".to_owned(), json!(self.backoff));
        if let Some(longest) = self.longest {
            rule.insert("MaxDelaySeconds".to_owned(), json!(longest.as_secs()));
        }
        if self.jitter {
            rule.insert("JitterStrategy".to_owned(), json!("FULL"));
        }
        Value::Object(rule)
    }
}
