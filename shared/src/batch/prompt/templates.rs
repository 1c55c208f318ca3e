//! The collection of templates, by id.

use std::collections::BTreeMap;

use super::{Template, TemplateError};

/// The templates that come with this crate.
const BUILT_IN: &str = include_str!("templates.json");

/// Templates by id.
///
/// The form of a file is one JSON object: ids for keys, templates for values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates(BTreeMap<String, Template>);

impl Templates {
    /// The templates that come with this crate, `shared/src/batch/prompt/templates.json`.
    ///
    /// # Panics
    /// Never: a test reads the file.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test reads the file")]
    pub fn built_in() -> Self {
        Self::from_json(BUILT_IN).expect("the built-in templates are well formed")
    }

    /// The file of the built-in templates: what a deployment puts beside a stack, to be edited there.
    #[must_use]
    pub fn built_in_json() -> &'static str {
        BUILT_IN
    }

    /// Reads a file of templates.
    ///
    /// # Errors
    /// When it is not an object of texts, or a text is not a template.
    pub fn from_json(text: &str) -> Result<Self, TemplatesError> {
        let texts: BTreeMap<String, String> = serde_json::from_str(text)?;
        let templates = texts
            .into_iter()
            .map(|(id, text)| match Template::parse(&text) {
                Ok(template) => Ok((id, template)),
                Err(source) => Err(TemplatesError::Template { id, source }),
            });
        templates.collect::<Result<_, _>>().map(Self)
    }

    /// Adds other templates; of two with one id, theirs is kept.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// The template of an id.
    ///
    /// # Errors
    /// When there is none; the message lists the ids there are.
    pub fn get(&self, id: &str) -> Result<&Template, TemplatesError> {
        self.0.get(id).ok_or_else(|| TemplatesError::Unknown {
            id: id.to_owned(),
            known: self.ids().collect::<Vec<_>>().join(", "),
        })
    }

    /// The ids, in alphabetical order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Why templates could not be read or found.
#[derive(Debug, thiserror::Error)]
pub enum TemplatesError {
    /// Not an object of texts.
    #[error("templates are not a JSON object of ids and texts: {0}")]
    Json(#[from] serde_json::Error),
    /// One of them is no template.
    #[error("template `{id}`: {source}")]
    Template {
        /// Its id.
        id: String,
        /// What is wrong with it.
        source: TemplateError,
    },
    /// There is none of this id.
    #[error("there is no prompt `{id}`: use one of {known}, or add it to the templates")]
    Unknown {
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: String,
    },
}
