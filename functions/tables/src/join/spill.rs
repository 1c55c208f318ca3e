//! Bytes that are kept until their row comes: in memory up to a limit, behind it in a temporary file.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;

/// Where bytes are in a [`Spill`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Memory { block: u32, start: u32, length: u32 },
    File { offset: u64, length: u32 },
}

impl Place {
    pub(crate) fn len(self) -> usize {
        let (Self::Memory { length, .. } | Self::File { length, .. }) = self;
        length as usize
    }
}

/// Bytes, appended once and read in any order.
pub(crate) struct Spill {
    /// Blocks, of which only the last one grows, and never beyond its first capacity: what is kept is not moved again.
    blocks: Vec<Vec<u8>>,
    /// Bytes of memory that may still be taken.
    room: usize,
    /// Created when memory is full; it has no name, so it cannot outlive the process.
    file: Option<File>,
    file_bytes: u64,
    /// What has not been written to the file yet.
    tail: Vec<u8>,
}

/// Bytes of a block, and of what is written to the file at once.
const BLOCK: usize = 1 << 20;

impl Spill {
    pub(crate) fn new(memory_bytes: usize) -> Self {
        Self {
            blocks: Vec::new(),
            room: memory_bytes,
            file: None,
            file_bytes: 0,
            tail: Vec::new(),
        }
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<Place> {
        let length = u32::try_from(bytes.len())
            .map_err(|_| io::Error::other("one answer is longer than 4 GiB"))?;
        if self.file.is_none() && self.has_block_for(bytes.len()) {
            return Ok(self.append_to_block(bytes, length));
        }
        let offset = self.file_bytes + self.tail.len() as u64;
        self.tail.extend_from_slice(bytes);
        if self.file.is_none() || self.tail.len() >= BLOCK {
            self.flush()?;
        }
        Ok(Place::File { offset, length })
    }

    /// Whether the last block has room, or a new one could be made.
    fn has_block_for(&mut self, length: usize) -> bool {
        let fits = |block: &Vec<u8>| block.capacity() - block.len() >= length;
        if self.blocks.last().is_some_and(fits) {
            return true;
        }
        let size = length.max(BLOCK).min(self.room);
        if size < length {
            return false;
        }
        self.room -= size;
        self.blocks.push(Vec::with_capacity(size));
        true
    }

    fn append_to_block(&mut self, bytes: &[u8], length: u32) -> Place {
        let number = self.blocks.len().saturating_sub(1);
        let block = &mut self.blocks[number];
        let start = block.len();
        block.extend_from_slice(bytes);
        let as_u32 = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Place::Memory {
            block: as_u32(number),
            start: as_u32(start),
            length,
        }
    }

    /// Writes the tail out, after which everything can be read.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if self.tail.is_empty() {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.write_all(&self.tail)?;
        self.file_bytes += self.tail.len() as u64;
        self.tail.clear();
        Ok(())
    }

    /// Flushed bytes: where they are, or read into `buffer`, whose former content goes.
    pub(crate) fn read<'a>(
        &'a self,
        place: Place,
        buffer: &'a mut Vec<u8>,
    ) -> io::Result<&'a [u8]> {
        match (place, &self.file) {
            (Place::Memory { block, start, .. }, _) => {
                let start = start as usize;
                Ok(&self.blocks[block as usize][start..start + place.len()])
            }
            (Place::File { offset, .. }, Some(file)) => {
                buffer.resize(place.len(), 0);
                file.read_exact_at(buffer, offset)?;
                Ok(buffer)
            }
            (Place::File { .. }, None) => Err(io::Error::other("nothing was written to the file")),
        }
    }
}
