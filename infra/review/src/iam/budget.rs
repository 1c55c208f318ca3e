//! A bound on the work: patterns are anybody's, and there may be very many.

use std::cell::Cell;

/// Steps of comparing letters that a review may take: about a second.
const STEPS: u64 = 200_000_000;

/// What is left of the steps. Whoever finds none left answers what claims least.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(STEPS))
    }
}

impl Budget {
    /// Takes steps; false when there are not as many left.
    pub(super) fn take(&self, steps: usize) -> bool {
        let left = self.0.get().saturating_sub(steps as u64);
        self.0.set(left);
        left > 0
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }
}
