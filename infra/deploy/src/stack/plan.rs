//! What CloudFormation would do to a stack, worked out and waiting to be done.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::{
    operation::describe_change_set::DescribeChangeSetOutput,
    types::{Capability, ChangeSetType, ExecutionStatus},
};
use serde::{Deserialize, Serialize};

use crate::{
    Change, Error, Event, Listener, Settings, StackRequest, Target,
    stack::{
        change_set::{self, ABSENT, ChangeSet, Outcome},
        deployed::SECRET,
        destroy, readiness, state,
        template::{self, Source},
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

impl Plan {
    pub(crate) fn change_set(&self) -> ChangeSet {
        ChangeSet {
            stack_id: self.stack_id.clone(),
            id: self.change_set.clone(),
        }
    }

    pub(crate) fn stale(&self, reason: &str) -> Error {
        Error::StalePlan {
            stack: self.stack.clone(),
            reason: reason.to_owned(),
        }
    }
}

/// Has CloudFormation work out what the request changes. None when it changes nothing.
pub async fn plan_stack(
    target: &Target,
    request: &StackRequest,
    listener: &mut Listener<'_>,
) -> Result<Option<Plan>, Error> {
    let capabilities = template::capabilities(request)?;
    let kind = readiness::prepare(target, request, listener).await?;
    let source = template::place(target, request).await?;

    let create = kind == ChangeSetType::Create;
    let asked = Asked {
        kind,
        source,
        capabilities,
        create,
    };
    work_out(target, request, asked, listener).await
}

/// What is asked of CloudFormation beside the request.
pub(crate) struct Asked {
    pub(crate) kind: ChangeSetType,
    pub(crate) source: Source,
    pub(crate) capabilities: Vec<Capability>,
    /// Whether the stack is new.
    pub(crate) create: bool,
}

/// Has a change set made, and waits for its changes. None when there are none.
pub(crate) async fn work_out(
    target: &Target,
    request: &StackRequest,
    asked: Asked,
    listener: &mut Listener<'_>,
) -> Result<Option<Plan>, Error> {
    let Asked {
        kind,
        source,
        capabilities,
        create,
    } = asked;
    listener(Event::Planning {
        stack: request.stack.clone(),
        create,
    });
    let change_set = ChangeSet::create(target, request, kind, source, capabilities).await?;
    let worked_out = change_set.worked_out(target, &request.stack, listener);
    let outcome = match worked_out.await {
        Err(refusal @ Error::ChangeSet { .. }) if create => {
            // Why it was refused is worth more than why the empty stack could not be deleted.
            let id = &change_set.stack_id;
            let _ = remove_if_only_planned(target, &request.stack, id, listener).await;
            return Err(refusal);
        }
        outcome => outcome?,
    };
    match outcome {
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

/// A plan as CloudFormation has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedStack {
    /// Its changes.
    pub changes: Vec<Change>,
    /// The template it was made for, as it was given.
    pub template: String,
    /// The values of the parameters that CloudFormation tells.
    pub parameters: BTreeMap<String, String>,
    /// What was asked for beside these.
    pub settings: Settings,
}

/// Reads back what a plan will do, from CloudFormation and not from the plan.
///
/// # Errors
/// When the plan cannot be executed any more ([`Error::StalePlan`]), or is or was executed already ([`Error::UnderWay`]):
/// CloudFormation keeps the change set that was executed last, and no other.
pub async fn read_plan(target: &Target, plan: &Plan) -> Result<PlannedStack, Error> {
    let change_set = plan.change_set();
    let answer = match change_set.describe(target, None).await {
        Err(Error::Service {
            code: Some(code), ..
        }) if is_absent(&code) => {
            return Err(plan.stale("its change set is gone"));
        }
        answer => answer?,
    };
    require_same(plan, &answer)?;
    match answer.execution_status() {
        Some(ExecutionStatus::Available) => {}
        Some(
            ExecutionStatus::ExecuteInProgress
            | ExecutionStatus::ExecuteComplete
            | ExecutionStatus::ExecuteFailed,
        ) => {
            return Err(Error::UnderWay {
                status: state::require(target, &plan.stack_id).await?.status,
                stack: plan.stack.clone(),
            });
        }
        status => {
            let status = status.map_or("of no status", ExecutionStatus::as_str);
            return Err(plan.stale(&format!("its change set is {status}")));
        }
    }
    let parameters = answer.parameters().iter();
    let parameters = parameters
        .filter(|parameter| parameter.parameter_value() != Some(SECRET))
        .filter_map(|parameter| {
            let (key, value) = (parameter.parameter_key()?, parameter.parameter_value()?);
            Some((key.to_owned(), value.to_owned()))
        })
        .collect();
    let settings = Settings::of_change_set(&answer);
    let template = template::given(target, &plan.stack_id, Some(&plan.change_set)).await?;
    Ok(PlannedStack {
        changes: change_set.changes(target, answer).await?,
        template: template.unwrap_or_default(),
        parameters,
        settings,
    })
}

/// Whether the plan says of its change set what CloudFormation says: a plan may come from a file, and is executed by what stands
/// there.
fn require_same(plan: &Plan, answer: &DescribeChangeSetOutput) -> Result<(), Error> {
    let is = |told: Option<&str>, expected: &str| told.is_none_or(|told| told == expected);
    if !is(answer.change_set_id(), &plan.change_set) || !change_set::is_ours(&plan.change_set) {
        return Err(plan.stale("its change set is another, which this tool did not make"));
    }
    if !is(answer.stack_id(), &plan.stack_id)
        || !is(answer.stack_name(), &plan.stack)
        || state::name_of(&plan.stack_id) != plan.stack
    {
        return Err(plan.stale("its change set belongs to another stack"));
    }
    Ok(())
}

/// CloudFormation's codes for a change set, or a stack, that is not there.
fn is_absent(code: &str) -> bool {
    ABSENT.contains(&code) || code == "ValidationError"
}

/// Gives a plan up: deletes its change set, and the stack too where the plan was to create it and nobody else has made anything of it.
pub async fn discard_plan(
    target: &Target,
    plan: &Plan,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    change_set::delete(target, &plan.stack_id, &plan.change_set).await?;
    if plan.create {
        remove_if_only_planned(target, &plan.stack, &plan.stack_id, listener).await?;
    }
    Ok(())
}

/// Deletes a stack that is there for plans only, if no plan is left.
async fn remove_if_only_planned(
    target: &Target,
    name: &str,
    id: &str,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let stack = state::describe(target, id).await?;
    let is_only_planned = stack.is_some_and(|stack| stack.status == "REVIEW_IN_PROGRESS");
    if is_only_planned && change_set::list(target, id).await?.is_empty() {
        destroy::delete(target, name, id, listener).await?;
    }
    Ok(())
}
