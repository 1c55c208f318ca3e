//! Bytes that are kept until their row comes: in memory up to a limit, behind it in a temporary file.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;

/// Where bytes are in a [`Spill`].
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    offset: u64,
    length: u32,
}

impl Place {
    pub(crate) fn len(self) -> usize {
        self.length as usize
    }
}

/// Bytes, appended once and read in any order.
pub(crate) struct Spill {
    memory: Vec<u8>,
    memory_bytes: usize,
    /// Created when memory is full; it has no name, so it cannot outlive the process.
    file: Option<File>,
    file_bytes: u64,
    /// What has not been written to the file yet.
    tail: Vec<u8>,
}

const TAIL_BYTES: usize = 1 << 20;

impl Spill {
    pub(crate) fn new(memory_bytes: usize) -> Self {
        Self {
            memory: Vec::new(),
            memory_bytes,
            file: None,
            file_bytes: 0,
            tail: Vec::new(),
        }
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> io::Result<Place> {
        let length = u32::try_from(bytes.len())
            .map_err(|_| io::Error::other("one answer is longer than 4 GiB"))?;
        let in_memory = self.file.is_none() && self.memory.len() + bytes.len() <= self.memory_bytes;
        if in_memory {
            let offset = self.memory.len() as u64;
            self.memory.extend_from_slice(bytes);
            return Ok(Place { offset, length });
        }
        // Offsets go on behind those of memory, so a place needs no flag.
        let offset = self.memory.len() as u64 + self.file_bytes + self.tail.len() as u64;
        self.tail.extend_from_slice(bytes);
        if self.file.is_none() || self.tail.len() >= TAIL_BYTES {
            self.flush()?;
        }
        Ok(Place { offset, length })
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

    /// Reads flushed bytes into `buffer`, whose former content goes.
    pub(crate) fn read(&self, place: Place, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.clear();
        let in_memory = usize::try_from(place.offset)
            .ok()
            .and_then(|start| self.memory.get(start..start + place.len()));
        if let Some(bytes) = in_memory {
            buffer.extend_from_slice(bytes);
            return Ok(());
        }
        let Some(file) = &self.file else {
            return Err(io::Error::other("the place is outside of what was written"));
        };
        buffer.resize(place.len(), 0);
        file.read_exact_at(buffer, place.offset - self.memory.len() as u64)
    }
}
