//! The virtual clock: a discrete-event scheduler under ordinary futures.
//!
//! A state that waits is a future that sleeps. When no future can go on, the clock jumps to the earliest sleeper. Sleepers
//! of the same instant wake in the order in which they fell asleep, so a run is the same every time.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use futures_util::future::{Either, select};

/// Virtual time, from the start of the execution.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    now: Cell<Duration>,
    next: Cell<u64>,
    schedule: RefCell<BinaryHeap<Reverse<(Duration, u64)>>>,
    /// Who sleeps, by sequence number; a sleeper that was dropped is only in the schedule any more.
    sleepers: RefCell<BTreeMap<u64, Waker>>,
}

impl Clock {
    pub(crate) fn now(&self) -> Duration {
        self.now.get()
    }

    pub(crate) fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Sleep {
            clock: self,
            until: self.now().saturating_add(duration),
            ticket: None,
        }
    }

    /// The future's output, or none if the time is over before. What is ready at the last instant is in time.
    pub(crate) async fn within<F: Future>(&self, limit: Duration, future: F) -> Option<F::Output> {
        match select(pin!(future), pin!(self.sleep(limit))).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(((), _)) => None,
        }
    }

    /// Runs a future to its end. None if it waits for something that is not the clock.
    pub(crate) fn run<F: Future>(&self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let alarm = Arc::new(Alarm::default());
        let waker = Waker::from(Arc::clone(&alarm));
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return Some(output);
            }
            if !alarm.0.swap(false, Ordering::Relaxed) {
                self.advance()?;
            }
        }
    }

    /// Jumps to the earliest sleeper and wakes it.
    fn advance(&self) -> Option<()> {
        loop {
            let Reverse((time, ticket)) = self.schedule.borrow_mut().pop()?;
            let sleeper = self.sleepers.borrow_mut().remove(&ticket);
            if let Some(waker) = sleeper {
                self.now.set(time);
                waker.wake();
                return Some(());
            }
        }
    }
}

/// Whether a future asked to be polled again at this instant.
#[derive(Debug, Default)]
struct Alarm(AtomicBool);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Ends when the clock has reached its time.
#[derive(Debug)]
pub(crate) struct Sleep<'c> {
    clock: &'c Clock,
    until: Duration,
    ticket: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock;
        if clock.now() >= self.until {
            return Poll::Ready(());
        }
        let ticket = *self
            .ticket
            .get_or_insert_with(|| clock.next.replace(clock.next.get() + 1));
        let known = clock
            .sleepers
            .borrow_mut()
            .insert(ticket, context.waker().clone());
        if known.is_none() {
            clock
                .schedule
                .borrow_mut()
                .push(Reverse((self.until, ticket)));
        }
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket {
            self.clock.sleepers.borrow_mut().remove(&ticket);
        }
    }
}
