//! From pixels to the JPEG that is sent: quality 90, chroma at half the size in both directions, as Pillow writes it.

use image::metadata::Orientation;
use jpeg_encoder::{
    ChromaSubsamplingMethod, ColorType, Encoder, ImageBuffer, JpegColorType, SamplingFactor,
};

use super::fit::Size;
use super::{ImageError, orient};

const QUALITY: u8 = 90;

/// A picture of the final size.
pub(super) enum Picture {
    Planes(Planes),
    Rgb(Rgb),
}

/// Luma, and chroma at half the size, rounded up.
pub(super) struct Planes {
    pub(super) size: Size,
    pub(super) luma: Vec<u8>,
    pub(super) chroma: [Vec<u8>; 2],
}

/// Red, green and blue of each pixel.
pub(super) struct Rgb {
    pub(super) size: Size,
    pub(super) pixels: Vec<[u8; 3]>,
}

impl Rgb {
    /// From the bytes of its pixels.
    pub(super) fn new(size: Size, bytes: &[u8]) -> Self {
        Self {
            size,
            pixels: bytes.as_chunks().0.to_vec(),
        }
    }
}

impl Size {
    /// The size of chroma planes.
    pub(super) fn halved(self) -> Self {
        Self {
            width: self.width.div_ceil(2),
            height: self.height.div_ceil(2),
        }
    }

    fn turned(self, orientation: Orientation) -> Self {
        if orient::swaps_sides(orientation) {
            Self {
                width: self.height,
                height: self.width,
            }
        } else {
            self
        }
    }
}

impl Picture {
    pub(super) fn size(&self) -> Size {
        match self {
            Self::Planes(planes) => planes.size,
            Self::Rgb(rgb) => rgb.size,
        }
    }

    /// Turns the picture as its orientation says.
    pub(super) fn upright(self, orientation: Orientation) -> Self {
        if orientation == Orientation::NoTransforms {
            return self;
        }
        match self {
            Self::Planes(Planes { size, luma, chroma }) => {
                let half = size.halved().width as usize;
                Self::Planes(Planes {
                    size: size.turned(orientation),
                    luma: orient::turned(&luma, size.width as usize, orientation),
                    chroma: chroma.map(|plane| orient::turned(&plane, half, orientation)),
                })
            }
            Self::Rgb(Rgb { size, pixels }) => Self::Rgb(Rgb {
                size: size.turned(orientation),
                pixels: orient::turned(&pixels, size.width as usize, orientation),
            }),
        }
    }

    pub(super) fn to_jpeg(&self) -> Result<Vec<u8>, ImageError> {
        // A photograph at this quality takes about a quarter of a byte per pixel.
        let Size { width, height } = self.size();
        let mut jpeg = Vec::with_capacity((width * height / 4) as usize);
        let mut encoder = Encoder::new(&mut jpeg, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        let result = match self {
            Self::Planes(planes) => encoder.encode_image(planes),
            Self::Rgb(rgb) => {
                encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
                let (width, height) = (side(width), side(height));
                encoder.encode(rgb.pixels.as_flattened(), width, height, ColorType::Rgb)
            }
        };
        result.map_err(|error| ImageError::Undecodable(error.to_string()))?;
        Ok(jpeg)
    }
}

/// A side of a picture: at most [`super::fit::LONGEST_SIDE`].
fn side(length: u32) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// The encoder asks for chroma at full size and, by its default method, keeps the first of each two by two samples. So
/// giving it each sample four times puts the plane into the file as it is.
impl ImageBuffer for &Planes {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        side(self.size.width)
    }

    fn height(&self) -> u16 {
        side(self.size.height)
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let (width, y) = (self.size.width as usize, usize::from(y));
        let half = width.div_ceil(2);
        let [luma, chroma @ .., _] = buffers;
        luma.extend_from_slice(&self.luma[y * width..][..width]);
        for (buffer, plane) in chroma.iter_mut().zip(&self.chroma) {
            let start = buffer.len();
            buffer.resize(start + width, 0);
            // Odd rows are not kept.
            if y % 2 == 0 {
                let row = &plane[y / 2 * half..][..half];
                for (pair, sample) in buffer[start..].chunks_mut(2).zip(row) {
                    pair.fill(*sample);
                }
            }
        }
    }
}
