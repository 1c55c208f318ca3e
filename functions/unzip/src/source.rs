//! An object read piece by piece as if it were a file.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::store::StoreError;

/// The end of an archive holds its directory: fetched first and kept.
const TAIL: u64 = 64 << 10;
/// Images follow one another in the archive, so one request fetches many of them.
const READ_AHEAD: u64 = 8 << 20;

/// Fetches a range of the archive's bytes; blocking.
pub trait Fetch {
    /// The bytes of the range, all of them.
    ///
    /// # Errors
    /// When they could not be had; a retry of the whole archive may help.
    fn fetch(&mut self, range: Range<u64>) -> Result<Vec<u8>, StoreError>;
}

/// A `Read + Seek` over ranged reads that holds one tail and one window of the object, whatever the object's size.
pub(crate) struct BlockReader<F> {
    fetch: F,
    size: u64,
    position: u64,
    tail: Option<Block>,
    window: Option<Block>,
    allowance: u64,
    failure: Arc<OnceLock<StoreError>>,
}

struct Block {
    start: u64,
    bytes: Vec<u8>,
}

impl Block {
    fn from(&self, position: u64) -> Option<&[u8]> {
        let offset = usize::try_from(position.checked_sub(self.start)?).ok()?;
        self.bytes.get(offset..).filter(|rest| !rest.is_empty())
    }
}

impl<F: Fetch> BlockReader<F> {
    /// A reader that hands out no more than `allowance` bytes until [`lift_allowance`](Self::lift_allowance): what a
    /// parser keeps of a directory is bounded by what it was given.
    pub(crate) fn new(fetch: F, size: u64, allowance: u64) -> Self {
        Self {
            fetch,
            size,
            position: 0,
            tail: None,
            window: None,
            allowance,
            failure: Arc::default(),
        }
    }

    pub(crate) fn lift_allowance(&mut self) {
        self.allowance = u64::MAX;
    }

    /// Where the first failed fetch is kept, because parsers replace errors by their own.
    pub(crate) fn failure(&self) -> Arc<OnceLock<StoreError>> {
        Arc::clone(&self.failure)
    }

    /// What is held from the position on, fetched if need be.
    fn available(&mut self) -> io::Result<&[u8]> {
        let position = self.position;
        let tail_start = self.size.saturating_sub(TAIL);
        let (slot, range) = if position >= tail_start {
            (&mut self.tail, tail_start..self.size)
        } else {
            let end = tail_start.min(position.saturating_add(READ_AHEAD));
            (&mut self.window, position..end)
        };
        if slot
            .as_ref()
            .and_then(|block| block.from(position))
            .is_none()
        {
            // Let go of the old window before the next one arrives.
            *slot = None;
            let start = range.start;
            let bytes = fetched(&mut self.fetch, range).map_err(|error| {
                let _ = self.failure.set(error.clone());
                io::Error::other(error)
            })?;
            *slot = Some(Block { start, bytes });
        }
        slot.as_ref()
            .and_then(|block| block.from(position))
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

fn fetched<F: Fetch>(fetch: &mut F, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
    let bytes = fetch.fetch(range.clone())?;
    if bytes.len() as u64 == range.end - range.start {
        return Ok(bytes);
    }
    Err(StoreError::new(format!(
        "asked for bytes {range:?} of the archive and got {} bytes: it was replaced meanwhile",
        bytes.len()
    )))
}

impl<F: Fetch> Read for BlockReader<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        let allowance = usize::try_from(self.allowance).unwrap_or(usize::MAX);
        if allowance == 0 {
            return Err(io::Error::new(
                io::ErrorKind::QuotaExceeded,
                "its directory is larger than any honest one",
            ));
        }
        let available = self.available()?;
        let count = available.len().min(buffer.len()).min(allowance);
        buffer[..count].copy_from_slice(&available[..count]);
        self.position += count as u64;
        self.allowance -= count as u64;
        Ok(count)
    }
}

impl<F> Seek for BlockReader<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                "seek before the start of the archive",
            )
        })?;
        Ok(self.position)
    }
}
