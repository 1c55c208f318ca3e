//! `infra deploy-role`.

use std::path::Path;

use cfn::Document;

use crate::CommandError;
use crate::cli::DeployRoleArguments;
use crate::deploy_role::{SUFFIX, deploy_role};
use crate::error::file;
use crate::stacks::{self, Definition};
use crate::synthesis::synthesize;
use crate::terminal::Terminal;

pub(super) fn run(arguments: &DeployRoleArguments, terminal: Terminal) -> Result<(), CommandError> {
    let definitions = match &arguments.stack {
        Some(name) => vec![stacks::find(name)?],
        None => stacks::ALL.iter().collect(),
    };
    for definition in definitions {
        let document = deploy_role(definition, &synthesize(definition)?)?;
        match &arguments.out {
            Some(folder) => write(folder, definition, &document, terminal)?,
            None => terminal.data(&document.to_json()),
        }
    }
    Ok(())
}

fn write(
    folder: &Path,
    definition: &Definition,
    document: &Document,
    terminal: Terminal,
) -> Result<(), CommandError> {
    std::fs::create_dir_all(folder).map_err(file("create", folder))?;
    let path = folder.join(format!("{}{SUFFIX}.template.json", definition.name));
    std::fs::write(&path, document.to_json()).map_err(file("write", &path))?;
    terminal.data(&path.display().to_string());
    Ok(())
}
