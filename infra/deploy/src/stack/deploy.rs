use std::collections::BTreeMap;

use crate::{
    Error, Event, Listener, StackRequest, Target,
    stack::{
        attach::attach,
        change_set,
        history::History,
        plan::{Plan, plan_stack},
        refusal,
        state::{self, Stack},
    },
};

/// A stack that is as it was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployed {
    /// What it took.
    pub outcome: Outcome,
    /// The stack's ARN.
    pub stack_id: String,
    /// The stack's outputs.
    pub outputs: BTreeMap<String, String>,
}

/// What a deployment did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There was no such stack.
    Created,
    /// The stack was changed.
    Updated,
    /// The stack was so already.
    Unchanged,
}

/// Makes the stack what the request says: works out the changes, announces them ([`Event::Planned`]), makes them, and waits.
/// When the same changes are being made already, it only waits.
pub async fn deploy_stack(
    target: &Target,
    request: &StackRequest,
    listener: &mut Listener<'_>,
) -> Result<Deployed, Error> {
    let plan = match plan_stack(target, request, listener).await {
        // An earlier run was interrupted, or its network was.
        Err(Error::UnderWay { .. }) => return attach(target, &request.stack, listener).await,
        planned => planned?,
    };
    let Some(plan) = plan else {
        return unchanged(target, &request.stack).await;
    };
    listener(Event::Planned {
        stack: request.stack.clone(),
        changes: plan.changes.clone(),
    });
    execute_plan(target, &plan, listener).await
}

/// Makes exactly the planned changes, and waits.
pub async fn execute_plan(
    target: &Target,
    plan: &Plan,
    listener: &mut Listener<'_>,
) -> Result<Deployed, Error> {
    let wanted = if plan.create {
        "CREATE_COMPLETE"
    } else {
        "UPDATE_COMPLETE"
    };
    execute(target, plan, wanted, listener).await
}

/// Executes a plan and waits for its end, which is to be in the wanted status.
pub(crate) async fn execute(
    target: &Target,
    plan: &Plan,
    wanted: &str,
    listener: &mut Listener<'_>,
) -> Result<Deployed, Error> {
    let mut history = History::before(target, &plan.stack_id).await?;
    if let Err(refusal) = change_set::execute(target, plan).await {
        refusal::of_execution(target, plan, refusal, listener).await?;
    }
    let outcome = if plan.create {
        Outcome::Created
    } else {
        Outcome::Updated
    };
    match state::wait(target, &plan.stack_id, &mut history, listener).await? {
        Some(stack) if stack.status == wanted => Ok(deployed(stack, outcome)),
        ended => Err(failed(&plan.stack, ended, history)),
    }
}

/// A stack as it is, when there was nothing to change.
///
/// # Errors
/// When it is not there any more.
pub async fn unchanged(target: &Target, stack: &str) -> Result<Deployed, Error> {
    let stack = state::require(target, stack).await?;
    Ok(deployed(stack, Outcome::Unchanged))
}

pub(crate) fn deployed(stack: Stack, outcome: Outcome) -> Deployed {
    Deployed {
        outcome,
        stack_id: stack.id,
        outputs: stack.outputs,
    }
}

/// Why the operation did not end as it should.
pub(crate) fn failed(name: &str, ended: Option<Stack>, history: History) -> Error {
    let (status, reason) = match ended {
        Some(stack) => (stack.status, stack.reason),
        None => (
            "DELETE_COMPLETE".into(),
            Some("the stack was deleted meanwhile".into()),
        ),
    };
    Error::Failed {
        stack: name.to_owned(),
        status,
        reason,
        failures: history.into_failures(),
    }
}
