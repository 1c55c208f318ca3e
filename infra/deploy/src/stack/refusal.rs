//! Why CloudFormation does not make, or does not execute, a change set.

use aws_sdk_cloudformation::types::{EventFilter, ExecutionStatus, OperationEvent};

use crate::{
    Error, Target,
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
) -> Result<(), Error> {
    let code = match &refusal {
        Error::Service { code, .. } => code.as_deref(),
        _ => None,
    };
    match (code, &refusal) {
        (Some(code), _) if ABSENT.contains(&code) => Err(plan.stale(
            "its change set is gone: it was deleted, or the stack was deployed in another way",
        )),
        (Some("InvalidChangeSetStatus" | "InvalidChangeSetStatusException"), _)
        | (_, Error::Unreachable { .. }) => by_change_set(target, plan, refusal).await,
        (Some("ValidationError"), _) => by_stack(target, plan, refusal).await,
        _ => Err(refusal),
    }
}

async fn by_change_set(target: &Target, plan: &Plan, refusal: Error) -> Result<(), Error> {
    let answer = plan.change_set().describe(target, None).await?;
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

/// The reason with what hooks and early validation have found, which CloudFormation tells elsewhere. Whoever may not look there
/// is left with the reason.
pub(crate) async fn in_detail(target: &Target, change_set: &ChangeSet, reason: &str) -> String {
    if !reason.contains("hook(s)") {
        return reason.to_owned();
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
    let findings: Vec<String> = (events.unwrap_or_default().iter())
        .filter_map(finding)
        .collect();
    if findings.is_empty() {
        return reason.to_owned();
    }
    findings.join("; ")
}

fn finding(event: &OperationEvent) -> Option<String> {
    let by_validation = event
        .validation_name()
        .zip(event.validation_status_reason());
    let by_hook = event.hook_type().zip(event.hook_status_reason());
    let (who, why) = by_validation.or(by_hook)?;
    let resource = event.logical_resource_id().unwrap_or("the change set");
    let kind = event.resource_type().unwrap_or("of no type");
    let path = event.validation_path();
    let place = path.map(|path| format!(" at {path}")).unwrap_or_default();
    Some(format!("{resource} ({kind}){place}: {why} ({who})"))
}
