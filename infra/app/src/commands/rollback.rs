//! `infra rollback`.

use deploy::RolledBack;

use crate::CommandError;
use crate::cli::RollbackArguments;
use crate::deployment::show;
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &RollbackArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let target = arguments.target.connect().await?;
    let step = terminal.step(&format!("Roll back stack {}", arguments.stack));
    let mut listener = |event| show(&step, &event);
    let rolled_back =
        deploy::roll_back(&target, &arguments.stack, &arguments.skip, &mut listener).await?;
    step.done(match rolled_back {
        RolledBack::Restored => "the stack is as it was before",
        RolledBack::Removed => "what the failed creation had made is deleted",
    });
    for skipped in &arguments.skip {
        terminal.warn(&format!(
            "{skipped} was skipped and may differ from the template: `infra drift {}{}` says how",
            arguments.stack,
            arguments.target.options()
        ));
    }
    Ok(())
}
