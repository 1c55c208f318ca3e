//! A processor that counts what it reads.

use std::sync::atomic::{AtomicU64, Ordering};

use shared::batch::cost::Usage;
use shared::batch::outcome::Outcome;
use shared::batch::processor::{BodyError, Input, Kind, Options, Processor};

/// Reads outputs as a family does, and counts them with their tokens: an answer that did not become a row was billed, too.
#[derive(Debug)]
pub(crate) struct Metered {
    processor: &'static dyn Processor,
    records: AtomicU64,
    input_tokens: AtomicU64,
    output_tokens: AtomicU64,
}

impl Metered {
    pub(crate) fn new(processor: &'static dyn Processor) -> Self {
        Self {
            processor,
            records: AtomicU64::new(0),
            input_tokens: AtomicU64::new(0),
            output_tokens: AtomicU64::new(0),
        }
    }

    /// What was read.
    pub(crate) fn usage(&self) -> Usage {
        Usage {
            records: self.records.load(Ordering::Relaxed),
            input_tokens: self.input_tokens.load(Ordering::Relaxed),
            output_tokens: self.output_tokens.load(Ordering::Relaxed),
        }
    }
}

impl Processor for Metered {
    fn family(&self) -> &'static str {
        self.processor.family()
    }

    fn models(&self) -> &'static [&'static str] {
        self.processor.models()
    }

    fn kind(&self) -> Kind {
        self.processor.kind()
    }

    fn dimensions(&self) -> &'static [u32] {
        self.processor.dimensions()
    }

    fn write_body(
        &self,
        input: &Input<'_>,
        options: &Options,
        out: &mut Vec<u8>,
    ) -> Result<(), BodyError> {
        self.processor.write_body(input, options, out)
    }

    fn read_output(&self, output: &str) -> serde_json::Result<Outcome> {
        let outcome = self.processor.read_output(output)?;
        let add = |sum: &AtomicU64, count| sum.fetch_add(count, Ordering::Relaxed);
        add(&self.records, 1);
        add(&self.input_tokens, outcome.input_tokens.unwrap_or_default());
        add(
            &self.output_tokens,
            outcome.output_tokens.unwrap_or_default(),
        );
        Ok(outcome)
    }
}
