//! Lines of a file, each of bounded length.

use std::io::BufRead;

use memchr::memchr;

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
    let failed = |cause| TableError::Read {
        file: file.to_owned(),
        cause,
    };
    let limit_bytes = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut number = 1;
    // The beginning of a line that the buffer holds only a part of. Most lines are read where they are.
    let mut begun = Vec::new();
    loop {
        let buffer = lines.fill_buf().map_err(failed)?;
        if buffer.is_empty() {
            break;
        }
        let end = memchr(b'\n', buffer).map(|place| place + 1);
        let part = &buffer[..end.unwrap_or(buffer.len())];
        if begun.len() + part.len() > limit_bytes {
            return Err(TableError::LineTooLong {
                file: file.to_owned(),
                line: number,
                limit,
            });
        }
        if end.is_some() && begun.is_empty() {
            take(number, part)?;
        } else {
            begun.extend_from_slice(part);
        }
        let length = part.len();
        lines.consume(length);
        if end.is_some() {
            if !begun.is_empty() {
                take(number, &begun)?;
                begun.clear();
            }
            number += 1;
        }
    }
    if begun.is_empty() {
        return Ok(());
    }
    take(number, &begun)
}

/// That a file which preprocessing wrote is not as it wrote it.
pub(crate) fn damaged(file: &str, problem: &impl ToString) -> TableError {
    TableError::Damaged {
        file: file.to_owned(),
        problem: problem.to_string(),
    }
}
