//! Calls that fail.

use std::cell::RefCell;

use shared::run::{Error, ErrorKind};

use super::failure;

/// How a call fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not done.
    Refused(ErrorKind, &'static str),
    /// It is done, and the answer is lost.
    LostAnswer,
}

/// The faults that are to come: each strikes the next call of its operation.
#[derive(Default)]
pub(crate) struct Faults(RefCell<Vec<(&'static str, Fault)>>);

impl Faults {
    pub(crate) fn add(&self, operation: &'static str, fault: Fault) {
        self.0.borrow_mut().push((operation, fault));
    }

    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    /// A call: gives others their turn, does its work unless it is refused, and answers unless the answer is lost.
    pub(crate) async fn call<T>(
        &self,
        operation: &'static str,
        work: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        next_turn().await;
        let fault = {
            let mut faults = self.0.borrow_mut();
            let found = faults.iter().position(|(of, _)| *of == operation);
            found.map(|index| faults.remove(index).1)
        };
        let answer = match fault {
            Some(Fault::Refused(kind, code)) => Err(failure(operation, kind, code)),
            Some(Fault::LostAnswer) => {
                drop(work());
                let lost = failure(operation, ErrorKind::Unavailable, "RequestTimeout");
                Err(lost)
            }
            None => work(),
        };
        next_turn().await;
        answer
    }
}

/// Whoever waits here can be left for others, or for ever: the process was killed.
async fn next_turn() {
    let mut waited = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
