//! The life of a stack.

mod change_set;
pub(crate) mod deploy;
pub(crate) mod destroy;
mod history;
pub(crate) mod resources;
pub(crate) mod state;
pub(crate) mod template;
