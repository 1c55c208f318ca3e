//! Bodies of texts, fast: what stands around the text is the same in all of a run.

use super::{BodyError, Input, Options, Processor};
use crate::batch::json::write_inside;
use crate::batch::prompt::Template;

/// A text that no prompt is: the first letter for private use.
const MARK: &str = "\u{e000}";

/// Writes the bodies of texts, byte for byte what [`Processor::write_body`] writes.
#[derive(Clone, Debug)]
pub struct TextBodies {
    processor: &'static dyn Processor,
    options: Options,
    /// The body up to the text, with the quote that opens it.
    before: Vec<u8>,
    /// The body behind the text, from the quote that closes it.
    behind: Vec<u8>,
}

impl TextBodies {
    /// For all records of a run.
    ///
    /// # Errors
    /// When the family takes no texts, or JSON could not be written.
    pub fn new(processor: &'static dyn Processor, options: Options) -> Result<Self, BodyError> {
        let mut before = Vec::new();
        processor.write_body(&Input::text(MARK), &options, &mut before)?;
        let mark = before
            .windows(MARK.len())
            .position(|bytes| bytes == MARK.as_bytes())
            .ok_or_else(|| BodyError::NoTexts(processor.family()))?;
        let behind = before.split_off(mark + MARK.len());
        before.truncate(mark);
        Ok(Self {
            processor,
            options,
            before,
            behind,
        })
    }

    /// Appends the body of a text.
    ///
    /// # Errors
    /// When the text is blank; nothing was appended then.
    pub fn write_text(&self, text: &str, out: &mut Vec<u8>) -> Result<(), BodyError> {
        if text.trim().is_empty() {
            return self.write_blank(out);
        }
        self.write_around(out, |out| write_inside(text, out));
        Ok(())
    }

    /// Appends the body of a prompt. `cell` gives the text of a column, and nothing for one that is empty or not there.
    ///
    /// # Errors
    /// When the prompt is blank; nothing was appended then.
    pub fn write_prompt<'a>(
        &self,
        template: &Template,
        cell: impl Fn(&str) -> Option<&'a str>,
        out: &mut Vec<u8>,
    ) -> Result<(), BodyError> {
        if template.is_blank(&cell) {
            return self.write_blank(out);
        }
        self.write_around(out, |out| template.write_json(cell, out));
        Ok(())
    }

    fn write_around(&self, out: &mut Vec<u8>, write_text: impl FnOnce(&mut Vec<u8>)) {
        out.extend_from_slice(&self.before);
        write_text(out);
        out.extend_from_slice(&self.behind);
    }

    /// Every family refuses nothing, in its own words.
    fn write_blank(&self, out: &mut Vec<u8>) -> Result<(), BodyError> {
        self.processor
            .write_body(&Input::default(), &self.options, out)
    }
}
