//! `infra destroy`.

use std::io::{IsTerminal as _, Write as _};

use deploy::Destroyed;

use crate::CommandError;
use crate::cli::DestroyArguments;
use crate::deployment::show;
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &DestroyArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let target = arguments.target.connect().await?;
    let resources = deploy::stack_resources(&target, &arguments.stack).await?;
    for resource in &resources {
        terminal.say(&format!(
            "  {} {} ({})",
            resource.resource_type, resource.logical_id, resource.physical_id
        ));
    }
    if !arguments.yes {
        confirm(&arguments.stack, resources.len())?;
    }
    let step = terminal.step(&format!("Destroy stack {}", arguments.stack));
    let destroyed =
        deploy::destroy_stack(&target, &arguments.stack, &arguments.empty, &mut |event| {
            show(&step, &event);
        })
        .await?;
    step.done(match destroyed {
        Destroyed::Deleted => "deleted",
        Destroyed::Absent => "there was no such stack",
    });
    Ok(())
}

/// Has the stack's name typed.
fn confirm(stack: &str, resources: usize) -> Result<(), CommandError> {
    let stdin = std::io::stdin();
    let mut stderr = std::io::stderr();
    if !stdin.is_terminal() {
        return Err(CommandError::NotConfirmed(format!(
            "deleting stack `{stack}` needs a confirmation, and nobody can be asked here"
        )));
    }
    let mut answer = String::new();
    let asked = write!(
        stderr,
        "Type the stack's name to delete it and its {resources} resources: "
    )
    .and_then(|()| stderr.flush());
    let answered = asked.and_then(|()| stdin.read_line(&mut answer));
    if answered.is_ok() && answer.trim() == stack {
        Ok(())
    } else {
        Err(CommandError::NotConfirmed(format!(
            "stack `{stack}` was not deleted"
        )))
    }
}
