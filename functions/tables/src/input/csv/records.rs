//! The records of a CSV file, one after the other, each of bounded length.

use std::io::{self, Read};

use super::split::{Cell, Split, split, unquote};
use crate::error::{CsvProblem, TableError};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A file that is read record by record.
pub(super) struct Records {
    file: String,
    text: Box<dyn Read>,
    /// As much of the text as was read, and room for more.
    buffer: Vec<u8>,
    filled: usize,
    /// Whether the text ends with what is in the buffer.
    is_last: bool,
    /// Bounds of the record in the buffer.
    start: usize,
    end: usize,
    /// Its cells; places count from `end` of the record before.
    cells: Vec<Cell>,
    /// Where the text begins that the cells were found in.
    base: usize,
    /// Line feeds that are not in the buffer any more.
    lines: u64,
    record_bytes: u64,
}

impl Records {
    /// Begins with a buffer of `buffer_bytes`, which grows with the longest record, and refuses records that are longer than
    /// `record_bytes` and do not fit.
    pub(super) fn new(
        file: &str,
        text: Box<dyn Read>,
        record_bytes: u64,
        buffer_bytes: usize,
    ) -> Result<Self, TableError> {
        let mut records = Self {
            file: file.to_owned(),
            text,
            buffer: vec![0; buffer_bytes],
            filled: 0,
            is_last: false,
            start: 0,
            end: 0,
            cells: Vec::new(),
            base: 0,
            lines: 0,
            record_bytes,
        };
        records.fill()?;
        if records.buffer[..records.filled].starts_with(BYTE_ORDER_MARK) {
            records.end = BYTE_ORDER_MARK.len();
        }
        Ok(records)
    }

    /// Goes to the next record; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, TableError> {
        loop {
            self.base = self.end;
            let text = &self.buffer[self.base..self.filled];
            match split(text, self.is_last, &mut self.cells) {
                Split::Record { start, end } => {
                    self.start = self.base + start;
                    self.end = self.base + end;
                    self.unquote();
                    return Ok(true);
                }
                Split::Blank => self.start = self.filled,
                Split::Unfinished { start } => self.start = self.base + start,
                Split::OpenQuote { start } => {
                    self.start = self.base + start;
                    return Err(self.error(CsvProblem::OpenQuote));
                }
            }
            if self.is_last {
                return Ok(false);
            }
            self.read_on()?;
        }
    }

    fn unquote(&mut self) {
        let text = &mut self.buffer[self.base..];
        for cell in &mut self.cells {
            unquote(text, cell);
        }
    }

    /// Moves the beginning of a record to that of the buffer, and fills the rest.
    fn read_on(&mut self) -> Result<(), TableError> {
        let begun = self.filled - self.start;
        if begun as u64 > self.record_bytes {
            let limit = self.record_bytes;
            return Err(self.error(CsvProblem::TooLong { limit }));
        }
        self.lines += line_feeds(&self.buffer[..self.start]);
        self.buffer.copy_within(self.start..self.filled, 0);
        (self.start, self.end, self.filled) = (0, 0, begun);
        // Twice the room each time, so that the beginning of a long record is looked at twice, and not over and over.
        if begun * 2 > self.buffer.len() {
            self.buffer.resize(begun * 2, 0);
        }
        self.fill()
    }

    /// Reads until the buffer is full or the text ends.
    fn fill(&mut self) -> Result<(), TableError> {
        while self.filled < self.buffer.len() && !self.is_last {
            match self.text.read(&mut self.buffer[self.filled..]) {
                Ok(0) => self.is_last = true,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(cause) => {
                    return Err(TableError::Read {
                        file: self.file.clone(),
                        cause,
                    });
                }
            }
        }
        Ok(())
    }

    /// The cells of the record. `header` names them in errors; the header itself has none yet.
    ///
    /// # Errors
    /// When there is a NUL byte, or a cell is not UTF-8.
    pub(super) fn cells(&self, header: &[String]) -> Result<Cells<'_>, TableError> {
        let bytes = &self.buffer[self.base..self.end];
        if memchr::memchr(0, bytes).is_some() {
            let column = self.first_column(header, |cell| cell.contains(&0));
            return Err(self.error(CsvProblem::Nul { column }));
        }
        let Ok(text) = simdutf8::basic::from_utf8(bytes) else {
            let column = self.first_column(header, |cell| std::str::from_utf8(cell).is_err());
            return Err(self.error(CsvProblem::NotUtf8 { column }));
        };
        Ok(Cells {
            text,
            cells: &self.cells,
        })
    }

    /// Cells of the record.
    pub(super) fn width(&self) -> usize {
        self.cells.len()
    }

    /// The name of the first column whose cell is so.
    fn first_column(&self, header: &[String], is_so: impl Fn(&[u8]) -> bool) -> String {
        let text = &self.buffer[self.base..];
        let place = (self.cells.iter()).position(|cell| is_so(&text[cell.start..cell.end]));
        let name = header.get(place.unwrap_or_default());
        name.map_or("header", String::as_str).to_owned()
    }

    pub(super) fn error(&self, problem: CsvProblem) -> TableError {
        TableError::Csv {
            file: self.file.clone(),
            line: self.lines + line_feeds(&self.buffer[..self.start]) + 1,
            problem,
        }
    }
}

fn line_feeds(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}

/// The cells of a record, as text.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    text: &'a str,
    cells: &'a [Cell],
}

impl<'a> Cells<'a> {
    /// Bytes of the record.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// All cells, in order.
    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.cells.len()).map(move |place| self.get(place))
    }

    /// The cell at `place`, which the record has. Cells are between commas and quotes, so they begin and end with letters.
    pub(super) fn get(self, place: usize) -> &'a str {
        let Cell { start, end, .. } = self.cells[place];
        &self.text[start..end]
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::Records;
    use crate::error::{CsvProblem, TableError};

    type Rows = Vec<Vec<String>>;

    fn ours(text: &str, buffer_bytes: usize) -> Result<Rows, TableError> {
        let text = Box::new(Cursor::new(text.to_owned()));
        let mut records = Records::new("t.csv", text, 1_000, buffer_bytes)?;
        let mut rows = Rows::new();
        while records.advance()? {
            rows.push(records.cells(&[])?.iter().map(str::to_owned).collect());
        }
        Ok(rows)
    }

    fn of_the_library(text: &str) -> Rows {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let records = reader.records().map(|record| record.unwrap());
        records
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect()
    }

    /// Whether the text ends within quotes, which the library takes for their end.
    fn has_open_quote(text: &str) -> bool {
        let with_end = of_the_library(&format!("{text}\nend"));
        with_end.last().is_none_or(|record| record != &["end"])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn records_are_those_of_the_library(
            text in "(\u{feff})?([ab,é\"\"\"\n\r]|\"\"|,\"|\",|\r\n){0,40}",
            buffer_bytes in 3_usize..40,
        ) {
            match ours(&text, buffer_bytes) {
                Ok(rows) => {
                    prop_assert!(!has_open_quote(&text));
                    prop_assert_eq!(rows, of_the_library(&text));
                }
                Err(TableError::Csv { problem: CsvProblem::OpenQuote, .. }) => {
                    prop_assert!(has_open_quote(&text));
                }
                Err(error) => prop_assert!(false, "{error}"),
            }
        }
    }
}
