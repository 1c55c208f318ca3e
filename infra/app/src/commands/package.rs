//! `infra package`.

use package::Asset;
use serde_json::json;

use crate::CommandError;
use crate::cli::PackageArguments;
use crate::packaging;
use crate::query::ResultTable;
use crate::stacks;
use crate::table::{TableFormat, render};
use crate::terminal::Terminal;

pub(super) fn run(arguments: &PackageArguments, terminal: Terminal) -> Result<(), CommandError> {
    let functions = match arguments.functions.as_slice() {
        [] => stacks::functions(),
        named => named.iter().map(String::as_str).collect(),
    };
    let assets = packaging::build_packages(&functions, &arguments.build, terminal)?;
    terminal.data(&match arguments.format {
        TableFormat::Json => json(&assets),
        format => render(&table(&assets), format),
    });
    packaging::report_large(&assets, &arguments.build, terminal)
}

/// Sizes as numbers, in bytes.
fn json(assets: &[Asset]) -> String {
    let packages: Vec<_> = assets
        .iter()
        .map(|asset| {
            json!({
                "function": asset.function,
                "file": asset.zip_path,
                "sha256": asset.sha256,
                "zipped_bytes": asset.zipped_size,
                "unzipped_bytes": asset.unzipped_size,
                "architecture": asset.architecture.lambda_name(),
                "key": asset.key,
            })
        })
        .collect();
    format!("{:#}", serde_json::Value::Array(packages))
}

fn table(assets: &[Asset]) -> ResultTable {
    let columns = [
        "function",
        "zipped",
        "unzipped",
        "architecture",
        "key",
        "path",
    ];
    let rows = assets.iter().map(|asset| {
        let cells = [
            asset.function.clone(),
            asset.zipped_size.to_string(),
            asset.unzipped_size.to_string(),
            asset.architecture.to_string(),
            asset.key.clone(),
            asset.zip_path.display().to_string(),
        ];
        cells.map(Some).to_vec()
    });
    ResultTable {
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_read_sizes_as_numbers() {
        let asset = Asset {
            function: "unzip".into(),
            zip_path: "target/lambda/deployed/arm64/unzip.zip".into(),
            sha256: "00ff".into(),
            key: "assets/unzip/00ff.zip".into(),
            zipped_size: 4_000_000,
            unzipped_size: 9_000_000,
            architecture: package::Architecture::Arm64,
            budget: None,
            named_folder: None,
        };
        let packages: serde_json::Value = serde_json::from_str(&json(&[asset])).unwrap();
        assert_eq!(
            packages,
            json!([{
                "function": "unzip",
                "file": "target/lambda/deployed/arm64/unzip.zip",
                "sha256": "00ff",
                "zipped_bytes": 4_000_000,
                "unzipped_bytes": 9_000_000,
                "architecture": "arm64",
                "key": "assets/unzip/00ff.zip",
            }])
        );
    }
}
