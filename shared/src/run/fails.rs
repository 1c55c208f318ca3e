//! Which of its contract's failures an error of a handler is.

use std::error::Error as StdError;

use super::Error;
use crate::{ErrorKind, NoFailure};

/// An error of a handler, seen as one of the failures `F` that its contract names.
///
/// Errors are [`ErrorKind`]s by themselves: the first [`run::Error`](Error) among the causes says which. For failures of its
/// own a function says for each error which one it is:
///
/// ```
/// use shared::Variants;
/// use shared::run::Fails;
///
/// #[derive(Clone, Copy, Variants)]
/// enum SubmitFailure {
///     QuotaExceeded,
/// }
///
/// #[derive(Debug, thiserror::Error)]
/// #[error("{open} jobs are open, no more are accepted")]
/// struct TooManyJobs {
///     open: u32,
/// }
///
/// impl Fails<SubmitFailure> for TooManyJobs {
///     fn failure(&self) -> Option<SubmitFailure> {
///         Some(SubmitFailure::QuotaExceeded)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say which `{F}` it is",
    note = "the contract names failures: write `impl shared::run::Fails<{F}> for {Self}`"
)]
pub trait Fails<F>: StdError {
    /// The failure; none for an error that no invoker needs to tell apart.
    fn failure(&self) -> Option<F>;
}

impl<E: StdError> Fails<NoFailure> for E {
    fn failure(&self) -> Option<NoFailure> {
        None
    }
}

impl<E: StdError + 'static> Fails<ErrorKind> for E {
    fn failure(&self) -> Option<ErrorKind> {
        let first: &(dyn StdError + 'static) = self;
        std::iter::successors(Some(first), |&cause| cause.source())
            .find_map(|cause| cause.downcast_ref::<Error>())
            .map(|error| error.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("not compacted")]
    struct NotCompacted(#[source] Option<Error>);

    fn error(kind: ErrorKind) -> Error {
        Error::local(kind, "GetObject", "s3://bucket/key", "as the test wants it")
    }

    #[test]
    fn an_error_is_of_the_kind_of_the_call_that_caused_it() {
        let direct: Option<ErrorKind> = error(ErrorKind::Throttled).failure();
        assert_eq!(direct, Some(ErrorKind::Throttled));
        let caused: Option<ErrorKind> = NotCompacted(Some(error(ErrorKind::Missing))).failure();
        assert_eq!(caused, Some(ErrorKind::Missing));
        let own: Option<ErrorKind> = NotCompacted(None).failure();
        assert_eq!(own, None);
    }
}
