//! The life of a stack.

pub(crate) mod attach;
pub(crate) mod change_set;
pub(crate) mod deploy;
pub(crate) mod deployed;
pub(crate) mod destroy;
pub(crate) mod estimate;
pub(crate) mod history;
pub(crate) mod plan;
pub(crate) mod protection;
pub(crate) mod readiness;
mod refusal;
pub(crate) mod request;
pub(crate) mod resources;
pub(crate) mod rollback;
pub(crate) mod settings;
pub(crate) mod state;
pub(crate) mod storage;
pub(crate) mod template;
