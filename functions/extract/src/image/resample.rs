//! Lanczos resampling, by vector instructions where the machine has them.
//!
//! Pictures have the type of their pixels: with images that know it at run time only, the code for all thirteen types would be
//! compiled. That for floating point comes out of LLVM differently each time, and the package would not be reproducible.

use fast_image_resize::images::{TypedCroppedImage, TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

use super::ImageError;
use super::fit::Size;
use super::jpeg::Plane;

fn lanczos() -> ResizeOptions {
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
}

fn failed(error: impl std::error::Error) -> ImageError {
    ImageError::Undecodable(format!("resampling failed: {error}"))
}

/// Resamples the visible part of a decoded plane.
pub(super) fn plane(plane: &Plane, size: Size) -> Result<Vec<u8>, ImageError> {
    let rows = cut(plane.pixels.len() / plane.stride);
    let whole = view::<U8>(cut(plane.stride), rows, &plane.pixels)?;
    let visible = TypedCroppedImage::from_ref(&whole, 0, 0, cut(plane.width), cut(plane.height))
        .map_err(failed)?;
    let mut resized = vec![0; size.width as usize * size.height as usize];
    let mut target = view_mut::<U8>(size.width, size.height, &mut resized)?;
    Resizer::new()
        .resize_typed(&visible, &mut target, &lanczos())
        .map_err(failed)?;
    Ok(resized)
}

/// Resamples RGB pixels.
pub(super) fn rgb(pixels: &[u8], from: Size, to: Size) -> Result<Vec<u8>, ImageError> {
    let source = view::<U8x3>(from.width, from.height, pixels)?;
    let mut resized = vec![0; to.width as usize * to.height as usize * 3];
    let mut target = view_mut::<U8x3>(to.width, to.height, &mut resized)?;
    Resizer::new()
        .resize_typed(&source, &mut target, &lanczos())
        .map_err(failed)?;
    Ok(resized)
}

fn view<Pixel: PixelTrait>(
    width: u32,
    height: u32,
    bytes: &[u8],
) -> Result<TypedImageRef<'_, Pixel>, ImageError> {
    TypedImageRef::from_buffer(width, height, bytes).map_err(failed)
}

fn view_mut<Pixel: PixelTrait>(
    width: u32,
    height: u32,
    bytes: &mut [u8],
) -> Result<TypedImage<'_, Pixel>, ImageError> {
    TypedImage::from_buffer(width, height, bytes).map_err(failed)
}

/// Resamples RGB rows vertically while they arrive, so that the whole picture is never in memory.
pub(super) struct Squeeze {
    from: Size,
    height: u32,
    /// Rows that are still needed, and which one is the first.
    window: Vec<u8>,
    first: u32,
    /// Finished rows, as wide as the source.
    done: Vec<u8>,
    finished: u32,
    resizer: Resizer,
    options: ResizeOptions,
}

/// Finished rows per step: enough to pay for a step, few enough for the window to stay in the processor's cache.
const STEP: u32 = 16;
/// Lanczos3 looks at three pixels of the smaller picture to each side.
const REACH: f64 = 3.0;

impl Squeeze {
    /// From a size to a height that is not larger.
    pub(super) fn new(from: Size, height: u32) -> Self {
        Self {
            from,
            height,
            window: Vec::new(),
            first: 0,
            done: Vec::with_capacity(from.width as usize * height as usize * 3),
            finished: 0,
            resizer: Resizer::new(),
            options: lanczos(),
        }
    }

    fn row_bytes(&self) -> usize {
        self.from.width as usize * 3
    }

    fn scale(&self) -> f64 {
        f64::from(self.from.height) / f64::from(self.height)
    }

    /// Takes the next row.
    pub(super) fn push(&mut self, row: impl FnOnce(&mut Vec<u8>)) -> Result<(), ImageError> {
        row(&mut self.window);
        while self.finished < self.height && self.arrived() >= self.needed() {
            self.step()?;
        }
        Ok(())
    }

    fn arrived(&self) -> u32 {
        self.first + cut(self.window.len() / self.row_bytes())
    }

    /// Rows of the source up to which the next step looks.
    fn needed(&self) -> u32 {
        let end = f64::from(self.next_step());
        whole((end + REACH) * self.scale())
            .saturating_add(1)
            .min(self.from.height)
    }

    fn next_step(&self) -> u32 {
        (self.finished + STEP).min(self.height)
    }

    fn step(&mut self) -> Result<(), ImageError> {
        let (scale, end) = (self.scale(), self.next_step());
        let row_bytes = self.row_bytes();
        let rows = cut(self.window.len() / row_bytes);
        let source = view::<U8x3>(self.from.width, rows, &self.window)?;
        let start = self.done.len();
        let added = end - self.finished;
        self.done.resize(start + added as usize * row_bytes, 0);
        let mut target = view_mut::<U8x3>(self.from.width, added, &mut self.done[start..])?;
        let top = f64::from(self.finished) * scale - f64::from(self.first);
        // The last step's end may be past the last row by the rounding of the product.
        let height = (f64::from(added) * scale).min(f64::from(rows) - top);
        let options = self
            .options
            .crop(0.0, top, f64::from(self.from.width), height);
        self.resizer
            .resize_typed(&source, &mut target, &options)
            .map_err(failed)?;
        self.finished = end;
        self.forget();
        Ok(())
    }

    /// Drops the rows that no later step looks at.
    fn forget(&mut self) {
        let first = whole((f64::from(self.finished) - REACH) * self.scale()).saturating_sub(1);
        let passed = first.clamp(self.first, self.arrived()) - self.first;
        self.window.drain(..passed as usize * self.row_bytes());
        self.first += passed;
    }

    /// The picture at its final size, once all rows have come.
    pub(super) fn finish(self, width: u32) -> Result<Vec<u8>, ImageError> {
        let from = Size {
            width: self.from.width,
            height: self.height,
        };
        let to = Size {
            width,
            height: self.height,
        };
        rgb(&self.done, from, to)
    }
}

/// The whole part of a number of rows; none below zero.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates"
)]
fn whole(rows: f64) -> u32 {
    rows as u32
}

/// A length that came from a `u32` or smaller.
fn cut(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
