use std::collections::BTreeMap;

use crate::{Error, Target, error::service, stack::state};

/// A resource of a deployed stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its name in the template.
    pub logical_id: String,
    /// Its name in AWS; empty while it is being created.
    pub physical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// Such as `CREATE_COMPLETE`.
    pub status: String,
}

/// Lists the resources of a stack.
pub async fn stack_resources(target: &Target, stack: &str) -> Result<Vec<Resource>, Error> {
    let mut resources = Vec::new();
    let mut pages = target
        .cloudformation()
        .list_stack_resources()
        .stack_name(stack)
        .into_paginator()
        .send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(service(format!("list the resources of stack `{stack}`")))?;
        resources.extend(
            page.stack_resource_summaries
                .unwrap_or_default()
                .into_iter()
                .map(|found| Resource {
                    logical_id: found.logical_resource_id.unwrap_or_default(),
                    physical_id: found.physical_resource_id.unwrap_or_default(),
                    resource_type: found.resource_type.unwrap_or_default(),
                    status: found
                        .resource_status
                        .map(|status| status.as_str().to_owned())
                        .unwrap_or_default(),
                }),
        );
    }
    Ok(resources)
}

/// The status of a stack, such as `UPDATE_IN_PROGRESS`. None when there is no such stack.
pub async fn stack_status(target: &Target, stack: &str) -> Result<Option<String>, Error> {
    let found = state::describe(target, stack).await?;
    Ok(found.map(|stack| stack.status))
}

/// The outputs of a deployed stack. None when there is no such stack.
pub async fn stack_outputs(
    target: &Target,
    stack: &str,
) -> Result<Option<BTreeMap<String, String>>, Error> {
    let found = state::describe(target, stack).await?;
    Ok(found
        .filter(|stack| stack.status != "DELETE_COMPLETE")
        .map(|stack| stack.outputs))
}
