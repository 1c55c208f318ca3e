//! CSV files.

use std::io::{self, Read};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use csv::{ByteRecord, Reader, ReaderBuilder};

use super::source::Source;
use super::{Batches, Limits, PANDAS_INDEX, check_names};
use crate::error::{CsvProblem, TableError};

const BUFFER: usize = 64 * 1024;

/// A record put behind the last one. When it comes out as part of a cell, an open quote has swallowed it. It contains a NUL
/// byte, so no cell of a valid file equals it.
const END: &str = "\0end";
const ENDING: &[u8] = b"\n\0end\n";

pub(super) fn open(file: &str, text: Box<dyn Read>, limits: Limits) -> Result<Batches, TableError> {
    let mut records = Records::new(file, text, limits.record_bytes);
    if !records.advance()? {
        return Err(records.error(CsvProblem::NoHeader));
    }
    records.check_nul(&[])?;
    let text = records.text(&[])?;
    let header = (0..records.record.len())
        .map(|place| records.cell(text, place, &[]).map(str::to_owned))
        .collect::<Result<Vec<_>, _>>()?;
    check_names(header.iter().map(String::as_str)).map_err(|problem| records.error(problem))?;
    let kept: Vec<usize> = (0..header.len())
        .filter(|&place| header[place] != PANDAS_INDEX)
        .collect();
    let fields: Vec<_> = kept
        .iter()
        .map(|&place| Field::new(&header[place], DataType::Utf8, false))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let table = CsvTable {
        records,
        header,
        kept,
        schema: SchemaRef::clone(&schema),
        limits,
        capacities: Vec::new(),
    };
    Ok(Batches::new(schema, table))
}

struct CsvTable {
    records: Records,
    header: Vec<String>,
    /// Places of the columns that are given on.
    kept: Vec<usize>,
    schema: SchemaRef,
    limits: Limits,
    /// Bytes of each column in the last batch: about what the next one takes.
    capacities: Vec<usize>,
}

impl Source for CsvTable {
    fn next_batch(&mut self) -> Result<Option<RecordBatch>, TableError> {
        self.capacities.resize(self.kept.len(), 0);
        let mut columns: Vec<_> = (self.capacities.iter())
            .map(|&bytes| StringBuilder::with_capacity(self.limits.batch_rows, bytes))
            .collect();
        let (mut rows, mut bytes) = (0, 0);
        while rows < self.limits.batch_rows
            && bytes < self.limits.batch_bytes
            && self.records.advance()?
        {
            self.check_record()?;
            let text = self.records.text(&self.header)?;
            for (column, &place) in columns.iter_mut().zip(&self.kept) {
                column.append_value(self.records.cell(text, place, &self.header)?);
            }
            rows += 1;
            bytes += text.len();
        }
        if rows == 0 {
            return Ok(None);
        }
        for (capacity, column) in self.capacities.iter_mut().zip(&columns) {
            *capacity = column.values_slice().len();
        }
        let columns: Vec<ArrayRef> = columns
            .iter_mut()
            .map(|column| Arc::new(column.finish()) as ArrayRef)
            .collect();
        let batch = RecordBatch::try_new_with_options(
            SchemaRef::clone(&self.schema),
            columns,
            &arrow::array::RecordBatchOptions::new().with_row_count(Some(rows)),
        )?;
        Ok(Some(batch))
    }

    fn count_rows(&mut self) -> Result<u64, TableError> {
        let mut rows = 0;
        while self.records.advance()? {
            self.check_record()?;
            rows += 1;
        }
        Ok(rows)
    }
}

impl CsvTable {
    fn check_record(&self) -> Result<(), TableError> {
        let record = &self.records.record;
        self.records.check_nul(&self.header)?;
        let (found, expected) = (record.len(), self.header.len());
        if found != expected {
            return Err(self.records.error(CsvProblem::Ragged { found, expected }));
        }
        Ok(())
    }
}

/// Records one after the other, each of bounded length.
struct Records {
    file: String,
    reader: Reader<EndedText>,
    record: ByteRecord,
    record_bytes: u64,
    ended: bool,
}

impl Records {
    fn new(file: &str, text: Box<dyn Read>, record_bytes: u64) -> Self {
        let source = EndedText {
            text,
            allowance: 0,
            ending: ENDING,
        };
        // Flexible, because raggedness is judged here: the record that marks the end has one cell.
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(BUFFER)
            .from_reader(source);
        Self {
            file: file.to_owned(),
            reader,
            record: ByteRecord::new(),
            record_bytes,
            ended: false,
        }
    }

    /// Reads the next record; `false` at the end.
    fn advance(&mut self) -> Result<bool, TableError> {
        if self.ended {
            return Ok(false);
        }
        if !self.read()? {
            return Ok(false);
        }
        if self.record.len() != 1 || &self.record[0] != END.as_bytes() {
            return Ok(true);
        }
        let mut rest = ByteRecord::new();
        self.ended = matches!(self.reader.read_byte_record(&mut rest), Ok(false));
        Ok(!self.ended)
    }

    fn read(&mut self) -> Result<bool, TableError> {
        self.reader.get_mut().allowance = self.record_bytes + BUFFER as u64;
        let read = self.reader.read_byte_record(&mut self.record);
        match read {
            Ok(more) => Ok(more),
            Err(_) if self.reader.get_ref().allowance == 0 => {
                let line = self.reader.position().line();
                let limit = self.record_bytes;
                Err(self.error_at(line, CsvProblem::TooLong { limit }))
            }
            Err(error) => Err(TableError::Read {
                file: self.file.clone(),
                cause: error.into(),
            }),
        }
    }

    /// Refuses NUL bytes, which a valid file has not, and with them an end that an open quote has swallowed.
    fn check_nul(&self, header: &[String]) -> Result<(), TableError> {
        let nul = |cell: &[u8]| memchr::memchr(0, cell).is_some();
        if !nul(self.record.as_slice()) {
            return Ok(());
        }
        if self.record.as_slice().ends_with(ENDING) {
            return Err(self.error(CsvProblem::OpenQuote));
        }
        let place = self.record.iter().position(nul).unwrap_or_default();
        let column = column_name(header, place);
        Err(self.error(CsvProblem::Nul { column }))
    }

    /// All cells of the record, one behind the other.
    fn text(&self, header: &[String]) -> Result<&str, TableError> {
        simdutf8::basic::from_utf8(self.record.as_slice()).map_err(|_| {
            let broken = |cell: &[u8]| std::str::from_utf8(cell).is_err();
            let place = self.record.iter().position(broken).unwrap_or_default();
            self.not_utf8(header, place)
        })
    }

    /// The cell at `place` of the record, whose text is `text`. A letter that is torn apart by a comma is none.
    fn cell<'a>(
        &self,
        text: &'a str,
        place: usize,
        header: &[String],
    ) -> Result<&'a str, TableError> {
        let range = self.record.range(place).unwrap_or_default();
        text.get(range).ok_or_else(|| self.not_utf8(header, place))
    }

    fn not_utf8(&self, header: &[String], place: usize) -> TableError {
        let column = column_name(header, place);
        self.error(CsvProblem::NotUtf8 { column })
    }

    fn error(&self, problem: CsvProblem) -> TableError {
        let line = self.record.position().map_or(1, csv::Position::line);
        self.error_at(line, problem)
    }

    fn error_at(&self, line: u64, problem: CsvProblem) -> TableError {
        TableError::Csv {
            file: self.file.clone(),
            line,
            problem,
        }
    }
}

/// The name of a column; without a header, that of the header itself.
fn column_name(header: &[String], place: usize) -> String {
    header
        .get(place)
        .map_or("header", String::as_str)
        .to_owned()
}

/// Text that ends in [`ENDING`] and refuses to be read on when the allowance for one record is used up.
struct EndedText {
    text: Box<dyn Read>,
    allowance: u64,
    ending: &'static [u8],
}

impl Read for EndedText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.allowance == 0 {
            return Err(io::Error::other("the record is too long"));
        }
        let room = usize::try_from(self.allowance).unwrap_or(usize::MAX);
        let room = room.min(buffer.len());
        let read = self.text.read(&mut buffer[..room])?;
        if read > 0 {
            self.allowance -= read as u64;
            return Ok(read);
        }
        self.ending.read(buffer)
    }
}
