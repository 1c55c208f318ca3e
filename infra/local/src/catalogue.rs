//! Invented books with ISBNs of the real form: what the built-in vision model knows, and what the sample covers show.

use std::sync::LazyLock;

use serde::Deserialize;

/// A book.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// ISBN-13, digits only.
    pub isbn: String,
    /// Title.
    pub title: String,
    /// Author.
    pub author: String,
    /// Publisher.
    pub publisher: String,
    /// Year of publication.
    pub published_year: u16,
    /// A sentence on what it is about.
    pub description: String,
}

#[expect(
    clippy::expect_used,
    reason = "the file is part of the program; a test reads it"
)]
static BOOKS: LazyLock<Vec<Book>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("catalogue.json")).expect("the catalogue is valid")
});

/// All books, in a fixed order.
pub fn books() -> &'static [Book] {
    &BOOKS
}

/// The book with this ISBN-13.
pub fn find(isbn: &str) -> Option<&'static Book> {
    BOOKS.iter().find(|book| book.isbn == isbn)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::barcode::is_isbn;

    #[test]
    fn every_book_has_a_valid_isbn_of_its_own() {
        let isbns: BTreeSet<&str> = books().iter().map(|book| book.isbn.as_str()).collect();
        assert_eq!(isbns.len(), books().len());
        assert!(books().len() >= 40);
        for isbn in isbns {
            assert!(is_isbn(isbn), "{isbn}");
        }
        assert!(!is_isbn("9789999910131"), "a wrong check digit");
    }
}
