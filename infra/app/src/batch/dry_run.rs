//! A few records sent on demand, now.

use std::fmt;
use std::time::Duration;

use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::primitives::Blob;
use deploy::service;
use serde::Serialize;
use shared::batch::cost::{Cost, Usage, price_on_demand};
use shared::batch::outcome::{Answer, Outcome, RecordStatus};
use shared::batch::request::Run;

use super::BatchError;
use super::estimate::divided;
use super::figures::{counted, dollars, grouped};
use super::sample::{Rows, Sample, SampledRecord};

/// What became of the records, and what all of them would take.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DryRun {
    /// The model, as the request names it.
    pub(crate) model: String,
    /// Rows of the table.
    pub(crate) rows: Rows,
    /// Records that a run would send.
    pub(crate) records: u64,
    /// Jobs that they make; 0 when they are sent on demand.
    pub(crate) jobs: u64,
    /// The records that were sent.
    pub(crate) answers: Vec<Answered>,
    /// Tokens of those that say how many.
    pub(crate) measured: Usage,
    /// Tokens that all records would take if they are like these.
    pub(crate) usage: Option<Usage>,
    /// What that would cost in US dollars; none when the price is not known.
    pub(crate) cost: Option<Cost>,
}

/// A record that was sent.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Answered {
    /// Its id.
    pub(crate) record_id: String,
    /// What the model was asked.
    pub(crate) request: String,
    /// What became of it.
    pub(crate) status: RecordStatus,
    /// What it answered: the text, or how long the embedding is.
    pub(crate) answer: Option<String>,
    /// What went wrong.
    pub(crate) error: Option<String>,
    /// Tokens sent.
    pub(crate) input_tokens: Option<u64>,
    /// Tokens answered.
    pub(crate) output_tokens: Option<u64>,
}

impl DryRun {
    /// Sends the records of a sample, one after the other. Each is given to `show` when it was answered.
    pub(crate) async fn send(
        client: &Client,
        run: &Run,
        sample: &Sample,
        pause: Duration,
        mut show: impl FnMut(&Answered),
    ) -> Result<Self, BatchError> {
        let (records, jobs) = divided(run, sample.rows)?;
        let mut answers = Vec::new();
        for (number, record) in sample.records.iter().enumerate() {
            if number > 0 {
                tokio::time::sleep(pause).await;
            }
            let outcome = invoke(client, run, record).await?;
            let answered = Answered::of(record, outcome);
            show(&answered);
            answers.push(answered);
        }
        let measured = measured(&answers);
        let usage = measured.scaled_to(records);
        let price = price_on_demand(&run.model);
        Ok(Self {
            model: run.model.to_string(),
            rows: sample.rows,
            records,
            jobs,
            answers,
            measured,
            usage,
            cost: usage.zip(price).map(|(usage, price)| usage.cost(price)),
        })
    }
}

/// Sends one record. What the service says of this record is its outcome; what it would say of every record is an error.
async fn invoke(client: &Client, run: &Run, record: &SampledRecord) -> Result<Outcome, BatchError> {
    let answer = client
        .invoke_model()
        .model_id(run.model.to_string())
        .content_type("application/json")
        .accept("application/json")
        .body(Blob::new(record.body.as_bytes()))
        .send()
        .await
        .map_err(service(format!("ask {}", run.model)))?;
    let text = String::from_utf8_lossy(answer.body().as_ref()).into_owned();
    Ok(run.processor.read_output(&text).unwrap_or_else(|problem| {
        let family = run.processor.family();
        Outcome::no_answer(format!("the answer is not one of {family}: {problem}"))
    }))
}

impl Answered {
    fn of(record: &SampledRecord, outcome: Outcome) -> Self {
        Self {
            record_id: record.record_id.clone(),
            request: record.text.clone(),
            status: outcome.status,
            answer: outcome.answer.map(|answer| match answer {
                Answer::Text(text) => text,
                Answer::Embedding(vector) => format!("embedding of {} numbers", vector.len()),
            }),
            error: outcome.error.map(|error| error.message),
            input_tokens: outcome.input_tokens,
            output_tokens: outcome.output_tokens,
        }
    }
}

/// The tokens of the answers that say how many they took.
fn measured(answers: &[Answered]) -> Usage {
    let mut usage = Usage::default();
    for answer in answers {
        if let Some(input) = answer.input_tokens {
            usage.records += 1;
            usage.input_tokens += input;
            usage.output_tokens += answer.output_tokens.unwrap_or_default();
        }
    }
    usage
}

impl fmt::Display for Answered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tokens = |tokens: Option<u64>| tokens.map_or_else(|| "?".to_owned(), grouped);
        let told = self.answer.as_ref().or(self.error.as_ref());
        write!(
            formatter,
            "{} {} ({} tokens in, {} out)\n  asked     {}\n  answered  {}",
            super::printable(&self.record_id),
            self.status.as_str(),
            tokens(self.input_tokens),
            tokens(self.output_tokens),
            super::printable(&self.request),
            super::printable(told.map_or("", String::as_str))
        )
    }
}

impl fmt::Display for DryRun {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per_record = self.measured.scaled_to(1);
        match per_record {
            Some(one) => write!(
                formatter,
                "{} took {} tokens in and {} out on average",
                counted(self.measured.records, "record"),
                grouped(one.input_tokens),
                grouped(one.output_tokens)
            )?,
            None => write!(
                formatter,
                "the answers do not say how many tokens they took"
            )?,
        }
        let about = match self.rows {
            Rows::Exactly(_) => "",
            Rows::About(_) => "about ",
        };
        let jobs = match self.jobs {
            0 => "on demand, because they are too few for a job".to_owned(),
            jobs => format!("in {}", counted(jobs, "job")),
        };
        write!(
            formatter,
            "\na run sends {about}{} {jobs}",
            counted(self.records, "record")
        )?;
        match (self.usage, self.cost) {
            (Some(usage), Some(cost)) => write!(
                formatter,
                ": about {} tokens in and {} out\n  in batch   about {}\n  on demand  about {}",
                grouped(usage.input_tokens),
                grouped(usage.output_tokens),
                dollars(cost.batch),
                dollars(cost.on_demand)
            ),
            (Some(_), None) => write!(
                formatter,
                "\n  cost unknown: no price of this model is known here"
            ),
            (None, _) => write!(formatter, "\n  cost unknown: nothing was measured"),
        }
    }
}
