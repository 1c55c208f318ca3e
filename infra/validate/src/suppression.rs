//! Suppressions in `Metadata`: `{"Colophon": {"Suppress": [{"Code": "V031", "Reason": "..."}]}}`.

use serde_json::Value;

use crate::code;
use crate::finding::Finding;
use crate::findings::Findings;
use crate::path::Path;
use crate::template::Template;

struct Suppression<'a> {
    /// The resource it is for; none for the whole template.
    logical_id: Option<&'a str>,
    index: usize,
    number: &'a str,
}

impl Suppression<'_> {
    fn covers(&self, finding: &Finding) -> bool {
        code::number(finding.code) == self.number
            && self
                .logical_id
                .is_none_or(|id| finding.logical_id.as_deref() == Some(id))
    }
}

/// Removes what is suppressed, and reports suppressions that are wrong or of no use.
pub(crate) fn apply(template: &Template<'_>, findings: &mut Findings) {
    let mut suppressions = Vec::new();
    read(template.value, Path::Template, &mut suppressions, findings);
    for resource in template.resources.values() {
        let path = Path::Resource(resource.id);
        read(resource.value, path, &mut suppressions, findings);
    }
    let mut used = vec![false; suppressions.len()];
    findings.list.retain(|finding| {
        let mut kept = true;
        for (suppression, used) in suppressions.iter().zip(&mut used) {
            if suppression.covers(finding) {
                *used = true;
                kept = false;
            }
        }
        kept
    });
    for (suppression, _) in suppressions.iter().zip(used).filter(|(_, used)| !used) {
        report_unused(suppression, findings);
    }
}

fn report_unused(suppression: &Suppression<'_>, findings: &mut Findings) {
    let place = suppression
        .logical_id
        .map_or(Path::Template, Path::Resource);
    let metadata = place.key("Metadata");
    let colophon = metadata.key("Colophon");
    let list = colophon.key("Suppress");
    findings.warning(
        code::UNUSED_SUPPRESSION,
        list.index(suppression.index),
        format!(
            "there is no finding {} to suppress here",
            suppression.number
        ),
        "remove the suppression",
    );
}

fn read<'a>(
    holder: &'a Value,
    place: Path<'a>,
    suppressions: &mut Vec<Suppression<'a>>,
    findings: &mut Findings,
) {
    let Some(list) = holder.pointer("/Metadata/Colophon/Suppress") else {
        return;
    };
    let metadata = place.key("Metadata");
    let colophon = metadata.key("Colophon");
    let path = colophon.key("Suppress");
    let Some(entries) = list.as_array() else {
        let help = "write a list of {\"Code\": ..., \"Reason\": ...}";
        findings.error(
            code::SUPPRESSION,
            path,
            "the suppressions are not a list",
            help,
        );
        return;
    };
    for (index, entry) in entries.iter().enumerate() {
        match number(entry) {
            Ok(number) => suppressions.push(Suppression {
                logical_id: place.logical_id(),
                index,
                number,
            }),
            Err(message) => findings.error(
                code::SUPPRESSION,
                path.index(index),
                message,
                "write {\"Code\": \"V031\", \"Reason\": \"why the finding is wrong here\"}",
            ),
        }
    }
}

/// The code that an entry suppresses. Findings on suppressions themselves cannot be suppressed.
fn number(entry: &Value) -> Result<&str, String> {
    let text = |name| entry.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = code::number(text("Code"));
    let known = code::ALL
        .iter()
        .any(|(code, _)| code::number(code) == number);
    if !known {
        return Err(format!("`{}` is no code of a finding", text("Code")));
    }
    if [code::SUPPRESSION, code::UNUSED_SUPPRESSION]
        .map(code::number)
        .contains(&number)
    {
        return Err(format!("{number} cannot be suppressed"));
    }
    if text("Reason").trim().is_empty() {
        return Err(format!("the suppression of {number} gives no reason"));
    }
    Ok(number)
}
