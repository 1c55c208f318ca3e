use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::ChangeSetType;

use crate::{
    AssetBucket, Error, Event, Listener, Target,
    stack::{
        change_set::{self, ChangeSet, Plan},
        destroy,
        history::History,
        state::{self, Stack},
        template,
    },
};

/// A stack as it should be.
#[derive(Debug, Clone)]
pub struct StackRequest {
    pub(crate) stack: String,
    pub(crate) template: String,
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) asset_bucket: Option<AssetBucket>,
}

impl StackRequest {
    /// A stack by name, with its template in JSON.
    pub fn new(stack: impl Into<String>, template: impl Into<String>) -> Self {
        Self {
            stack: stack.into(),
            template: template.into(),
            parameters: BTreeMap::new(),
            tags: BTreeMap::new(),
            asset_bucket: None,
        }
    }

    /// Sets a template parameter; those not set have the template's default.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// Adds a tag to the stack and its resources.
    #[must_use]
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(key.into(), value.into());
        self
    }

    /// The bucket by which a template over [`INLINE_LIMIT`](crate::INLINE_LIMIT) reaches CloudFormation.
    #[must_use]
    pub fn asset_bucket(mut self, bucket: AssetBucket) -> Self {
        self.asset_bucket = Some(bucket);
        self
    }
}

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
pub async fn deploy_stack(
    target: &Target,
    request: &StackRequest,
    listener: &mut Listener<'_>,
) -> Result<Deployed, Error> {
    let capabilities = template::capabilities(request)?;
    let kind = prepare(target, &request.stack, listener).await?;
    let source = template::place(target, request).await?;

    let create = kind == ChangeSetType::Create;
    listener(Event::Planning {
        stack: request.stack.clone(),
        create,
    });
    let change_set = ChangeSet::create(target, request, kind, source, capabilities).await?;
    let Plan::Changes(changes) = change_set.plan(target, &request.stack).await? else {
        return finished(target, request, Outcome::Unchanged).await;
    };
    listener(Event::Planned {
        stack: request.stack.clone(),
        changes,
    });

    let mut history = History::from_now(target, &change_set.stack_id).await?;
    change_set.execute(target).await?;
    let ended = state::wait(target, &change_set.stack_id, &mut history, listener).await?;
    let (outcome, wanted) = if create {
        (Outcome::Created, "CREATE_COMPLETE")
    } else {
        (Outcome::Updated, "UPDATE_COMPLETE")
    };
    match ended {
        Some(stack) if stack.status == wanted => Ok(deployed(stack, outcome)),
        ended => Err(failed(&request.stack, ended, history)),
    }
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

async fn finished(
    target: &Target,
    request: &StackRequest,
    outcome: Outcome,
) -> Result<Deployed, Error> {
    match state::describe(target, &request.stack).await? {
        Some(stack) => Ok(deployed(stack, outcome)),
        None => Err(Error::ChangeSet {
            stack: request.stack.clone(),
            reason: "the stack was deleted meanwhile".into(),
        }),
    }
}

fn deployed(stack: Stack, outcome: Outcome) -> Deployed {
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
