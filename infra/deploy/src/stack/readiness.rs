//! What the state of a stack means to a deployment.

use aws_sdk_cloudformation::types::ChangeSetType;

use crate::{
    Error, Event, Listener, StackRequest, Target,
    stack::{
        change_set, destroy,
        history::History,
        state::{self, Stack},
    },
};

/// What has to be done before changes can be worked out.
enum Readiness {
    /// Nothing: there is no stack, or it is there for plans only, which others may still execute.
    Absent,
    /// Nothing: there is one.
    Ready,
    /// The stack has to be deleted: nothing of it was ever there.
    NeverMade,
    /// What an update replaced is being deleted, which cannot fail the update any more.
    CleaningUp,
    /// The same changes are being made.
    UnderWay,
    /// Something else is being done.
    Busy,
    /// Somebody has to decide.
    Stuck,
}

/// Every status of CloudFormation's `StackStatus` has its place here.
fn readiness(stack: &Stack, request: &StackRequest) -> Readiness {
    let is_ours = || {
        let change_set = stack.change_set.as_deref();
        change_set.is_some_and(|arn| change_set::is_of(arn, request))
    };
    match stack.status.as_str() {
        "DELETE_COMPLETE" | "REVIEW_IN_PROGRESS" => Readiness::Absent,
        "ROLLBACK_COMPLETE" => Readiness::NeverMade,
        "DELETE_IN_PROGRESS" => Readiness::Busy,
        _ if stack.in_progress() && is_ours() => Readiness::UnderWay,
        status if status.ends_with("_CLEANUP_IN_PROGRESS") => Readiness::CleaningUp,
        _ if stack.in_progress() => Readiness::Busy,
        _ if stack.accepts_updates() => Readiness::Ready,
        _ => Readiness::Stuck,
    }
}

/// Brings the stack into a state from which it can be deployed to.
pub(crate) async fn prepare(
    target: &Target,
    request: &StackRequest,
    listener: &mut Listener<'_>,
) -> Result<ChangeSetType, Error> {
    loop {
        let Some(stack) = state::describe(target, &request.stack).await? else {
            return Ok(ChangeSetType::Create);
        };
        if let Some(kind) = make_ready(target, request, stack, listener).await? {
            return Ok(kind);
        }
    }
}

/// None when the stack has to be looked at again.
async fn make_ready(
    target: &Target,
    request: &StackRequest,
    stack: Stack,
    listener: &mut Listener<'_>,
) -> Result<Option<ChangeSetType>, Error> {
    let readiness = readiness(&stack, request);
    let (name, status) = (request.stack.clone(), stack.status);
    match readiness {
        Readiness::Absent => Ok(Some(ChangeSetType::Create)),
        Readiness::Ready => Ok(Some(ChangeSetType::Update)),
        Readiness::NeverMade if stack.protected => Err(Error::Protected(name)),
        Readiness::NeverMade => {
            listener(Event::DeletingFailedStack {
                stack: name.clone(),
                status,
            });
            destroy::delete(target, &name, &stack.id, listener).await?;
            Ok(Some(ChangeSetType::Create))
        }
        Readiness::CleaningUp => {
            listener(Event::Waiting {
                stack: name,
                status,
            });
            let mut history = History::from_now(target, &stack.id).await?;
            state::wait(target, &stack.id, &mut history, listener).await?;
            Ok(None)
        }
        Readiness::UnderWay => Err(Error::UnderWay {
            stack: name,
            status,
        }),
        Readiness::Busy => Err(Error::Busy {
            stack: name,
            status,
        }),
        Readiness::Stuck => Err(Error::Stuck {
            stack: name,
            status,
        }),
    }
}
