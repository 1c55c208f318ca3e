//! A review as rows, whatever they are written as.

mod elsewhere;
mod intended;
mod permissions;
mod systems;

use serde_json::Value;

use self::intended::intended;
use self::permissions::{permissions, security_row};
use self::systems::{column, cost, in_flight, machine};
use crate::SourceLines;
use crate::iam::Verdict;
use crate::intent::model::Agreement;
use crate::model::{
    Action, Change, PropertyChange, Replacement, SectionChange, StackReview, Summary,
};
use crate::source::StackLines;

/// Rows of one kind.
pub(in crate::render) struct Block {
    pub(in crate::render) title: &'static str,
    pub(in crate::render) level: Level,
    pub(in crate::render) rows: Vec<Row>,
}

/// How much a reviewer must care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::render) enum Level {
    /// Something is lost.
    Error,
    /// Something is easily overlooked.
    Warning,
    /// It is as it looks.
    Note,
}

/// One thing that changes.
pub(in crate::render) struct Row {
    /// What kind of thing it is, for programs.
    pub(in crate::render) rule: &'static str,
    /// One letter for the eye.
    pub(in crate::render) mark: char,
    /// What changes: a logical id, a name.
    pub(in crate::render) subject: String,
    /// What sort of thing that is.
    pub(in crate::render) kind: String,
    /// What happens to it.
    pub(in crate::render) verdict: String,
    /// Values, old and new.
    pub(in crate::render) values: Vec<String>,
    /// Why.
    pub(in crate::render) reasons: Vec<String>,
    /// The line that declares it.
    pub(in crate::render) source: Option<String>,
    /// Whether other rows say all of it, so that to programs it is no finding of its own.
    pub(in crate::render) is_told: bool,
}

/// All rows of a stack, what matters most first.
pub(in crate::render) fn blocks(stack: &StackReview, lines: &SourceLines) -> Vec<Block> {
    let lines = lines.of(&stack.name);
    let rows = |is_so: fn(&Change) -> bool| -> Vec<Row> {
        let changes = stack.changes.iter().filter(|change| is_so(change));
        changes.map(|change| row(stack, change, lines)).collect()
    };
    let blocks = [
        Block {
            title: "CloudFormation intends what this review does not show",
            level: Level::Error,
            rows: intended(stack, lines, Agreement::Unforeseen),
        },
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
            title: "executions in flight",
            level: Level::Warning,
            rows: (stack.workflows.iter())
                .flat_map(|change| in_flight(change, lines))
                .collect(),
        },
        Block {
            title: "columns that break readers",
            level: Level::Warning,
            rows: columns(stack, lines, true),
        },
        Block {
            title: "state machines",
            level: Level::Note,
            rows: (stack.workflows.iter())
                .filter_map(|change| machine(change, stack, lines))
                .collect(),
        },
        Block {
            title: "columns",
            level: Level::Note,
            rows: columns(stack, lines, false),
        },
        Block {
            title: "costs",
            level: Level::Note,
            rows: (stack.costs.iter())
                .map(|change| cost(change, lines))
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
            rows: (stack.sections.iter())
                .map(|change| section_row(change, lines))
                .collect(),
        },
        Block {
            title: "CloudFormation does not intend",
            level: Level::Note,
            rows: intended(stack, lines, Agreement::NotIntended),
        },
    ];
    blocks
        .into_iter()
        .filter(|block| !block.rows.is_empty())
        .collect()
}

fn row(stack: &StackReview, change: &Change, lines: StackLines<'_>) -> Row {
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
        values: elsewhere::values(stack, change),
        reasons: (change.causes.iter())
            .map(|cause| clean(&format!("{}: {}", cause.path, cause.explanation)))
            .collect(),
        source: lines.resource(&change.logical_id, decisive(change)),
        is_told: elsewhere::is_told(stack, change),
    }
}

/// The path of the property that decides most: of those that replace it, or of all, the first.
fn decisive(change: &Change) -> &str {
    let decides = |property: &&PropertyChange| property.replacement == change.replacement;
    let found = change.properties.iter().find(decides);
    found.map_or(first(&change.properties), |property| &property.path)
}

fn first(properties: &[PropertyChange]) -> &str {
    (properties.first()).map_or("", |property| &property.path)
}

/// The path of what changes first, without the section that it begins with.
fn in_section(change: &SectionChange) -> &str {
    let path = first(&change.properties).strip_prefix(&change.section);
    path.unwrap_or_default()
}

fn columns(stack: &StackReview, lines: StackLines<'_>, breaking: bool) -> Vec<Row> {
    let changes = stack
        .schemas
        .iter()
        .filter(|change| change.breaking == breaking);
    changes.map(|change| column(change, lines)).collect()
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

fn section_row(change: &SectionChange, lines: StackLines<'_>) -> Row {
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
        source: lines.section(&change.section, &change.name, in_section(change)),
        is_told: false,
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
pub(in crate::render) fn counts(summary: &Summary) -> String {
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
        (summary.workflows, "with other states"),
        (summary.in_flight, "endangering executions in flight"),
        (summary.breaking_schemas, "with columns that break readers"),
        (summary.costs_up, "costing more"),
        (summary.data_losses, "losing data"),
        (
            summary.unforeseen,
            "of which CloudFormation intends more than is shown",
        ),
    ];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    counts.join(", ")
}
