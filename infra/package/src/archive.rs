use std::io::{Cursor, Write};

use zip::{
    CompressionMethod, DateTime, System, ZipWriter, result::ZipError, write::SimpleFileOptions,
};

/// Zips an executable as Lambda wants it: one entry, `bootstrap`, executable by everyone.
///
/// The bytes depend on the executable and the level alone: the entry's time is the format's earliest, 1980-01-01, and
/// its system is Unix on every machine.
pub(crate) fn bootstrap(executable: &[u8], level: i64) -> Result<Vec<u8>, ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level))
        .last_modified_time(DateTime::DEFAULT)
        .system(System::Unix)
        .unix_permissions(0o755);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("bootstrap", options)?;
    archive.write_all(executable)?;
    Ok(archive.finish()?.into_inner())
}
