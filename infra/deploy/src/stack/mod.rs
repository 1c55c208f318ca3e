//! The life of a stack.

pub(crate) mod attach;
mod change_set;
pub(crate) mod deploy;
pub(crate) mod deployed;
pub(crate) mod destroy;
pub(crate) mod estimate;
mod history;
pub(crate) mod plan;
pub(crate) mod protection;
mod readiness;
mod refusal;
pub(crate) mod request;
pub(crate) mod resources;
pub(crate) mod rollback;
pub(crate) mod state;
pub(crate) mod storage;
pub(crate) mod template;
