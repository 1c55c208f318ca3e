//! The life of a stack.

mod change_set;
pub(crate) mod deploy;
pub(crate) mod deployed;
pub(crate) mod destroy;
pub(crate) mod estimate;
mod history;
pub(crate) mod plan;
pub(crate) mod protection;
pub(crate) mod request;
pub(crate) mod resources;
pub(crate) mod state;
pub(crate) mod template;
