//! `infra query`.

use crate::CommandError;
use crate::cli::QueryArguments;
use crate::pipeline::Pipeline;
use crate::table::render;
use crate::terminal::Terminal;
use crate::{sql, stacks};

/// The views of all stacks: a statement carries only those it names.
fn views() -> Vec<constructs::View> {
    stacks::ALL
        .iter()
        .flat_map(|definition| (definition.views)())
        .collect()
}

pub(super) async fn run(
    arguments: &QueryArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let target = arguments.target.connect().await?;
    let outputs = deploy::stack_outputs(&target, &arguments.stack)
        .await?
        .ok_or_else(|| CommandError::NotDeployed(arguments.stack.clone()))?;
    let pipeline = Pipeline::from_outputs(&outputs)?;
    let table = sql::query(&target, &pipeline.scope, &views(), &arguments.sql).await?;
    terminal.data(&render(&table, arguments.format));
    Ok(())
}
