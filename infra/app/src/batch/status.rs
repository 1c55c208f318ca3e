//! How far a run is, and what it came to.

use std::fmt;

use serde::Serialize;
use shared::batch::request::RunRequest;
use shared::contracts::batch::{RunReport, RunVerdict};

use super::executions::unknown;
use super::figures::{counted, dollars, grouped};
use super::jobs::Jobs;
use super::{BatchError, BatchStack, Execution, Executions, RunFiles, State};

/// The error of a run whose request, or the table it names, cannot be run: the name of
/// [`InvalidRequest`](shared::contracts::batch::RunFailure::InvalidRequest).
const REFUSED: &str = "InvalidRequest";

/// How far a run is.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RunStatus {
    /// The name of the run.
    pub(crate) run: String,
    /// How its newest execution is.
    pub(crate) state: State,
    /// Its executions: the first one and the redrives, as far as the service remembers.
    pub(crate) executions: Vec<Execution>,
    /// 0 for the first attempt, and one more for each redrive.
    pub(crate) attempt: u32,
    /// Chunks of this attempt that came to something.
    pub(crate) chunks_done: u64,
    /// Chunks of this attempt; none before they are written.
    pub(crate) chunks: Option<u64>,
    /// Jobs of this attempt.
    pub(crate) jobs: Jobs,
    /// What the run came to; none while it is running.
    pub(crate) report: Option<RunReport>,
}

impl RunStatus {
    /// Looks at a run.
    pub(crate) async fn of_run(stack: &BatchStack, run: &str) -> Result<Self, BatchError> {
        let (executions, files) = find(stack, run).await?;
        let attempts = files.as_ref().map_or(0, RunFiles::attempts);
        let last = executions.last();
        let state = last.map_or(State::Succeeded, |execution| execution.state);
        let attempt = last.map_or(attempts, |execution| execution.attempt);
        let since = last.map_or(i64::MAX, |execution| execution.started_at);
        let (mut chunks, mut report) = (None, None);
        if let Some(files) = &files {
            chunks = files.tasks(stack, attempt).await?;
            if state != State::Running {
                report = files.report(stack).await?;
            }
        }
        Ok(Self {
            run: run.to_owned(),
            state,
            attempt,
            chunks_done: files.map_or(0, |files| files.chunks_since(since)),
            chunks,
            jobs: Jobs::of_run(stack, run, attempt).await?,
            executions: executions.0,
            report: report.filter(|report| report.attempt == attempt),
        })
    }

    /// What was asked of the run.
    pub(crate) fn is_running(&self) -> bool {
        self.state == State::Running
    }

    /// Whether every row has its answer.
    pub(crate) fn outcome(&self) -> Result<(), BatchError> {
        match self.state {
            State::Running => return Ok(()),
            State::Succeeded => {}
            state => return Err(self.failure(state)),
        }
        match &self.report {
            Some(report) if report.verdict != RunVerdict::Complete => Err(unanswered(report)),
            _ => Ok(()),
        }
    }

    fn failure(&self, state: State) -> BatchError {
        let last = self.executions.last();
        let failure = last.and_then(|last| last.failure.clone());
        let error = last.and_then(|last| last.error.as_deref());
        let run = &self.run;
        BatchError::RunFailed {
            run: run.clone(),
            state: state.as_str(),
            message: failure.unwrap_or_else(|| "no reason was given".to_owned()),
            help: match (self.chunks, error) {
                (Some(_), _) => format!(
                    "what is finished stays: send the rest with `cargo infra batch redrive {run}`, or read what there is with `cargo infra batch results {run}`"
                ),
                (None, Some(REFUSED)) => {
                    "nothing was sent: correct the request or the table, and start a new run".to_owned()
                }
                (None, _) if state == State::Stopped => {
                    "nothing was sent: start a new run when you want to go on".to_owned()
                }
                (None, _) => {
                    "nothing was sent: mend what the message names, or wait a while, and start a new run".to_owned()
                }
            },
        }
    }
}

/// The executions and files of a run, of which there must be some.
pub(crate) async fn find(
    stack: &BatchStack,
    run: &str,
) -> Result<(Executions, Option<RunFiles>), BatchError> {
    let first = Executions::of_run(stack, run, 0).await?;
    let input = first
        .0
        .first()
        .and_then(|execution| execution.input.as_ref());
    let request = input.and_then(|input| serde_json::from_str::<RunRequest>(input).ok());
    let files = RunFiles::find(stack, run, request.as_ref()).await?;
    let attempts = files.as_ref().map_or(0, RunFiles::attempts);
    let known = first.last().map_or(0, |execution| execution.attempt);
    let executions = if attempts > known {
        Executions::of_run(stack, run, attempts).await?
    } else {
        first
    };
    if executions.0.is_empty() && files.is_none() {
        return Err(unknown(stack, run).await);
    }
    Ok((executions, files))
}

fn unanswered(report: &RunReport) -> BatchError {
    let run = &report.run;
    BatchError::Unanswered {
        run: run.clone(),
        without: grouped(report.records - report.succeeded.min(report.records)),
        records: grouped(report.records),
        help: match report.redrivable {
            0 => format!(
                "a redrive would not change that: see why in the columns `status` and `error_message` of `cargo infra batch results {run}`"
            ),
            rows => format!(
                "{} may get one: `cargo infra batch redrive {run}`",
                counted(rows, "row")
            ),
        },
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attempt = match self.attempt {
            0 => String::new(),
            redrive => format!(", redrive {redrive}"),
        };
        write!(
            formatter,
            "run {} {}{attempt}",
            self.run,
            self.state.as_str()
        )?;
        for execution in &self.executions {
            let ended = execution.ended.as_ref();
            let ended = ended.map_or_else(String::new, |time| format!(" to {time}"));
            write!(
                formatter,
                "\n  {:<10} {} {} from {}{ended}",
                if execution.attempt == 0 {
                    "execution"
                } else {
                    "redrive"
                },
                execution.name,
                execution.state.as_str(),
                execution.started,
            )?;
        }
        match self.chunks {
            Some(chunks) => write!(
                formatter,
                "\n  chunks     {} of {} done",
                grouped(self.chunks_done),
                grouped(chunks)
            )?,
            None => write!(formatter, "\n  chunks     not written yet")?,
        }
        if self.jobs.number() > 0 {
            write!(formatter, "\n  jobs       {}", self.job_line())?;
        }
        if let Some(message) = &self.jobs.message {
            write!(formatter, "\n  problem    {}", super::printable(message))?;
        }
        match &self.report {
            Some(report) => report_lines(formatter, report),
            None => Ok(()),
        }
    }
}

impl RunStatus {
    /// The jobs in a line: `3 Completed, 2 InProgress; 3,120 of 5,000 records processed, 2 with errors`.
    pub(crate) fn job_line(&self) -> String {
        let Jobs {
            by_status,
            records,
            processed,
            errors,
            ..
        } = &self.jobs;
        let statuses: Vec<String> = by_status
            .iter()
            .map(|(status, jobs)| format!("{} {}", grouped(*jobs), super::printable(status)))
            .collect();
        format!(
            "{}; {} of {} processed, {} with errors",
            statuses.join(", "),
            grouped(*processed),
            counted(*records, "record"),
            grouped(*errors)
        )
    }
}

fn report_lines(formatter: &mut fmt::Formatter<'_>, report: &RunReport) -> fmt::Result {
    write!(
        formatter,
        "\n  rows       {}: {} answered",
        grouped(report.records),
        grouped(report.succeeded)
    )?;
    let others = [
        (report.failed, "failed"),
        (report.no_answer, "without an answer"),
        (report.rejected, "not sent"),
        (report.missing, "missing"),
    ];
    for (rows, what) in others.into_iter().filter(|(rows, _)| *rows > 0) {
        write!(formatter, ", {} {what}", grouped(rows))?;
    }
    if report.redrivable > 0 {
        write!(
            formatter,
            "\n  redrive    would send {}",
            counted(report.redrivable, "row")
        )?;
    }
    write!(
        formatter,
        "\n  tokens     {} in, {} out",
        grouped(report.input_tokens),
        grouped(report.output_tokens)
    )?;
    let cost = report
        .estimated_cost
        .map_or_else(|| "unknown".to_owned(), dollars);
    write!(
        formatter,
        "\n  cost       {cost} (estimated)\n  results    {}",
        report.results
    )
}
