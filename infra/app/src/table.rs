//! Result tables as text, CSV and JSON.

use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};

use crate::query::ResultTable;

/// How a result is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    /// Aligned columns for people.
    #[default]
    Text,
    /// One JSON array of objects; null stays null.
    Json,
    /// Comma-separated values with a header; null is empty.
    Csv,
}

/// A line under the header and one at each end.
const STYLE: TableStyle = TableStyle::new()
    .top_border(LINE)
    .header_separator(LINE)
    .bottom_border(LINE);
const LINE: LineStyle = LineStyle::none().fill('─').junction('─');

/// Writes a table.
#[must_use]
pub fn render(table: &ResultTable, format: TableFormat) -> String {
    match format {
        TableFormat::Text => text(table),
        TableFormat::Json => json(table),
        TableFormat::Csv => csv(table),
    }
}

fn text(table: &ResultTable) -> String {
    let mut drawn = Table::new();
    drawn
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(&table.columns);
    for row in &table.rows {
        drawn.add_row(
            row.iter()
                .map(|cell| cell.as_deref().map_or_else(|| "∅".to_owned(), printable)),
        );
    }
    let rows = table.rows.len();
    format!("{drawn}\n{rows} {}", if rows == 1 { "row" } else { "rows" })
}

/// Model answers are data from outside: control characters in them must not reach a terminal.
fn printable(cell: &str) -> String {
    cell.chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

fn json(table: &ResultTable) -> String {
    let rows: Vec<serde_json::Value> = table
        .rows
        .iter()
        .map(|row| {
            table
                .columns
                .iter()
                .cloned()
                .zip(row.iter().map(|cell| serde_json::json!(cell)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        })
        .collect();
    format!("{:#}", serde_json::Value::Array(rows))
}

fn csv(table: &ResultTable) -> String {
    let line =
        |cells: &mut dyn Iterator<Item = &str>| cells.map(quoted).collect::<Vec<_>>().join(",");
    let mut lines = vec![line(&mut table.columns.iter().map(String::as_str))];
    lines.extend(
        table
            .rows
            .iter()
            .map(|row| line(&mut row.iter().map(|cell| cell.as_deref().unwrap_or_default()))),
    );
    lines.join("\r\n")
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> ResultTable {
        ResultTable {
            columns: vec!["title".into(), "year".into()],
            rows: vec![
                vec![Some("A \"quoted\", title\u{1b}[31m".into()), None],
                vec![Some("Plain".into()), Some("1999".into())],
            ],
        }
    }

    #[test]
    fn text_shows_nulls_and_hides_control_characters() {
        let drawn = render(&sample(), TableFormat::Text);
        assert!(drawn.contains('∅') && drawn.ends_with("2 rows"), "{drawn}");
        assert!(!drawn.contains('\u{1b}'), "{drawn}");
    }

    #[test]
    fn csv_quotes_what_needs_it() {
        assert_eq!(
            render(&sample(), TableFormat::Csv).lines().next_back(),
            Some("Plain,1999")
        );
        assert!(render(&sample(), TableFormat::Csv).contains("\"A \"\"quoted\"\", title"));
    }

    #[test]
    fn json_keeps_null() {
        let value: serde_json::Value =
            serde_json::from_str(&render(&sample(), TableFormat::Json)).unwrap();
        assert_eq!(value[0]["year"], serde_json::Value::Null);
        assert_eq!(value[1]["year"], "1999");
    }
}
