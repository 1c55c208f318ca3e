//! Failures that contracts name, so that who invokes a function can tell them apart.

use serde::{Deserialize, Serialize};
use shared_derive::Variants;

/// The failures of a contract whose errors have no names: who invokes it can only treat them all alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFailure {}

impl crate::Variants for NoFailure {
    const ALL: &'static [Self] = &[];

    fn name(self) -> &'static str {
        match self {}
    }
}

/// How a call of an AWS service failed, by what to do about it. As a contract's failures, these are the names of the calls
/// that its handler makes and does not deal with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Variants)]
pub enum ErrorKind {
    /// The service asks for fewer requests; the SDK has already slowed down and tried again.
    Throttled,
    /// The service is unwell or out of reach, or took too long.
    Unavailable,
    /// The function's role lacks a permission.
    Denied,
    /// There is no such object, model or queue.
    Missing,
    /// The object is no longer the one that was asked for.
    Changed,
    /// The object is larger than the caller takes.
    TooLarge,
    /// The key is outside the port's prefix; no call was made.
    OutsidePort,
    /// The service does not accept the request as it is.
    Invalid,
}

impl ErrorKind {
    /// Whether the same call may succeed later without anyone mending anything.
    #[must_use]
    pub fn may_pass(self) -> bool {
        matches!(self, Self::Throttled | Self::Unavailable)
    }
}
