//! What a file is, by its first bytes and its name.

use crate::error::TableError;

/// Bytes that must be looked at.
pub(crate) const HEAD: usize = 4;

/// A format of input tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text.
    Csv,
    /// The same under gzip.
    GzipCsv,
    /// Apache Parquet.
    Parquet,
}

/// Contents that are no table for us, by their first bytes.
const REFUSED: [(&[u8], &str); 4] = [
    (b"\xff\xfe", "is UTF-16; save it as UTF-8"),
    (b"\xfe\xff", "is UTF-16; save it as UTF-8"),
    (
        b"PK\x03\x04",
        "is a ZIP archive or an Excel workbook; save the table as CSV or Parquet",
    ),
    (
        b"\x28\xb5\x2f\xfd",
        "is compressed with Zstandard; decompress it, or compress it with gzip",
    ),
];

impl Format {
    /// The format of `file`, of which `head` are the first bytes.
    ///
    /// Content decides where it can (Parquet, gzip); text is CSV when the name ends in `.csv` or `.csv.gz`, in any case.
    ///
    /// # Errors
    /// [`TableError::UnknownFormat`] and [`TableError::WrongFormat`].
    pub fn of(file: &str, head: &[u8]) -> Result<Self, TableError> {
        let wrong = |problem| TableError::WrongFormat {
            file: file.to_owned(),
            problem,
        };
        if let Some((_, problem)) = REFUSED.iter().find(|(magic, _)| head.starts_with(magic)) {
            return Err(wrong(problem));
        }
        if head.starts_with(b"PAR1") {
            return Ok(Self::Parquet);
        }
        let name = file.to_ascii_lowercase();
        if name.ends_with(".parquet") {
            return Err(wrong(
                "is called Parquet and does not begin like it; upload it again",
            ));
        }
        if ![".csv", ".csv.gz"].iter().any(|end| name.ends_with(end)) {
            return Err(TableError::UnknownFormat {
                file: file.to_owned(),
            });
        }
        Ok(if head.starts_with(b"\x1f\x8b") {
            Self::GzipCsv
        } else {
            Self::Csv
        })
    }
}
