//! What a run will take, told before it is paid for.

use std::fmt;

use serde::Serialize;
use shared::batch::chunk::Plan;
use shared::batch::cost::{BATCH_FACTOR, Cost, Usage, price_on_demand};
use shared::batch::processor::Kind;
use shared::batch::request::{BelowMinimum, Run};
use shared::contracts::batch::RunPolicy;

use super::BatchError;
use super::figures::{counted, dollars, grouped};
use super::sample::{Rows, Sample, SampledRecord};

/// Characters of ASCII in a token. A rule of thumb for English; code and numbers take more tokens.
const ASCII_PER_TOKEN: u64 = 4;

/// Tokens that the frame of a message adds to its text.
const FRAME: u64 = 8;

/// Rows of the table that an estimate looks at.
const SAMPLED_ROWS: u64 = 200;

/// Rows that it looks at where each has an image, because those are read: 75 MB at most.
const SAMPLED_IMAGES: u64 = 20;

/// Rows of a run's table that an estimate looks at.
pub(crate) fn sampled_rows(run: &Run) -> u64 {
    match run.image_column {
        Some(_) => SAMPLED_IMAGES,
        None => SAMPLED_ROWS,
    }
}

/// Tokens of a record: of its text by the rule of thumb, and of its image by the rule of the model, where that is known.
fn tokens_of_record(run: &Run, record: &SampledRecord) -> u64 {
    let image = record
        .image
        .and_then(|size| run.processor.image_tokens(size));
    tokens_of(&record.text) + image.unwrap_or_default()
}

/// What the images of a run are to its estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ImageTokens {
    /// There are none.
    None,
    /// Counted by the model's rule.
    Counted,
    /// Left out of tokens and cost, because the model's rule is not known.
    Unknown,
}

impl ImageTokens {
    fn of(run: &Run, sample: &Sample) -> Self {
        let mut images = sample.records.iter().filter_map(|record| record.image);
        let unknown = |size| run.processor.image_tokens(size).is_none();
        match run.image_column {
            None => Self::None,
            Some(_) if images.any(unknown) => Self::Unknown,
            Some(_) => Self::Counted,
        }
    }
}

/// Tokens of a text by a rule of thumb: one for four characters of ASCII, and one for each other character, because
/// tokenizers know words of English best and little of other scripts.
pub(crate) fn tokens_of(text: &str) -> u64 {
    let ascii = text.bytes().filter(u8::is_ascii).count() as u64;
    let others = text.chars().filter(|letter| !letter.is_ascii()).count() as u64;
    ascii.div_ceil(ASCII_PER_TOKEN) + others + FRAME
}

/// What a run will take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Estimate {
    /// The table or dataset, for people.
    pub(crate) source: String,
    /// The model, as the request names it.
    pub(crate) model: String,
    /// Rows of the table; none when it cannot be looked into from here.
    pub(crate) rows: Option<Rows>,
    /// Records that will be sent.
    pub(crate) records: Option<u64>,
    /// Jobs that they make; 0 when they are sent on demand.
    pub(crate) jobs: Option<u64>,
    /// Rows that were looked at.
    pub(crate) sampled: u64,
    /// Those of them that cannot be sent.
    pub(crate) rejected: u64,
    /// Why the first of those cannot be sent.
    pub(crate) rejection: Option<String>,
    /// Whether the tokens of images are among those.
    pub(crate) images: ImageTokens,
    /// Tokens: about as many of input, at most as many of output.
    pub(crate) usage: Option<Usage>,
    /// What the input costs in US dollars; none when the price of the model is not known.
    pub(crate) input_cost: Option<Cost>,
    /// What it costs at most.
    pub(crate) most: Option<Cost>,
}

impl Estimate {
    /// Estimates a run over a table of which a sample was taken; without one, only what needs no sample is known.
    pub(crate) fn of(
        run: &Run,
        source: String,
        sample: Option<&Sample>,
    ) -> Result<Self, BatchError> {
        let mut estimate = Self {
            source,
            model: run.model.to_string(),
            rows: None,
            records: None,
            jobs: None,
            sampled: 0,
            rejected: 0,
            rejection: None,
            images: ImageTokens::None,
            usage: None,
            input_cost: None,
            most: None,
        };
        let Some(sample) = sample else {
            return Ok(estimate);
        };
        let (records, jobs) = divided(run, sample.rows)?;
        estimate.rows = Some(sample.rows);
        estimate.records = Some(records);
        estimate.jobs = Some(jobs);
        estimate.rejected = sample.rejected.len() as u64;
        estimate.sampled = estimate.rejected + sample.records.len() as u64;
        estimate.rejection = sample.rejected.first().map(|row| row.message.clone());
        estimate.images = ImageTokens::of(run, sample);
        let seen = Usage {
            records: sample.records.len() as u64,
            input_tokens: sample
                .records
                .iter()
                .map(|record| tokens_of_record(run, record))
                .sum(),
            output_tokens: 0,
        };
        let Some(input) = seen.scaled_to(records) else {
            return Ok(estimate);
        };
        let most = Usage {
            output_tokens: most_output(run, records),
            ..input
        };
        let price = price_on_demand(&run.model);
        estimate.usage = Some(most);
        estimate.input_cost = price.map(|price| input.cost(price));
        estimate.most = price.map(|price| most.cost(price));
        Ok(estimate)
    }
}

/// Records that will be sent, and the jobs they make: none when they are sent on demand.
pub(super) fn divided(run: &Run, rows: Rows) -> Result<(u64, u64), BatchError> {
    let limits = RunPolicy::default().limits_of(&run.model);
    match run.bounds.plan(rows.number(), &limits)? {
        Plan::Jobs(chunks) => Ok((chunks.records(), chunks.jobs())),
        Plan::OnDemand { records, minimum } => match run.below_minimum {
            BelowMinimum::OnDemand => Ok((records, 0)),
            BelowMinimum::Refuse => Err(BatchError::BelowMinimum { records, minimum }),
        },
    }
}

/// Tokens of all answers if each is as long as it may be.
pub(super) fn most_output(run: &Run, records: u64) -> u64 {
    match run.processor.kind() {
        Kind::Text => records.saturating_mul(run.options.max_tokens.into()),
        Kind::Embedding => 0,
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, model, .. } = self;
        let (Some(rows), Some(records), Some(jobs)) = (self.rows, self.records, self.jobs) else {
            return write!(
                formatter,
                "{source} with {model}\n  records    unknown: only the run itself looks into the dataset\n  cost       unknown"
            );
        };
        writeln!(formatter, "{source} with {model}")?;
        writeln!(formatter, "  records    {}", records_line(rows, records))?;
        match jobs {
            0 => writeln!(
                formatter,
                "  jobs       none: too few records for a batch job, so they are sent one by one at the full price"
            )?,
            jobs => writeln!(formatter, "  jobs       {}", grouped(jobs))?,
        }
        if let Some(reason) = &self.rejection {
            writeln!(
                formatter,
                "  rejected   {} of the first {} cannot be sent: {}",
                grouped(self.rejected),
                counted(self.sampled, "row"),
                super::printable(reason)
            )?;
        }
        let Some(usage) = self.usage else {
            return write!(
                formatter,
                "  cost       unknown: no row of the sample can be sent"
            );
        };
        writeln!(
            formatter,
            "  input      about {} tokens ({ASCII_PER_TOKEN} characters a token, over the first {})",
            grouped(usage.input_tokens),
            counted(self.sampled - self.rejected, "record")
        )?;
        match self.images {
            ImageTokens::None => {}
            ImageTokens::Counted => writeln!(formatter, "  images     in it, by their pixels")?,
            ImageTokens::Unknown => writeln!(
                formatter,
                "  images     neither in the tokens nor in the cost: what this model bills for an image is not known here"
            )?,
        }
        if usage.output_tokens > 0 {
            writeln!(
                formatter,
                "  output     at most {} tokens ({} per answer)",
                grouped(usage.output_tokens),
                grouped(usage.output_tokens / usage.records.max(1))
            )?;
        }
        cost_lines(formatter, jobs, self.input_cost, self.most)
    }
}

fn records_line(rows: Rows, records: u64) -> String {
    match rows {
        Rows::Exactly(rows) if rows == records => grouped(records),
        Rows::Exactly(rows) => format!("{} of {}", grouped(records), grouped(rows)),
        Rows::About(rows) if rows == records => format!("about {} (by size)", grouped(records)),
        Rows::About(rows) => format!("{} of about {} (by size)", grouped(records), grouped(rows)),
    }
}

fn cost_lines(
    formatter: &mut fmt::Formatter<'_>,
    jobs: u64,
    input: Option<Cost>,
    most: Option<Cost>,
) -> fmt::Result {
    let (Some(input), Some(most)) = (input, most) else {
        return write!(
            formatter,
            "  cost       unknown: no price of this model is known here"
        );
    };
    let line = |input: f64, most: f64| {
        if input < most {
            let (input, most) = (dollars(input), dollars(most));
            return format!("{input} for the input, at most {most}");
        }
        format!("about {}", dollars(most))
    };
    let on_demand = line(input.on_demand, most.on_demand);
    if jobs == 0 {
        return write!(formatter, "  on demand  {on_demand}");
    }
    write!(
        formatter,
        "  in batch   {} ({BATCH_FACTOR} of the price on demand)\n  on demand  {on_demand}",
        line(input.batch, most.batch)
    )
}
