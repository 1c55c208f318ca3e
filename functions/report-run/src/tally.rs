//! The sums over the chunks of a run.

use shared::batch::cost::Usage;
use shared::batch::outcome::RecordCounts;
use shared::contracts::batch::{AttemptRecord, ChunkRecord, JobMode, RunVerdict};
use shared::model::Price;

use crate::report::Problem;

/// What to do about a record that is not valid.
pub(crate) const REMEDY: &str = "restore an earlier version of the record, or remove it and redrive the run, which sends the chunk again";

/// Chunks that a report names.
const NAMED: usize = 100;

/// What was billed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bill {
    /// Tokens sent.
    pub input_tokens: u64,
    /// Tokens answered.
    pub output_tokens: u64,
    /// Estimated, in US dollars; none when the price is not known.
    pub cost: Option<f64>,
}

/// The sums, while chunks are added in their order.
pub(crate) struct Tally {
    price: Option<Price>,
    /// The attempt that is billed by itself, too.
    attempt: u32,
    pub(crate) counts: RecordCounts,
    pub(crate) total: Bill,
    pub(crate) of_attempt: Bill,
    pub(crate) incomplete: Vec<u64>,
    pub(crate) problems: Vec<Problem>,
}

impl Tally {
    pub(crate) fn new(price: Option<Price>, attempt: u32) -> Self {
        let nothing = Bill {
            cost: price.map(|_| 0.0),
            ..Bill::default()
        };
        Self {
            price,
            attempt,
            counts: RecordCounts::default(),
            total: nothing,
            of_attempt: nothing,
            incomplete: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Adds a chunk of `size` rows: its record, or why there is none.
    pub(crate) fn add(&mut self, chunk: u64, size: u64, record: Result<ChunkRecord, String>) {
        let checked = record.and_then(|record| {
            self.bill(&record.attempts);
            check(chunk, size, &record)
        });
        let counts = checked.unwrap_or_else(|message| {
            self.problems.push(Problem { chunk, message });
            // Whatever became of its rows, no result has them, and a redrive sends all of them again.
            RecordCounts {
                records: size,
                missing: size,
                redrivable: size,
                ..RecordCounts::default()
            }
        });
        if counts.succeeded < size && self.incomplete.len() < NAMED {
            self.incomplete.push(chunk);
        }
        self.counts += counts;
    }

    pub(crate) fn verdict(&self) -> RunVerdict {
        if !self.problems.is_empty() {
            return RunVerdict::Broken;
        }
        if self.counts.redrivable > 0 {
            return RunVerdict::Redrivable;
        }
        if self.counts.succeeded < self.counts.records {
            return RunVerdict::Incomplete;
        }
        RunVerdict::Complete
    }

    fn bill(&mut self, attempts: &[AttemptRecord]) {
        for attempt in attempts {
            let cost = self.price.map(|price| cost(attempt, price));
            self.total.add(&attempt.usage, cost);
            if attempt.attempt == self.attempt {
                self.of_attempt.add(&attempt.usage, cost);
            }
        }
    }
}

impl Bill {
    fn add(&mut self, usage: &Usage, cost: Option<f64>) {
        self.input_tokens += usage.input_tokens;
        self.output_tokens += usage.output_tokens;
        self.cost = self.cost.zip(cost).map(|(sum, cost)| sum + cost);
    }
}

fn cost(attempt: &AttemptRecord, price: Price) -> f64 {
    let cost = attempt.usage.cost(price);
    match attempt.mode {
        JobMode::Batch => cost.batch,
        JobMode::OnDemand | JobMode::Nothing => cost.on_demand,
    }
}

fn check(chunk: u64, size: u64, record: &ChunkRecord) -> Result<RecordCounts, String> {
    let (number, rows) = (record.chunk, record.counts.records);
    if number != chunk {
        return Err(format!("its record is that of chunk {number}: {REMEDY}"));
    }
    if rows != size {
        let problem = format!("its result has {rows} rows, the run's manifest says {size}");
        return Err(format!("{problem}: {REMEDY}"));
    }
    Ok(record.counts)
}
