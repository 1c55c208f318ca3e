//! PNG, row by row: palettes, grey, 16 bits and transparency become RGB on white.

use std::io::{Cursor, ErrorKind};

use png::{ColorType, Decoder, DecodingError, Limits as DecoderLimits, Reader, Transformations};

use super::encode::{Picture, Rgb};
use super::fit::{Limits, Size};
use super::resample::Squeeze;
use super::{ImageError, orient};

/// What the decoder may allocate beside the pixels: colour profiles, texts.
const METADATA_BYTES: usize = 8 << 20;

type Png<'a> = Reader<Cursor<&'a [u8]>>;

/// Decodes and resamples. Of an animation, the default image.
pub(super) fn picture(file: &[u8], limits: &Limits) -> Result<(Picture, Size), ImageError> {
    let row_bytes = limits.side as usize * 8;
    let bytes = METADATA_BYTES + row_bytes;
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), DecoderLimits { bytes });
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let header = decoder.read_header_info().map_err(undecodable)?;
    let original = Size {
        width: header.width,
        height: header.height,
    };
    limits.check(original)?;
    let mut reader = decoder.read_info().map_err(undecodable)?;
    let size = original.fitted();
    let mut rows = Squeeze::new(original, size.height);
    let add = if reader.info().interlaced {
        limits.of_whole_pictures().check(original)?;
        push_interlaced
    } else {
        push_rows
    };
    add(&mut reader, original, &mut rows)?;
    let rgb = Rgb::new(size, &rows.finish(size.width)?);
    let orientation = orient::of_exif(reader.info().exif_metadata.as_deref());
    Ok((Picture::Rgb(rgb).upright(orientation), original))
}

fn push_rows(reader: &mut Png<'_>, size: Size, rows: &mut Squeeze) -> Result<(), ImageError> {
    let (color, _) = reader.output_color_type();
    let mut row = vec![0; size.width as usize * color.samples()];
    for _ in 0..size.height {
        reader
            .read_row(&mut row)
            .map_err(undecodable)?
            .ok_or(ImageError::Truncated)?;
        rows.push(|window| append_rgb(window, &row, color))?;
    }
    Ok(())
}

/// The rows of an interlaced picture are complete only at its end.
fn push_interlaced(reader: &mut Png<'_>, size: Size, rows: &mut Squeeze) -> Result<(), ImageError> {
    let (color, _) = reader.output_color_type();
    let row_bytes = size.width as usize * color.samples();
    let mut pixels = vec![0; row_bytes * size.height as usize];
    reader.next_frame(&mut pixels).map_err(undecodable)?;
    for row in pixels.chunks_exact(row_bytes) {
        rows.push(|window| append_rgb(window, row, color))?;
    }
    Ok(())
}

/// Appends a row of 8-bit samples as RGB. What is transparent lets white through.
fn append_rgb(window: &mut Vec<u8>, row: &[u8], color: ColorType) {
    match color {
        ColorType::Rgb => window.extend_from_slice(row),
        ColorType::Rgba => {
            let (pixels, _) = row.as_chunks();
            window.extend(pixels.iter().flat_map(|&[red, green, blue, alpha]| {
                [red, green, blue].map(|sample| on_white(sample, alpha))
            }));
        }
        ColorType::GrayscaleAlpha => {
            let (pixels, _) = row.as_chunks();
            window.extend(
                pixels
                    .iter()
                    .flat_map(|&[grey, alpha]| [on_white(grey, alpha); 3]),
            );
        }
        // Palettes are expanded by the decoder, so what is left has one sample.
        ColorType::Grayscale | ColorType::Indexed => {
            window.extend(row.iter().flat_map(|&grey| [grey; 3]));
        }
    }
}

fn on_white(sample: u8, alpha: u8) -> u8 {
    let (sample, alpha) = (u16::from(sample), u16::from(alpha));
    let mixed = (sample * alpha + 255 * (255 - alpha) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

fn undecodable(error: DecodingError) -> ImageError {
    match error {
        DecodingError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            ImageError::Truncated
        }
        other => ImageError::Undecodable(other.to_string()),
    }
}
