//! The contract of a function.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Variants;

/// What a function is called, what wakes it and what it answers. Its ports are its fields, see [`crate::Ports`].
pub trait Contract {
    /// The name of the function's crate and binary, and the stem of its resources.
    const NAME: &'static str;
    /// The event it is invoked with.
    type Event: Serialize + DeserializeOwned;
    /// What it returns to its invoker.
    type Response: Serialize + DeserializeOwned;
    /// The failures that its invoker can tell apart: their names are the error types that Lambda reports, and what retries
    /// and catches of a workflow name. [`crate::ErrorKind`] for the calls that the handler makes, [`crate::NoFailure`] for
    /// none, or an enum of its own.
    type Failure: Variants;
}
