//! What kind of image something is: by its content, which decides, and by its key, which only lets it in.

use super::ImageError;

/// A format that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// JPEG.
    Jpeg,
    /// PNG, animated or not: the default image counts.
    Png,
}

/// How files of other kinds begin, to say what arrived instead.
const OTHERS: [(&[u8], &str); 9] = [
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"<", "a text in XML or HTML"),
    (b"{", "a text in JSON"),
    (b"\0\0\x01\0", "an icon"),
];

impl Format {
    /// Judges the first bytes.
    ///
    /// # Errors
    /// When there are none, or they are of no format that is read.
    pub fn of_content(content: &[u8]) -> Result<Self, ImageError> {
        match content {
            [] => Err(ImageError::Empty),
            [0xFF, 0xD8, 0xFF, ..] => Ok(Self::Jpeg),
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Self::Png),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Err(ImageError::UnsupportedFormat("a WebP image")),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Err(ImageError::UnsupportedFormat(
                "a HEIC or AVIF image or a video",
            )),
            _ => {
                let known = OTHERS.iter().find(|(start, _)| content.starts_with(start));
                let name = known.map_or("of an unknown kind", |(_, name)| name);
                Err(ImageError::UnsupportedFormat(name))
            }
        }
    }

    /// Judges the extension of a key, in upper or lower case.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        let file = key.rsplit('/').next()?;
        let (_, extension) = file.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "png" => Some(Self::Png),
            _ => None,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
        }
    }
}
