//! The files that table code writes, as objects of a run.

use std::io::{self, Write};
use std::sync::Arc;

use shared::batch::job::JobPrefix;
use shared::batch::layout::Layout;
use tables::Files;

use crate::error::Failures;
use crate::store::{Destination, Upload};

/// Bytes that are gathered before they are handed on: writers write a few at a time.
const PIECE: usize = 256 << 10;

/// Lines of JSON.
pub(crate) const JSON_LINES: &str = "application/jsonl";
/// Registered with IANA in 2024.
const PARQUET: &str = "application/vnd.apache.parquet";
const GZIP: &str = "application/gzip";

/// Files by the names that table code gives them, at the keys that the layout of a run has for them: `0003.jsonl`,
/// `0003.parquet` and `0003.rejected.jsonl` are of chunk 3.
pub struct RunFiles {
    destination: Arc<dyn Destination>,
    prefix: JobPrefix,
    run: String,
    failures: Failures,
}

impl RunFiles {
    /// The files of a run.
    #[must_use]
    pub fn new(
        destination: &Arc<dyn Destination>,
        layout: &Layout<'_>,
        failures: &Failures,
    ) -> Self {
        Self {
            destination: Arc::clone(destination),
            prefix: layout.prefix.clone(),
            run: layout.run.to_owned(),
            failures: failures.clone(),
        }
    }

    /// Begins an object at a key of its own; its content type follows from the key.
    #[must_use]
    pub fn begin(&self, key: &str) -> RunFile {
        RunFile::begin(&*self.destination, key, &self.failures)
    }

    fn key(&self, name: &str) -> io::Result<String> {
        let layout = Layout {
            prefix: &self.prefix,
            run: &self.run,
        };
        let (number, end) = name.split_once('.').unwrap_or((name, ""));
        let chunk = number.parse().ok();
        let key = chunk.and_then(|chunk| match end {
            "jsonl" => Some(layout.input(chunk)),
            "parquet" => Some(layout.rows(chunk)),
            "rejected.jsonl" => Some(layout.rejected(chunk)),
            _ => None,
        });
        key.ok_or_else(|| io::Error::other(format!("a run has no place for a file `{name}`")))
    }
}

impl Files for RunFiles {
    type File = RunFile;

    fn create(&mut self, name: &str) -> io::Result<RunFile> {
        Ok(self.begin(&self.key(name)?))
    }

    fn finish(&mut self, _name: &str, file: RunFile) -> io::Result<()> {
        file.finish()
    }
}

/// An object being written, as a file. It appears when it is finished; one that is dropped instead never does.
pub struct RunFile {
    upload: Box<dyn Upload>,
    piece: Vec<u8>,
    failures: Failures,
}

impl RunFile {
    /// Begins an object; its content type follows from the key.
    pub fn begin(destination: &dyn Destination, key: &str, failures: &Failures) -> Self {
        Self {
            upload: destination.begin(key, content_type(key)),
            piece: Vec::with_capacity(PIECE),
            failures: failures.clone(),
        }
    }

    /// Makes the object visible, whole.
    ///
    /// # Errors
    /// When not every byte arrived.
    pub fn finish(mut self) -> io::Result<()> {
        self.hand_on()?;
        self.upload
            .finish()
            .map_err(|error| self.failures.keep(error))
    }

    fn hand_on(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        self.upload
            .push(piece)
            .map_err(|error| self.failures.keep(error))
    }
}

impl Write for RunFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE.saturating_sub(self.piece.len());
        let taken = bytes.len().min(room.max(1));
        self.piece.extend_from_slice(&bytes[..taken]);
        if self.piece.len() >= PIECE {
            self.hand_on()?;
        }
        Ok(taken)
    }

    /// Nothing: what was written appears when the object is finished.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn content_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, end)| end) {
        Some("parquet") => PARQUET,
        Some("gz") => GZIP,
        Some("json") => "application/json",
        _ => JSON_LINES,
    }
}
