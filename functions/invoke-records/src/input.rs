//! Lines of files: the records to send, and those that are answered already.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::sync::Arc;

use runs::{Bucket, Failures, Found, Stream, open};
use serde::Deserialize;
use serde_json::value::RawValue;
use shared::batch::record::{InputLine, LineError, parse_line};

use crate::error::InvokeError;

/// Most bytes of a line that are read. The service takes no body of more than 25 MB.
const LINE_BYTES: u64 = 64 << 20;

/// A record to send.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) id: String,
    pub(crate) input: Box<RawValue>,
}

/// The lines of an object, one at a time.
pub(crate) struct Lines {
    file: String,
    source: BufReader<Stream>,
    number: u64,
    line: Vec<u8>,
}

impl Lines {
    pub(crate) fn of(bucket: &Arc<dyn Bucket>, object: &Found) -> Self {
        Self {
            file: bucket.address(&object.key),
            source: BufReader::new(open(bucket, object, &Failures::default()).stream(0)),
            number: 0,
            line: Vec::new(),
        }
    }

    /// The next line that is not blank, without what ends it; nothing at the end.
    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>, InvokeError> {
        loop {
            self.line.clear();
            self.number += 1;
            let mut limited = (&mut self.source).take(LINE_BYTES);
            let read = limited.read_until(b'\n', &mut self.line);
            let length = read.map_err(|source| InvokeError::Io {
                file: self.file.clone(),
                source,
            })?;
            if length == 0 {
                return Ok(None);
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(self.line.trim_ascii_end()));
            }
        }
    }

    /// The next line that is not blank, read; nothing at the end.
    pub(crate) fn parse<'a, T: Deserialize<'a>>(&'a mut self) -> Result<Option<T>, InvokeError> {
        self.next()?;
        parse_line(self.number, &self.line).map_err(|source| self.damaged(source))
    }

    /// That the line which was just read is not what it should be.
    pub(crate) fn damaged(&self, source: LineError) -> InvokeError {
        InvokeError::Line {
            file: self.file.clone(),
            source,
        }
    }
}

/// The records of an input that are not answered yet.
pub(crate) struct Records {
    lines: Lines,
    answered: BTreeSet<String>,
}

impl Records {
    pub(crate) fn new(lines: Lines, answered: BTreeSet<String>) -> Self {
        Self { lines, answered }
    }

    /// The next record; nothing at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Record>, InvokeError> {
        while let Some(line) = self.lines.parse::<InputLine<'_>>()? {
            if !self.answered.contains(line.record_id.as_ref()) {
                return Ok(Some(Record {
                    id: line.record_id.into_owned(),
                    input: line.model_input.to_owned(),
                }));
            }
        }
        Ok(None)
    }
}
