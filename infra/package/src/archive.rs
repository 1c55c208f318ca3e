use std::io::{Cursor, Write};

use zip::{
    CompressionMethod, DateTime, System, ZipWriter, result::ZipError, write::SimpleFileOptions,
};

/// The number of this way to zip. A package on disk is kept while it was made in the same way: another entry, mode or option below
/// has another number.
pub(crate) const FORMAT: u32 = 1;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stamp::sha256;

    /// After an update of the compressor only the hash is another: packages are made again for the lock file's sake.
    #[test]
    fn other_bytes_have_another_number() {
        let archive = bootstrap(b"an executable, an executable, an executable", 9).unwrap();
        assert_eq!(
            (FORMAT, sha256(&archive).as_str()),
            (
                1,
                "eb289a97d6490872b7f91cf99a900fdaaa2a630184e2e4d39146e4c0574c405b"
            ),
            "if the format has changed, raise its number"
        );
    }
}
