//! `infra check-asl`.

mod input;
mod output;

use asl::Report;
use asl::check::{MachineType, Severity};

use crate::CommandError;
use crate::cli::{CheckAslArguments, FindingFormat, WorkflowType};
use crate::terminal::Terminal;

/// A definition that was checked.
struct Checked {
    /// The file as it was typed.
    file: String,
    /// The logical id in a template.
    resource: Option<String>,
    report: Report,
}

pub(super) fn run(arguments: &CheckAslArguments, terminal: Terminal) -> Result<(), CommandError> {
    let schemas = input::schemas(arguments)?;
    let machine_type = match arguments.machine_type {
        WorkflowType::Standard => MachineType::Standard,
        WorkflowType::Express => MachineType::Express,
    };
    let mut checked = Vec::new();
    for file in &arguments.files {
        checked.extend(input::check(file, machine_type, &schemas)?);
    }
    let text = match arguments.format {
        FindingFormat::Text => output::text(&checked),
        FindingFormat::Json => output::json(&checked),
    };
    terminal.data(&text);
    let (errors, warnings) = (
        count(&checked, Severity::Error),
        count(&checked, Severity::Warning),
    );
    if errors > 0 || (arguments.strict && warnings > 0) {
        return Err(CommandError::Unsound(output::totals(errors, warnings)));
    }
    Ok(())
}

fn count(checked: &[Checked], severity: Severity) -> usize {
    let findings = checked.iter().flat_map(|each| &each.report.findings);
    findings
        .filter(|finding| finding.severity == severity)
        .count()
}
