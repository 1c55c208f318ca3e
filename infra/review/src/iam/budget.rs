//! A bound on the work: patterns are anybody's, and there may be very many.

use std::cell::Cell;

/// Steps of comparing letters that a review may take: about a second.
const STEPS: u64 = 200_000_000;

/// Steps that may be taken to say how many actions a witness stands for; verdicts must not go short of steps for that.
const STEPS_OF_COUNTS: u64 = 50_000_000;

/// What a review may spend.
#[derive(Debug)]
pub(super) struct Budgets {
    pub(super) proofs: Budget,
    pub(super) counts: Budget,
}

impl Default for Budgets {
    fn default() -> Self {
        let [proofs, counts] = [STEPS, STEPS_OF_COUNTS].map(|steps| Budget(Cell::new(steps)));
        Self { proofs, counts }
    }
}

/// What is left of the steps. Whoever finds none left answers what claims least.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

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
