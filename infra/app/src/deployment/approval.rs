//! Who says that a plan is executed.

use std::io::{IsTerminal as _, Write as _};

use review::{Replacement, StackReview};

use super::planning::Planned;
use crate::CommandError;
use crate::cli::{ApprovalArguments, Condition};
use crate::terminal::Terminal;

/// How a plan is approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Approval {
    way: Way,
    accepts_unforeseen: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Way {
    /// Whatever it does.
    Given,
    /// As long as it does none of this.
    Unless(Vec<Condition>),
    /// A person is asked.
    Ask,
}

impl Approval {
    /// What was typed. On a local AWS nothing can be lost, and nobody is asked.
    pub(crate) fn of(arguments: &ApprovalArguments, local: bool) -> Self {
        let way = if arguments.yes || local {
            Way::Given
        } else if arguments.approve.is_empty() {
            Way::Ask
        } else {
            Way::Unless(arguments.approve.clone())
        };
        Self {
            way,
            accepts_unforeseen: arguments.accept_unforeseen,
        }
    }

    /// Whether what CloudFormation intends beyond the review is accepted.
    ///
    /// # Errors
    /// When it is not, and there is some.
    pub(crate) fn check_unforeseen(&self, review: &StackReview) -> Result<(), CommandError> {
        if self.accepts_unforeseen || review.summary.unforeseen == 0 {
            return Ok(());
        }
        Err(CommandError::Unforeseen {
            stack: review.name.clone(),
            count: review.summary.unforeseen,
        })
    }

    /// Says the plan, and whether it may be executed.
    ///
    /// # Errors
    /// When it may not.
    pub(crate) fn decide(&self, planned: &Planned, terminal: Terminal) -> Result<(), CommandError> {
        self.check_unforeseen(&planned.review)?;
        match &self.way {
            Way::Given => Ok(()),
            Way::Unless(conditions) => unless(&planned.review, conditions),
            Way::Ask => ask(&planned.review, terminal),
        }
    }
}

fn unless(review: &StackReview, conditions: &[Condition]) -> Result<(), CommandError> {
    let broken = conditions
        .iter()
        .find(|condition| breaks(review, **condition));
    match broken {
        None => Ok(()),
        Some(condition) => Err(CommandError::NotApproved {
            stack: review.name.clone(),
            condition: condition.words(),
        }),
    }
}

fn breaks(review: &StackReview, condition: Condition) -> bool {
    let summary = &review.summary;
    let count = match condition {
        Condition::NoDataLoss => summary.data_losses,
        Condition::NoReplacement => summary.replaced + summary.may_be_replaced,
        Condition::NoWidening => {
            summary.iam_widened + summary.iam_not_comparable + summary.security_weakened
        }
        Condition::CodeOnly => usize::from(!is_code_only(review)),
    };
    count > 0
}

/// Whether nothing but the packages of functions changes.
pub(crate) fn is_code_only(review: &StackReview) -> bool {
    let is_code = |change: &review::Change| {
        change.replacement == Replacement::None
            && !change.data_loss
            && (change.properties.iter()).all(|property| property.path == "Properties.Code.S3Key")
    };
    review.changes.iter().all(is_code)
        && (review.sections.iter()).all(|section| section.section == "Parameters")
        && review.iam.is_empty()
        && review.security.is_empty()
        && review.summary.unforeseen == 0
}

/// A loss needs more than a letter: the stack's name.
fn ask(review: &StackReview, terminal: Terminal) -> Result<(), CommandError> {
    let stack = &review.name;
    let refused =
        |why: &str| CommandError::NotConfirmed(format!("stack `{stack}` was not deployed: {why}"));
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(refused(
            "it needs an approval, and nobody can be asked here; --approve says what may be done unasked",
        ));
    }
    let wanted = if review.summary.data_losses > 0 {
        terminal.say("Data is lost, or may be.");
        stack.as_str()
    } else {
        "yes"
    };
    let mut stderr = std::io::stderr();
    let mut answer = String::new();
    let asked = write!(stderr, "Type `{wanted}` to deploy: ").and_then(|()| stderr.flush());
    let answered = asked.and_then(|()| stdin.read_line(&mut answer));
    if answered.is_ok() && answer.trim() == wanted {
        Ok(())
    } else {
        Err(refused("it was not approved"))
    }
}
