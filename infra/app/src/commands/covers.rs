//! `infra covers`.

use std::path::Path;

use local::covers::{Archive, write_zip};

use crate::CommandError;
use crate::cli::CoversArguments;
use crate::error::file;
use crate::terminal::Terminal;

pub(super) fn run(arguments: &CoversArguments, terminal: Terminal) -> Result<(), CommandError> {
    let step = terminal.step("Draw covers");
    write(
        &arguments.out,
        Archive {
            covers: arguments.count as usize,
            poison: arguments.poison,
        },
    )?;
    step.done(&arguments.count.to_string());
    terminal.data(&arguments.out.display().to_string());
    Ok(())
}

/// Writes an archive of covers, and the folder it goes to if need be.
pub(super) fn write(path: &Path, archive: Archive) -> Result<(), CommandError> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(file("create", folder))?;
    }
    write_zip(path, archive).map_err(file("write", path))
}
