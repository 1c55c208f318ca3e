//! What an image is, by its first bytes and its header. No pixel is decoded.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{ImageReader, Limits, guess_format};
use shared::batch::limits::IMAGE_SIDE;
use shared::batch::processor::{ImageFormat, ImageSize};

use super::ImageProblem;

/// Bytes that reading a header may take: some formats keep compressed profiles there, which can be bombs.
const HEADER_BYTES: u64 = 8 << 20;

/// Tells the format and the size of an image.
///
/// # Errors
/// When models do not take it.
pub(super) fn inspect(uri: &str, bytes: &[u8]) -> Result<(ImageFormat, ImageSize), ImageProblem> {
    let (format, reading) = format(bytes).ok_or_else(|| ImageProblem::Format(uri.to_owned()))?;
    // Strangers upload images. A bug in a reader of headers must cost one row, not the run; nothing that was being read
    // outlives the unwinding.
    let read = catch_unwind(AssertUnwindSafe(|| size(bytes, reading)));
    let read = read.unwrap_or_else(|_| Err("the reader gave up".to_owned()));
    let size = read.map_err(|problem| ImageProblem::Header {
        uri: uri.to_owned(),
        format: format.as_str(),
        problem,
    })?;
    if size.width.max(size.height) > IMAGE_SIDE {
        return Err(ImageProblem::TooManyPixels {
            uri: uri.to_owned(),
            size,
            limit: IMAGE_SIDE,
        });
    }
    Ok((format, size))
}

fn format(bytes: &[u8]) -> Option<(ImageFormat, image::ImageFormat)> {
    let guessed = guess_format(bytes).ok()?;
    let format = match guessed {
        image::ImageFormat::Jpeg => ImageFormat::Jpeg,
        image::ImageFormat::Png => ImageFormat::Png,
        image::ImageFormat::Gif => ImageFormat::Gif,
        image::ImageFormat::WebP => ImageFormat::Webp,
        _ => return None,
    };
    Some((format, guessed))
}

fn size(bytes: &[u8], format: image::ImageFormat) -> Result<ImageSize, String> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(HEADER_BYTES);
    reader.limits(limits);
    let (width, height) = reader
        .into_dimensions()
        .map_err(|error| error.to_string())?;
    Ok(ImageSize { width, height })
}
