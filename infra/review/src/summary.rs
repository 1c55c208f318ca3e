//! Counts.

use std::iter::Sum;

use crate::cost::model::Direction;
use crate::iam::Verdict;
use crate::intent::model::Agreement;
use crate::model::{Action, Replacement, StackReview, Summary};

impl Summary {
    pub(crate) fn of(review: &StackReview) -> Self {
        let count = |is_so: fn(&crate::Change) -> bool| {
            review.changes.iter().filter(|change| is_so(change)).count()
        };
        let permissions = |verdict| {
            (review.iam.iter())
                .filter(move |change| change.verdict == verdict)
                .count()
        };
        let security = |verdict| {
            (review.security.iter())
                .filter(move |change| change.verdict == verdict)
                .count()
        };
        Self {
            added: count(|change| change.action == Action::Add),
            removed: count(|change| change.action == Action::Remove),
            modified: count(|change| change.action == Action::Modify),
            renamed: count(|change| change.action == Action::Rename),
            replaced: count(|change| change.replacement == Replacement::Will),
            may_be_replaced: count(|change| change.replacement == Replacement::May),
            data_losses: count(|change| change.data_loss),
            sections: review.sections.len(),
            iam_widened: permissions(Verdict::Widened),
            iam_narrowed: permissions(Verdict::Narrowed),
            iam_equivalent: permissions(Verdict::Equivalent),
            iam_not_comparable: permissions(Verdict::NotComparable),
            security_weakened: security(Verdict::Widened),
            security_strengthened: security(Verdict::Narrowed),
            workflows: review.workflows.len(),
            in_flight: (review.workflows.iter())
                .filter(|change| !change.warnings.is_empty())
                .count(),
            breaking_schemas: (review.schemas.iter())
                .filter(|change| change.breaking)
                .count(),
            costs_up: (review.costs.iter())
                .filter(|change| change.direction == Direction::Up)
                .count(),
            unforeseen: (review.intended.iter())
                .filter(|change| change.agreement == Agreement::Unforeseen)
                .count(),
        }
    }
}

/// What several counts come to for those who decide by them.
impl Summary {
    /// Whatever changes, resources and all beside them.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.added + self.removed + self.modified + self.renamed + self.sections
    }

    /// Resources that are replaced, or may be.
    #[must_use]
    pub fn replacements(&self) -> usize {
        self.replaced + self.may_be_replaced
    }

    /// Permissions that widen, or may, and whatever else is less secure.
    #[must_use]
    pub fn widenings(&self) -> usize {
        self.iam_widened + self.iam_not_comparable + self.security_weakened
    }
}

impl Sum for Summary {
    fn sum<I: Iterator<Item = Self>>(summaries: I) -> Self {
        summaries.fold(Self::default(), |sum, one| Self {
            added: sum.added + one.added,
            removed: sum.removed + one.removed,
            modified: sum.modified + one.modified,
            renamed: sum.renamed + one.renamed,
            replaced: sum.replaced + one.replaced,
            may_be_replaced: sum.may_be_replaced + one.may_be_replaced,
            data_losses: sum.data_losses + one.data_losses,
            sections: sum.sections + one.sections,
            iam_widened: sum.iam_widened + one.iam_widened,
            iam_narrowed: sum.iam_narrowed + one.iam_narrowed,
            iam_equivalent: sum.iam_equivalent + one.iam_equivalent,
            iam_not_comparable: sum.iam_not_comparable + one.iam_not_comparable,
            security_weakened: sum.security_weakened + one.security_weakened,
            security_strengthened: sum.security_strengthened + one.security_strengthened,
            workflows: sum.workflows + one.workflows,
            in_flight: sum.in_flight + one.in_flight,
            breaking_schemas: sum.breaking_schemas + one.breaking_schemas,
            costs_up: sum.costs_up + one.costs_up,
            unforeseen: sum.unforeseen + one.unforeseen,
        })
    }
}
