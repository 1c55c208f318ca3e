//! The execution of a plan that was approved.

use deploy::{Deployed, Target};

use super::planning::Planned;
use super::preparing::Prepared;
use super::progress::Progress;
use super::{outcome, show};
use crate::CommandError;
use crate::cli::ReportFormat;
use crate::failure::in_full;
use crate::interruption::guarded;
use crate::terminal::Terminal;

/// Executes exactly this plan, and waits for its end. Ctrl-C asks what becomes of it.
pub(crate) async fn run(
    planned: &Planned,
    target: &Target,
    format: ReportFormat,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let work = Box::pin(executed(planned, target, format, terminal));
    let ended = guarded(work, &planned.plan.stack, target, terminal).await;
    ended.map_err(|error| in_full(error, &planned.lines))
}

/// Follows the same deployment, which an earlier run began and which was approved then, to its end.
pub(crate) async fn taken_up(
    prepared: &Prepared,
    target: &Target,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let stack = &prepared.stack_name;
    let step = terminal.step(&format!("Deploy stack {stack}"));
    let work = Box::pin(async {
        let attached = deploy::attach(target, stack, &mut |event| show(&step, &event)).await;
        attached.map_err(CommandError::from)
    });
    let ended = guarded(work, stack, target, terminal).await;
    let deployed = ended.map_err(|error| in_full(error, &prepared.lines))?;
    step.done(outcome(deployed.outcome));
    Ok(deployed)
}

async fn executed(
    planned: &Planned,
    target: &Target,
    format: ReportFormat,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let estimate = deploy::estimate(target, &planned.plan).await?;
    let mut progress = Progress::new(&planned.plan, estimate, format, terminal);
    let deployed =
        deploy::execute_plan(target, &planned.plan, &mut |event| progress.show(&event)).await?;
    progress.done(outcome(deployed.outcome));
    Ok(deployed)
}
