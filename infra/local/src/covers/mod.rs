//! Sample covers: drawn, never downloaded, and the same bytes every time.
//!
//! Each shows the title, the author and the EAN-13 of a book of the [catalogue](crate::catalogue) under photographic
//! grain. Among the first ten are the cases that an extractor meets in the wild: turned by 90 and by 180 degrees, a
//! PNG, one without a barcode, one in CMYK, one that only its EXIF orientation puts upright.

mod archive;
mod canvas;
mod encode;

use std::thread;

pub use archive::{Archive, write_zip};

use crate::catalogue::{self, Book};

/// A drawn cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// Unique among the covers of one set, with the extension of its format.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// The number in its barcode; `None` when it was drawn without one.
    pub isbn: Option<&'static str>,
    /// The book it shows.
    pub book: &'static Book,
    /// What is special about it.
    pub kind: Kind,
}

/// What is special about a cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: an upright RGB JPEG.
    Plain,
    /// Lies on its side.
    Quarter,
    /// Stands on its head.
    Upside,
    /// PNG, without grain, as a scanner saves it.
    Png,
    /// No barcode: the model cannot know the book.
    NoBarcode,
    /// A JPEG in CMYK, as a print shop delivers it.
    Cmyk,
    /// Stored on its side, with EXIF orientation 6 to say so, as a phone does.
    Exif,
}

impl Kind {
    /// The rare ones once, at fixed places; the others in turn.
    fn of(index: usize) -> Self {
        match index {
            5 => Self::NoBarcode,
            6 => Self::Cmyk,
            7 => Self::Exif,
            _ => match index % 10 {
                1 => Self::Quarter,
                2 => Self::Upside,
                3 => Self::Png,
                _ => Self::Plain,
            },
        }
    }
}

/// The cover with this number. Numbers beyond the catalogue show its books again, under other grain.
pub fn cover(index: usize) -> Cover {
    let books = catalogue::books();
    let book = &books[index % books.len()];
    let kind = Kind::of(index);
    let isbn = Some(book.isbn.as_str()).filter(|_| kind != Kind::NoBarcode);
    let mut canvas = canvas::draw(book, isbn);
    if kind != Kind::Png {
        canvas::add_grain(&mut canvas, index);
    }
    let extension = if kind == Kind::Png { "png" } else { "jpg" };
    Cover {
        file_name: format!("{:03}-{}.{extension}", index + 1, slug(&book.title)),
        bytes: encode::encode(&canvas, kind),
        isbn,
        book,
        kind,
    }
}

/// The first `count` covers, drawn by all processors.
pub fn generate(count: usize) -> Vec<Cover> {
    batches(count).flatten().collect()
}

/// Covers in order, as many at a time as there are processors.
fn batches(count: usize) -> impl Iterator<Item = Vec<Cover>> {
    let width = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (0..count).step_by(width).map(move |start| {
        thread::scope(|scope| {
            let workers: Vec<_> = (start..(start + width).min(count))
                .map(|index| scope.spawn(move || cover(index)))
                .collect();
            workers
                .into_iter()
                .map(|worker| {
                    worker
                        .join()
                        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
                })
                .collect()
        })
    })
}

fn slug(title: &str) -> String {
    let words = title
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(str::to_ascii_lowercase)
        .collect::<Vec<_>>()
        .join("-")
}
