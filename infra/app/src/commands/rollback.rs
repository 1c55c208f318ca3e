//! `infra rollback`.

use deploy::{Event, RolledBack};

use crate::CommandError;
use crate::cli::RollbackArguments;
use crate::deployment::show;
use crate::interruption::watched;
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &RollbackArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let target = arguments.target.connect().await?;
    let step = terminal.step(&format!("Roll back stack {}", arguments.stack));
    let mut is_followed = false;
    let mut listener = |event| {
        is_followed |= matches!(event, Event::Attached { .. });
        show(&step, &event);
    };
    let (stack, skip) = (&arguments.stack, &arguments.skip);
    let work = async { Ok(deploy::roll_back(&target, stack, skip, &mut listener).await?) };
    let rolled_back = watched(work, stack, &target).await?;
    step.done(match rolled_back {
        RolledBack::Restored => "the stack is as it was before",
        RolledBack::Removed => "what the failed creation had made is deleted",
    });
    if is_followed && !arguments.skip.is_empty() {
        terminal.warn("a rollback was under way already, and nothing more was skipped in it");
        return Ok(());
    }
    for skipped in &arguments.skip {
        terminal.warn(&format!(
            "{skipped} was skipped and may differ from the template: `infra drift {}{}` says how",
            arguments.stack,
            arguments.target.options()
        ));
    }
    Ok(())
}
