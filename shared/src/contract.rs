//! The contract of a function.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What a function is called, what wakes it and what it answers. Its ports are its fields, see [`crate::Ports`].
pub trait Contract {
    /// The name of the function's crate and binary, and the stem of its resources.
    const NAME: &'static str;
    /// The event it is invoked with.
    type Event: Serialize + DeserializeOwned;
    /// What it returns to its invoker.
    type Response: Serialize + DeserializeOwned;
}
