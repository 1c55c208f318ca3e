//! A request to a model, whatever wire format it came in.

use std::io::Cursor;

use image::{GrayImage, ImageReader, Limits};

/// What the model is asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Conversation {
    pub(super) system: String,
    pub(super) turns: Vec<Turn>,
    pub(super) max_tokens: u32,
    pub(super) temperature: Option<f64>,
}

/// One message.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Turn {
    pub(super) role: Role,
    pub(super) parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    User,
    Assistant,
}

impl Role {
    pub(super) fn parse(name: &str) -> Option<Self> {
        match name {
            "user" => Some(Self::User),
            "assistant" => Some(Self::Assistant),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    Text(String),
    Picture(Picture),
}

/// An image as it was sent, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
    width: u32,
    height: u32,
}

/// Longest side the service takes, in pixels.
const MAX_SIDE: u32 = 8000;
/// The same with more than [`MANY_IMAGES`] images in a request.
const MAX_SIDE_OF_MANY: u32 = 2000;
const MANY_IMAGES: usize = 20;
/// Largest image, in bytes before base64: 3.75 MB on Bedrock.
const MAX_BYTES: usize = 3_932_160;
/// The model scales images down to this side before it counts tokens.
const SCALED_SIDE: f64 = 1568.0;

impl Picture {
    /// Checks the bytes as the service does. The error has no location; the caller knows it.
    pub(super) fn new(media_type: &str, bytes: Vec<u8>) -> Result<Self, String> {
        let media_type = ["image/jpeg", "image/png", "image/gif", "image/webp"]
            .into_iter()
            .find(|known| *known == media_type)
            .ok_or("Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'")?;
        if bytes.len() > MAX_BYTES {
            return Err(format!(
                "image exceeds 3.75 MB maximum: {} bytes > {MAX_BYTES} bytes",
                bytes.len()
            ));
        }
        let guessed = ImageReader::new(Cursor::new(&bytes))
            .with_guessed_format()
            .ok();
        let format = guessed.as_ref().and_then(ImageReader::format);
        if format.is_none_or(|format| format.to_mime_type() != media_type) {
            return Err(format!(
                "Image does not match the provided media type {media_type}"
            ));
        }
        let (width, height) = guessed
            .and_then(|reader| reader.into_dimensions().ok())
            .ok_or("Could not process image")?;
        if width.max(height) > MAX_SIDE {
            return Err(format!(
                "At least one of the image dimensions exceed max allowed size: {MAX_SIDE} pixels"
            ));
        }
        Ok(Self {
            media_type,
            bytes,
            width,
            height,
        })
    }

    /// The pixels' brightness; `None` when the image is broken after its header.
    pub(super) fn luma(&self) -> Option<GrayImage> {
        let mut reader = ImageReader::new(Cursor::new(&self.bytes))
            .with_guessed_format()
            .ok()?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(MAX_SIDE);
        limits.max_image_height = Some(MAX_SIDE);
        reader.limits(limits);
        Some(reader.decode().ok()?.into_luma8())
    }

    /// One token per 750 pixels, after the model has scaled the image down.
    fn tokens(&self) -> u32 {
        let (width, height) = (f64::from(self.width), f64::from(self.height));
        let scale = (SCALED_SIDE / width.max(height)).min(1.0);
        whole(width * scale * height * scale / 750.0)
    }
}

impl Conversation {
    /// What only shows when all images are known.
    pub(super) fn check_many_images(&self) -> Result<(), String> {
        let many = self.pictures().count() > MANY_IMAGES;
        if many
            && self
                .pictures()
                .any(|picture| picture.width.max(picture.height) > MAX_SIDE_OF_MANY)
        {
            return Err(format!(
                "At least one of the image dimensions exceed max allowed size for many-image requests: {MAX_SIDE_OF_MANY} pixels"
            ));
        }
        Ok(())
    }

    pub(super) fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.parts().filter_map(|part| match part {
            Part::Picture(picture) => Some(picture),
            Part::Text(_) => None,
        })
    }

    /// All text that was sent, the system prompt first.
    pub(super) fn text(&self) -> String {
        let said = self.parts().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Picture(_) => None,
        });
        std::iter::once(self.system.as_str())
            .chain(said)
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub(super) fn input_tokens(&self) -> u32 {
        text_tokens(&self.text()) + self.pictures().map(Picture::tokens).sum::<u32>()
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.turns.iter().flat_map(|turn| &turn.parts)
    }
}

/// About four characters to a token.
pub(super) fn text_tokens(text: &str) -> u32 {
    u32::try_from(text.chars().count().div_ceil(4)).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most 1568 * 1568 / 750, never negative"
)]
fn whole(tokens: f64) -> u32 {
    tokens.ceil() as u32
}
