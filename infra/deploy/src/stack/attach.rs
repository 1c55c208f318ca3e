//! Operations that are under way already.

use crate::{
    Deployed, Error, Event, Listener, Outcome, Target,
    stack::{
        deploy::{deployed, failed},
        history::History,
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

/// The same for those who judge the end themselves.
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
