//! `infra outputs`.

use std::collections::BTreeMap;

use serde_json::json;

use crate::CommandError;
use crate::cli::{OutputsArguments, ReportFormat};
use crate::query::ResultTable;
use crate::table::{TableFormat, render};
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &OutputsArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let target = arguments.target.connect().await?;
    let outputs = deploy::stack_outputs(&target, &arguments.stack)
        .await?
        .ok_or_else(|| CommandError::NotDeployed(arguments.stack.clone()))?;
    let text = match &arguments.name {
        Some(name) => one(value(&outputs, &arguments.stack, name)?, arguments.format),
        None => all(&arguments.stack, &outputs, arguments.format),
    };
    terminal.data(&text);
    Ok(())
}

fn value<'a>(
    outputs: &'a BTreeMap<String, String>,
    stack: &str,
    name: &str,
) -> Result<&'a str, CommandError> {
    let value = outputs.get(name).map(String::as_str);
    value.ok_or_else(|| CommandError::UnknownOutput {
        stack: stack.to_owned(),
        name: name.to_owned(),
        known: known(outputs),
    })
}

fn known(outputs: &BTreeMap<String, String>) -> String {
    if outputs.is_empty() {
        return "it has none".to_owned();
    }
    let names: Vec<&str> = outputs.keys().map(String::as_str).collect();
    format!("its outputs are: {}", names.join(", "))
}

fn one(value: &str, format: ReportFormat) -> String {
    match format {
        ReportFormat::Text => value.to_owned(),
        ReportFormat::Json => json!(value).to_string(),
    }
}

fn all(stack: &str, outputs: &BTreeMap<String, String>, format: ReportFormat) -> String {
    match format {
        ReportFormat::Json => format!("{:#}", json!(outputs)),
        ReportFormat::Text => table(&[(stack, outputs)]),
    }
}

/// The outputs of stacks, for people. Where there are several, it says of which.
pub(super) fn table(stacks: &[(&str, &BTreeMap<String, String>)]) -> String {
    let of_several = stacks.len() > 1;
    let rows = stacks.iter().flat_map(|&(stack, outputs)| {
        outputs.iter().map(move |(name, value)| {
            let stack = of_several.then(|| Some(stack.to_owned()));
            let output = [Some(name.clone()), Some(value.clone())];
            stack.into_iter().chain(output).collect()
        })
    });
    let stack = of_several.then_some("stack");
    let columns = stack.into_iter().chain(["output", "value"]);
    let table = ResultTable {
        columns: columns.map(str::to_owned).collect(),
        rows: rows.collect(),
    };
    render(&table, TableFormat::Text)
}
