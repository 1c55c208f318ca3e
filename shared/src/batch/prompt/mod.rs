//! Prompts: templates by id, as data, filled in with the cells of a row.

mod cell;
mod routing;
mod template;
mod templates;

pub use cell::Cell;
pub use routing::{PromptIds, PromptRouting, Routes, RoutingError};
pub use template::{Template, TemplateError};
pub use templates::{Templates, TemplatesError};
