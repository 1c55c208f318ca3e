//! The collection of templates, by id.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

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
        let Entries(entries) = serde_json::from_str(text)?;
        let mut templates = BTreeMap::new();
        for (id, text) in entries {
            let template = match Template::parse(&text) {
                Ok(template) => template,
                Err(source) => return Err(TemplatesError::Template { id, source }),
            };
            if templates.insert(id.clone(), template).is_some() {
                return Err(TemplatesError::Twice(id));
            }
        }
        Ok(Self(templates))
    }

    /// Adds other templates; of two with one id, theirs is kept.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Adds a template; one of this id is replaced.
    pub fn insert(&mut self, id: &str, template: Template) {
        self.0.insert(id.to_owned(), template);
    }

    /// Keeps some templates.
    pub(super) fn retain(&mut self, keep: impl Fn(&Template) -> bool) {
        self.0.retain(|_, template| keep(template));
    }

    /// Ids and templates, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Template)> {
        self.0.iter().map(|(id, template)| (id.as_str(), template))
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

/// The members of an object in a file, with those that a map would drop because they come twice.
struct Entries(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor)
    }
}

struct EntriesVisitor;

impl<'de> Visitor<'de> for EntriesVisitor {
    type Value = Entries;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of texts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
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
    /// It is not clear which one is meant.
    #[error("there are two templates `{0}`: rename one of them")]
    Twice(String),
    /// There is none of this id.
    #[error("there is no prompt `{id}`: use one of {known}, or add it to the templates")]
    Unknown {
        /// The id asked for.
        id: String,
        /// The ids there are.
        known: String,
    },
}
