//! Where files are written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

/// A place that takes files by name: a folder, or the multipart uploads of a bucket.
pub trait Files {
    /// A file being written.
    type File: Write + Send;

    /// Begins the file `name`.
    ///
    /// # Errors
    /// When the place refuses it.
    fn create(&mut self, name: &str) -> io::Result<Self::File>;

    /// Makes a file visible, whole. A file that is dropped instead must not appear.
    ///
    /// # Errors
    /// When not every byte arrived.
    fn finish(&mut self, name: &str, file: Self::File) -> io::Result<()>;
}

/// A folder on disk.
///
/// A file appears under its name when it is finished; until then it is called `NAME.part`.
#[derive(Clone, Debug)]
pub struct Folder(pub PathBuf);

impl Folder {
    fn part(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.part"))
    }
}

impl Files for Folder {
    type File = BufWriter<File>;

    fn create(&mut self, name: &str) -> io::Result<Self::File> {
        // Lines come in larger pieces, which go past the buffer; Parquet's writer gives small ones.
        let file = File::create(self.part(name))?;
        Ok(BufWriter::with_capacity(64 * 1024, file))
    }

    fn finish(&mut self, name: &str, mut file: Self::File) -> io::Result<()> {
        file.flush()?;
        std::fs::rename(self.part(name), self.0.join(name))
    }
}
