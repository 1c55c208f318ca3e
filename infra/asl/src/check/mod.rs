//! What is wrong with a definition.

mod budgets;
pub mod code;
mod finding;
mod findings;
mod flows;
mod structure;
mod suggestion;

use serde_json::Value;

pub use finding::{Finding, MachineType, NotChecked, Report, Schemas, Severity};

use crate::Definition;
use findings::Findings;
use flows::Flows;

/// Checks the definition of a Standard workflow: its structure, the data that reaches each state, and what a run may cost.
///
/// `definition` is the JSON of a state machine, ours or anybody's; `schemas` say what it is given, where that is known.
pub fn check(definition: &Value, schemas: &Schemas) -> Report {
    check_as(MachineType::Standard, definition, schemas)
}

/// Checks a definition as that of a Standard or of an Express workflow.
pub fn check_as(machine_type: MachineType, definition: &Value, schemas: &Schemas) -> Report {
    let _ = schemas;
    let mut findings = Findings::default();
    // Filled by the check of the data, with `Flows::set`.
    let flows = Flows::default();
    structure::check(definition, machine_type, &mut findings);
    let definition = Definition::read(definition);
    budgets::check(&definition, machine_type, &flows, &mut findings);
    findings.report()
}
