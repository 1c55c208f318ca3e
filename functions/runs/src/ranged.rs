//! A file that is read by ranges: an object of a bucket, or a file of the Hub.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::reader::{ChunkReader, Length};
use shared::contracts::batch::RunFailure;

use crate::error::{Failures, StoreError};
use crate::store::{Bucket, Found};

/// The unit that is fetched and kept. Parquet is read a page here and a page there, and a page is about this large.
const BLOCK: u64 = 1 << 20;
/// Blocks kept of a file: columns that can be read side by side without fetching anything twice.
const KEPT: usize = 32;
/// Blocks fetched at once when a file is read from front to back, so that its text does not wait for the latency of each.
const AHEAD: u64 = 8;

/// Fetches ranges of one file; the calls wait.
pub trait Fetch: Send + Sync {
    /// The bytes of a range, which is within the file and not empty.
    ///
    /// # Errors
    /// When they could not be had, or the file is no longer the one that was opened.
    fn fetch(&self, range: Range<u64>) -> Result<Vec<u8>, StoreError>;
}

/// A file of any size of which no more than [a few blocks](KEPT) are in memory. Copies share them.
#[derive(Clone)]
pub struct RangedFile(Arc<Inner>);

struct Inner {
    size: u64,
    fetch: Box<dyn Fetch>,
    /// The blocks kept, the one that was used last at the end.
    blocks: Mutex<VecDeque<(u64, Bytes)>>,
    failures: Failures,
}

/// Opens an object.
pub fn open(bucket: &Arc<dyn Bucket>, object: &Found, failures: &Failures) -> RangedFile {
    let fetch = ObjectFetch {
        bucket: Arc::clone(bucket),
        object: object.clone(),
    };
    RangedFile::new(object.size, fetch, failures)
}

struct ObjectFetch {
    bucket: Arc<dyn Bucket>,
    object: Found,
}

impl Fetch for ObjectFetch {
    fn fetch(&self, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
        self.bucket.read(&self.object, range)
    }
}

impl RangedFile {
    /// A file of `size` bytes.
    pub fn new(size: u64, fetch: impl Fetch + 'static, failures: &Failures) -> Self {
        Self(Arc::new(Inner {
            size,
            fetch: Box::new(fetch),
            blocks: Mutex::default(),
            failures: failures.clone(),
        }))
    }

    /// The bytes from `start` to the end, as a stream.
    #[must_use]
    pub fn stream(&self, start: u64) -> Stream {
        Stream {
            file: self.clone(),
            position: start,
            block: Bytes::new(),
            ahead: 1,
        }
    }
}

impl Inner {
    /// The block of this number, and with it up to `ahead` blocks that follow in one request.
    fn block(&self, number: u64, ahead: u64) -> Result<Bytes, StoreError> {
        let mut blocks = self.blocks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = blocks.iter().position(|(kept, _)| *kept == number) {
            let used = blocks.remove(place);
            let bytes = used.as_ref().map(|(_, bytes)| bytes.clone());
            blocks.extend(used);
            return Ok(bytes.unwrap_or_default());
        }
        let missing = (number..number.saturating_add(ahead))
            .take_while(|wanted| blocks.iter().all(|(kept, _)| kept != wanted))
            .take_while(|wanted| wanted * BLOCK < self.size)
            .count() as u64;
        let start = number * BLOCK;
        let fetched = self.fetched(start..(start + missing * BLOCK).min(self.size))?;
        // Copies, so that a block that is kept does not keep its neighbours.
        let copies = fetched.chunks(BLOCK_LENGTH).map(Bytes::copy_from_slice);
        let fresh: Vec<_> = (number..).zip(copies).collect();
        let first = fresh.first().map(|(_, bytes)| bytes.clone());
        blocks.extend(fresh);
        while blocks.len() > KEPT {
            blocks.pop_front();
        }
        Ok(first.unwrap_or_default())
    }

    fn fetched(&self, range: Range<u64>) -> Result<Bytes, StoreError> {
        let bytes = self.fetch.fetch(range.clone())?;
        Ok(whole(bytes, range)?.into())
    }

    /// A range of any length. One that would push everything else out is not kept.
    fn bytes(&self, range: Range<u64>) -> Result<Bytes, StoreError> {
        let blocks = range.start / BLOCK..range.end.div_ceil(BLOCK);
        let count = blocks.end.saturating_sub(blocks.start);
        if count > KEPT as u64 / 2 {
            return self.fetched(range);
        }
        let mut bytes = BytesMut::new();
        for number in blocks.clone() {
            let block = self.block(number, blocks.end - number)?;
            let within = |position: u64| {
                let inner = position.saturating_sub(number * BLOCK).min(BLOCK);
                usize::try_from(inner).map_or(block.len(), |inner| inner.min(block.len()))
            };
            let part = block.slice(within(range.start)..within(range.end));
            if count == 1 {
                return Ok(part);
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes.freeze())
    }
}

/// Holds bytes to be all of those that were asked for.
pub(crate) fn whole(bytes: Vec<u8>, range: Range<u64>) -> Result<Vec<u8>, StoreError> {
    if bytes.len() as u64 == range.end - range.start {
        return Ok(bytes);
    }
    Err(StoreError::new(
        RunFailure::Unavailable,
        format!(
            "asked for the bytes {} to {} of a file and got {} of them: it was replaced meanwhile, or the transfer was cut short; try again",
            range.start,
            range.end,
            bytes.len()
        ),
    ))
}

#[expect(clippy::cast_possible_truncation, reason = "a mebibyte fits")]
const BLOCK_LENGTH: usize = BLOCK as usize;

impl Length for RangedFile {
    fn len(&self) -> u64 {
        self.0.size
    }
}

impl ChunkReader for RangedFile {
    type T = Stream;

    fn get_read(&self, start: u64) -> ParquetResult<Stream> {
        Ok(self.stream(start))
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let end = start.saturating_add(length as u64);
        if end > self.0.size {
            return Err(ParquetError::EOF(format!(
                "the file has {} bytes, and {length} are to be read from {start} on",
                self.0.size
            )));
        }
        self.0.bytes(start..end).map_err(|error| {
            let error = self.0.failures.keep(error);
            ParquetError::External(Box::new(error))
        })
    }
}

/// The bytes of a file from a place to its end.
pub struct Stream {
    file: RangedFile,
    position: u64,
    /// What of the current block was not given out yet.
    block: Bytes,
    ahead: u64,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file = &self.file.0;
        if self.block.is_empty() && self.position < file.size {
            let number = self.position / BLOCK;
            let block = file
                .block(number, self.ahead)
                .map_err(|error| file.failures.keep(error))?;
            let inner = usize::try_from(self.position % BLOCK).unwrap_or(usize::MAX);
            self.block = block.slice(inner.min(block.len())..);
            self.ahead = (self.ahead * 2).min(AHEAD);
        }
        let count = self.block.len().min(buffer.len());
        buffer[..count].copy_from_slice(&self.block.split_to(count));
        self.position += count as u64;
        Ok(count)
    }
}
