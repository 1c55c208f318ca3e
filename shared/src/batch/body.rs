//! From a row to the body that the model is given.

use std::borrow::Cow;

use super::processor::{BodyError, Image, Input};
use super::prompt::{Cell, Routes, Template};
use super::request::{INPUT_TEXT, Prompt, Run};

/// The column that says which prompt a row is sent with, where a column decides.
pub const PROMPT_ID: &str = "prompt_id";

/// The column of an earlier result that holds its answers in text.
const RESPONSE: &str = "response";

impl Run {
    /// Appends the body of a row, `modelInput`, as JSON. `cell` gives the text of a column, by its new name, and nothing for
    /// one that is empty or not there. Where a column decides on the prompt, [`PROMPT_ID`] holds which it is. `image` is the
    /// row's, of a run with images.
    ///
    /// # Errors
    /// When nothing can be made of the row; nothing was appended then.
    pub fn write_body<'a>(
        &self,
        cell: impl Fn(&str) -> Option<&'a str>,
        image: Option<Image<'_>>,
        out: &mut Vec<u8>,
    ) -> Result<(), RowError> {
        self.must_have_answer(&cell)?;
        if image.is_some() {
            let text = self.text(cell)?;
            let input = Input {
                text: text.as_deref(),
                image,
            };
            return Ok(self.processor.write_body(&input, &self.options, out)?);
        }
        match &self.prompt {
            Prompt::ImageAlone => return Err(BodyError::Empty.into()),
            Prompt::InputText => {
                let text = cell(INPUT_TEXT).unwrap_or_default();
                self.bodies.write_text(text, out)?;
            }
            Prompt::One(template) => self.bodies.write_prompt(template, cell, out)?,
            Prompt::Routed(routes) => {
                let template = routes.template_of(&cell)?;
                self.bodies.write_prompt(template, cell, out)?;
            }
        }
        Ok(())
    }

    /// What a row asks in words: the prompt, or the text to embed; nothing where that is the image alone.
    ///
    /// # Errors
    /// When the row leads to no prompt.
    pub fn text<'a>(
        &self,
        cell: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Option<Cow<'a, str>>, RowError> {
        let template = match &self.prompt {
            Prompt::ImageAlone => return Ok(None),
            Prompt::InputText => return Ok(cell(INPUT_TEXT).map(Cow::Borrowed)),
            Prompt::One(template) => template,
            Prompt::Routed(routes) => routes.template_of(&cell)?,
        };
        let fields = template.fields().iter();
        let cells: Vec<_> = fields
            .map(|name| cell(name).map_or(Cell::Null, Cell::Text))
            .collect();
        Ok(Some(Cow::Owned(template.render(&cells))))
    }

    /// The columns that a body may be made of, once the run [fits](Self::fit_to) the table.
    #[must_use]
    pub fn used_columns(&self) -> Vec<&str> {
        let mut columns = match &self.prompt {
            Prompt::Routed(routes) => routes.possible_columns(),
            Prompt::InputText | Prompt::ImageAlone | Prompt::One(_) => self.required_columns(),
        };
        let others = self.previous_answer().into_iter();
        let others = others.chain(self.image_column.as_deref());
        let prompt_id = matches!(self.prompt, Prompt::Routed(_)).then_some(PROMPT_ID);
        for column in others.chain(prompt_id) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// The new name of the answers of an earlier run, where they are used.
    fn previous_answer(&self) -> Option<&str> {
        let name = self.columns.get(RESPONSE)?;
        self.previous_results.then_some(name.as_str())
    }

    fn must_have_answer<'a>(&self, cell: impl Fn(&str) -> Option<&'a str>) -> Result<(), RowError> {
        match self.previous_answer() {
            Some(name) if cell(name).is_none_or(str::is_empty) => {
                Err(RowError::NoAnswer(name.to_owned()))
            }
            _ => Ok(()),
        }
    }
}

impl Routes {
    fn template_of<'a>(
        &self,
        cell: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<&Template, RowError> {
        let value = || cell(&self.column).unwrap_or_default().to_owned();
        let Some(id) = cell(PROMPT_ID) else {
            return Err(RowError::NoPrompt {
                column: self.column.clone(),
                value: value(),
            });
        };
        self.templates.get(id).map_err(|_| RowError::UnknownPrompt {
            column: self.column.clone(),
            id: id.to_owned(),
        })
    }
}

/// Why nothing can be made of a row.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// The model takes no such input.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The value of the deciding column leads nowhere.
    #[error(
        "the value `{value}` of the column `{column}` leads to no prompt: add it to the `prompts` of `prompt_routing`, or give a `default`"
    )]
    NoPrompt {
        /// The column.
        column: String,
        /// Its value.
        value: String,
    },
    /// The value of the deciding column is not the id of a prompt.
    #[error(
        "the column `{column}` asks for the prompt `{id}`, which is not there or needs columns that the table has not: add it to the templates, or change the row"
    )]
    UnknownPrompt {
        /// The column.
        column: String,
        /// Its value.
        id: String,
    },
    /// The earlier run has no answer.
    #[error(
        "the earlier run has no answer for this row (column `{0}`): redrive that run, or leave the row out"
    )]
    NoAnswer(String),
}
