//! Sending those rows of a run again that have no answer and may get one.

use std::fmt;

use serde::Serialize;
use shared::batch::cost::{Cost, Usage, price_on_demand};
use shared::batch::model_id::ModelId;
use shared::batch::outcome::RecordCounts;
use shared::batch::request::RunRequest;

use super::figures::{counted, dollars, grouped};
use super::request::redrive_name;
use super::status::find;
use super::{BatchError, BatchStack, executions};

/// A redrive that could be started.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Redrive {
    /// The run.
    pub(crate) run: String,
    /// The name of the execution that it would be.
    pub(crate) name: String,
    /// Rows that it would send at most: outputs that no result holds yet are read first.
    pub(crate) rows: u64,
    /// Rows of the run.
    pub(crate) of: u64,
    /// Tokens that they would take if they are like those that were answered; none when nothing was.
    pub(crate) usage: Option<Usage>,
    /// What that would cost in US dollars; none when the price is not known.
    pub(crate) cost: Option<Cost>,
    /// What the state machine is given.
    pub(crate) request: RunRequest,
}

impl Redrive {
    /// Looks at what a redrive of a run would do.
    pub(crate) async fn of_run(stack: &BatchStack, run: &str) -> Result<Self, BatchError> {
        let (executions, files) = find(stack, run).await?;
        if let Some(running) = executions.running() {
            return Err(BatchError::StillRunning {
                run: run.to_owned(),
                execution: running.name.clone(),
            });
        }
        let files = files.ok_or_else(|| BatchError::NotDivided(run.to_owned()))?;
        let manifest = files.manifest(stack).await?;
        let manifest = manifest.ok_or_else(|| BatchError::NotDivided(run.to_owned()))?;
        let counts = files.counts(stack, &manifest).await?;
        let attempt = executions.next_attempt(files.attempts());
        Self::new(run, attempt, manifest.request, &counts)
    }

    fn new(
        run: &str,
        attempt: u32,
        request: RunRequest,
        counts: &RecordCounts,
    ) -> Result<Self, BatchError> {
        if counts.redrivable == 0 {
            return Err(BatchError::NothingToRedrive {
                run: run.to_owned(),
                why: described(counts),
            });
        }
        let answered = Usage {
            records: counts.succeeded,
            input_tokens: counts.input_tokens,
            output_tokens: counts.output_tokens,
        };
        let usage = answered.scaled_to(counts.redrivable);
        let model = request.model_id.parse::<ModelId>().ok();
        let price = model.as_ref().and_then(price_on_demand);
        Ok(Self {
            run: run.to_owned(),
            name: redrive_name(run, attempt),
            rows: counts.redrivable,
            of: counts.records,
            usage,
            cost: usage.zip(price).map(|(usage, price)| usage.cost(price)),
            request: RunRequest {
                redrive: Some(run.to_owned()),
                ..request
            },
        })
    }

    /// Starts it; the answer is the ARN of the execution.
    pub(crate) async fn start(&self, stack: &BatchStack) -> Result<String, BatchError> {
        let input =
            serde_json::to_string(&self.request).map_err(|problem| BatchError::RequestFile {
                path: self.name.clone(),
                problem: problem.to_string(),
            })?;
        executions::start(stack, &self.name, &input).await
    }
}

fn described(counts: &RecordCounts) -> String {
    if counts.succeeded == counts.records {
        return format!("all {} have an answer", counted(counts.records, "row"));
    }
    format!(
        "{} of {} have an answer, and sending the others again would not change what is wrong with them",
        grouped(counts.succeeded),
        counted(counts.records, "row")
    )
}

impl fmt::Display for Redrive {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "redrive of {} as {}\n  rows       at most {} of {}",
            self.run,
            self.name,
            grouped(self.rows),
            grouped(self.of)
        )?;
        let Some(usage) = self.usage else {
            return write!(
                formatter,
                "\n  cost       unknown: no row has been answered yet that could be measured"
            );
        };
        write!(
            formatter,
            "\n  tokens     about {} in, {} out, as the answered rows took",
            grouped(usage.input_tokens),
            grouped(usage.output_tokens)
        )?;
        match self.cost {
            Some(cost) => write!(
                formatter,
                "\n  cost       about {} in batch; at most {}, where too few rows of a chunk are left for a job",
                dollars(cost.batch),
                dollars(cost.on_demand)
            ),
            None => write!(
                formatter,
                "\n  cost       unknown: no price of this model is known here"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> RunRequest {
        RunRequest {
            job_name_prefix: "jokes".into(),
            model_id: "eu.anthropic.claude-haiku-4-5-20251001-v1:0".into(),
            ..RunRequest::default()
        }
    }

    #[test]
    fn rows_cost_what_the_answered_ones_did() {
        let counts = RecordCounts {
            records: 1_200,
            succeeded: 1_000,
            missing: 200,
            redrivable: 200,
            input_tokens: 50_000,
            output_tokens: 100_000,
            ..RecordCounts::default()
        };
        let redrive = Redrive::new("jokes-1", 2, request(), &counts).unwrap();
        assert_eq!(redrive.name, "jokes-1-r2");
        assert_eq!(redrive.request.redrive.as_deref(), Some("jokes-1"));
        let usage = redrive.usage.unwrap();
        assert_eq!((usage.input_tokens, usage.output_tokens), (10_000, 20_000));
    }

    #[test]
    fn what_is_wrong_stays_wrong() {
        let counts = RecordCounts {
            records: 10,
            succeeded: 9,
            rejected: 1,
            ..RecordCounts::default()
        };
        let error = Redrive::new("jokes-1", 1, request(), &counts).unwrap_err();
        assert!(error.to_string().contains("9 of 10 rows"), "{error}");
    }
}
