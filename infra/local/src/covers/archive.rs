//! The ZIP that a user would upload, with what a Mac and a hurry put into it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::batches;

/// What goes into the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archive {
    /// How many covers, in the folder `covers/`.
    pub covers: usize,
    /// Adds `covers/poison.jpg`, which is no image.
    pub poison: bool,
}

/// Writes the archive: the covers, the entry of their folder and a Finder's `__MACOSX/` leftover. The same bytes every
/// time.
///
/// # Errors
/// The file cannot be written.
pub fn write_zip(path: &Path, archive: Archive) -> io::Result<()> {
    // Compressing images again gains nothing; a fixed date keeps the bytes the same.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(BufWriter::new(File::create(path)?));
    zip.add_directory("covers/", options)?;
    for cover in batches(archive.covers).flatten() {
        zip.start_file(format!("covers/{}", cover.file_name), options)?;
        zip.write_all(&cover.bytes)?;
    }
    zip.start_file("__MACOSX/covers/._001.jpg", options)?;
    zip.write_all(b"\0\x05\x16\x07\0\x02\0\0Mac OS X        ")?;
    if archive.poison {
        zip.start_file("covers/poison.jpg", options)?;
        zip.write_all(b"This is not an image.\n")?;
    }
    zip.finish()?.flush()
}
