//! Decoding of baseline JPEG straight to the planes it is made of, at the size that is needed.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "coefficients, codes and samples have at most 16 bits, and are repacked millions of times per image"
)]
#![expect(
    clippy::inline_always,
    reason = "the state of the bit reader stays in registers only if everything that touches it is inlined; measured"
)]

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
