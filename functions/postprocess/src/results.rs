//! The results as objects.

use std::io;

use flate2::Compression;
use flate2::write::GzEncoder;
use runs::{Destination, Failures, RangedFile, RunFile};
use tables::TableError;
use tables::join::{Join, Joined, ResultFormat};

/// Writes the result as Parquet.
pub(crate) fn write_parquet(
    join: &Join<RangedFile>,
    key: &str,
    results: &dyn Destination,
    failures: &Failures,
) -> Result<Joined, TableError> {
    let file = RunFile::begin(results, key, failures);
    let (file, joined) = join.write(key, file, ResultFormat::Parquet)?;
    file.finish().map_err(|cause| write_error(key, cause))?;
    Ok(joined)
}

/// Writes the result as CSV, gzipped.
pub(crate) fn write_csv(
    join: &Join<RangedFile>,
    key: &str,
    results: &dyn Destination,
    failures: &Failures,
) -> Result<(), TableError> {
    let file = RunFile::begin(results, key, failures);
    let file = GzEncoder::new(file, Compression::default());
    let (file, _) = join.write(key, file, ResultFormat::Csv)?;
    file.finish()
        .and_then(RunFile::finish)
        .map_err(|cause| write_error(key, cause))
}

fn write_error(key: &str, cause: io::Error) -> TableError {
    TableError::Write {
        file: key.to_owned(),
        cause,
    }
}
