//! Everything beside the resources.

use serde_json::Value;

use crate::exports;
use crate::meaning::Meaning;
use crate::model::{Action, Replacement, SectionChange};
use crate::resources::Pair;
use crate::resources::difference::{Place, differences, paired};
use crate::resources::property;
use crate::template::Template;

/// Sections whose entries have names.
const NAMED: [&str; 5] = ["Parameters", "Mappings", "Conditions", "Rules", "Outputs"];

/// Entries at the top that are looked at as a whole.
const WHOLE: [&str; 4] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Transform",
];

pub(crate) fn changes(pair: &Pair<'_>) -> Vec<SectionChange> {
    let mut changes = Vec::new();
    for section in NAMED {
        let [old, new] = [pair.old, pair.new].map(|template| template.section(section).collect());
        for (&name, (old, new)) in paired(&old, &new) {
            changes.extend(change(section, name, old.copied(), new.copied(), pair));
        }
    }
    for section in WHOLE {
        let [old, new] = [pair.old, pair.new].map(|template| template.get(section));
        changes.extend(change(section, "", old, new, pair));
    }
    changes
}

fn change(
    section: &str,
    name: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    pair: &Pair<'_>,
) -> Option<SectionChange> {
    let meaning = |value: Option<&Value>, template: &Template<'_>| {
        value.map(|value| Meaning::of(value, template))
    };
    let [before, after] = [meaning(old, pair.old), meaning(new, pair.new)];
    if before == after {
        return None;
    }
    let action = match (&before, &after) {
        (None, _) => Action::Add,
        (_, None) => Action::Remove,
        _ => Action::Modify,
    };
    let found = differences(before.as_ref(), after.as_ref(), &Place::beside(section));
    Some(SectionChange {
        section: section.to_owned(),
        name: name.to_owned(),
        action,
        properties: (found.into_iter())
            .map(|difference| property(difference, Replacement::None))
            .collect(),
        warning: warning(section, old, new, pair),
    })
}

/// What is easily overlooked.
fn warning(
    section: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    pair: &Pair<'_>,
) -> Option<String> {
    match section {
        "Outputs" => export_warning(old, new, pair),
        "Parameters" if old.is_none() && new?.get("Default").is_none() => {
            Some("it has no default: every deployment must give it a value".to_owned())
        }
        _ => None,
    }
}

/// An export that goes, or gets another name or value, fails while another stack imports it.
fn export_warning(old: Option<&Value>, new: Option<&Value>, pair: &Pair<'_>) -> Option<String> {
    let export = |output: Option<&Value>, template: &Template<'_>| {
        let name = output?.get("Export")?.get("Name")?;
        Some(exports::name(name, template, pair.stack))
    };
    let value = |output: Option<&Value>, template: &Template<'_>| {
        Some(Meaning::of(output?.get("Value")?, template))
    };
    let before = export(old, pair.old)?;
    let event = if export(new, pair.new).as_ref() != Some(&before) {
        "goes"
    } else if value(old, pair.old) != value(new, pair.new) {
        "gets another value"
    } else {
        return None;
    };
    Some(exports::warning(&before, event, pair.neighbours))
}
