//! Findings as text for people. Colours are the caller's business.

use std::fmt::Write;

use crate::finding::{Finding, Severity};

/// Writes findings as plain text, and a line that counts them; nothing at all when there are none.
///
/// ```text
/// error[V033 range] Work: 50000 is above the maximum, 43200
///   at      Properties.VisibilityTimeout
///   source  infra/app/src/stacks/vision.rs:42
///   help    use a value from 0 to 43200
///
/// 1 error, 0 warnings
/// ```
pub fn render(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    for finding in findings {
        text.push_str(&render_one(finding));
        text.push('\n');
    }
    let of = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    text + &format!(
        "{}, {}\n",
        count(errors, "error"),
        count(warnings, "warning")
    )
}

fn render_one(finding: &Finding) -> String {
    let subject = finding.logical_id.as_deref().unwrap_or("template");
    let mut text = format!(
        "{}[{}] {subject}: {}\n",
        finding.severity, finding.code, finding.message
    );
    let source = finding.source.as_ref().map(ToString::to_string);
    let lines = [
        (
            "at",
            Some(finding.path.clone()).filter(|path| !path.is_empty()),
        ),
        ("source", source),
        ("help", Some(finding.help.clone())),
    ];
    for (label, content) in lines {
        if let Some(content) = content {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {label:<7} {content}");
        }
    }
    text
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
