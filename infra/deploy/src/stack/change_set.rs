//! What CloudFormation would change, worked out before it is done.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::{
    operation::describe_change_set::DescribeChangeSetOutput,
    types::{self, Capability, ChangeSetStatus, ChangeSetSummary, ChangeSetType, Parameter},
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use sha2::{Digest, Sha256};

use crate::{
    Change, ChangeDetail, Error, Listener, ParameterValue, StackRequest, Target,
    error::service,
    patience::Patience,
    stack::{plan::Plan, refusal, template::Source},
};

/// Begins the names of our change sets.
const PREFIX: &str = "colophon-";

/// CloudFormation reports an empty change set as a failure, in one of these wordings.
const NO_CHANGES: [&str; 2] = ["didn't contain changes", "No updates are to be performed"];

/// CloudFormation's codes for a change set that is not there.
pub(crate) const ABSENT: [&str; 2] = ["ChangeSetNotFound", "ChangeSetNotFoundException"];

/// CloudFormation's code for a name that another change set of the stack has.
const TAKEN: &str = "AlreadyExistsException";

/// Who has planned the same so often and executed nothing should look at what is left of it.
const MOST_OF_A_NAME: usize = 50;

/// A change set by its id, which no other deployment can take over.
pub(crate) struct ChangeSet {
    pub(crate) stack_id: String,
    pub(crate) id: String,
}

/// What a change set came to.
pub(crate) enum Outcome {
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
            let parameter = Parameter::builder().parameter_key(key);
            match value {
                ParameterValue::Given(value) => parameter.parameter_value(value),
                ParameterValue::Previous => parameter.use_previous_value(true),
            }
            .build()
        });
        let settings = &request.settings;
        let call = target
            .cloudformation()
            .create_change_set()
            .stack_name(&request.stack)
            .change_set_type(kind)
            .set_capabilities((!capabilities.is_empty()).then_some(capabilities))
            .set_parameters(Some(parameters.collect()))
            .set_tags(settings.tag_list())
            .set_role_arn(settings.role.clone())
            .set_notification_arns(settings.topic_list())
            .set_description(settings.description())
            .set_resources_to_import(
                (!request.imports.is_empty()).then(|| request.imports.clone()),
            );
        let call = match source {
            Source::Inline(body) => call.template_body(body),
            Source::Url(url) => call.template_url(url),
        };
        let mut number = 1;
        loop {
            let name = numbered(name(request), number);
            match call.clone().change_set_name(&name).send().await {
                Ok(answer) => {
                    return Ok(Self {
                        stack_id: answer.stack_id.unwrap_or_else(|| request.stack.clone()),
                        id: answer.id.unwrap_or(name),
                    });
                }
                // Somebody has planned the same, or it is what was executed last.
                Err(error) if error.code() == Some(TAKEN) && number < MOST_OF_A_NAME => number += 1,
                Err(error) => {
                    let action = format!("create a change set for stack `{}`", request.stack);
                    return Err(service(action)(error));
                }
            }
        }
    }

    /// Waits for the changes to be worked out. A change set that came to nothing, or to an error, is deleted.
    pub(crate) async fn worked_out(
        &self,
        target: &Target,
        stack: &str,
        listener: &mut Listener<'_>,
    ) -> Result<Outcome, Error> {
        let answer = self.ended(target, listener).await?;
        if answer.status() == Some(&ChangeSetStatus::CreateComplete) {
            return self.changes(target, answer).await.map(Outcome::Changes);
        }
        let reason = answer
            .status_reason()
            .unwrap_or("CloudFormation gives no reason");
        // The details are gone with the change set.
        let findings = refusal::findings(target, self, reason).await;
        delete(target, &self.stack_id, &self.id).await?;
        if NO_CHANGES.iter().any(|wording| reason.contains(wording)) {
            return Ok(Outcome::Nothing);
        }
        Err(Error::ChangeSet {
            stack: stack.to_owned(),
            reason: reason.to_owned(),
            findings,
        })
    }

    async fn ended(
        &self,
        target: &Target,
        listener: &mut Listener<'_>,
    ) -> Result<DescribeChangeSetOutput, Error> {
        let mut pauses = target.polling().start();
        let mut patience = Patience::new(target.polling());
        loop {
            match self.describe(target, None).await {
                Ok(answer) if is_being_made(&answer) => {
                    patience.restore();
                    pauses.pause().await;
                }
                Ok(answer) => return Ok(answer),
                Err(fault) => patience.bear(fault, listener).await?,
            }
        }
    }

    pub(crate) async fn describe(
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

    pub(crate) async fn changes(
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

fn is_being_made(answer: &DescribeChangeSetOutput) -> bool {
    matches!(
        answer.status(),
        Some(ChangeSetStatus::CreatePending | ChangeSetStatus::CreateInProgress)
    )
}

impl From<types::ResourceChange> for Change {
    fn from(change: types::ResourceChange) -> Self {
        let details = change.details.unwrap_or_default();
        Self {
            action: word(change.action.as_ref().map(types::ChangeAction::as_str)),
            logical_id: change.logical_resource_id.unwrap_or_default(),
            resource_type: change.resource_type.unwrap_or_default(),
            replacement: change
                .replacement
                .map(|replacement| replacement.as_str().to_owned()),
            policy_action: change
                .policy_action
                .map(|action| action.as_str().to_owned()),
            details: details.into_iter().map(ChangeDetail::from).collect(),
        }
    }
}

impl From<types::ResourceChangeDetail> for ChangeDetail {
    fn from(detail: types::ResourceChangeDetail) -> Self {
        let target = detail.target.as_ref();
        let attribute = target.and_then(types::ResourceTargetDefinition::attribute);
        let name = target.and_then(types::ResourceTargetDefinition::name);
        let recreation = target.and_then(types::ResourceTargetDefinition::requires_recreation);
        Self {
            name: word(name.or(attribute.map(types::ResourceAttribute::as_str))),
            requires_recreation: word(recreation.map(types::RequiresRecreation::as_str)),
            evaluation: word((detail.evaluation.as_ref()).map(types::EvaluationType::as_str)),
            source: word((detail.change_source.as_ref()).map(types::ChangeSource::as_str)),
            causing_entity: detail.causing_entity,
        }
    }
}

fn word(word: Option<&str>) -> String {
    word.unwrap_or_default().to_owned()
}

/// Starts making the changes.
pub(crate) async fn execute(target: &Target, plan: &Plan) -> Result<(), Error> {
    target
        .cloudformation()
        .execute_change_set()
        .stack_name(&plan.stack_id)
        .change_set_name(&plan.change_set)
        .send()
        .await
        .map_err(service(format!(
            "execute the change set {}",
            plan.change_set
        )))?;
    Ok(())
}

/// The change sets of a stack that CloudFormation still has.
pub(crate) async fn list(target: &Target, stack: &str) -> Result<Vec<ChangeSetSummary>, Error> {
    let mut found = Vec::new();
    let list = target.cloudformation().list_change_sets().stack_name(stack);
    let mut pages = list.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(service(format!("list the change sets of stack `{stack}`")))?;
        found.extend(page.summaries.unwrap_or_default());
    }
    Ok(found)
}

pub(crate) async fn delete(target: &Target, stack: &str, change_set: &str) -> Result<(), Error> {
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

/// Whether a change set, by its ARN, was made for this very request.
pub(crate) fn is_of(arn: &str, request: &StackRequest) -> bool {
    let rest = (arn.split('/').nth(1)).and_then(|found| found.strip_prefix(&name(request)));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Whether this tool made the change set, by its ARN.
pub(crate) fn is_ours(arn: &str) -> bool {
    let name = arn.split('/').nth(1).unwrap_or(arn);
    name.starts_with(PREFIX)
}

/// Names are given once.
fn numbered(name: String, number: usize) -> String {
    match number {
        1 => name,
        _ => format!("{name}-{number}"),
    }
}

/// The same request has the same name, and two people deploying different things have different ones.
///
/// What keeps its previous value is left out: which parameters those are depends on the state of the stack, which changes while the
/// very same request is executed.
fn name(request: &StackRequest) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    for (key, value) in &request.parameters {
        if let ParameterValue::Given(value) = value {
            add(key);
            add(value);
        }
    }
    let settings = &request.settings;
    for text in settings.tags.iter().flat_map(|(key, value)| [key, value]) {
        add(text);
    }
    for arn in settings.role.iter().chain(&settings.notifications) {
        add(arn);
    }
    for import in &request.imports {
        let identifier = import.resource_identifier().into_iter().flatten();
        for (key, value) in identifier.collect::<BTreeMap<_, _>>() {
            add(key);
            add(value);
        }
    }
    add(&request.template);
    let digest = format!("{:x}", hash.finalize());
    format!("{PREFIX}{}", &digest[..16])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    #[test]
    fn the_name_is_of_what_is_asked_for_and_not_of_what_stays() {
        let request = || StackRequest::new("vision", "{}").parameter("Model", "haiku");
        let asked = name(&request());
        let staying = [
            ("Model".to_owned(), ParameterValue::Given("haiku".into())),
            ("Days".to_owned(), ParameterValue::Previous),
        ];
        assert_eq!(name(&request().parameters(staying)), asked);
        let others = [
            request().parameter("Days", "7"),
            request().tag("team", "books"),
            request().settings(Settings {
                role: Some("arn:aws:iam::111122223333:role/deploy".into()),
                ..Settings::default()
            }),
            request().settings(Settings {
                notifications: ["arn:aws:sns:eu-central-1:111122223333:ops".into()].into(),
                ..Settings::default()
            }),
        ];
        for other in others {
            assert_ne!(name(&other), asked);
        }
    }
}
