//! What can go wrong with a table, and what to do about it.

use std::io;

use arrow::error::ArrowError;
use parquet::errors::ParquetError;

/// Why a table cannot be read, cut into chunks, joined or merged.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Neither content nor name says what the file is.
    #[error("`{file}` is neither CSV nor Parquet; name it `.csv`, `.csv.gz` or `.parquet`")]
    UnknownFormat {
        /// Name of the file.
        file: String,
    },
    /// The content is known, and not a table that can be read.
    #[error("`{file}` {problem}")]
    WrongFormat {
        /// Name of the file.
        file: String,
        /// What it is and what to save it as.
        problem: &'static str,
    },
    /// A CSV file breaks a rule.
    #[error("`{file}`, line {line}: {problem}")]
    Csv {
        /// Name of the file.
        file: String,
        /// Line on which the record begins, from 1.
        line: u64,
        /// The rule.
        problem: CsvProblem,
    },
    /// Column names of a Parquet file are not usable.
    #[error("`{file}`: {problem}")]
    Columns {
        /// Name of the file.
        file: String,
        /// What is wrong with them.
        problem: CsvProblem,
    },
    /// A file of a prefix has other columns than the first one.
    #[error("`{file}` has the columns {found}, `{first}` has {expected}; give files of one table")]
    OtherColumns {
        /// Name of the file.
        file: String,
        /// Its columns with their types.
        found: String,
        /// Name of the first file.
        first: String,
        /// Columns of the first file, with their types.
        expected: String,
    },
    /// There is no file to read.
    #[error("there is no file to read; give at least one CSV or Parquet file")]
    NoFiles,
    /// A Parquet file cannot be read.
    #[error("cannot read `{file}` as Parquet: {cause}; write it again, or give CSV")]
    Parquet {
        /// Name of the file.
        file: String,
        /// What the reader says.
        cause: ParquetError,
    },
    /// Bytes cannot be read.
    #[error("cannot read `{file}`: {cause}")]
    Read {
        /// Name of the file.
        file: String,
        /// What the source says.
        cause: io::Error,
    },
    /// Bytes cannot be written.
    #[error("cannot write `{file}`: {cause}")]
    Write {
        /// Name of the file.
        file: String,
        /// What the destination says.
        cause: io::Error,
    },
    /// Rows cannot be written as Parquet.
    #[error("cannot write `{file}` as Parquet: {cause}")]
    WriteParquet {
        /// Name of the file.
        file: String,
        /// What the writer says.
        cause: ParquetError,
    },
    /// Columns are needed that the table has not.
    #[error("the table has no column {missing}; it has {available}")]
    MissingColumns {
        /// The missing names.
        missing: String,
        /// All names of the table.
        available: String,
    },
    /// Columns cannot be renamed as asked.
    #[error("the columns cannot be renamed so: {problem}")]
    Renamed {
        /// What would be wrong with the names.
        problem: CsvProblem,
    },
    /// Every column was left out.
    #[error("no column is left of the table; leave fewer out")]
    NoColumns,
    /// A row leads to more prompts than ids of records have room for.
    #[error("column `{column}` leads to {found} prompts for one row; give at most {limit}")]
    TooManyPrompts {
        /// The column that routes.
        column: String,
        /// Prompts for one of its values.
        found: usize,
        /// Most prompts.
        limit: usize,
    },
    /// A column is needed as text and has none.
    #[error(
        "column `{column}` ({data_type}) has no text form; use a column of text, numbers, dates or booleans, or leave it out of the prompt"
    )]
    NotText {
        /// Name of the column.
        column: String,
        /// Its type.
        data_type: String,
    },
    /// The input already has a column by the name of a result.
    #[error(
        "the table has a column `{column}`, which the results need for themselves; rename it in the input"
    )]
    ReservedColumn {
        /// Name of the column.
        column: String,
    },
    /// A record id is not unique in its chunk.
    #[error(
        "`record_id` is `{id}` in row {row} and in an earlier row; make the ids unique, or rename the column to have ids generated"
    )]
    DuplicateRecordId {
        /// The id.
        id: String,
        /// Row of the whole table, from 1.
        row: u64,
    },
    /// A row has no record id.
    #[error(
        "`record_id` is empty in row {row}; fill it in, or rename the column to have ids generated"
    )]
    EmptyRecordId {
        /// Row of the whole table, from 1.
        row: u64,
    },
    /// The table has fewer rows than the chunks are to hold.
    #[error(
        "the table has {found} rows, {expected} were planned; count its rows again and plan the chunks anew"
    )]
    TooFewRows {
        /// Rows that were planned.
        expected: u64,
        /// Rows that there are.
        found: u64,
    },
    /// A line is too long to be held.
    #[error("line {line} of `{file}` is longer than {limit} bytes; raise the limit for lines")]
    LineTooLong {
        /// Name of the file.
        file: String,
        /// Number of the line, from 1.
        line: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A file that preprocessing wrote is not as it wrote it.
    #[error("`{file}`: {problem}; the file was changed or cut short, so preprocess the run again")]
    Damaged {
        /// Name of the file.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Answers do not fit in memory, and the temporary file for the others fails.
    #[error(
        "cannot keep answers in a temporary file: {cause}; give the function more temporary storage or memory"
    )]
    Spill {
        /// What the file system says.
        cause: io::Error,
    },
    /// Values cannot be converted.
    #[error("cannot convert values of the table: {cause}")]
    Convert {
        /// What Arrow says.
        cause: ArrowError,
    },
}

/// A rule of CSV files (column names: of Parquet files, too) that is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsvProblem {
    /// The file is empty.
    #[error("there is no header; the first record must name the columns")]
    NoHeader,
    /// A column has no name.
    #[error("column {column} of the header has no name; name every column")]
    EmptyName {
        /// Place of the column, from 1.
        column: usize,
    },
    /// Two columns have one name.
    #[error("the header names `{name}` twice; give every column its own name")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A record has more or fewer cells than the header.
    #[error(
        "{found} cells where the header has {expected}; quote cells that contain commas or line breaks"
    )]
    Ragged {
        /// Cells of the record.
        found: usize,
        /// Cells of the header.
        expected: usize,
    },
    /// A cell is not UTF-8.
    #[error("column `{column}` is not UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// Name of the column.
        column: String,
    },
    /// A cell contains a NUL byte.
    #[error("column `{column}` contains a NUL byte; save the file as UTF-8 text")]
    Nul {
        /// Name of the column.
        column: String,
    },
    /// A quoted cell has no end.
    #[error(
        "a quote opened in this record is never closed; close it, and write quotes within cells twice"
    )]
    OpenQuote,
    /// A record is too long to be held.
    #[error(
        "the record is longer than {limit} bytes; close its quotes, or raise the limit for records"
    )]
    TooLong {
        /// The limit in bytes.
        limit: u64,
    },
}

impl From<ArrowError> for TableError {
    fn from(cause: ArrowError) -> Self {
        Self::Convert { cause }
    }
}

/// Names as a list for messages: `` `a`, `b` ``.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
