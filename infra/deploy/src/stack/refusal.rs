//! Why CloudFormation does not make, or does not execute, a change set.

use aws_sdk_cloudformation::types::{EventFilter, ExecutionStatus, OperationEvent};

use crate::{
    Error, Failure, Listener, Phase, Target,
    patience::Patience,
    stack::{
        change_set::{ABSENT, ChangeSet},
        plan::Plan,
        state,
    },
};

/// What is left of a refusal to execute: nothing, when the change set is being executed all the same, because only the answer
/// to an earlier try was lost.
pub(crate) async fn of_execution(
    target: &Target,
    plan: &Plan,
    refusal: Error,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let code = match &refusal {
        Error::Service { code, .. } => code.as_deref(),
        _ => None,
    };
    match (code, &refusal) {
        (Some(code), _) if ABSENT.contains(&code) => Err(plan.stale(
            "its change set is gone: it was deleted, or the stack was deployed in another way",
        )),
        (Some("InvalidChangeSetStatus" | "InvalidChangeSetStatusException"), _) => {
            by_change_set(target, plan, refusal, listener).await
        }
        // The answer is lost, and what it was may have been done.
        _ if refusal.may_pass() => by_change_set(target, plan, refusal, listener).await,
        (Some("ValidationError"), _) => by_stack(target, plan, refusal).await,
        _ => Err(refusal),
    }
}

async fn by_change_set(
    target: &Target,
    plan: &Plan,
    refusal: Error,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let mut patience = Patience::new(target.polling());
    let answer = loop {
        match plan.change_set().describe(target, None).await {
            Ok(answer) => break answer,
            Err(fault) => patience.bear(fault, listener).await?,
        }
    };
    match answer.execution_status() {
        Some(
            ExecutionStatus::ExecuteInProgress
            | ExecutionStatus::ExecuteComplete
            | ExecutionStatus::ExecuteFailed,
        ) => Ok(()),
        Some(ExecutionStatus::Obsolete) => {
            Err(plan.stale("the stack was updated after it was made"))
        }
        _ => Err(refusal),
    }
}

async fn by_stack(target: &Target, plan: &Plan, refusal: Error) -> Result<(), Error> {
    match state::describe(target, &plan.stack_id).await? {
        Some(stack) if stack.in_progress() && stack.status != "REVIEW_IN_PROGRESS" => {
            Err(Error::Busy {
                stack: plan.stack.clone(),
                status: stack.status,
            })
        }
        Some(stack) if stack.status != "DELETE_COMPLETE" => Err(refusal),
        _ => Err(plan.stale("the stack was deleted after it was made")),
    }
}

/// What hooks and early validation have found, which CloudFormation tells elsewhere. Nothing for whoever may not look there: the
/// reason names them.
pub(crate) async fn findings(
    target: &Target,
    change_set: &ChangeSet,
    reason: &str,
) -> Vec<Failure> {
    if !reason.contains("hook(s)") {
        return Vec::new();
    }
    let failed = EventFilter::builder().failed_events(true).build();
    let answer = target
        .cloudformation()
        .describe_events()
        .stack_name(&change_set.stack_id)
        .change_set_name(&change_set.id)
        .filters(failed)
        .send()
        .await;
    let events = answer.map(|answer| answer.operation_events.unwrap_or_default());
    let events = events.unwrap_or_default();
    events.iter().filter_map(finding).collect()
}

/// A validation by its name, such as `NAME_CONFLICT_VALIDATION`; of a hook it is only said that there was one.
fn finding(event: &OperationEvent) -> Option<Failure> {
    let by_validation = event
        .validation_name()
        .zip(event.validation_status_reason())
        .map(|(name, why)| (name, why.to_owned()));
    let by_hook = event
        .hook_type()
        .zip(event.hook_status_reason())
        .map(|(hook, why)| ("HookFailed", format!("{why} ({hook})")));
    let (status, why) = by_validation.or(by_hook)?;
    let path = event.validation_path();
    let place = path.map(|path| format!(" (at {path})")).unwrap_or_default();
    Some(Failure {
        logical_id: event.logical_resource_id().unwrap_or("(all)").to_owned(),
        resource_type: event.resource_type().unwrap_or("change set").to_owned(),
        status: status.to_owned(),
        phase: Phase::Change,
        reason: format!("{why}{place}"),
    })
}
