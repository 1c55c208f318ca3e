//! What becomes of a task token.

use std::time::Duration;

use serde_json::Value;

use crate::Failure;

/// What whoever got a task token does with it.
///
/// ```
/// use rehearsal::Callback;
/// use serde_json::json;
/// use std::time::Duration;
///
/// let approved = Callback::succeeds_after(Duration::from_hours(2), json!({"approved": true}))
///     .beating_every(Duration::from_mins(10));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Callback {
    /// When the token comes back, and with what; none if it does not.
    end: Option<(Duration, Result<Value, Failure>)>,
    beat: Option<Beat>,
}

#[derive(Clone, Copy, Debug)]
struct Beat {
    every: Duration,
    /// After this time there are no more.
    until: Duration,
}

impl Callback {
    /// `SendTaskSuccess` after this time.
    pub fn succeeds_after(time: Duration, output: Value) -> Self {
        Self::ends(time, Ok(output))
    }

    /// `SendTaskFailure` after this time.
    pub fn fails_after(time: Duration, error: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::ends(time, Err(Failure::new(error, cause)))
    }

    /// The token is lost.
    pub fn never() -> Self {
        Self {
            end: None,
            beat: None,
        }
    }

    fn ends(time: Duration, result: Result<Value, Failure>) -> Self {
        Self {
            end: Some((time, result)),
            beat: None,
        }
    }

    /// `SendTaskHeartbeat` at every multiple of this time, as long as the task goes on.
    pub fn beating_every(self, every: Duration) -> Self {
        self.beating_until(every, Duration::MAX)
    }

    /// `SendTaskHeartbeat` at every multiple of a time; then the sender dies.
    pub fn beating_until(mut self, every: Duration, until: Duration) -> Self {
        self.beat = Some(Beat { every, until });
        self
    }

    pub(crate) fn into_end(self) -> Option<(Duration, Result<Value, Failure>)> {
        self.end
    }

    /// When it has been silent for longer than allowed, if that is before its end.
    pub(crate) fn falls_silent(&self, allowed: Duration) -> Option<Duration> {
        let end = self.end.as_ref().map_or(Duration::MAX, |(time, _)| *time);
        let last = self
            .beat
            .map_or(Duration::ZERO, |beat| beat.last(end, allowed));
        let silent = last.saturating_add(allowed);
        (silent < end).then_some(silent)
    }
}

impl Beat {
    /// The last heartbeat before the end that came in time.
    fn last(self, end: Duration, allowed: Duration) -> Duration {
        if self.every > allowed || self.every.is_zero() {
            return Duration::ZERO;
        }
        let until = self.until.min(end);
        if until == Duration::MAX {
            return until;
        }
        let beats = until.as_nanos() / self.every.as_nanos();
        let beats = u32::try_from(beats).unwrap_or(u32::MAX);
        self.every.saturating_mul(beats)
    }
}
