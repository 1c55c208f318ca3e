//! The bodies of rows, with their images.

use shared::batch::RowError;
use shared::batch::processor::ImageSize;
use shared::batch::request::Run;
use tables::Row;

use crate::images::{ImageProblem, Images};

/// Makes bodies of the rows that were read last.
pub struct Bodies<'a> {
    pub(crate) run: &'a Run,
    pub(crate) images: Option<Images>,
}

/// Why nothing can be made of a row.
#[derive(Debug, thiserror::Error)]
pub enum BodyProblem {
    /// Of its texts.
    #[error(transparent)]
    Row(#[from] RowError),
    /// Of its image.
    #[error(transparent)]
    Image(#[from] ImageProblem),
}

impl Bodies<'_> {
    /// Appends the body of a row, `modelInput`, as JSON.
    ///
    /// # Errors
    /// When nothing can be made of the row; nothing was appended then.
    pub fn write(&self, row: &Row<'_>, out: &mut Vec<u8>) -> Result<(), BodyProblem> {
        let cell = |column: &str| row.text(column);
        let Some(images) = &self.images else {
            return Ok(self.run.write_body(cell, None, out)?);
        };
        let image = images.of(row.text(images.column()))?;
        Ok(self.run.write_body(cell, Some(image.image()), out)?)
    }

    /// The size of a row's image; nothing where it has none that can be sent.
    #[must_use]
    pub fn image_size(&self, row: &Row<'_>) -> Option<ImageSize> {
        let images = self.images.as_ref()?;
        let image = images.of(row.text(images.column()));
        image.ok().map(|image| image.size())
    }
}
