//! Every other JPEG, through RGB: progressive, CMYK, RGB, several scans.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::{ColorType, ImageDecoder as _};

use super::encode::Rgb;
use super::fit::Size;
use super::jpeg::{self, Header};
use super::{ImageError, resample};

/// Decodes and resamples. The caller has checked the size in the header: the decoder's own limits are not applied on
/// this path.
pub(super) fn picture(file: &[u8], header: &Header) -> Result<Rgb, ImageError> {
    // The decoder fills what is missing with grey and says nothing.
    if !jpeg::has_end(file, header) {
        return Err(ImageError::Truncated);
    }
    // Nor does it say that it cannot place a first colour with fewer samples than another, which is legal but odd.
    if !header.frame.first_is_full() {
        let message = "its first colour has fewer samples than another".to_owned();
        return Err(ImageError::Undecodable(message));
    }
    let undecodable = |error: image::ImageError| ImageError::Undecodable(error.to_string());
    let decoder = JpegDecoder::new(Cursor::new(file)).map_err(undecodable)?;
    let (width, height) = decoder.dimensions();
    let color = decoder.color_type();
    let bytes = usize::try_from(decoder.total_bytes())
        .map_err(|_| ImageError::Undecodable("more pixels than memory".to_owned()))?;
    let mut pixels = vec![0; bytes];
    decoder.read_image(&mut pixels).map_err(undecodable)?;
    let pixels = match color {
        ColorType::Rgb8 => pixels,
        ColorType::L8 => pixels.iter().flat_map(|&grey| [grey; 3]).collect(),
        other => {
            let message = format!("its colours are {other:?}");
            return Err(ImageError::Undecodable(message));
        }
    };
    let original = Size { width, height };
    let size = original.fitted();
    let pixels = resample::rgb(&pixels, original, size)?;
    Ok(Rgb::new(size, &pixels))
}
