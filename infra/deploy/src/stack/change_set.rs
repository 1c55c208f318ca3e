//! What CloudFormation would change, worked out before it is done.

use aws_sdk_cloudformation::{
    operation::describe_change_set::DescribeChangeSetOutput,
    types::{self, Capability, ChangeSetStatus, ChangeSetType, ExecutionStatus, Parameter, Tag},
};
use sha2::{Digest, Sha256};

use crate::{
    Change, Error, Event, Listener, StackRequest, Target, error::service, stack::template::Source,
};

/// Begins the names of our change sets.
const PREFIX: &str = "colophon-";

/// CloudFormation reports an empty change set as a failure, in one of these wordings.
const NO_CHANGES: [&str; 2] = ["didn't contain changes", "No updates are to be performed"];

/// A change set by its id, which no other deployment can take over.
pub(crate) struct ChangeSet {
    pub(crate) stack_id: String,
    id: String,
}

/// What a change set came to.
pub(crate) enum Plan {
    Nothing,
    Changes(Vec<Change>),
}

impl ChangeSet {
    /// Asks CloudFormation to work out the changes.
    pub(crate) async fn create(
        target: &Target,
        request: &StackRequest,
        kind: ChangeSetType,
        source: Source,
        capabilities: Vec<Capability>,
    ) -> Result<Self, Error> {
        let parameters = request.parameters.iter().map(|(key, value)| {
            Parameter::builder()
                .parameter_key(key)
                .parameter_value(value)
                .build()
        });
        let tags = request
            .tags
            .iter()
            .map(|(key, value)| Tag::builder().key(key).value(value).build());
        let call = target
            .cloudformation()
            .create_change_set()
            .stack_name(&request.stack)
            .change_set_name(name(request))
            .change_set_type(kind)
            .set_capabilities((!capabilities.is_empty()).then_some(capabilities))
            .set_parameters(Some(parameters.collect()))
            .set_tags(Some(tags.collect()));
        let call = match source {
            Source::Inline(body) => call.template_body(body),
            Source::Url(url) => call.template_url(url),
        };
        let action = format!("create a change set for stack `{}`", request.stack);
        let answer = call.send().await.map_err(service(action))?;
        Ok(Self {
            stack_id: answer.stack_id.unwrap_or_else(|| request.stack.clone()),
            id: answer.id.unwrap_or_else(|| name(request)),
        })
    }

    /// Waits for the changes to be worked out. A change set that came to nothing, or to an error, is deleted.
    pub(crate) async fn plan(&self, target: &Target, stack: &str) -> Result<Plan, Error> {
        let answer = self.worked_out(target).await?;
        if answer.status() == Some(&ChangeSetStatus::CreateComplete) {
            return self.changes(target, answer).await.map(Plan::Changes);
        }
        delete(target, &self.stack_id, &self.id).await?;
        let reason = answer
            .status_reason()
            .unwrap_or("CloudFormation gives no reason")
            .to_owned();
        if NO_CHANGES.iter().any(|wording| reason.contains(wording)) {
            return Ok(Plan::Nothing);
        }
        Err(Error::ChangeSet {
            stack: stack.to_owned(),
            reason,
        })
    }

    /// Starts making the changes.
    pub(crate) async fn execute(&self, target: &Target) -> Result<(), Error> {
        target
            .cloudformation()
            .execute_change_set()
            .stack_name(&self.stack_id)
            .change_set_name(&self.id)
            .send()
            .await
            .map_err(service(format!("execute the change set {}", self.id)))?;
        Ok(())
    }

    async fn worked_out(&self, target: &Target) -> Result<DescribeChangeSetOutput, Error> {
        let mut pauses = target.polling().start();
        loop {
            let answer = self.describe(target, None).await?;
            match answer.status() {
                Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress) => {
                    pauses.pause().await;
                }
                _ => return Ok(answer),
            }
        }
    }

    async fn describe(
        &self,
        target: &Target,
        token: Option<String>,
    ) -> Result<DescribeChangeSetOutput, Error> {
        target
            .cloudformation()
            .describe_change_set()
            .stack_name(&self.stack_id)
            .change_set_name(&self.id)
            .set_next_token(token)
            .send()
            .await
            .map_err(service(format!("describe the change set {}", self.id)))
    }

    async fn changes(
        &self,
        target: &Target,
        first: DescribeChangeSetOutput,
    ) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        let mut page = first;
        loop {
            let resources = page.changes.unwrap_or_default().into_iter();
            changes.extend(
                resources
                    .filter_map(|change| change.resource_change)
                    .map(Change::from),
            );
            let Some(token) = page.next_token else {
                return Ok(changes);
            };
            page = self.describe(target, Some(token)).await?;
        }
    }
}

impl From<types::ResourceChange> for Change {
    fn from(change: types::ResourceChange) -> Self {
        Self {
            action: change
                .action
                .map(|action| action.as_str().to_owned())
                .unwrap_or_default(),
            logical_id: change.logical_resource_id.unwrap_or_default(),
            resource_type: change.resource_type.unwrap_or_default(),
            replacement: change
                .replacement
                .map(|replacement| replacement.as_str().to_owned()),
        }
    }
}

/// Deletes our change sets of earlier deployments: a name is given once, and CloudFormation keeps those that were never
/// executed until the next update. One that was not executed is an interrupted deployment's, and is announced.
pub(crate) async fn delete_earlier(
    target: &Target,
    stack: &str,
    listener: &mut Listener<'_>,
) -> Result<(), Error> {
    let mut pages = target
        .cloudformation()
        .list_change_sets()
        .stack_name(stack)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(service(format!("list the change sets of stack `{stack}`")))?;
        for found in page.summaries() {
            let name = found.change_set_name().unwrap_or_default();
            if !name.starts_with(PREFIX) {
                continue;
            }
            if found.execution_status() != Some(&ExecutionStatus::ExecuteComplete) {
                listener(Event::DeletingStaleChangeSet {
                    change_set: name.to_owned(),
                });
            }
            delete(target, stack, name).await?;
        }
    }
    Ok(())
}

async fn delete(target: &Target, stack: &str, change_set: &str) -> Result<(), Error> {
    target
        .cloudformation()
        .delete_change_set()
        .stack_name(stack)
        .change_set_name(change_set)
        .send()
        .await
        .map_err(service(format!("delete the change set {change_set}")))?;
    Ok(())
}

/// The same request has the same name, and two people deploying different things have different ones.
fn name(request: &StackRequest) -> String {
    let mut hash = Sha256::new();
    let maps = [&request.parameters, &request.tags];
    let pairs = maps
        .iter()
        .flat_map(|map| map.iter())
        .flat_map(|(key, value)| [key, value]);
    for text in pairs.chain([&request.template]) {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    let digest = format!("{:x}", hash.finalize());
    format!("{PREFIX}{}", &digest[..16])
}
