//! Everything that the stacks of an account and region may refer to.

use aws_sdk_cloudformation::types::{
    self, ChangeSetStatus, ChangeSetSummary, ExecutionStatus, Parameter,
};

use crate::{
    Error, Event, Listener, Target,
    error::service,
    stack::{
        change_set::{self, ChangeSet},
        template,
    },
};

/// The parameters and templates of all stacks and of their open change sets.
#[derive(Default)]
pub(super) struct References {
    texts: Vec<String>,
    /// Below these keys are the templates of change sets that are not executed yet: what CloudFormation was given is not told.
    prefixes: Vec<String>,
}

impl References {
    /// Whether any of it may mean this object.
    pub(super) fn mention(&self, key: &str) -> bool {
        let file = key.rsplit('/').next().unwrap_or(key);
        let name = file.split('.').next().unwrap_or(file);
        // A key may be put together in a template; the hash in it is not.
        let wanted = if name.is_empty() { key } else { name };
        self.prefixes.iter().any(|prefix| key.starts_with(prefix))
            || self.texts.iter().any(|text| text.contains(wanted))
    }

    fn parameters(&mut self, parameters: &[Parameter]) {
        let values = parameters.iter().flat_map(|parameter| {
            // What is in the parameter store is resolved by CloudFormation.
            [parameter.parameter_value(), parameter.resolved_value()]
        });
        self.texts.extend(values.flatten().map(str::to_owned));
    }
}

/// Reads all stacks that are not deleted.
pub(super) async fn read(
    target: &Target,
    listener: &mut Listener<'_>,
) -> Result<References, Error> {
    let mut references = References::default();
    let client = target.cloudformation();
    let mut pages = client.describe_stacks().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(service("list the stacks of the account"))?;
        for stack in page.stacks() {
            let status = status(stack);
            if status == "DELETE_COMPLETE" {
                continue;
            }
            let name = stack.stack_name().unwrap_or_default();
            listener(Event::ReadingStack {
                stack: name.to_owned(),
            });
            match stack_references(target, name, &mut references).await {
                Err(error) if error.says_absent() => {}
                read => read?,
            }
        }
    }
    Ok(references)
}

/// The change sets first: one that is executed meanwhile is what the stack is then found to be.
async fn stack_references(
    target: &Target,
    name: &str,
    references: &mut References,
) -> Result<(), Error> {
    change_sets(target, name, references).await?;
    let described = target.cloudformation().describe_stacks().stack_name(name);
    let described = described.send().await;
    let described = described.map_err(service(format!("describe stack `{name}`")))?;
    for stack in described.stacks() {
        let status = status(stack);
        require_settled(name, status)?;
        references.parameters(stack.parameters());
        if !["REVIEW_IN_PROGRESS", "DELETE_COMPLETE"].contains(&status) {
            references.texts.push(template(target, name, None).await?);
        }
    }
    Ok(())
}

fn status(stack: &types::Stack) -> &str {
    stack.stack_status().map_or("", types::StackStatus::as_str)
}

/// An update that is under way or has stopped half-way can still be rolled back, to packages that the stack names no more. What is
/// created or deleted has no earlier ones.
fn require_settled(stack: &str, status: &str) -> Result<(), Error> {
    let is_update = ["UPDATE_", "IMPORT_"]
        .iter()
        .any(|verb| status.starts_with(verb));
    let has_not_ended = status.ends_with("_IN_PROGRESS") || status.ends_with("_FAILED");
    let may_go_back = is_update && has_not_ended;
    if !may_go_back {
        return Ok(());
    }
    Err(Error::Unsettled {
        stack: stack.to_owned(),
        status: status.to_owned(),
    })
}

/// The template of a stack, or of one of its change sets. Without it nothing can be said.
async fn template(target: &Target, stack: &str, change_set: Option<&str>) -> Result<String, Error> {
    let given = template::given(target, stack, change_set).await?;
    given.ok_or_else(|| Error::Service {
        action: format!("read the template of stack `{stack}`"),
        code: None,
        message: "the answer has none".into(),
    })
}

async fn change_sets(
    target: &Target,
    stack: &str,
    references: &mut References,
) -> Result<(), Error> {
    let found = change_set::list(target, stack).await?;
    for open in found.into_iter().filter(is_open) {
        let change_set = ChangeSet {
            stack_id: stack.to_owned(),
            id: open
                .change_set_id
                .or(open.change_set_name)
                .unwrap_or_default(),
        };
        let planned = change_set.describe(target, None).await?;
        references.parameters(planned.parameters());
        let template = template(target, stack, Some(&change_set.id)).await?;
        references.texts.push(template);
        references.prefixes.push(format!("templates/{stack}/"));
    }
    Ok(())
}

/// Whether it can be executed, now or when CloudFormation has worked it out.
fn is_open(change_set: &ChangeSetSummary) -> bool {
    let failed = change_set.status() == Some(&ChangeSetStatus::Failed);
    let over = matches!(
        change_set.execution_status(),
        Some(
            ExecutionStatus::ExecuteComplete
                | ExecutionStatus::ExecuteFailed
                | ExecutionStatus::Obsolete
        )
    );
    !failed && !over
}
