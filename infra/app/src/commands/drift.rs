//! `infra drift`.

use deploy::{Drift, DriftStatus, PropertyDifference, ResourceDrift};
use serde_json::{Value, json};

use crate::CommandError;
use crate::cli::{DriftArguments, ReportFormat};
use crate::deployment::show;
use crate::stacks;
use crate::synthesis::{Lines, synthesize};
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &DriftArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let stack = arguments.stack_name.as_ref().unwrap_or(&arguments.stack);
    let target = arguments.target.connect().await?;
    let step = terminal.step(&format!("Compare stack {stack} with its template"));
    let drift = deploy::detect_drift(&target, stack, &mut |event| show(&step, &event)).await;
    let drift = match drift {
        Err(error) if error.says_absent() => return Err(CommandError::NotDeployed(stack.clone())),
        drift => drift?,
    };
    step.done(&summary(&drift));
    let sources = sources(&arguments.stack);
    terminal.data(&match arguments.format {
        ReportFormat::Text => text(&drift, &sources),
        ReportFormat::Json => format!("{:#}", document(stack, &drift, &sources)),
    });
    verdict(stack, drift)
}

fn verdict(stack: &str, drift: Drift) -> Result<(), CommandError> {
    let stack = stack.to_owned();
    match (drift.drifted(), drift.incomplete) {
        (0, None) => Ok(()),
        (0, Some(reason)) => Err(CommandError::DriftUnknown { stack, reason }),
        (count, _) => Err(CommandError::Drifted { stack, count }),
    }
}

/// Which lines declare the resources, if the stack is one of ours. One that cannot be synthesized now may have drifted still.
fn sources(stack: &str) -> Lines {
    let synthesized = stacks::find(stack).and_then(synthesize);
    synthesized.map_or_else(|_| Lines::new(), |synthesized| synthesized.lines())
}

fn summary(drift: &Drift) -> String {
    let count = |status| {
        let resources = drift.resources.iter();
        resources
            .filter(|resource| resource.status == status)
            .count()
    };
    format!(
        "{} in sync, {} modified, {} deleted, {} not checked",
        count(DriftStatus::InSync),
        count(DriftStatus::Modified),
        count(DriftStatus::Deleted),
        count(DriftStatus::NotChecked)
    )
}

/// What has drifted, one resource after the other, and what nobody knows of.
fn text(drift: &Drift, sources: &Lines) -> String {
    let mut drifted: Vec<&ResourceDrift> = drift.resources.iter().collect();
    drifted.retain(|resource| resource.status.is_drift());
    drifted.sort_by_key(|resource| resource.status);
    let drifted = drifted.into_iter();
    let mut lines: Vec<String> = drifted
        .flat_map(|resource| lines(resource, sources))
        .collect();
    if lines.is_empty() {
        lines.push("no resource that was compared has drifted".to_owned());
    }
    let types = drift.not_checked().into_iter();
    let types: Vec<String> = types
        .map(|(name, count)| format!("{name} ({count})"))
        .collect();
    if !types.is_empty() {
        lines.push(format!("not compared: {}", types.join(", ")));
    }
    lines.extend((drift.incomplete.iter()).map(|reason| format!("not all was compared: {reason}")));
    lines.join("\n")
}

/// A resource that has drifted, where it is declared, and what differs.
fn lines(resource: &ResourceDrift, sources: &Lines) -> Vec<String> {
    let status = match resource.status {
        DriftStatus::Deleted => "deleted",
        DriftStatus::Modified => "modified",
        DriftStatus::NotChecked => "unknown",
        DriftStatus::InSync => "in sync",
    };
    let mut lines = vec![format!(
        "{status:<8} {} ({}) {}",
        resource.logical_id, resource.resource_type, resource.physical_id
    )];
    let source = sources.get(&resource.logical_id);
    lines.extend(source.map(|line| format!("  declared at {line}")));
    lines.extend(resource.differences.iter().map(difference));
    lines.extend(resource.reason.iter().map(|reason| format!("  {reason}")));
    lines
}

fn difference(difference: &PropertyDifference) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(nothing)".to_owned());
    format!(
        "  {}: {} -> {}",
        difference.path,
        value(&difference.expected),
        value(&difference.actual)
    )
}

fn document(stack: &str, drift: &Drift, sources: &Lines) -> Value {
    let resources = drift.resources.iter().map(|resource| {
        let mut resource_document = json!(resource);
        resource_document["source"] = json!(sources.get(&resource.logical_id));
        resource_document
    });
    json!({
        "stack": stack,
        "incomplete": drift.incomplete,
        "resources": resources.collect::<Vec<_>>(),
    })
}
