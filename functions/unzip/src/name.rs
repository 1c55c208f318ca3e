//! What an entry's name says: what kind of thing it is, and under which key its image goes.

use sha2::{Digest as _, Sha256};

/// Longest path of an image below its archive's folder, in bytes. S3 keys end at 1,024; folder and prefix need the rest.
const PATH_BYTES: usize = 800;
/// Longest archive name that goes into the folder's name, in characters.
const STEM_CHARACTERS: usize = 64;
/// Longest entry name that reports show, in characters.
const SHOWN_CHARACTERS: usize = 200;

/// The image formats that the extractor takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// `.jpg` and `.jpeg`.
    Jpeg,
    /// `.png`.
    Png,
}

impl ImageFormat {
    /// The media type to store an image of this format with.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// What an entry is, judged by its name alone.
#[derive(Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Directory,
    /// Something that is no image, or what macOS stores beside one.
    Ignored,
    /// An image that the extractor takes, with its path below the archive's folder.
    Image(ImageFormat, String),
    /// An image in a format that the extractor does not take.
    UnsupportedImage,
    /// An archive in the archive.
    NestedArchive,
    /// An image whose path is absolute or leaves its folder.
    UnsafePath,
}

/// Judges an entry by its name.
#[must_use]
pub fn classify(name: &str) -> EntryKind {
    if name.ends_with(['/', '\\']) {
        return EntryKind::Directory;
    }
    let segments: Vec<&str> = name.split(['/', '\\']).collect();
    let Some(file) = segments.last() else {
        return EntryKind::Ignored;
    };
    // AppleDouble files carry the name of the image they describe.
    if file.starts_with("._") || segments.contains(&"__MACOSX") {
        return EntryKind::Ignored;
    }
    let format = match extension(file).as_deref() {
        Some("jpg" | "jpeg") => ImageFormat::Jpeg,
        Some("png") => ImageFormat::Png,
        Some("avif" | "bmp" | "gif" | "heic" | "heif" | "tif" | "tiff" | "webp") => {
            return EntryKind::UnsupportedImage;
        }
        Some("zip" | "cbz" | "7z" | "rar" | "tar" | "tgz" | "gz") => {
            return EntryKind::NestedArchive;
        }
        _ => return EntryKind::Ignored,
    };
    if leaves_its_folder(name, &segments) {
        return EntryKind::UnsafePath;
    }
    EntryKind::Image(format, path_of(name, &segments))
}

/// The folder of an archive's images: the archive's name for people, a hash of its whole key against collisions.
#[must_use]
pub fn folder_of(archive_key: &str) -> String {
    let file = archive_key.rsplit('/').next().unwrap_or(archive_key);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem: String = sanitised(stem).chars().take(STEM_CHARACTERS).collect();
    format!("{stem}-{}", short_hash(archive_key))
}

/// The name as reports show it: no control characters, and not endless.
#[must_use]
pub fn shown(name: &str) -> String {
    let mut characters = name.chars().map(|character| {
        if character.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            character
        }
    });
    let mut shown: String = characters.by_ref().take(SHOWN_CHARACTERS).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn extension(file: &str) -> Option<String> {
    let (stem, extension) = file.rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

fn leaves_its_folder(name: &str, segments: &[&str]) -> bool {
    let has_drive = matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    has_drive || name.starts_with(['/', '\\']) || segments.contains(&"..")
}

/// The entry's path, fit for a key. Where that changes anything a hash of the true name tells entries apart.
fn path_of(name: &str, segments: &[&str]) -> String {
    let path = segments
        .iter()
        .filter(|segment| !segment.is_empty() && **segment != ".")
        .map(|segment| sanitised(segment))
        .collect::<Vec<_>>()
        .join("/");
    if path == name && path.len() <= PATH_BYTES {
        return path;
    }
    let (stem, extension) = path.rsplit_once('.').unwrap_or((&path, ""));
    let mut end = stem.len().min(PATH_BYTES);
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}-{}.{extension}", &stem[..end], short_hash(name))
}

/// Letters, digits and a few signs stay. Two dots in a row do not: the extractor refuses keys with them.
fn sanitised(segment: &str) -> String {
    let kept: String = segment
        .chars()
        .map(|character| match character {
            '-' | '_' | '.' | ' ' | '(' | ')' => character,
            letter if letter.is_alphanumeric() => letter,
            _ => '_',
        })
        .collect();
    kept.replace("..", "__")
}

fn short_hash(text: &str) -> String {
    use std::fmt::Write as _;
    Sha256::digest(text)
        .iter()
        .take(6)
        .fold(String::with_capacity(12), |mut hash, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hash, "{byte:02x}");
            hash
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> String {
        match classify(name) {
            EntryKind::Image(_, path) => path,
            other => panic!("{name} is {other:?}"),
        }
    }

    #[test]
    fn plain_names_stay_as_they_are() {
        assert_eq!(
            path("covers/Moby Dick (1851).JPG"),
            "covers/Moby Dick (1851).JPG"
        );
        assert_eq!(path("封面.png"), "封面.png");
    }

    #[test]
    fn names_that_change_get_a_hash_and_stay_apart() {
        let names = [
            "ab:c.jpg", "ab?c.jpg", "ab_c.jpg", "x//a.jpg", "x/a.jpg", "x\\a.jpg", "a..b.jpg",
        ];
        let paths: std::collections::BTreeSet<_> = names.iter().map(|name| path(name)).collect();
        assert_eq!(paths.len(), names.len());
        assert!(
            paths
                .iter()
                .all(|path| !path.contains("..") && !path.contains('\\'))
        );
    }

    #[test]
    fn endless_names_are_cut_and_stay_apart() {
        let long = |last: char| format!("{}{last}.jpeg", "ü".repeat(2_000));
        let (one, two) = (path(&long('a')), path(&long('b')));
        assert!(one.len() <= PATH_BYTES + 20, "{}", one.len());
        assert_ne!(one, two);
        assert_eq!(
            one.rsplit_once('.').map(|(_, extension)| extension),
            Some("jpeg")
        );
    }

    #[test]
    fn a_folder_shows_the_archive_and_depends_on_its_whole_key() {
        let folder = folder_of("2026/May books!.zip");
        assert!(folder.starts_with("May books_-"), "{folder}");
        assert_ne!(folder, folder_of("2027/May books!.zip"));
    }

    #[test]
    fn kinds() {
        assert_eq!(classify("a/"), EntryKind::Directory);
        assert_eq!(classify("__MACOSX/a/._b.jpg"), EntryKind::Ignored);
        assert_eq!(classify("._b.jpg"), EntryKind::Ignored);
        assert_eq!(classify(".jpg"), EntryKind::Ignored);
        assert_eq!(classify("readme.txt"), EntryKind::Ignored);
        assert_eq!(classify("a.webp"), EntryKind::UnsupportedImage);
        assert_eq!(classify("inner.ZIP"), EntryKind::NestedArchive);
        for name in [
            "../a.jpg",
            "a/../../b.jpg",
            "..\\a.jpg",
            "/a.jpg",
            "\\a.jpg",
            "C:\\a.jpg",
            "c:a.jpg",
        ] {
            assert_eq!(classify(name), EntryKind::UnsafePath, "{name}");
        }
    }
}
