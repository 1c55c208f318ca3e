//! The requests-per-minute quota.

use std::time::Instant;

use super::Throttle;

/// Holds up to `capacity` tokens; a request takes one.
#[derive(Debug)]
pub(super) struct TokenBucket {
    capacity: f64,
    per_second: f64,
    tokens: f64,
    filled: Instant,
}

impl TokenBucket {
    pub(super) fn new(throttle: Throttle, now: Instant) -> Self {
        let capacity = f64::from(throttle.burst.unwrap_or(throttle.requests_per_minute).get());
        let per_second = f64::from(throttle.requests_per_minute.get()) / 60.0;
        Self {
            capacity,
            per_second,
            tokens: capacity,
            filled: now,
        }
    }

    /// Takes a token; false when there is none.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let elapsed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = elapsed
            .mul_add(self.per_second, self.tokens)
            .min(self.capacity);
        self.filled = now;
        if self.tokens < 1.0 {
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Duration;

    use super::*;

    #[test]
    fn refuses_above_the_burst_and_refills_at_the_rate() {
        let start = Instant::now();
        let quota = Throttle {
            requests_per_minute: NonZeroU32::new(60).unwrap(),
            burst: NonZeroU32::new(2),
        };
        let mut bucket = TokenBucket::new(quota, start);
        assert_eq!([true, true, false], [(); 3].map(|()| bucket.take(start)));
        let later = start + Duration::from_millis(1100);
        assert_eq!([true, false], [(); 2].map(|()| bucket.take(later)));
        let much_later = start + Duration::from_hours(1);
        assert_eq!(
            [true, true, false],
            [(); 3].map(|()| bucket.take(much_later))
        );
    }
}
