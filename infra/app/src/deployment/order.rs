//! Stacks in the order of their exports and imports.

use deploy::Target;
use review::{Successor, deployment_order};
use serde_json::Value;

use super::preparing::Prepared;
use crate::CommandError;
use crate::templates::read;

/// Groups of stacks: those of one can be deployed at the same time, after those of the groups before it.
pub(crate) async fn waves(
    stacks: Vec<Prepared>,
    target: &Target,
) -> Result<Vec<Vec<Prepared>>, CommandError> {
    let mut deployed = Vec::with_capacity(stacks.len());
    for stack in &stacks {
        deployed.push(template(stack, stacks.len(), target).await?);
    }
    let successors: Vec<_> = (stacks.iter().zip(&deployed))
        .map(|(stack, deployed)| Successor {
            name: &stack.stack_name,
            deployed,
            next: &stack.template,
        })
        .collect();
    let order = deployment_order(&successors);
    let order = order.map_err(|names| CommandError::Circle(names.join(", ")))?;
    let mut stacks: Vec<Option<Prepared>> = stacks.into_iter().map(Some).collect();
    let waves = order.into_iter().map(|wave| {
        let stacks = wave.into_iter().filter_map(|place| stacks[place].take());
        stacks.collect()
    });
    Ok(waves.collect())
}

/// The template that a stack has now. One stack has no order.
async fn template(stack: &Prepared, stacks: usize, target: &Target) -> Result<Value, CommandError> {
    if stacks == 1 {
        return Ok(Value::Null);
    }
    let name = &stack.stack_name;
    match deploy::deployed_stack(target, name).await? {
        Some(deployed) => read(&format!("{name} as deployed"), &deployed.template),
        None => Ok(Value::Null),
    }
}
