//! Sizes: what is accepted, and what comes out.

use std::fmt;

/// The longest side that the model is sent. The service takes more, but scales down what is longer than 1,568 pixels
/// and bills by area; a cover's text is legible at this size. A square box, so it is the same for rotated images.
pub(super) const LONGEST_SIDE: u32 = 1024;

/// Width and height in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}x{}", self.width, self.height)
    }
}

/// What a header may announce before anything is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Width times height.
    pub pixels: u64,
    /// Width or height.
    pub side: u32,
}

impl Default for Limits {
    /// Twice what the largest cameras of telephones write by default.
    fn default() -> Self {
        Self {
            pixels: 100_000_000,
            side: 16_384,
        }
    }
}

impl Limits {
    /// For decoders that hold the whole picture, or even all its coefficients, in memory: half the pixels.
    pub(super) fn of_whole_pictures(self) -> Self {
        Self {
            pixels: self.pixels / 2,
            ..self
        }
    }

    pub(super) fn check(&self, size: Size) -> Result<(), super::ImageError> {
        let pixels = u64::from(size.width) * u64::from(size.height);
        let longest = size.width.max(size.height);
        if pixels > self.pixels || longest > self.side {
            return Err(super::ImageError::TooLarge {
                size,
                limits: *self,
            });
        }
        Ok(())
    }
}

impl Size {
    /// The largest size of the same proportions in the box, never larger than this one.
    ///
    /// Of the two whole numbers next to the exact one it takes the one with the truer proportions, as Pillow does.
    #[must_use]
    pub fn fitted(self) -> Self {
        let Self { width, height } = self;
        if width.max(height) <= LONGEST_SIDE {
            return self;
        }
        let aspect = f64::from(width) / f64::from(height);
        let side = f64::from(LONGEST_SIDE);
        if width >= height {
            Self {
                width: LONGEST_SIDE,
                height: nearest(side / aspect, |height| (aspect - side / height).abs()),
            }
        } else {
            Self {
                width: nearest(side * aspect, |width| (aspect - width / side).abs()),
                height: LONGEST_SIDE,
            }
        }
    }
}

/// The whole number next to `exact` that is less wrong; at least 1.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and the longest side"
)]
fn nearest(exact: f64, wrong: impl Fn(f64) -> f64) -> u32 {
    let (below, above) = (exact.floor().max(1.0), exact.ceil().max(1.0));
    let best = if wrong(below) <= wrong(above) {
        below
    } else {
        above
    };
    best as u32
}
