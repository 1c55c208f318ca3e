//! `infra batch models`.

use super::json;
use crate::CommandError;
use crate::batch::{Availability, Family, families};
use crate::cli::{ModelsArguments, ReportFormat};
use crate::query::ResultTable;
use crate::table::{TableFormat, render};
use crate::terminal::Terminal;

pub(super) async fn run(
    arguments: &ModelsArguments,
    terminal: Terminal,
) -> Result<(), CommandError> {
    let mut families = families();
    if arguments.available {
        let config = arguments.target.bedrock().await?;
        let client = aws_sdk_bedrock::Client::new(&config);
        families = Availability::ask(&client).await?.join(families);
        terminal.say(
            "The account says which models it is offered, not which of them take batch jobs: see \"Supported Regions and models for batch inference\" in the Bedrock user guide.",
        );
    }
    match arguments.format {
        ReportFormat::Text => terminal.data(&render(
            &table(&families, arguments.available),
            TableFormat::Text,
        )),
        ReportFormat::Json => json(terminal, &families),
    }
    Ok(())
}

fn table(families: &[Family], asked: bool) -> ResultTable {
    let mut columns = vec![
        "model",
        "format",
        "gives",
        "records per job",
        "$ per million in",
        "out",
        "note",
    ];
    if asked {
        columns.push("account");
    }
    let price = |family: &Family, price: Option<f64>| {
        let unknown = if family.is_general() { "" } else { "unknown" };
        Some(price.map_or_else(|| unknown.to_owned(), |price| price.to_string()))
    };
    let rows = families.iter().map(|family| {
        let mut row = vec![
            Some(family.model.clone()),
            Some(family.format.to_owned()),
            Some(family.kind.to_owned()),
            Some(format!(
                "{} to {}",
                family.minimum_records, family.maximum_records
            )),
            price(family, family.input_price),
            price(family, family.output_price),
            Some(family.note()),
        ];
        if asked {
            row.push(family.available.clone());
        }
        row
    });
    ResultTable {
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows: rows.collect(),
    }
}
