//! Why a rehearsal has no outcome.

use std::fmt;

use asl::Pointer;

/// Why a rehearsal did not take place or could not go on. A failure of the machine is no error but an outcome.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The definition has something that is not rehearsed, or a task has nothing to answer it. Found before the run.
    #[error("cannot rehearse this machine:{}", Refusal::list(.0))]
    Refused(Vec<Refusal>),
    /// What only showed in the run.
    #[error("cannot go on with this rehearsal:{}", Refusal::list(std::slice::from_ref(.0)))]
    Stuck(Refusal),
    /// A mock was asked more often than it has answers.
    #[error(
        "the mock of `{state}` has {answers} answers and was called once more; add `.then(...)`, or `.always()` to repeat the last"
    )]
    MockExhausted {
        /// The task.
        state: String,
        /// How many answers it had.
        answers: usize,
    },
    /// Handlers run to completion on a runtime of the rehearsal.
    #[error(
        "a rehearsal cannot run inside another async runtime; call it from a plain `#[test]`, not from `#[tokio::test]`"
    )]
    InsideRuntime,
    /// The runtime for the handlers did not start.
    #[error("cannot start a runtime for the handlers")]
    Runtime(#[from] std::io::Error),
}

/// Something that is not rehearsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where it is in the definition; the root for what was given to the rehearsal.
    pub pointer: Pointer,
    /// What it is, and what to do.
    pub reason: String,
}

impl Refusal {
    pub(crate) fn new(pointer: &Pointer, reason: impl Into<String>) -> Self {
        Self {
            pointer: pointer.clone(),
            reason: reason.into(),
        }
    }

    fn list(refusals: &[Self]) -> String {
        let lines: Vec<String> = refusals
            .iter()
            .map(|refusal| format!("\n  {refusal}"))
            .collect();
        lines.concat()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.as_str().is_empty() {
            return formatter.write_str(&self.reason);
        }
        write!(formatter, "{}: {}", self.pointer, self.reason)
    }
}
