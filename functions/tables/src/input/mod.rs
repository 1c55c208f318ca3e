//! Tables as batches of rows.
//!
//! Cells of CSV files are text, an empty cell is empty text: CSV has no null. Columns of Parquet files keep their types.
//! The column `Unnamed: 0`, which pandas writes for row numbers, is left out.

mod ahead;
mod columns;
mod csv;
mod expand;
mod format;
mod parquet;
mod source;
mod texts;

use std::collections::BTreeSet;
use std::io::Read;

use ::parquet::file::reader::ChunkReader;
use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use flate2::read::MultiGzDecoder;

pub use self::expand::Routing;
pub use self::format::Format;
pub(crate) use self::parquet::rows_per_batch;
use self::source::Source;
use crate::error::{CsvProblem, TableError, listed};

/// The row numbers that pandas writes as a column.
const PANDAS_INDEX: &str = "Unnamed: 0";

/// How much of a table is in memory at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most rows of a batch.
    pub batch_rows: usize,
    /// Bytes of text after which a batch is closed; of Parquet, judged by the average row of a file.
    pub batch_bytes: usize,
    /// Most bytes of a CSV record.
    pub record_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            batch_rows: 1_024,
            batch_bytes: 4 << 20,
            record_bytes: 16 << 20,
        }
    }
}

type BatchIterator = Box<dyn Iterator<Item = Result<RecordBatch, TableError>>>;

/// The rows of a table, batch by batch. After an error there are none any more.
pub struct Batches {
    schema: SchemaRef,
    source: Box<dyn Source>,
    failed: bool,
}

impl Batches {
    fn new(schema: SchemaRef, source: impl Source + 'static) -> Self {
        Self {
            schema,
            source: Box::new(source),
            failed: false,
        }
    }

    /// Opens one file. Its name appears in errors and, for CSV, tells the format.
    ///
    /// # Errors
    /// When the file is of another format, its columns have no usable names, or it cannot be read.
    pub fn open<R: ChunkReader + 'static>(
        file: &str,
        source: R,
        limits: Limits,
    ) -> Result<Self, TableError> {
        let failed = |cause| TableError::Parquet {
            file: file.to_owned(),
            cause,
        };
        let length = usize::try_from(source.len()).unwrap_or(usize::MAX);
        let head = source
            .get_bytes(0, length.min(format::HEAD))
            .map_err(failed)?;
        let format = Format::of(file, &head)?;
        if format == Format::Parquet {
            return parquet::open(file, source, |name| name != PANDAS_INDEX, limits);
        }
        let text = source.get_read(0).map_err(failed)?;
        match format {
            Format::GzipCsv => Self::csv(file, MultiGzDecoder::new(text), limits),
            Format::Csv | Format::Parquet => Self::csv(file, text, limits),
        }
    }

    /// Reads CSV (RFC 4180, UTF-8 with or without BOM, comma, header required) from a stream.
    ///
    /// # Errors
    /// When there is no usable header.
    pub fn csv(file: &str, text: impl Read + 'static, limits: Limits) -> Result<Self, TableError> {
        csv::open(file, Box::new(text), limits)
    }

    /// The files of a prefix as one table, in the order given. Each is opened when the one before it has been read; all must
    /// have the columns of the first, in its order.
    ///
    /// # Errors
    /// [`TableError::NoFiles`], and what [`Batches::open`] says of the first file.
    pub fn of_files<R: ChunkReader + 'static>(
        files: impl IntoIterator<Item = Result<(String, R), TableError>> + 'static,
        limits: Limits,
    ) -> Result<Self, TableError> {
        let mut files = files.into_iter();
        let (first_name, source) = files.next().ok_or(TableError::NoFiles)??;
        let first = Self::open(&first_name, source, limits)?;
        let schema = SchemaRef::clone(&first.schema);
        let expected = SchemaRef::clone(&schema);
        let rest = files.map(move |file| {
            let (name, source) = file?;
            let next = Self::open(&name, source, limits)?;
            next.must_match(&name, &first_name, &expected)?;
            Ok(next.source)
        });
        let files = source::Files {
            current: first.source,
            rest: rest.fuse(),
        };
        Ok(Self::new(schema, files))
    }

    /// Columns and types of all batches.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Counts the rows. Balanced chunks need their number before the first is written. Parquet knows it; CSV is read to its
    /// end, and its cells are judged only when they are used.
    ///
    /// # Errors
    /// When the rows cannot be read.
    pub fn count_rows(mut self) -> Result<u64, TableError> {
        self.source.count_rows()
    }

    fn must_match(&self, file: &str, first: &str, expected: &Schema) -> Result<(), TableError> {
        if described(&self.schema) == described(expected) {
            return Ok(());
        }
        Err(TableError::OtherColumns {
            file: file.to_owned(),
            found: described(&self.schema),
            first: first.to_owned(),
            expected: described(expected),
        })
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.source.next_batch().transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

fn described(schema: &Schema) -> String {
    let columns: Vec<_> = schema
        .fields()
        .iter()
        .map(|field| format!("{} {}", field.name(), field.data_type()))
        .collect();
    listed(columns.iter().map(String::as_str))
}

/// Holds column names to be usable: none empty, none twice.
fn check_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<(), CsvProblem> {
    let mut seen = BTreeSet::new();
    for (place, name) in names.into_iter().enumerate() {
        if name.trim().is_empty() {
            return Err(CsvProblem::EmptyName { column: place + 1 });
        }
        if !seen.insert(name) {
            return Err(CsvProblem::DuplicateName {
                name: name.to_owned(),
            });
        }
    }
    Ok(())
}
