//! Who says that a plan is executed.

use review::{Action, Agreement, IntendedAction, IntendedChange, Replacement, StackReview};

use super::planning::Planned;
use crate::CommandError;
use crate::cli::{ApprovalArguments, Condition};
use crate::interruption::{Answer, answer};
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

    /// For a plan that somebody has reviewed: approved as long as it does none of what was typed.
    pub(crate) fn of_plan(arguments: &ApprovalArguments) -> Self {
        Self {
            way: Way::Unless(arguments.approve.clone()),
            accepts_unforeseen: true,
        }
    }

    /// Whether the plan may be executed.
    ///
    /// # Errors
    /// When it may not.
    pub(crate) async fn decide(
        &self,
        planned: &Planned,
        terminal: Terminal,
    ) -> Result<(), CommandError> {
        check_unforeseen(&planned.review, self.accepts_unforeseen)?;
        match &self.way {
            Way::Given => Ok(()),
            Way::Unless(conditions) => unless(&planned.review, conditions),
            Way::Ask => ask(&planned.review, terminal).await,
        }
    }
}

/// Whether there is nothing that CloudFormation intends beyond the review, or it is accepted.
///
/// # Errors
/// When there is, and it is not.
pub(crate) fn check_unforeseen(
    review: &StackReview,
    is_accepted: bool,
) -> Result<(), CommandError> {
    let count = review.summary.unforeseen;
    if is_accepted || count == 0 {
        return Ok(());
    }
    Err(CommandError::Unforeseen {
        stack: review.name.clone(),
        count,
    })
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
        Condition::NoDataLoss => losses(review),
        Condition::NoReplacement => summary.replacements() + unforeseen_losses(review),
        Condition::NoWidening => summary.widenings() + summary.unforeseen,
        Condition::CodeOnly => usize::from(!is_code_only(review)),
    };
    count > 0
}

/// How many resources lose data, or may.
fn losses(review: &StackReview) -> usize {
    review.summary.data_losses + unforeseen_losses(review)
}

/// What CloudFormation replaces or removes beyond the review: nobody has looked whether that holds data.
fn unforeseen_losses(review: &StackReview) -> usize {
    let takes_away = |intended: &&IntendedChange| {
        intended.agreement == Agreement::Unforeseen
            && (intended.action == IntendedAction::Remove
                || intended.replacement != Replacement::None)
    };
    review.intended.iter().filter(takes_away).count()
}

/// Whether nothing but the packages of functions changes.
pub(crate) fn is_code_only(review: &StackReview) -> bool {
    let is_code = |change: &review::Change| {
        change.action == Action::Modify
            && change.replacement == Replacement::None
            && !change.data_loss
            && !change.properties.is_empty()
            && (change.properties.iter()).all(|property| property.path == "Properties.Code.S3Key")
    };
    !review.changes.is_empty()
        && review.changes.iter().all(is_code)
        && (review.sections.iter()).all(|section| section.section == "Parameters")
        && review.iam.is_empty()
        && review.security.is_empty()
        && review.summary.unforeseen == 0
}

/// A loss needs more than a letter: the stack's name.
async fn ask(review: &StackReview, terminal: Terminal) -> Result<(), CommandError> {
    let stack = review.name.as_str();
    let refused =
        |why: &str| CommandError::NotConfirmed(format!("stack `{stack}` was not deployed: {why}"));
    let is_loss = losses(review) > 0;
    let wanted = if is_loss { stack } else { "yes" };
    let warning = if is_loss {
        "Data is lost, or may be.\n"
    } else {
        ""
    };
    let question = format!("{warning}Type `{wanted}` to deploy: ");
    match answer(question, terminal).await {
        Answer::Interrupted => Err(CommandError::Stopped(stack.to_owned())),
        Answer::Nobody => Err(refused(
            "it needs an approval, and nobody can be asked here; --approve says what may be done unasked",
        )),
        Answer::Given(answer) if answer == wanted => Ok(()),
        Answer::Given(_) => Err(refused("it was not approved")),
    }
}
