//! `infra plan`.

use review::{Review, SourceLines};

use super::diff::written;
use crate::CommandError;
use crate::cli::PlanArguments;
use crate::deployment::approval::check_unforeseen;
use crate::deployment::give_up;
use crate::deployment::plan_file::PlanFile;
use crate::deployment::planning::{self, Planned};
use crate::deployment::preparing::{Prepared, package};
use crate::stacks;
use crate::terminal::Terminal;

pub(super) async fn run(arguments: &PlanArguments, terminal: Terminal) -> Result<(), CommandError> {
    let definition = stacks::find(&arguments.stack)?;
    let target_arguments = &arguments.target;
    let prepared = Prepared::of(definition, &arguments.settings, target_arguments, terminal)?;
    let target = target_arguments.connect().await?;
    let stacks = std::slice::from_ref(&prepared);
    let assets = package(stacks, &arguments.build, target_arguments, terminal)?;
    let by = target_arguments.planner();
    let planned = planning::plan(&prepared, &assets, by, &target, terminal).await?;
    let Some(planned) = planned else {
        terminal.data(&written(
            &Review::default(),
            &SourceLines::new(),
            arguments.format,
            terminal,
        ));
        if let Some(path) = &arguments.out {
            let nothing = PlanFile::of_nothing(&prepared.stack_name, &target).await?;
            nothing.write(path)?;
        }
        return Ok(());
    };
    let review = Review::of([planned.review.clone()]);
    terminal.data(&written(
        &review,
        &planned.source_lines(),
        arguments.format,
        terminal,
    ));
    let written = write(arguments, &planned, &target).await;
    if arguments.out.is_none() || written.is_err() {
        give_up(&planned.plan, &target, terminal).await;
    }
    if let (Some(path), Ok(())) = (&arguments.out, &written) {
        let (path, options) = (path.display(), target_arguments.options());
        terminal.say(&format!(
            "execute it with `cargo infra deploy --plan {path}{options}`"
        ));
    }
    written
}

/// A plan that goes beyond its review is not written.
async fn write(
    arguments: &PlanArguments,
    planned: &Planned,
    target: &deploy::Target,
) -> Result<(), CommandError> {
    check_unforeseen(&planned.review, arguments.accept_unforeseen)?;
    match &arguments.out {
        Some(path) => PlanFile::of(planned, target).await?.write(path),
        None => Ok(()),
    }
}
