//! Answers are written in parts while the sending goes on.

use std::collections::BTreeSet;

use runs::{Bucket, Found, write_bytes};
use shared::batch::layout::{Layout, on_demand_id};
use shared::batch::record::OutputLine;
use std::sync::Arc;

use crate::error::InvokeError;
use crate::input::Lines;
use crate::invoke::Files;

/// Answers of a part: what can be lost when the function dies.
const ANSWERS: u64 = 25;
/// Bytes after which a part is written with fewer answers: lines repeat the input, which may have images.
const BYTES: usize = 8 << 20;

/// The type of lines of JSON.
pub(crate) const JSON_LINES: &str = "application/jsonl";

/// Parts that are there, in the order in which they were written.
pub(crate) fn written(
    bucket: &dyn Bucket,
    layout: &Layout<'_>,
    chunk: u64,
    attempt: u32,
) -> Result<Vec<Found>, InvokeError> {
    let output = layout.output_of_attempt(chunk, attempt, &on_demand_id(attempt));
    let listed = bucket.list(&output)?;
    let mut parts: Vec<(u64, Found)> = listed
        .into_iter()
        .filter_map(|object| {
            let part = layout.parse_output(chunk, &object.key)?.part?;
            Some((part, object))
        })
        .collect();
    parts.sort();
    Ok(parts.into_iter().map(|(_, object)| object).collect())
}

/// The ids of the records in parts.
pub(crate) fn answered(
    bucket: &Arc<dyn Bucket>,
    parts: &[Found],
) -> Result<BTreeSet<String>, InvokeError> {
    let mut ids = BTreeSet::new();
    for part in parts {
        let mut lines = Lines::of(bucket, part);
        while let Some(line) = lines.parse::<OutputLine<'_>>()? {
            ids.insert(line.record_id.into_owned());
        }
    }
    Ok(ids)
}

/// The part that is being gathered.
pub(crate) struct Parts<'a> {
    files: &'a Files,
    layout: &'a Layout<'a>,
    chunk: u64,
    attempt: u32,
    number: u64,
    answers: u64,
    lines: Vec<u8>,
}

impl<'a> Parts<'a> {
    /// Goes on behind `written` parts.
    pub(crate) fn after(
        written: &[Found],
        files: &'a Files,
        layout: &'a Layout<'a>,
        chunk: u64,
        attempt: u32,
    ) -> Self {
        let last = written.last();
        let last = last.and_then(|part| layout.parse_output(chunk, &part.key)?.part);
        Self {
            files,
            layout,
            chunk,
            attempt,
            number: last.map_or(0, |last| last + 1),
            answers: 0,
            lines: Vec::new(),
        }
    }

    /// Adds a line.
    pub(crate) fn push(&mut self, line: &[u8]) -> Result<(), InvokeError> {
        if self.answers > 0 {
            self.lines.push(b'\n');
        }
        self.lines.extend_from_slice(line);
        self.answers += 1;
        if self.answers >= ANSWERS || self.lines.len() >= BYTES {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what was gathered.
    pub(crate) fn flush(&mut self) -> Result<(), InvokeError> {
        if self.answers == 0 {
            return Ok(());
        }
        let key = (self.layout).output_part(self.chunk, self.attempt, self.number);
        let lines = std::mem::take(&mut self.lines);
        write_bytes(&*self.files.outputs, &key, JSON_LINES, lines)?;
        self.number += 1;
        self.answers = 0;
        Ok(())
    }
}
