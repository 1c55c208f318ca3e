//! Ways back.

use crate::{
    Destroyed, Error, Listener, Target,
    error::service,
    stack::{
        attach::follow,
        deploy::failed,
        destroy,
        history::History,
        state::{self, Stack},
    },
};

/// What a rollback did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RolledBack {
    /// The stack is as it was before the update.
    Restored,
    /// What a failed creation had made is deleted.
    Removed,
}

/// Takes a stack back to where it worked last, and waits. One whose rollback is under way is only waited for; one whose
/// rollback has failed is rolled back further, without the resources in `skip`, which stay as they are.
pub async fn roll_back(
    target: &Target,
    name: &str,
    skip: &[String],
    listener: &mut Listener<'_>,
) -> Result<RolledBack, Error> {
    let stack = state::require(target, name).await?;
    // One that is under way may be what this very command has begun before.
    let may_skip = [
        "UPDATE_ROLLBACK_FAILED",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
    ];
    if !skip.is_empty() && !may_skip.contains(&stack.status.as_str()) {
        return Err(wrong_state(
            stack,
            name,
            "skipping resources",
            "UPDATE_ROLLBACK_FAILED",
        ));
    }
    let (ended, history) = match stack.status.as_str() {
        "UPDATE_ROLLBACK_FAILED" => {
            let history = History::before(target, &stack.id).await?;
            go_on(target, name, &stack.id, skip).await?;
            waited(target, &stack.id, history, listener).await?
        }
        "CREATE_FAILED" | "UPDATE_FAILED" => {
            let history = History::before(target, &stack.id).await?;
            begin(target, name, &stack.id).await?;
            waited(target, &stack.id, history, listener).await?
        }
        "ROLLBACK_IN_PROGRESS"
        | "UPDATE_ROLLBACK_IN_PROGRESS"
        | "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS" => follow(target, name, listener).await?,
        _ => {
            return Err(wrong_state(
                stack,
                name,
                "a rollback",
                "CREATE_FAILED, UPDATE_FAILED or UPDATE_ROLLBACK_FAILED",
            ));
        }
    };
    match ended.as_ref().map(|stack| stack.status.as_str()) {
        None | Some("DELETE_COMPLETE" | "ROLLBACK_COMPLETE") => Ok(RolledBack::Removed),
        // A stack may be rolled back to an import, too.
        Some(status) if status.ends_with("_COMPLETE") => Ok(RolledBack::Restored),
        Some(_) => Err(failed(name, ended, history)),
    }
}

async fn waited(
    target: &Target,
    id: &str,
    mut history: History,
    listener: &mut Listener<'_>,
) -> Result<(Option<Stack>, History), Error> {
    let ended = state::wait(target, id, &mut history, listener).await?;
    Ok((ended, history))
}

async fn go_on(target: &Target, name: &str, id: &str, skip: &[String]) -> Result<(), Error> {
    target
        .cloudformation()
        .continue_update_rollback()
        .stack_name(id)
        .set_resources_to_skip((!skip.is_empty()).then(|| skip.to_vec()))
        .send()
        .await
        .map_err(service(format!("continue the rollback of stack `{name}`")))?;
    Ok(())
}

async fn begin(target: &Target, name: &str, id: &str) -> Result<(), Error> {
    target
        .cloudformation()
        .rollback_stack()
        .stack_name(id)
        .send()
        .await
        .map_err(service(format!("roll back stack `{name}`")))?;
    Ok(())
}

/// Has CloudFormation take back the update that is under way. It does not wait: [`attach`](crate::attach) follows the rollback.
pub async fn cancel_update(target: &Target, name: &str) -> Result<(), Error> {
    let stack = in_state(target, name, "cancelling an update", "UPDATE_IN_PROGRESS").await?;
    target
        .cloudformation()
        .cancel_update_stack()
        .stack_name(&stack.id)
        .send()
        .await
        .map_err(service(format!("cancel the update of stack `{name}`")))?;
    Ok(())
}

/// Deletes a stack while it is being created, which cannot be cancelled, and waits until it is gone.
pub async fn abandon_creation(
    target: &Target,
    name: &str,
    listener: &mut Listener<'_>,
) -> Result<Destroyed, Error> {
    let stack = in_state(target, name, "abandoning a creation", "CREATE_IN_PROGRESS").await?;
    destroy::delete(target, name, &stack.id, listener).await?;
    Ok(Destroyed::Deleted)
}

async fn in_state(
    target: &Target,
    name: &str,
    action: &'static str,
    wanted: &'static str,
) -> Result<Stack, Error> {
    let stack = state::require(target, name).await?;
    if stack.status == wanted {
        return Ok(stack);
    }
    Err(wrong_state(stack, name, action, wanted))
}

pub(crate) fn wrong_state(
    stack: Stack,
    name: &str,
    action: &'static str,
    wanted: &'static str,
) -> Error {
    Error::WrongState {
        stack: name.to_owned(),
        status: stack.status,
        action,
        wanted,
    }
}
