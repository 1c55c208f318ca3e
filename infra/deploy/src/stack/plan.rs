//! What CloudFormation would do to a stack, worked out and waiting to be done.

use aws_sdk_cloudformation::types::ChangeSetType;
use serde::{Deserialize, Serialize};

use crate::{
    Change, Error, Event, Listener, StackRequest, Target,
    stack::{
        change_set::{self, ChangeSet, Outcome},
        destroy, state, template,
    },
};

/// A change set that is worked out and not executed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The stack's name.
    pub stack: String,
    /// The stack's ARN.
    pub stack_id: String,
    /// The change set's ARN. No other change set ever has it.
    pub change_set: String,
    /// Whether the stack is new.
    pub create: bool,
    /// The changes, in CloudFormation's order.
    pub changes: Vec<Change>,
}

/// Has CloudFormation work out what the request changes. None when it changes nothing.
pub async fn plan_stack(
    target: &Target,
    request: &StackRequest,
    listener: &mut Listener<'_>,
) -> Result<Option<Plan>, Error> {
    let capabilities = template::capabilities(request)?;
    let kind = prepare(target, &request.stack, listener).await?;
    let source = template::place(target, request).await?;

    let create = kind == ChangeSetType::Create;
    listener(Event::Planning {
        stack: request.stack.clone(),
        create,
    });
    let change_set = ChangeSet::create(target, request, kind, source, capabilities).await?;
    match change_set.worked_out(target, &request.stack).await? {
        Outcome::Nothing => Ok(None),
        Outcome::Changes(changes) => Ok(Some(Plan {
            stack: request.stack.clone(),
            stack_id: change_set.stack_id,
            change_set: change_set.id,
            create,
            changes,
        })),
    }
}

/// Gives a plan up: deletes its change set, and the stack too where the plan was to create it.
pub async fn discard_plan(
    target: &Target,
    plan: &Plan,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    change_set::delete(target, &plan.stack_id, &plan.change_set).await?;
    if plan.create {
        destroy::delete(target, &plan.stack, &plan.stack_id, listener).await?;
    }
    Ok(())
}

/// Brings the stack into a state from which it can be deployed to.
async fn prepare(
    target: &Target,
    name: &str,
    listener: &mut Listener<'_>,
) -> Result<ChangeSetType, Error> {
    let Some(stack) = state::describe(target, name).await? else {
        return Ok(ChangeSetType::Create);
    };
    let status = stack.status.clone();
    match status.as_str() {
        "DELETE_COMPLETE" => Ok(ChangeSetType::Create),
        "REVIEW_IN_PROGRESS" => {
            change_set::delete_earlier(target, name, listener).await?;
            Ok(ChangeSetType::Create)
        }
        "ROLLBACK_COMPLETE" => {
            listener(Event::DeletingFailedStack {
                stack: name.to_owned(),
                status,
            });
            destroy::delete(target, name, &stack.id, listener).await?;
            Ok(ChangeSetType::Create)
        }
        _ if stack.in_progress() => Err(Error::Busy {
            stack: name.to_owned(),
            status,
        }),
        _ if stack.accepts_updates() => {
            change_set::delete_earlier(target, name, listener).await?;
            Ok(ChangeSetType::Update)
        }
        _ => Err(Error::Stuck {
            stack: name.to_owned(),
            remedy: way_out(&status),
            status,
        }),
    }
}

fn way_out(status: &str) -> &'static str {
    match status {
        "UPDATE_ROLLBACK_FAILED" => {
            "repair what the rollback failed at, run `aws cloudformation continue-update-rollback`, and deploy again"
        }
        _ => "destroy it, minding the data it holds, and deploy again",
    }
}
