//! The execution of a plan that was approved.

use deploy::{Deployed, Estimate, Target};

use super::outcome;
use super::planning::Planned;
use super::progress::Progress;
use crate::CommandError;
use crate::cli::ReportFormat;
use crate::failure::in_full;
use crate::interruption::guarded;
use crate::synthesis::Lines;
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
    stack: &str,
    lines: &Lines,
    target: &Target,
    format: ReportFormat,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let work = Box::pin(async {
        let estimate = deploy::estimate(target, stack).await?;
        let progress = Progress::new(stack, None, estimate, format, terminal);
        let deployed = deploy::attach(target, stack, &mut |event| progress.show(&event)).await?;
        progress.done(outcome(deployed.outcome));
        Ok(deployed)
    });
    let ended = guarded(work, stack, target, terminal).await;
    ended.map_err(|error| in_full(error, lines))
}

async fn executed(
    planned: &Planned,
    target: &Target,
    format: ReportFormat,
    terminal: Terminal,
) -> Result<Deployed, CommandError> {
    let plan = &planned.plan;
    let estimate = if plan.create {
        Estimate::default()
    } else {
        deploy::estimate(target, &plan.stack_id).await?
    };
    let changes = Some(plan.changes.len());
    let progress = Progress::new(&plan.stack, changes, estimate, format, terminal);
    let deployed = deploy::execute_plan(target, plan, &mut |event| progress.show(&event)).await?;
    progress.done(outcome(deployed.outcome));
    Ok(deployed)
}
