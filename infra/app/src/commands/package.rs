//! `infra package`.

use crate::CommandError;
use crate::cli::PackageArguments;
use crate::packaging;
use crate::query::ResultTable;
use crate::stacks;
use crate::table::render;
use crate::terminal::Terminal;

pub(super) fn run(arguments: &PackageArguments, terminal: Terminal) -> Result<(), CommandError> {
    let functions = match arguments.functions.as_slice() {
        [] => stacks::functions(),
        named => named.iter().map(String::as_str).collect(),
    };
    let assets = packaging::package(&functions, &arguments.build, terminal)?;
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
    let table = ResultTable {
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.collect(),
    };
    terminal.data(&render(&table, arguments.format));
    Ok(())
}
