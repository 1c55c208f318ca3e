//! Findings for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use asl::Finding;
use asl::check::{NotChecked, Severity};
use serde_json::{Value, json};

use super::{Checked, count};

/// One paragraph per finding, then how far each definition was followed:
///
/// ```text
/// order.asl.json: /States/Charge/Next: error[S012 unknown-state] there is no state `Nofity`
///   help  did you mean `Notify`?
///
/// order.asl.json: 1 error, 0 warnings; 12 expressions and paths checked, 0 not
/// ```
pub(super) fn text(checked: &[Checked]) -> String {
    let mut text = String::new();
    for each in checked {
        let subject = subject(each);
        for finding in &each.report.findings {
            paragraph(&mut text, &subject, finding);
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{subject}: {}", summary(each));
        reasons(&mut text, &each.report.not_checked);
    }
    text
}

/// `template.yaml: Orders`, or only the file.
fn subject(checked: &Checked) -> String {
    match &checked.resource {
        Some(resource) => format!("{}: {resource}", checked.file),
        None => checked.file.clone(),
    }
}

fn paragraph(text: &mut String, subject: &str, finding: &Finding) {
    let Finding {
        pointer,
        code,
        severity,
        message,
        help,
    } = finding;
    let place = match pointer.as_str() {
        "" => String::new(),
        pointer => format!("{pointer}: "),
    };
    let _ = writeln!(text, "{subject}: {place}{severity}[{code}] {message}");
    let _ = writeln!(text, "  help  {help}\n");
}

fn summary(checked: &Checked) -> String {
    let only = std::slice::from_ref(checked);
    let totals = totals(count(only, Severity::Error), count(only, Severity::Warning));
    let (done, left) = (checked.report.checked, checked.report.not_checked.len());
    format!("{totals}; {done} expressions and paths checked, {left} not")
}

/// The places that were not checked, under the reason they share.
fn reasons(text: &mut String, not_checked: &[NotChecked]) {
    let mut places: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for each in not_checked {
        places
            .entry(&each.reason)
            .or_default()
            .push(each.pointer.as_str());
    }
    for (reason, places) in places {
        let _ = writeln!(text, "  not checked  {reason}: {}", places.join(", "));
    }
}

/// `1 error, 2 warnings`.
pub(super) fn totals(errors: usize, warnings: usize) -> String {
    let counted = |number, noun| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    format!(
        "{}, {}",
        counted(errors, "error"),
        counted(warnings, "warning")
    )
}

/// The object that `--help` describes.
pub(super) fn json(checked: &[Checked]) -> String {
    let definitions: Vec<_> = checked.iter().map(definition).collect();
    let report = json!({
        "errors": count(checked, Severity::Error),
        "warnings": count(checked, Severity::Warning),
        "definitions": definitions,
    });
    format!("{report:#}")
}

fn definition(checked: &Checked) -> Value {
    let findings: Vec<_> = checked.report.findings.iter().map(finding).collect();
    let not_checked: Vec<_> = checked
        .report
        .not_checked
        .iter()
        .map(|each| json!({"pointer": each.pointer.as_str(), "reason": each.reason}))
        .collect();
    json!({
        "file": checked.file,
        "resource": checked.resource,
        "findings": findings,
        "checked": checked.report.checked,
        "not_checked": not_checked,
    })
}

fn finding(finding: &Finding) -> Value {
    let (code, name) = finding.code.split_once(' ').unwrap_or((finding.code, ""));
    json!({
        "code": code,
        "name": name,
        "severity": finding.severity.to_string(),
        "pointer": finding.pointer.as_str(),
        "message": finding.message,
        "help": finding.help,
    })
}
