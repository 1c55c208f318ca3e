//! Baseline JPEG without a detour: its planes are decoded at about the size needed, resampled, and encoded again.
//!
//! Converting to RGB and back would cost time and precision, and full-size pixels would be thrown away again.

use super::ImageError;
use super::encode::Planes;
use super::fit::Size;
use super::jpeg::{self, Header, Scale};
use super::resample;

/// How much larger than the result a plane must be for Lanczos resampling to hide that it was decoded smaller.
const MARGIN: usize = 3;
const MARGIN_OF: usize = 2;
/// Chroma of a grey picture.
const NEUTRAL: u8 = 128;

/// Whether the file is of the kind that is decoded here: sequential, Huffman-coded, in one scan, and grey or `YCbCr`.
pub(super) fn takes(header: &Header) -> bool {
    jpeg::decodes(header) && (header.frame.components.len() == 1 || header.is_ycbcr())
}

/// Decodes and resamples.
pub(super) fn picture(file: &[u8], header: &Header) -> Result<Planes, ImageError> {
    let original = Size {
        width: u32::from(header.frame.width),
        height: u32::from(header.frame.height),
    };
    let size = original.fitted();
    let sizes = [size, size.halved(), size.halved()];
    let scales: Vec<Scale> = (0..header.frame.components.len())
        .map(|index| scale(jpeg::plane_size(header, index, Scale::Full), sizes[index]))
        .collect();
    let mut planes = jpeg::decode(file, header, &scales)?.into_iter().zip(sizes);
    let mut next = || {
        planes
            .next()
            .map(|(plane, size)| resample::plane(&plane, size))
            .transpose()
    };
    let luma = next()?.ok_or(ImageError::Truncated)?;
    let grey = vec![NEUTRAL; (size.halved().width * size.halved().height) as usize];
    let chroma = match (next()?, next()?) {
        (Some(blue), Some(red)) => [blue, red],
        _ => [grey.clone(), grey],
    };
    Ok(Planes { size, luma, chroma })
}

/// The smallest scale that leaves enough to resample.
fn scale((width, height): (usize, usize), target: Size) -> Scale {
    let enough = |scale: Scale| {
        let side = |full: usize, target: u32| {
            full * scale as usize * MARGIN_OF >= target as usize * MARGIN * 8
        };
        side(width, target.width) && side(height, target.height)
    };
    [Scale::Quarter, Scale::Half]
        .into_iter()
        .find(|&scale| enough(scale))
        .unwrap_or(Scale::Full)
}
