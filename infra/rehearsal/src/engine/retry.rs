//! When a state is tried again.

use std::time::Duration;

use crate::Failure;
use crate::program::Retrier;
use crate::random::Random;

/// The retries of one visit of a state: each retrier counts its own, and they are gone when the state is left.
#[derive(Debug)]
pub(super) struct Retries<'s> {
    retriers: &'s [Retrier],
    used: Vec<u32>,
}

impl<'s> Retries<'s> {
    pub(super) fn of(retriers: &'s [Retrier]) -> Self {
        Self {
            retriers,
            used: vec![0; retriers.len()],
        }
    }

    /// How long to wait before the next try; none if the error stands. Only the first retrier that names it counts.
    pub(super) fn next(&mut self, failure: &Failure, random: &Random) -> Option<Duration> {
        let matching = self.retriers.iter().zip(&mut self.used);
        let (retrier, used) = matching
            .into_iter()
            .find(|(retrier, _)| failure.is_among(&retrier.errors))?;
        if u64::from(*used) >= retrier.attempts {
            return None;
        }
        let delay = retrier.delay(*used);
        *used += 1;
        Some(if retrier.jitter {
            delay.mul_f64(random.fraction())
        } else {
            delay
        })
    }
}

impl Retrier {
    /// The delay after this many retries.
    fn delay(&self, used: u32) -> Duration {
        let longest = self.longest.map_or(Duration::MAX, Duration::from_secs);
        let factor = self.rate.powi(i32::try_from(used).unwrap_or(i32::MAX));
        let delay =
            Duration::try_from_secs_f64(Duration::from_secs(self.interval).as_secs_f64() * factor);
        delay.unwrap_or(Duration::MAX).min(longest)
    }
}
