//! `infra deploy`.

use std::collections::BTreeMap;

use constructs::deployed_name;

use crate::CommandError;
use crate::cli::{BuildArguments, DeployArguments};
use crate::deployment::{self, Deployment};
use crate::packaging;
use crate::query::ResultTable;
use crate::stacks;
use crate::synthesis::{self, synthesize};
use crate::table::{TableFormat, render};
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &DeployArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let definition = stacks::find(&arguments.stack)?;
    let synthesized = synthesize(definition)?;
    let stack_name = arguments.stack_name.as_deref().unwrap_or(definition.name);
    deployed_name::check(&synthesized.document, stack_name)?;
    let target = arguments.target.connect().await?;
    let mut parameters = if arguments.target.local {
        definition.local_parameters()
    } else {
        BTreeMap::new()
    };
    parameters.extend(arguments.parameters.iter().cloned());
    let template = if arguments.target.local {
        let local = synthesis::local(definition, &synthesized)?;
        for missing in local.missing() {
            terminal.say(&format!("not on the local AWS: {missing}"));
        }
        local.json
    } else {
        synthesized.document.to_json()
    };
    let build = if arguments.target.local {
        BuildArguments::local()
    } else {
        arguments.build.clone()
    };
    let assets = packaging::package(definition.functions, &build, terminal)?;
    let deployed = deployment::deploy(
        &Deployment {
            definition,
            stack_name,
            template,
            assets: &assets,
            parameters,
        },
        &target,
        terminal,
    )
    .await?;
    let rows = deployed
        .outputs
        .into_iter()
        .map(|(name, value)| vec![Some(name), Some(value)])
        .collect();
    terminal.data(&render(
        &ResultTable {
            columns: vec!["output".into(), "value".into()],
            rows,
        },
        TableFormat::Text,
    ));
    Ok(())
}
