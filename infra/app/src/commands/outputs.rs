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
        None => all(outputs, arguments.format),
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

fn all(outputs: BTreeMap<String, String>, format: ReportFormat) -> String {
    match format {
        ReportFormat::Json => format!("{:#}", json!(outputs)),
        ReportFormat::Text => {
            let rows = outputs.into_iter();
            let table = ResultTable {
                columns: vec!["output".into(), "value".into()],
                rows: rows
                    .map(|(name, value)| vec![Some(name), Some(value)])
                    .collect(),
            };
            render(&table, TableFormat::Text)
        }
    }
}
