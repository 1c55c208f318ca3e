//! Writes a cover as the file that its kind asks for.

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder, RgbImage, imageops};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::Kind;

const QUALITY: u8 = 85;

/// The APP1 segment of a phone: the Exif signature, then a little TIFF of one directory with one entry,
/// Orientation (0x0112), a short, 6: "turn me a quarter clockwise".
const EXIF_TURN_CLOCKWISE: &[u8] = b"Exif\0\0\
    MM\0\x2a\0\0\0\x08\
    \0\x01\
    \x01\x12\0\x03\0\0\0\x01\0\x06\0\0\
    \0\0\0\0";

pub(super) fn encode(canvas: &RgbImage, kind: Kind) -> Vec<u8> {
    match kind {
        Kind::Plain | Kind::NoBarcode => jpeg(canvas, &[]),
        Kind::Quarter => jpeg(&imageops::rotate90(canvas), &[]),
        Kind::Upside => jpeg(&imageops::rotate180(canvas), &[]),
        Kind::Exif => jpeg(&imageops::rotate270(canvas), EXIF_TURN_CLOCKWISE),
        Kind::Cmyk => cmyk_jpeg(canvas),
        Kind::Png => png(canvas),
    }
}

fn jpeg(canvas: &RgbImage, exif: &[u8]) -> Vec<u8> {
    write_jpeg(canvas.as_raw(), canvas.dimensions(), ColorType::Rgb, exif)
}

/// Without black generation: cyan, magenta and yellow are the complements.
fn cmyk_jpeg(canvas: &RgbImage) -> Vec<u8> {
    let inks: Vec<u8> = canvas
        .pixels()
        .flat_map(|pixel| [255 - pixel.0[0], 255 - pixel.0[1], 255 - pixel.0[2], 0])
        .collect();
    write_jpeg(&inks, canvas.dimensions(), ColorType::Cmyk, &[])
}

#[expect(
    clippy::expect_used,
    reason = "both formats hold 16-bit dimensions, and a vector takes every byte"
)]
fn write_jpeg(
    pixels: &[u8],
    (width, height): (u32, u32),
    colour: ColorType,
    exif: &[u8],
) -> Vec<u8> {
    let side = |length: u32| u16::try_from(length).expect("a cover is far below 65536 pixels");
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, QUALITY);
    if !exif.is_empty() {
        encoder
            .add_app_segment(1, exif.to_vec())
            .expect("the segment is small");
    }
    if colour == ColorType::Cmyk {
        // As print shops write it. The encoder would thin out cyan, magenta and yellow and keep black, which few decoders can
        // read.
        encoder.set_sampling_factor(SamplingFactor::R_4_4_4);
    }
    encoder
        .encode(pixels, side(width), side(height), colour)
        .expect("the pixels fill the image");
    bytes
}

#[expect(clippy::expect_used, reason = "a vector takes every byte")]
fn png(canvas: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = canvas.dimensions();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Up)
        .write_image(canvas.as_raw(), width, height, ExtendedColorType::Rgb8)
        .expect("the pixels fill the image");
    bytes
}
