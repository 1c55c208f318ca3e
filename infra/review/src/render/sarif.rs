//! For code scanning: SARIF 2.1.0 (OASIS).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::rows::{Level, Row, blocks};
use crate::SourceLines;
use crate::model::Review;

pub(super) fn write(review: &Review, lines: &SourceLines) -> Value {
    let mut results = Vec::new();
    let mut rules = BTreeSet::new();
    for stack in &review.stacks {
        for block in blocks(stack, lines) {
            for row in block.rows.iter().filter(|row| !row.is_told) {
                rules.insert(row.rule);
                results.push(result(&stack.name, row, block.level));
            }
        }
    }
    let rules: Vec<_> = rules.into_iter().map(|rule| json!({"id": rule})).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "infra diff", "rules": rules}},
            "results": results,
        }],
    })
}

fn result(stack: &str, row: &Row, level: Level) -> Value {
    let reasons = row.values.iter().chain(&row.reasons);
    let reasons: Vec<_> = reasons.map(|reason| format!("\n- {reason}")).collect();
    let message = format!(
        "{} ({}): {}{}",
        row.subject,
        row.kind,
        row.verdict,
        reasons.concat()
    );
    let mut location = json!({
        "logicalLocations": [{"fullyQualifiedName": format!("{stack}/{}", row.subject), "kind": "resource"}],
    });
    if let Some((file, line)) = row.source.as_deref().and_then(file_and_line) {
        location["physicalLocation"] = json!({
            "artifactLocation": {"uri": uri(file)},
            "region": {"startLine": line},
        });
    }
    json!({
        "ruleId": row.rule,
        "level": match level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        },
        "message": {"text": message},
        "locations": [location],
    })
}

/// A path as a reference of a URI: what has a meaning there is escaped. Absolute paths are references to files.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    if path.starts_with('/') {
        uri.push_str("file://");
    }
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

fn file_and_line(source: &str) -> Option<(&str, u32)> {
    let (file, line) = source.rsplit_once(':')?;
    Some((file, line.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_references() {
        for (path, expected) in [
            ("infra/app/main.rs", "infra/app/main.rs"),
            ("new stack#1.yaml", "new%20stack%231.yaml"),
            ("../a:b.json", "../a%3Ab.json"),
            ("/tmp/ä.json", "file:///tmp/%C3%A4.json"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
