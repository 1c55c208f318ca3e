//! Why a single entry is left out while the rest of its archive is extracted.

use shared::contracts::SkippedEntry;

use crate::name;

/// Why an entry that somebody may miss was not extracted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Skip {
    /// Absolute, with a drive letter, or with a `..` segment.
    #[error("its path is absolute or leaves its folder; pack the images with relative paths")]
    UnsafePath,
    /// A symbolic link: its content is a path, not an image.
    #[error("it is a symbolic link; pack the image it points to")]
    Symlink,
    /// `ZipCrypto` or AES.
    #[error("it is encrypted; pack it without a password")]
    Encrypted,
    /// Neither stored nor deflated.
    #[error("compression method {0} is not supported; pack it with deflate")]
    UnsupportedMethod(String),
    /// An image in a format that the extractor does not take.
    #[error("images of this format are not read; convert it to JPEG or PNG")]
    UnsupportedFormat,
    /// An archive in the archive; its images would escape every limit.
    #[error("archives in archives are not opened; upload it on its own")]
    NestedArchive,
    /// Larger than the limit, by its own declaration.
    #[error("its {size} bytes exceed the limit of {limit} for one entry")]
    EntryTooLarge {
        /// Declared size.
        size: u64,
        /// The limit.
        limit: u64,
    },
    /// Compressed better than any image can be.
    #[error(
        "it expands {ratio} times, more than the limit of {limit}: images do not compress like that"
    )]
    RatioTooHigh {
        /// Declared size over compressed size.
        ratio: u64,
        /// The limit.
        limit: u32,
    },
    /// A later entry has the same name; archivers extract the last one, and so do we.
    #[error("a later entry has the same name and was taken instead")]
    DuplicateName,
    /// Wrong checksum, wrong size, broken data.
    #[error("its data is damaged: {0}")]
    Corrupt(String),
}

impl Skip {
    /// The stable word for filters.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::UnsafePath => "unsafe_path",
            Self::Symlink => "symlink",
            Self::Encrypted => "encrypted_entry",
            Self::UnsupportedMethod(_) => "unsupported_method",
            Self::UnsupportedFormat => "unsupported_format",
            Self::NestedArchive => "nested_archive",
            Self::EntryTooLarge { .. } => "entry_too_large",
            Self::RatioTooHigh { .. } => "ratio_too_high",
            Self::DuplicateName => "duplicate_name",
            Self::Corrupt(_) => "corrupt_entry",
        }
    }

    pub(crate) fn of(&self, name: &str) -> SkippedEntry {
        SkippedEntry {
            name: name::shown(name),
            reason: self.reason().to_owned(),
            message: self.to_string(),
        }
    }
}
