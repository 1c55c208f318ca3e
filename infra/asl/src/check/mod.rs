//! What is wrong with a definition.

mod budgets;
pub mod code;
mod data;
mod finding;
mod findings;
mod flows;
mod structure;

use serde_json::Value;

pub use finding::{Finding, MachineType, NotChecked, Report, Schemas, Severity};

use crate::Definition;
use findings::Findings;

/// Checks the definition of a Standard workflow: its structure, the data that reaches each state, and what a run may cost.
///
/// `definition` is the JSON of a state machine, ours or anybody's; `schemas` say what it is given, where that is known.
pub fn check(definition: &Value, schemas: &Schemas) -> Report {
    check_as(MachineType::Standard, definition, schemas)
}

/// Checks a definition as that of a Standard or of an Express workflow.
pub fn check_as(machine_type: MachineType, definition: &Value, schemas: &Schemas) -> Report {
    let mut findings = Findings::default();
    structure::check(definition, machine_type, &mut findings);
    let definition = Definition::read(definition);
    let flows = data::check(&definition, schemas, &mut findings);
    budgets::check(&definition, machine_type, &flows, &mut findings);
    findings.report()
}
