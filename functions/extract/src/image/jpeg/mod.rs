//! Decoding of baseline JPEG straight to the planes it is made of, at the size that is needed.

mod bits;
mod header;
mod huffman;
mod idct;
mod scan;

pub(crate) use header::{Header, has_end};
pub(crate) use scan::{Plane, Scale, decode, decodes, plane_size};

/// Why a JPEG was not decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JpegError {
    #[error("the file ends before the image does")]
    Truncated,
    #[error("invalid {0}")]
    Corrupt(&'static str),
}
