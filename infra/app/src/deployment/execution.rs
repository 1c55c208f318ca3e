//! The execution of a plan that was approved.

use deploy::{Deployed, Outcome, Target};

use super::outcome;
use super::planning::Planned;
use super::progress::Progress;
use crate::CommandError;
use crate::cli::ReportFormat;
use crate::terminal::Terminal;

/// Executes exactly this plan, and waits for its end.
pub(crate) async fn run(
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

/// A stack that is as it should be.
pub(crate) async fn unchanged(target: &Target, stack: &str) -> Result<Deployed, CommandError> {
    let outputs = deploy::stack_outputs(target, stack).await?;
    Ok(Deployed {
        outcome: Outcome::Unchanged,
        stack_id: stack.to_owned(),
        outputs: outputs.unwrap_or_default(),
    })
}
