//! Definitions, templates and schemas, from files or from stdin.

use std::io::Read as _;
use std::path::Path;

use asl::check::{MachineType, check_as};
use asl::source::{self, Document};
use asl::{Schemas, template};
use jsonata::Shape;
use serde_json::Value;

use super::Checked;
use crate::CommandError;
use crate::cli::CheckAslArguments;

/// Checks all definitions of a file; `machine_type` is that of a definition on its own.
pub(super) fn check(
    file: &Path,
    machine_type: MachineType,
    schemas: &Schemas,
) -> Result<Vec<Checked>, CommandError> {
    let document = read(file)?;
    let name = file.display().to_string();
    if is_definition(&document.value) {
        let mut report = check_as(machine_type, &document.value, schemas);
        report.add_duplicates(&document.duplicates);
        return Ok(vec![Checked {
            file: name,
            resource: None,
            report,
        }]);
    }
    let machines = template::machines_of(&document);
    if machines.is_empty() {
        let problem =
            "it is neither a definition (no `States`) nor a template with a state machine";
        return Err(unreadable(file, problem));
    }
    let check = |machine: template::Machine| Checked {
        file: name.clone(),
        report: machine.check(schemas),
        resource: Some(machine.logical_id),
    };
    Ok(machines.into_iter().map(check).collect())
}

/// A definition has states or says where they begin; a template has neither.
fn is_definition(value: &Value) -> bool {
    value.get("States").is_some() || value.get("StartAt").is_some()
}

pub(super) fn schemas(arguments: &CheckAslArguments) -> Result<Schemas, CommandError> {
    let mut schemas = Schemas::default();
    if let Some(file) = &arguments.input_schema {
        schemas.input = Some(schema(file)?);
    }
    for (name, file) in &arguments.result_schemas {
        let schema = schema(Path::new(file))?;
        if schemas.results.insert(name.clone(), schema).is_some() {
            let problem = format!("`{name}` has another schema already; give one for each name");
            return Err(unreadable(Path::new(file), &problem));
        }
    }
    Ok(schemas)
}

fn schema(file: &Path) -> Result<Value, CommandError> {
    let schema = read(file)?.value;
    Shape::from_schema(&schema).map_err(|problem| CommandError::Schema {
        path: file.display().to_string(),
        problem,
    })?;
    Ok(schema)
}

fn read(file: &Path) -> Result<Document, CommandError> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(file)
    };
    let text = text.map_err(|error| unreadable(file, &error.to_string()))?;
    source::read(&text).map_err(|error| unreadable(file, &error.to_string()))
}

fn unreadable(file: &Path, problem: &str) -> CommandError {
    CommandError::Unreadable {
        path: file.display().to_string(),
        problem: problem.to_owned(),
    }
}
