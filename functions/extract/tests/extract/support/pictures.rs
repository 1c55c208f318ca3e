//! Pictures with enough in them to show a mistake: gradients, noise and hard edges.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

/// Red, green and blue of a test picture, row by row.
pub(crate) fn pixels(width: u32, height: u32) -> Vec<u8> {
    let mut noise = 0x2545_F491_u32;
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let grain = noise % 13;
            let bar = if (x * 9 / width + y * 5 / height).is_multiple_of(2) {
                60
            } else {
                0
            };
            let across = x * 150 / width;
            let down = y * 150 / height;
            for value in [
                across + bar + grain,
                down + bar + grain,
                180 - across + grain,
            ] {
                pixels.push(u8::try_from(value.min(255)).unwrap());
            }
        }
    }
    pixels
}

/// A JPEG as most programs write it.
pub(crate) fn cover(width: u32, height: u32) -> Vec<u8> {
    jpeg(width, height, |_| {})
}

/// A JPEG with settings of its own; 4:2:0 and quality 90 unless told otherwise.
pub(crate) fn jpeg(
    width: u32,
    height: u32,
    settings: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    encoded(
        &pixels(width, height),
        width,
        height,
        ColorType::Rgb,
        settings,
    )
}

/// Encodes pixels of any kind.
pub(crate) fn encoded(
    pixels: &[u8],
    width: u32,
    height: u32,
    color: ColorType,
    settings: impl FnOnce(&mut Encoder<&mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    settings(&mut encoder);
    let (width, height) = (
        u16::try_from(width).unwrap(),
        u16::try_from(height).unwrap(),
    );
    encoder.encode(pixels, width, height, color).unwrap();
    file
}

/// An EXIF segment that names an orientation.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    tiff
}

/// A PNG of any kind.
pub(crate) fn png(
    width: u32,
    height: u32,
    color: png::ColorType,
    depth: png::BitDepth,
    data: &[u8],
    settings: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    settings(&mut encoder);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    file
}

/// A PNG with red, green and blue in 8 bits.
pub(crate) fn png_cover(width: u32, height: u32) -> Vec<u8> {
    png(
        width,
        height,
        png::ColorType::Rgb,
        png::BitDepth::Eight,
        &pixels(width, height),
        |_| {},
    )
}
