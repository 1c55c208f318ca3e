//! An archive from the outside: its directory is read and judged before a single entry is extracted.

use std::collections::HashMap;
use std::io::Read as _;

use shared::contracts::{ArchiveLimits, SkippedEntry};
use zip::read::{Config, ZipFileEntry};
use zip::result::ZipError;
use zip::unstable::read::ZipIterable;
use zip::{CompressionMethod, ZipReadOptions};

use crate::name::{self, EntryKind, ImageFormat};
use crate::skip::Skip;
use crate::source::{BlockReader, Fetch};
use crate::store::StoreError;

/// What may be read to learn what is in an archive. 10,000 entries take about 1 MiB, 70,000 take 7 MiB.
const DIRECTORY_BYTES: u64 = 32 << 20;
/// The fixed part of a local header (APPNOTE 4.3.7): no two entries can be closer.
const LOCAL_HEADER: u64 = 30;
/// The first bytes of an archive that begins with an entry.
const LOCAL_SIGNATURE: [u8; 4] = *b"PK\x03\x04";

/// Why nothing at all was extracted.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The object has no bytes.
    #[error("the object is empty; upload the archive again")]
    Empty,
    /// Begins like an archive, but its directory is missing or broken.
    #[error("the archive is incomplete or damaged ({0}); upload it again")]
    Damaged(String),
    /// Neither begins nor ends like an archive.
    #[error("the object is not a ZIP archive ({0})")]
    NotAnArchive(String),
    /// More entries than the limit.
    #[error("the archive has {entries} entries, more than the limit of {limit}; split it")]
    TooManyEntries {
        /// Entries found.
        entries: usize,
        /// The limit.
        limit: u32,
    },
    /// More bytes than the limit, were the images extracted.
    #[error(
        "the images of the archive are {bytes} bytes, more than the limit of {limit}; split it"
    )]
    TooLarge {
        /// Declared sizes together.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Entries share bytes: what archive bombs do and archivers never do.
    #[error("entries of the archive overlap one another; pack it with an ordinary archiver")]
    Overlapping,
    /// The bytes could not be had: the only case that a retry can mend.
    #[error("cannot read the archive: {0}")]
    Fetch(#[from] StoreError),
}

impl ArchiveError {
    /// The stable word for filters.
    ///
    /// # Errors
    /// What kept the bytes away, when a retry can mend it.
    pub fn reason(&self) -> Result<&'static str, StoreError> {
        match self {
            Self::Empty => Ok("empty_archive"),
            Self::Damaged(_) => Ok("damaged_archive"),
            Self::NotAnArchive(_) => Ok("not_an_archive"),
            Self::TooManyEntries { .. } => Ok("too_many_entries"),
            Self::TooLarge { .. } => Ok("archive_too_large"),
            Self::Overlapping => Ok("overlapping_entries"),
            Self::Fetch(error) => Err(error.clone()),
        }
    }
}

/// What one entry came to.
#[derive(Debug)]
pub enum Outcome {
    /// An image, whole and checked.
    Image(Image),
    /// Left out.
    Skipped(SkippedEntry),
}

/// An image out of an archive.
#[derive(Debug)]
pub struct Image {
    /// Its path below the archive's folder.
    pub path: String,
    /// What it is, by its extension.
    pub format: ImageFormat,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An archive whose directory has been read and accepted.
pub struct Archive<F> {
    reader: ZipIterable<BlockReader<F>>,
    images: Vec<Planned>,
    skipped: Vec<SkippedEntry>,
    ignored: u32,
}

struct Planned {
    entry: ZipFileEntry<'static>,
    name: String,
    path: String,
    format: ImageFormat,
}

impl<F: Fetch> Archive<F> {
    /// Reads the directory and judges archive and entries by it.
    ///
    /// # Errors
    /// When nothing of it can or should be extracted.
    pub fn open(fetch: F, size: u64, limits: &ArchiveLimits) -> Result<Self, ArchiveError> {
        if size == 0 {
            return Err(ArchiveError::Empty);
        }
        let mut source = BlockReader::new(fetch, size, DIRECTORY_BYTES);
        let failure = source.failure();
        let mut signature = [0; LOCAL_SIGNATURE.len()];
        let begins_like_one =
            source.read_exact(&mut signature).is_ok() && signature == LOCAL_SIGNATURE;
        let refused = |error: ZipError| match failure.get() {
            Some(fetch) => fetch.clone().into(),
            None if begins_like_one => ArchiveError::Damaged(error.to_string()),
            None => ArchiveError::NotAnArchive(error.to_string()),
        };
        let mut reader = ZipIterable::try_new(source, Config::default()).map_err(&refused)?;
        if reader.len() > limits.entries as usize {
            return Err(ArchiveError::TooManyEntries {
                entries: reader.len(),
                limit: limits.entries,
            });
        }
        let mut plan = Plan::default();
        for entry in reader.files().map_err(&refused)? {
            plan.add(entry.map_err(&refused)?, limits);
        }
        plan.check(limits)?;
        // Front to back, so that reading ahead pays whatever the order of the directory.
        plan.images.sort_by_key(|image| image.entry.header_start());
        Ok(Self {
            reader,
            images: plan.images,
            skipped: plan.skipped,
            ignored: plan.ignored,
        })
    }

    /// Entries that are no images, counted.
    #[must_use]
    pub fn ignored(&self) -> u32 {
        self.ignored
    }

    /// Hands every image, one at a time, and every skipped entry to `sink` until it returns `false`.
    ///
    /// # Errors
    /// When bytes of the archive could not be had. What was handed out until then is good.
    pub fn extract(self, mut sink: impl FnMut(Outcome) -> bool) -> Result<(), ArchiveError> {
        let Self {
            mut reader,
            images,
            skipped,
            ..
        } = self;
        let files = reader
            .files()
            .map_err(|error| ArchiveError::Damaged(error.to_string()))?;
        let source = files.reader_mut();
        source.lift_allowance();
        let failure = source.failure();
        for entry in skipped {
            if !sink(Outcome::Skipped(entry)) {
                return Ok(());
            }
        }
        for planned in images {
            let Planned {
                entry,
                name,
                path,
                format,
            } = planned;
            let outcome = match read(entry, source) {
                Ok(bytes) => Outcome::Image(Image {
                    path,
                    format,
                    bytes,
                }),
                Err(error) => match failure.get() {
                    Some(fetch) => return Err(fetch.clone().into()),
                    None => Outcome::Skipped(Skip::Corrupt(error.to_string()).of(&name)),
                },
            };
            if !sink(outcome) {
                return Ok(());
            }
        }
        Ok(())
    }
}

/// All bytes of an entry; no more than it declared, which `Plan` has held against the limits.
fn read<F: Fetch>(
    entry: ZipFileEntry<'static>,
    source: &mut BlockReader<F>,
) -> Result<Vec<u8>, ZipError> {
    let declared = entry.size();
    let mut bytes = Vec::with_capacity(usize::try_from(declared).unwrap_or_default());
    // One byte more than declared, so that the reader meets the end and compares the checksum.
    entry
        .with_reader(source, ZipReadOptions::new())?
        .take(declared + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 == declared {
        return Ok(bytes);
    }
    Err(ZipError::InvalidArchive(
        format!("{declared} bytes declared, {} found", bytes.len()).into(),
    ))
}

/// The verdict on every entry.
#[derive(Default)]
struct Plan {
    images: Vec<Planned>,
    skipped: Vec<SkippedEntry>,
    ignored: u32,
    /// Place in `images` by path.
    places: HashMap<String, usize>,
    /// Start and least end of every entry.
    extents: Vec<(u64, u64)>,
}

impl Plan {
    fn add(&mut self, entry: ZipFileEntry<'static>, limits: &ArchiveLimits) {
        let data = entry.compressed_size().saturating_add(LOCAL_HEADER);
        let start = entry.header_start();
        self.extents.push((start, start.saturating_add(data)));
        let name = entry.name().map_or_else(
            |_| String::from_utf8_lossy(entry.name_raw()).into_owned(),
            std::borrow::Cow::into_owned,
        );
        let skip = match name::classify(&name) {
            EntryKind::Directory => return,
            EntryKind::Ignored => {
                self.ignored += 1;
                return;
            }
            EntryKind::Image(format, path) => match obstacle(&entry, limits) {
                None => {
                    return self.plan(Planned {
                        entry,
                        name,
                        path,
                        format,
                    });
                }
                Some(skip) => skip,
            },
            EntryKind::UnsupportedImage => Skip::UnsupportedFormat,
            EntryKind::NestedArchive => Skip::NestedArchive,
            EntryKind::UnsafePath => Skip::UnsafePath,
        };
        self.skipped.push(skip.of(&name));
    }

    fn plan(&mut self, planned: Planned) {
        if let Some(&place) = self.places.get(&planned.path) {
            self.skipped.push(Skip::DuplicateName.of(&planned.name));
            self.images[place] = planned;
            return;
        }
        self.places.insert(planned.path.clone(), self.images.len());
        self.images.push(planned);
    }

    fn check(&mut self, limits: &ArchiveLimits) -> Result<(), ArchiveError> {
        self.extents.sort_unstable();
        if self.extents.windows(2).any(|pair| pair[0].1 > pair[1].0) {
            return Err(ArchiveError::Overlapping);
        }
        let bytes = self
            .images
            .iter()
            .fold(0u64, |sum, image| sum.saturating_add(image.entry.size()));
        if bytes > limits.total_bytes {
            return Err(ArchiveError::TooLarge {
                bytes,
                limit: limits.total_bytes,
            });
        }
        Ok(())
    }
}

/// What stands against extracting an image.
fn obstacle(entry: &ZipFileEntry<'_>, limits: &ArchiveLimits) -> Option<Skip> {
    if entry.is_symlink() {
        return Some(Skip::Symlink);
    }
    if entry.encrypted() {
        return Some(Skip::Encrypted);
    }
    let method = entry.compression();
    if !matches!(
        method,
        CompressionMethod::Stored | CompressionMethod::Deflated
    ) {
        return Some(Skip::UnsupportedMethod(method.to_string()));
    }
    let size = entry.size();
    if size > limits.entry_bytes {
        return Some(Skip::EntryTooLarge {
            size,
            limit: limits.entry_bytes,
        });
    }
    let ratio = size.div_ceil(entry.compressed_size().max(1));
    (ratio > u64::from(limits.ratio)).then_some(Skip::RatioTooHigh {
        ratio,
        limit: limits.ratio,
    })
}
