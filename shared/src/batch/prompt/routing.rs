//! Prompts by the values of a column: what people write, and what it means.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Template, Templates, TemplatesError};

/// Prompts by the values of a column, as people write it:
/// `{"column": "kind", "prompts": {"joke": "joke_about_topic", "essay": ["outline", "draft"]}, "default": "summary"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptRouting {
    /// The column that decides.
    pub column: String,
    /// Ids of prompts by value, which is compared as text and exactly. A row whose value leads to several prompts becomes as
    /// many records, and the ids of all records get the place in the list behind them. Without it, the value is the id of the
    /// prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompts: Option<BTreeMap<String, PromptIds>>,
    /// Ids of prompts for values that lead to none, and for empty ones. Without it, such rows are rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<PromptIds>,
}

/// One prompt or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PromptIds {
    /// The id of one.
    One(String),
    /// The ids of several.
    Several(Vec<String>),
}

impl PromptIds {
    fn to_list(&self) -> Vec<String> {
        match self {
            Self::One(id) => vec![id.clone()],
            Self::Several(ids) => ids.clone(),
        }
    }
}

/// Prompts by the values of a column, all of which exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// The column that decides.
    pub column: String,
    /// Ids of prompts by value; none when the value is the id.
    pub prompts: BTreeMap<String, Vec<String>>,
    /// Ids of prompts for all other values.
    pub default: Vec<String>,
    /// The prompts that a row may lead to.
    pub templates: Templates,
}

impl PromptRouting {
    /// Finds the prompts it names.
    ///
    /// # Errors
    /// When a prompt is not there, a list is empty or names a prompt twice, or there is no column.
    pub fn routes(&self, templates: &Templates) -> Result<Routes, RoutingError> {
        if self.column.is_empty() {
            return Err(RoutingError::NoColumn);
        }
        let prompts: BTreeMap<String, Vec<String>> = self
            .prompts
            .iter()
            .flatten()
            .map(|(value, ids)| (value.clone(), ids.to_list()))
            .collect();
        if self.prompts.is_some() && prompts.is_empty() {
            return Err(RoutingError::NoPrompts("prompts".to_owned()));
        }
        let default = self.default.as_ref().map(PromptIds::to_list);
        let named = prompts
            .iter()
            .map(|(value, ids)| (value.as_str(), ids))
            .chain(default.iter().map(|ids| ("default", ids)));
        let mut used = Templates::default();
        for (value, ids) in named {
            if ids.is_empty() {
                return Err(RoutingError::NoPrompts(value.to_owned()));
            }
            let mut seen = BTreeSet::new();
            for id in ids {
                if !seen.insert(id) {
                    let (value, id) = (value.to_owned(), id.clone());
                    return Err(RoutingError::Twice { value, id });
                }
                used.insert(id, templates.get(id)?.clone());
            }
        }
        if prompts.is_empty() {
            // Any value may name any prompt.
            used.extend(templates.clone());
        }
        Ok(Routes {
            column: self.column.clone(),
            prompts,
            default: default.unwrap_or_default(),
            templates: used,
        })
    }
}

impl Routes {
    /// The columns that every row needs: the one that decides, and the placeholders of all prompts that are named. Where
    /// values are ids, only the default is.
    #[must_use]
    pub fn required_columns(&self) -> Vec<&str> {
        let named = self.prompts.values().chain([&self.default]).flatten();
        let fields = named
            .filter_map(|id| self.templates.get(id).ok())
            .flat_map(Template::fields);
        distinct(std::iter::once(&self.column).chain(fields))
    }

    /// Leaves out the prompts that need other columns than these, so that a row that asks for one is told. Only prompts that
    /// values may name are concerned: the columns of the others are required.
    pub(in crate::batch) fn fit_to<T: AsRef<str>>(&mut self, columns: &[T]) {
        let has = |field: &String| columns.iter().any(|column| column.as_ref() == field);
        self.templates
            .retain(|template| template.fields().iter().all(has));
    }

    /// The columns that some row may need.
    #[must_use]
    pub fn possible_columns(&self) -> Vec<&str> {
        let fields = self
            .templates
            .iter()
            .flat_map(|(_, template)| template.fields());
        distinct(std::iter::once(&self.column).chain(fields))
    }
}

/// Each name once, in the order of their first use.
fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    names
        .map(String::as_str)
        .filter(|name| seen.insert(*name))
        .collect()
}

/// Why prompts by a column were refused.
#[derive(Debug, thiserror::Error)]
pub enum RoutingError {
    /// Nothing decides.
    #[error("`column` is empty: name the column whose values lead to prompts")]
    NoColumn,
    /// Nothing to choose from.
    #[error("`{0}` names no prompt: give the id of one or a list of ids, or leave it out")]
    NoPrompts(String),
    /// The same record would be sent twice.
    #[error("`{value}` names the prompt `{id}` twice: give each prompt once")]
    Twice {
        /// The value.
        value: String,
        /// The prompt.
        id: String,
    },
    /// There is no such prompt.
    #[error(transparent)]
    Prompt(#[from] TemplatesError),
}
