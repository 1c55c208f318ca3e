//! Lines of a file, each of bounded length.

use std::io::{BufRead, Read as _};

use crate::error::TableError;

/// Most bytes of a line that preprocessing wrote. Records are limited to less than this by the service.
pub(crate) const LINE_BYTES: u64 = 64 << 20;

/// Gives every line to `take`, with its number from 1 and with its line feed, if it has one.
pub(crate) fn each_line(
    file: &str,
    mut lines: impl BufRead,
    limit: u64,
    mut take: impl FnMut(u64, &[u8]) -> Result<(), TableError>,
) -> Result<(), TableError> {
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut lines).take(limit + 1).read_until(b'\n', &mut line);
        let length = read.map_err(|cause| TableError::Read {
            file: file.to_owned(),
            cause,
        })?;
        if length == 0 {
            break;
        }
        if length as u64 > limit {
            return Err(TableError::LineTooLong {
                file: file.to_owned(),
                line: number,
                limit,
            });
        }
        take(number, &line)?;
    }
    Ok(())
}

/// That a file which preprocessing wrote is not as it wrote it.
pub(crate) fn damaged(file: &str, problem: impl ToString) -> TableError {
    TableError::Damaged {
        file: file.to_owned(),
        problem: problem.to_string(),
    }
}
