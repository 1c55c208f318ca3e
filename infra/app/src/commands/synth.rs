//! `infra synth`.

use crate::CommandError;
use crate::cli::{SynthArguments, TemplateFormat};
use crate::error::file;
use crate::stacks::{self, Definition};
use crate::synthesis::{Synthesized, synthesize};
use crate::terminal::Terminal;

pub(super) fn run(arguments: &SynthArguments, terminal: Terminal) -> Result<(), CommandError> {
    for definition in selected(arguments.stack.as_deref())? {
        let synthesized = synthesize(definition)?;
        if !synthesized.warnings.is_empty() {
            terminal.warn(&format!(
                "stack `{}`:\n{}",
                definition.name,
                validate::render(&synthesized.warnings)
            ));
        }
        match arguments.print {
            Some(TemplateFormat::Json) => terminal.data(&synthesized.document.to_json()),
            Some(TemplateFormat::Yaml) => terminal.data(&synthesized.document.to_yaml()),
            None => write(arguments, definition, &synthesized, terminal)?,
        }
    }
    Ok(())
}

fn selected(name: Option<&str>) -> Result<Vec<&'static Definition>, CommandError> {
    match name {
        Some(name) => Ok(vec![stacks::find(name)?]),
        None => Ok(stacks::ALL.iter().collect()),
    }
}

fn write(
    arguments: &SynthArguments,
    definition: &Definition,
    synthesized: &Synthesized,
    terminal: Terminal,
) -> Result<(), CommandError> {
    std::fs::create_dir_all(&arguments.out).map_err(file("create", &arguments.out))?;
    for (extension, text) in [
        ("json", synthesized.document.to_json()),
        ("yaml", synthesized.document.to_yaml()),
    ] {
        let path = arguments
            .out
            .join(format!("{}.template.{extension}", definition.name));
        std::fs::write(&path, text).map_err(file("write", &path))?;
        terminal.data(&path.display().to_string());
    }
    Ok(())
}
