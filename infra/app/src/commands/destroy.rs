//! `infra destroy`.

use deploy::{Destroyed, Destruction, Resource, Target};
use review::{Cause, review};
use serde_json::Value;

use crate::CommandError;
use crate::cli::DestroyArguments;
use crate::deployment::show;
use crate::interruption::watched;
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &DestroyArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let stack = &arguments.stack;
    let target = arguments.target.connect().await?;
    if deploy::stack_status(&target, stack).await?.is_none() {
        terminal.say(&format!("there is no stack `{stack}` here"));
        return Ok(());
    }
    let resources = deploy::stack_resources(&target, stack).await?;
    let fates = fates(&target, stack).await?;
    for resource in &resources {
        terminal.say(&line(resource, &fates));
    }
    if !arguments.yes {
        confirm(stack, resources.len(), terminal)?;
    }
    let destruction = Destruction::of(stack)
        .empty(arguments.empty.clone())
        .retain(arguments.retain.clone());
    let step = terminal.step(&format!("Destroy stack {stack}"));
    let mut listener = |event| show(&step, &event);
    let work = async { Ok(deploy::destroy_stack(&target, &destruction, &mut listener).await?) };
    let destroyed = watched(work, stack, &target).await?;
    step.done(match destroyed {
        Destroyed::Deleted => "deleted",
        Destroyed::Absent => "there was no such stack",
    });
    Ok(())
}

/// What the deletion means for each resource, by its logical id, as far as it means more than that it goes.
type Fates = Vec<(String, Vec<Cause>)>;

/// Reviews the step from the deployed template to none.
async fn fates(target: &Target, stack: &str) -> Result<Fates, CommandError> {
    let Some(deployed) = deploy::deployed_stack(target, stack).await? else {
        return Ok(Fates::new());
    };
    // Whoever deployed a template that cannot be read can still delete the stack.
    let Ok(template) = asl::source::read(&deployed.template) else {
        return Ok(Fates::new());
    };
    let template = review::with_parameter_values(template.value, &deployed.parameters);
    let removed = review(stack, &template, &Value::Null).changes.into_iter();
    Ok(removed
        .map(|change| (change.logical_id, change.causes))
        .collect())
}

fn line(resource: &Resource, fates: &Fates) -> String {
    let Resource {
        logical_id,
        physical_id,
        resource_type,
        ..
    } = resource;
    let mut line = format!("  {resource_type} {logical_id} ({physical_id})");
    let causes = fates.iter().filter(|(id, _)| id == logical_id);
    for cause in causes.flat_map(|(_, causes)| causes) {
        line.push_str("\n      ");
        line.push_str(&cause.explanation);
    }
    line
}

/// Has the stack's name typed.
fn confirm(stack: &str, resources: usize, terminal: Terminal) -> Result<(), CommandError> {
    let question = format!("Type the stack's name to delete it and its {resources} resources: ");
    match terminal.ask(&question) {
        None => Err(CommandError::NotConfirmed(format!(
            "deleting stack `{stack}` needs a confirmation, and nobody can be asked here"
        ))),
        Some(answer) if answer == stack => Ok(()),
        Some(_) => Err(CommandError::NotConfirmed(format!(
            "stack `{stack}` was not deleted"
        ))),
    }
}
