//! Operations that are under way already.

use crate::{
    Deployed, Error, Event, Listener, Outcome, Target,
    patience::Patience,
    stack::{
        deploy::{deployed, failed},
        history::{History, UNSEEN},
        plan::Plan,
        state::{self, Stack},
    },
};

/// Follows the operation that is under way on the stack to its end, whoever began it. Its history is passed on from the
/// beginning. When it has ended already, this is what came of it.
///
/// # Errors
/// [`Error::Failed`] when it ended in any other way than with the stack created, updated or imported into.
pub async fn attach(
    target: &Target,
    stack: &str,
    listener: &mut Listener<'_>,
) -> Result<Deployed, Error> {
    let (ended, history) = follow(target, stack, listener).await?;
    match ended {
        Some(stack) if stack.status == "CREATE_COMPLETE" => Ok(deployed(stack, Outcome::Created)),
        Some(stack) if ["UPDATE_COMPLETE", "IMPORT_COMPLETE"].contains(&stack.status.as_str()) => {
            Ok(deployed(stack, Outcome::Updated))
        }
        ended => Err(failed(stack, ended, history)),
    }
}

/// Waits until the stack says that this plan is what it executes, or executed last: before, it says what came of another.
///
/// # Errors
/// [`Error::StalePlan`] when it says so of another for two minutes.
pub async fn await_execution(
    target: &Target,
    plan: &Plan,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let mut pauses = target.polling().start();
    let mut patience = Patience::new(target.polling());
    let mut looks = 0;
    while looks < UNSEEN {
        match state::require(target, &plan.stack_id).await {
            Ok(stack) if stack.change_set.as_ref() == Some(&plan.change_set) => return Ok(()),
            Ok(_) => {
                patience.restore();
                looks += 1;
                pauses.pause().await;
            }
            Err(fault) => patience.bear(fault, listener).await?,
        }
    }
    Err(plan.stale("it was executed, and the stack was changed since"))
}

/// Follows like [`attach`], for those who judge the end themselves.
pub(crate) async fn follow(
    target: &Target,
    name: &str,
    listener: &mut Listener<'_>,
) -> Result<(Option<Stack>, History), Error> {
    let stack = state::require(target, name).await?;
    listener(Event::Attached {
        stack: name.to_owned(),
        status: stack.status,
    });
    let mut history = History::of_operation(target, &stack.id, listener).await?;
    let ended = state::wait(target, &stack.id, &mut history, listener).await?;
    Ok((ended, history))
}
