//! How batch jobs fare: their clock, their quotas, and what goes wrong with which job.

use std::num::NonZeroU32;

use serde::Deserialize;

use super::Status;
use crate::bedrock::ErrorCode;

/// The `batch` part of a scenario. Without it every job takes a little over a second and completes.
///
/// ```
/// # let text = r#"
/// {
///   "clock": { "speed": 3600, "in_progress": 7200 },
///   "quotas": { "open_jobs": 2 },
///   "rules": [
///     { "times": 1, "then": { "fault": "refuse", "code": "ThrottlingException" } },
///     { "when": { "name_contains": "0001" }, "then": { "fault": "partial", "unprocessed": 40 } },
///     { "when": { "name_contains": "0002" }, "then": { "fault": "lost_event", "status": "Completed" } }
///   ]
/// }
/// # "#;
/// # let scenario: local::bedrock::BatchScenario = serde_json::from_str(text).unwrap();
/// # assert_eq!(scenario.rules.len(), 3);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BatchScenario {
    /// How long a job is in each status.
    pub clock: Clock,
    /// What the service allows.
    pub quotas: Quotas,
    /// Every rule that matches a job applies to it.
    pub rules: Vec<JobRule>,
}

/// The time of jobs: it begins with the job and runs faster than ours. Statuses last this many of its seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Clock {
    /// Seconds of the job's time that pass in one of ours.
    pub speed: NonZeroU32,
    /// In `Submitted`.
    pub submitted: u32,
    /// In `Validating`.
    pub validating: u32,
    /// In `Scheduled`. Longer than the job's timeout: it expires.
    pub scheduled: u32,
    /// In `InProgress`. Longer than the job's timeout: it completes partially.
    pub in_progress: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            speed: NonZeroU32::MIN.saturating_add(599),
            submitted: 30,
            validating: 60,
            scheduled: 120,
            in_progress: 600,
        }
    }
}

/// The service's quotas for a model, which differ by model and region, and change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quotas {
    /// Minimum number of records per batch inference job.
    pub minimum_records: usize,
    /// Records per batch inference job, and per input file.
    pub maximum_records: usize,
    /// Batch inference input file size, in bytes.
    pub file_bytes: usize,
    /// Batch inference job size, in bytes.
    pub job_bytes: usize,
    /// Sum of in-progress and submitted jobs using one base model.
    pub open_jobs: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            minimum_records: 100,
            maximum_records: 50_000,
            file_bytes: 1 << 30,
            job_bytes: 5 << 30,
            open_jobs: 20,
        }
    }
}

/// Something that happens to the jobs that match.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JobRule {
    /// Which jobs; all when it is left out.
    #[serde(default)]
    pub when: JobWhen,
    /// Only this many of them, the first ones: a retry then succeeds.
    #[serde(default)]
    pub times: Option<NonZeroU32>,
    /// What happens.
    pub then: JobFault,
}

/// Conditions on a job; it matches when it meets all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JobWhen {
    /// Every Nth of the jobs that meet the other conditions.
    pub every: Option<NonZeroU32>,
    /// Text in the job's name.
    pub name_contains: Option<String>,
    /// Text in the model id.
    pub model_contains: Option<String>,
}

/// What the service can do to a job and its caller. Errors of single records are rules of the models.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub enum JobFault {
    /// `CreateModelInvocationJob` answers with an error, and there is no job.
    Refuse {
        /// Which error.
        code: ErrorCode,
        /// Its message; the service's usual one when it is left out.
        #[serde(default)]
        message: Option<String>,
    },
    /// The job is made, and its caller gets an `InternalServerException`.
    LostResponse,
    /// The job fails in validation.
    Fail {
        /// Its failure message.
        message: String,
    },
    /// The last records are not processed in time: `PartiallyCompleted`.
    Partial {
        /// How many.
        unprocessed: usize,
    },
    /// The job waits in `Scheduled` until its timeout: `Expired`.
    Expire,
    /// The event of this status is not sent.
    LostEvent {
        /// Which.
        status: Status,
    },
    /// The event of this status is sent twice.
    DuplicateEvent {
        /// Which.
        status: Status,
    },
    /// The event of this status is sent before anybody can read the status; that of `Submitted` before the caller has
    /// the job's ARN.
    EarlyEvent {
        /// Which.
        status: Status,
    },
}

/// The rules with their counters.
#[derive(Debug)]
pub(super) struct JobRules(Vec<Counted>);

#[derive(Debug)]
struct Counted {
    rule: JobRule,
    candidates: u32,
    applied: u32,
}

impl JobRules {
    pub(super) fn new(rules: &[JobRule]) -> Self {
        let counted = rules.iter().cloned().map(|rule| Counted {
            rule,
            candidates: 0,
            applied: 0,
        });
        Self(counted.collect())
    }

    /// The refusal of this attempt to make a job, or else all that will happen to the job.
    pub(super) fn decide(&mut self, name: &str, model: &str) -> Result<Vec<JobFault>, JobFault> {
        let refuses = |counted: &Counted| matches!(counted.rule.then, JobFault::Refuse { .. });
        let refusal = self
            .0
            .iter_mut()
            .filter(|counted| refuses(counted))
            .find_map(|counted| counted.apply(name, model));
        match refusal {
            Some(refusal) => Err(refusal),
            None => Ok(self
                .0
                .iter_mut()
                .filter(|counted| !refuses(counted))
                .filter_map(|counted| counted.apply(name, model))
                .collect()),
        }
    }
}

impl Counted {
    fn apply(&mut self, name: &str, model: &str) -> Option<JobFault> {
        let contains = |text: &str, part: &Option<String>| {
            part.as_ref()
                .is_none_or(|part| text.contains(part.as_str()))
        };
        let when = &self.rule.when;
        if !contains(name, &when.name_contains) || !contains(model, &when.model_contains) {
            return None;
        }
        self.candidates += 1;
        let due = when
            .every
            .is_none_or(|every| self.candidates.is_multiple_of(every.get()));
        let spent = self
            .rule
            .times
            .is_some_and(|times| self.applied >= times.get());
        if !due || spent {
            return None;
        }
        self.applied += 1;
        Some(self.rule.then.clone())
    }
}
