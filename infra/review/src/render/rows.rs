//! A review as rows, whatever they are written as.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::iam::{PermissionChange, SecurityChange, Verdict};
use crate::model::{
    Action, Change, PropertyChange, Replacement, SectionChange, StackReview, Summary,
};

/// Rows of one kind.
pub(super) struct Block {
    pub(super) title: &'static str,
    pub(super) level: Level,
    pub(super) rows: Vec<Row>,
}

/// How much a reviewer must care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Something is lost.
    Error,
    /// Something is easily overlooked.
    Warning,
    /// It is as it looks.
    Note,
}

/// One thing that changes.
pub(super) struct Row {
    /// What kind of thing it is, for programs.
    pub(super) rule: &'static str,
    /// One letter for the eye.
    pub(super) mark: char,
    /// What changes: a logical id, a name.
    pub(super) subject: String,
    /// What sort of thing that is.
    pub(super) kind: String,
    /// What happens to it.
    pub(super) verdict: String,
    /// Values, old and new.
    pub(super) values: Vec<String>,
    /// Why.
    pub(super) reasons: Vec<String>,
    /// The line that declares it.
    pub(super) source: Option<String>,
}

/// Source lines by logical id.
pub(super) type Lines = BTreeMap<String, String>;

/// All rows of a stack, what matters most first.
pub(super) fn blocks(stack: &StackReview, lines: &Lines) -> Vec<Block> {
    let rows = |is_so: fn(&Change) -> bool| -> Vec<Row> {
        let changes = stack.changes.iter().filter(|change| is_so(change));
        changes.map(|change| row(change, lines)).collect()
    };
    let blocks = [
        Block {
            title: "data is lost",
            level: Level::Error,
            rows: rows(|change| change.data_loss),
        },
        Block {
            title: "replaced",
            level: Level::Warning,
            rows: rows(|change| !change.data_loss && change.replacement != Replacement::None),
        },
        Block {
            title: "permissions that widen, or may",
            level: Level::Warning,
            rows: permissions(stack, lines, |verdict| verdict <= Verdict::NotComparable),
        },
        Block {
            title: "security",
            level: Level::Warning,
            rows: (stack.security.iter())
                .map(|change| security_row(change, lines))
                .collect(),
        },
        Block {
            title: "permissions that do not widen",
            level: Level::Note,
            rows: permissions(stack, lines, |verdict| verdict > Verdict::NotComparable),
        },
        Block {
            title: "resources",
            level: Level::Note,
            rows: rows(|change| !change.data_loss && change.replacement == Replacement::None),
        },
        Block {
            title: "beside the resources",
            level: Level::Note,
            rows: stack.sections.iter().map(section_row).collect(),
        },
    ];
    blocks
        .into_iter()
        .filter(|block| !block.rows.is_empty())
        .collect()
}

fn row(change: &Change, lines: &Lines) -> Row {
    Row {
        rule: match (change.data_loss, change.replacement) {
            (true, _) => "data-loss",
            (false, Replacement::Will) => "replacement",
            (false, Replacement::May) => "possible-replacement",
            (false, Replacement::None) => "change",
        },
        mark: mark(change.action, change.replacement),
        subject: clean(&change.logical_id),
        kind: clean(&change.resource_type),
        verdict: verdict(change),
        values: change.properties.iter().map(value_line).collect(),
        reasons: (change.causes.iter())
            .map(|cause| clean(&format!("{}: {}", cause.path, cause.explanation)))
            .collect(),
        source: lines.get(&change.logical_id).cloned(),
    }
}

fn permissions(stack: &StackReview, lines: &Lines, is_so: fn(Verdict) -> bool) -> Vec<Row> {
    let changes = stack.iam.iter().filter(|change| is_so(change.verdict));
    changes
        .map(|change| permission_row(change, lines))
        .collect()
}

fn permission_row(change: &PermissionChange, lines: &Lines) -> Row {
    let witnesses = || std::iter::once(&change.witness).chain(&change.further);
    let whose = |on: &String| format!("{} on {on}", change.principal);
    Row {
        rule: match change.verdict {
            Verdict::Widened => "iam-widened",
            Verdict::NotComparable => "iam-not-comparable",
            Verdict::Narrowed => "iam-narrowed",
            Verdict::Equivalent => "iam-equivalent",
        },
        mark: match change.verdict {
            Verdict::Widened => '+',
            Verdict::NotComparable => '?',
            Verdict::Narrowed => '-',
            Verdict::Equivalent => '=',
        },
        subject: clean(
            &change
                .on
                .as_ref()
                .map_or_else(|| change.principal.clone(), whose),
        ),
        kind: "permissions".to_owned(),
        verdict: match change.verdict {
            Verdict::Widened => "widened",
            Verdict::NotComparable => "not comparable",
            Verdict::Narrowed => "narrowed",
            Verdict::Equivalent => "the same, written in another way",
        }
        .to_owned(),
        values: witnesses().map(|witness| clean(&witness.text)).collect(),
        reasons: witnesses()
            .map(|witness| clean(&format!("{}: {}", witness.logical_id, witness.path)))
            .collect(),
        source: lines.get(&change.witness.logical_id).cloned(),
    }
}

fn security_row(change: &SecurityChange, lines: &Lines) -> Row {
    let weakens = change.verdict == Verdict::Widened;
    Row {
        rule: if weakens {
            "security-weakened"
        } else {
            "security-strengthened"
        },
        mark: if weakens { '!' } else { '~' },
        subject: clean(&change.logical_id),
        kind: clean(&change.path),
        verdict: if weakens { "weakened" } else { "strengthened" }.to_owned(),
        values: vec![clean(&change.explanation)],
        reasons: Vec::new(),
        source: lines.get(&change.logical_id).cloned(),
    }
}

fn mark(action: Action, replacement: Replacement) -> char {
    match (action, replacement) {
        (Action::Add, _) => '+',
        (Action::Remove, _) => '-',
        (Action::Rename, _) => '>',
        (Action::Modify, Replacement::None) => '~',
        (Action::Modify, _) => '!',
    }
}

fn verdict(change: &Change) -> String {
    match (change.action, change.replacement) {
        (Action::Add, _) => "added".to_owned(),
        (Action::Remove, _) => "removed".to_owned(),
        (Action::Rename, _) => {
            let before = change.renamed_from.as_deref().unwrap_or_default();
            clean(&format!("renamed from {before}, and so created anew"))
        }
        (Action::Modify, Replacement::None) => "changed where it is".to_owned(),
        (Action::Modify, Replacement::May) => "changed, and perhaps replaced".to_owned(),
        (Action::Modify, Replacement::Will) => "replaced".to_owned(),
    }
}

fn section_row(change: &SectionChange) -> Row {
    Row {
        rule: "section",
        mark: mark(change.action, Replacement::None),
        subject: match change.name.as_str() {
            "" => change.section.clone(),
            name => clean(name),
        },
        kind: change.section.clone(),
        verdict: match change.action {
            Action::Add => "added",
            Action::Remove => "removed",
            Action::Modify | Action::Rename => "changed",
        }
        .to_owned(),
        values: change.properties.iter().map(value_line).collect(),
        reasons: change.warning.iter().cloned().collect(),
        source: None,
    }
}

fn value_line(property: &PropertyChange) -> String {
    let (old, new) = (text(property.old.as_ref()), text(property.new.as_ref()));
    clean(&format!("{}: {old} -> {new}", property.path))
}

/// A value on one line; long ones are cut, and say so.
fn text(value: Option<&Value>) -> String {
    const LONGEST: usize = 200;
    let text = match value {
        None => return "(none)".to_owned(),
        Some(Value::String(text)) if text.is_empty() => return "\"\"".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let beginning: String = text.chars().take(LONGEST).collect();
    format!("{beginning}... ({} more characters)", length - LONGEST)
}

/// One line, without what would command a terminal: templates are anybody's.
fn clean(text: &str) -> String {
    let clean = |letter: char| match letter {
        '\n' | '\r' | '\t' => ' ',
        letter if letter.is_control() => char::REPLACEMENT_CHARACTER,
        letter => letter,
    };
    text.chars().map(clean).collect()
}

/// The counts, those that are not zero.
pub(super) fn counts(summary: &Summary) -> String {
    let counts = [
        (summary.added, "added"),
        (summary.modified, "modified"),
        (summary.renamed, "renamed"),
        (summary.removed, "removed"),
        (summary.replaced, "replaced"),
        (summary.may_be_replaced, "perhaps replaced"),
        (summary.sections, "beside the resources"),
        (summary.iam_widened, "with wider permissions"),
        (
            summary.iam_not_comparable,
            "with permissions that are not comparable",
        ),
        (summary.security_weakened, "weakened"),
        (summary.data_losses, "losing data"),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    counts.join(", ")
}
