//! The image step: any cover that arrives becomes a JPEG of at most 1024 by 1024 pixels, upright, on white.
//!
//! Baseline JPEGs, which are what cameras and scanners write, stay the planes they are made of from decoder to encoder
//! ([`planar`]); everything else goes through RGB ([`general`], [`png`]). What is wrong with an image is known from its
//! header before any pixel is decoded, as far as that is possible.

mod encode;
mod fit;
mod format;
mod general;
mod jpeg;
mod orient;
mod planar;
mod png;
mod resample;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use fit::{Limits, Size};
pub use format::Format;

use encode::Picture;

/// An image ready for the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The JPEG.
    pub jpeg: Vec<u8>,
    /// Its size.
    pub size: Size,
    /// What was read.
    pub format: Format,
    /// Size of what was read, before it was turned upright.
    pub original: Size,
}

/// Why an image cannot be used. None of these passes by itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// There are no bytes.
    #[error("the object is empty; upload the image again")]
    Empty,
    /// The content is of another kind.
    #[error("the content is {0}, not a JPEG or PNG image; convert it and upload it again")]
    UnsupportedFormat(&'static str),
    /// The pixels would take more memory or time than an image is worth.
    #[error(
        "the image has {size} pixels, more than {pixels} or {side} on a side; scale it down and upload it again",
        pixels = .limits.pixels, side = .limits.side
    )]
    TooLarge {
        /// What the header says.
        size: Size,
        /// What is allowed.
        limits: Limits,
    },
    /// The file ends too early.
    #[error("the file ends before the image does; upload it again")]
    Truncated,
    /// The content breaks the rules of its format.
    #[error("the image cannot be decoded: {0}")]
    Undecodable(String),
}

impl ImageError {
    /// The stable word for filters and alarms.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Empty => "empty_object",
            Self::UnsupportedFormat(_) => "unsupported_format",
            Self::TooLarge { .. } => "image_too_large",
            Self::Truncated => "truncated_image",
            Self::Undecodable(_) => "undecodable_image",
        }
    }
}

/// Makes an image ready for the model.
///
/// # Errors
/// When the content is no image that can be used.
pub fn prepare(content: &[u8]) -> Result<Prepared, ImageError> {
    prepare_within(content, &Limits::default())
}

/// The same with limits of your own.
///
/// # Errors
/// When the content is no image that can be used.
pub fn prepare_within(content: &[u8], limits: &Limits) -> Result<Prepared, ImageError> {
    let format = Format::of_content(content)?;
    // Decoders are fed what strangers upload. A bug in one of them must cost one image, not the batch; nothing that
    // was being decoded outlives the unwinding.
    let decoded = catch_unwind(AssertUnwindSafe(|| match format {
        Format::Jpeg => jpeg_picture(content, limits),
        Format::Png => png::picture(content, limits),
    }));
    let (picture, original) = decoded
        .unwrap_or_else(|_| Err(ImageError::Undecodable("the decoder gave up".to_owned())))?;
    Ok(Prepared {
        size: picture.size(),
        jpeg: picture.to_jpeg()?,
        format,
        original,
    })
}

fn jpeg_picture(content: &[u8], limits: &Limits) -> Result<(Picture, Size), ImageError> {
    let header = jpeg::Header::read(content)?;
    let original = Size {
        width: u32::from(header.frame.width),
        height: u32::from(header.frame.height),
    };
    limits.check(original)?;
    let picture = if planar::takes(&header) {
        Picture::Planes(planar::picture(content, &header)?)
    } else {
        limits.of_whole_pictures().check(original)?;
        Picture::Rgb(general::picture(content, &header)?)
    };
    let picture = picture.upright(orient::of_exif(header.exif.as_deref()));
    Ok((picture, original))
}

impl From<jpeg::JpegError> for ImageError {
    fn from(error: jpeg::JpegError) -> Self {
        match error {
            jpeg::JpegError::Truncated => Self::Truncated,
            corrupt @ jpeg::JpegError::Corrupt(_) => Self::Undecodable(corrupt.to_string()),
        }
    }
}
