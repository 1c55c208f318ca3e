//! Turning pictures upright, as their EXIF orientation says.

use image::metadata::Orientation;

/// The orientation in the TIFF part of an EXIF segment; upright when there is none or it makes no sense.
pub(super) fn of_exif(exif: Option<&[u8]>) -> Orientation {
    exif.and_then(Orientation::from_exif_chunk)
        .unwrap_or(Orientation::NoTransforms)
}

/// Whether width and height change places.
pub(super) fn swaps_sides(orientation: Orientation) -> bool {
    matches!(
        orientation,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// Turns `pixels`, which are `width` wide.
pub(super) fn turned<T: Copy>(pixels: &[T], width: usize, orientation: Orientation) -> Vec<T> {
    let height = pixels.len() / width;
    let (right, bottom) = (width - 1, height - 1);
    // For each pixel of the result, from where it comes: its place in the result is (x, y).
    let source = |x: usize, y: usize| match orientation {
        Orientation::NoTransforms => (x, y),
        Orientation::FlipHorizontal => (right - x, y),
        Orientation::Rotate180 => (right - x, bottom - y),
        Orientation::FlipVertical => (x, bottom - y),
        Orientation::Rotate90FlipH => (y, x),
        Orientation::Rotate90 => (y, bottom - x),
        Orientation::Rotate270FlipH => (right - y, bottom - x),
        Orientation::Rotate270 => (right - y, x),
    };
    let (across, down) = if swaps_sides(orientation) {
        (height, width)
    } else {
        (width, height)
    };
    let mut result = Vec::with_capacity(pixels.len());
    for y in 0..down {
        result.extend((0..across).map(|x| {
            let (x, y) = source(x, y);
            pixels[y * width + x]
        }));
    }
    result
}
