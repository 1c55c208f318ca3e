//! Resources: what is done to each, what that replaces, and what is lost by it.

mod dependents;
pub(crate) mod difference;
mod loss;
mod matching;

use std::collections::BTreeMap;

use serde_json::Value;

use self::difference::{Difference, Place, differences};
use crate::exports::Neighbours;
use crate::lifecycle::Lifecycles;
use crate::meaning::Meaning;
use crate::model::{Action, Cause, Change, PropertyChange, Replacement};
use crate::policy;
use crate::template::{Resource, Template};

pub(crate) use self::matching::renames;

/// What stands beside the properties of a resource. `Condition` is looked at by what the condition says, `DependsOn` without
/// regard to its order.
const ATTRIBUTES: [&str; 6] = [
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// Two templates, and which resource of one is which of the other.
pub(crate) struct Pair<'a> {
    /// The stack's name.
    pub(crate) stack: &'a str,
    pub(crate) old: &'a Template<'a>,
    pub(crate) new: &'a Template<'a>,
    /// New logical ids by the old ones.
    pub(crate) renamed: &'a BTreeMap<String, String>,
    pub(crate) lifecycles: &'a Lifecycles,
    pub(crate) neighbours: &'a Neighbours<'a>,
}

impl<'a> Pair<'a> {
    /// Old logical ids of renamed resources by the new ones.
    pub(crate) fn old_ids(&self) -> BTreeMap<&'a str, &'a str> {
        let renamed = self.renamed.iter();
        renamed
            .map(|(old, new)| (new.as_str(), old.as_str()))
            .collect()
    }
}

/// Every resource that changes, those that lose data first.
pub(crate) fn changes(pair: &Pair<'_>) -> Vec<Change> {
    let (old, new) = (pair.old.resources(), pair.new.resources());
    let old_ids = pair.old_ids();
    let mut changes: BTreeMap<String, Change> = BTreeMap::new();
    for (&id, &resource) in &old {
        if !new.contains_key(id) && !pair.renamed.contains_key(id) {
            changes.insert(id.to_owned(), removed(resource, pair));
        }
    }
    for (&id, &resource) in &new {
        let change = match (old_ids.get(id), old.get(id)) {
            (Some(old_id), _) => Some(renamed(old[old_id], resource, pair)),
            (None, Some(before)) => modified(*before, resource, pair),
            (None, None) => Some(bare(resource, Action::Add)),
        };
        changes.extend(change.map(|change| (id.to_owned(), change)));
    }
    follow(&mut changes, &old, &new, pair);
    let mut changes: Vec<_> = changes.into_values().collect();
    changes.sort_by_key(|change| !change.data_loss);
    changes
}

fn bare(resource: Resource<'_>, action: Action) -> Change {
    Change {
        logical_id: resource.id.to_owned(),
        renamed_from: None,
        resource_type: resource.kind().to_owned(),
        action,
        replacement: Replacement::None,
        data_loss: false,
        causes: Vec::new(),
        properties: Vec::new(),
    }
}

fn removed(resource: Resource<'_>, pair: &Pair<'_>) -> Change {
    let mut change = bare(resource, Action::Remove);
    change.lose_by_removal(resource, pair);
    change
}

fn renamed(old: Resource<'_>, new: Resource<'_>, pair: &Pair<'_>) -> Change {
    let mut change = bare(new, Action::Rename);
    change.renamed_from = Some(old.id.to_owned());
    change.replacement = Replacement::Will;
    change.because(
        "LogicalId",
        format!(
            "CloudFormation knows resources by their logical id: it creates `{}` and then deletes `{}`",
            new.id, old.id
        ),
    );
    change.lose_by_removal(old, pair);
    change
}

fn modified(old: Resource<'_>, new: Resource<'_>, pair: &Pair<'_>) -> Option<Change> {
    let mut change = bare(new, Action::Modify);
    if old.kind() != new.kind() {
        change.change_type(old, new, pair);
        return Some(change);
    }
    let meanings = [(old, pair.old), (new, pair.new)]
        .map(|(resource, template)| properties(resource, template));
    let [before, after] = &meanings;
    let found = differences(Some(before), Some(after), &Place::properties());
    let lifecycle = pair.lifecycles.of(new.kind());
    for difference in found {
        let (replacement, reason) = lifecycle.replacement(&difference.plain);
        change.replace(&difference.path, replacement, reason);
        change.properties.push(property(difference, replacement));
    }
    change.compare_attributes(old, new, pair);
    change.compare_conditions(old, new, pair);
    if change.replacement != Replacement::None {
        change.lose(
            "UpdateReplacePolicy",
            loss::by_replacement(old, new, &lifecycle),
        );
    }
    (!change.properties.is_empty()).then_some(change)
}

/// What the properties of a resource mean; policy documents in the order of nobody's taste.
pub(crate) fn properties(resource: Resource<'_>, template: &Template<'_>) -> Meaning {
    let meaning = Meaning::of(resource.properties(), template);
    match policy::in_order(meaning) {
        Meaning::Null => Meaning::Object(BTreeMap::new()),
        meaning => meaning,
    }
}

pub(crate) fn property(difference: Difference, replacement: Replacement) -> PropertyChange {
    PropertyChange {
        path: difference.path,
        old: difference.old,
        new: difference.new,
        replacement,
    }
}

/// Adds what the replacements of resources do to those that refer to them.
fn follow<'a>(
    changes: &mut BTreeMap<String, Change>,
    old: &BTreeMap<&'a str, Resource<'a>>,
    new: &BTreeMap<&'a str, Resource<'a>>,
    pair: &Pair<'_>,
) {
    let replaced: BTreeMap<&str, Replacement> = (new.keys())
        .filter_map(|&id| Some((id, changes.get(id)?.replacement)))
        .filter(|(_, replacement)| *replacement != Replacement::None)
        .collect();
    if replaced.is_empty() {
        return;
    }
    let meanings = new
        .iter()
        .map(|(&id, &resource)| (id, properties(resource, pair.new)));
    let meanings: BTreeMap<&str, Meaning> = meanings.collect();
    let found = dependents::consequences(&replaced, &meanings, |id| {
        pair.lifecycles.of(new[id].kind())
    });
    for (id, consequences) in found {
        let change = changes
            .entry(id.to_owned())
            .or_insert_with(|| bare(new[id], Action::Modify));
        // What is new, or new under its name, has no former self that could be replaced.
        if change.action != Action::Modify {
            continue;
        }
        for consequence in consequences {
            let verb = match consequence.certainty {
                Replacement::Will => "is replaced",
                Replacement::May | Replacement::None => "may be replaced",
            };
            change.replacement = change.replacement.max(consequence.replacement);
            change.because(
                &consequence.path,
                format!("it refers to `{}`, which {verb}", consequence.of),
            );
        }
        if let (true, Some(before)) = (change.replacement != Replacement::None, old.get(id)) {
            let lifecycle = pair.lifecycles.of(new[id].kind());
            change.lose(
                "UpdateReplacePolicy",
                loss::by_replacement(*before, new[id], &lifecycle),
            );
        }
    }
}

impl Change {
    fn because(&mut self, path: &str, explanation: String) {
        let cause = Cause {
            path: path.to_owned(),
            explanation,
        };
        if !self.causes.contains(&cause) {
            self.causes.push(cause);
        }
    }

    fn lose(&mut self, path: &str, reason: Option<String>) {
        if let Some(reason) = reason {
            self.data_loss = true;
            self.because(path, reason);
        }
    }

    fn lose_by_removal(&mut self, old: Resource<'_>, pair: &Pair<'_>) {
        let lifecycle = pair.lifecycles.of(old.kind());
        self.lose("DeletionPolicy", loss::by_removal(old, &lifecycle));
        if let Some(what) = loss::what_stays(old) {
            self.because("DeletionPolicy", what.to_owned());
        }
    }

    fn replace(&mut self, path: &str, replacement: Replacement, reason: &str) {
        self.replacement = self.replacement.max(replacement);
        if replacement != Replacement::None {
            self.because(path, reason.to_owned());
        }
    }

    fn change_type(&mut self, old: Resource<'_>, new: Resource<'_>, pair: &Pair<'_>) {
        self.replacement = Replacement::Will;
        self.because(
            "Type",
            "CloudFormation refuses to change the type of a resource: give the new one another logical id".to_owned(),
        );
        self.lose_by_removal(old, pair);
        self.properties.push(PropertyChange {
            path: "Type".to_owned(),
            old: Some(old.kind().into()),
            new: Some(new.kind().into()),
            replacement: Replacement::Will,
        });
    }

    fn compare_attributes(&mut self, old: Resource<'_>, new: Resource<'_>, pair: &Pair<'_>) {
        for name in ATTRIBUTES {
            let [before, after] = [(old, pair.old), (new, pair.new)].map(|(resource, template)| {
                let value = resource.value.get(name)?;
                Some(attribute(name, value, template))
            });
            let found = differences(before.as_ref(), after.as_ref(), &Place::beside(name));
            let found = found.into_iter();
            self.properties
                .extend(found.map(|difference| property(difference, Replacement::None)));
        }
    }

    /// A condition decides whether a resource is there at all.
    fn compare_conditions(&mut self, old: Resource<'_>, new: Resource<'_>, pair: &Pair<'_>) {
        let before = old.condition(pair.old);
        let after = new.condition(pair.new);
        if before == after {
            return;
        }
        self.because(
            "Condition",
            "it is created or deleted by another condition: where the new one is false, the resource goes".to_owned(),
        );
        if after.is_some() {
            self.lose_by_removal(old, pair);
        }
        self.properties.push(PropertyChange {
            path: "Condition".to_owned(),
            old: before.map(|condition| condition.name.into()),
            new: after.map(|condition| condition.name.into()),
            replacement: Replacement::None,
        });
    }
}

fn attribute(name: &str, value: &Value, template: &Template<'_>) -> Meaning {
    if name != "DependsOn" {
        return Meaning::of(value, template);
    }
    let one = std::slice::from_ref(value);
    let ids = value.as_array().map_or(one, Vec::as_slice).iter();
    let ids = ids
        .filter_map(Value::as_str)
        .map(|id| template.new_id(id).to_owned());
    let mut ids: Vec<_> = ids.map(Meaning::Scalar).collect();
    ids.sort();
    Meaning::List(ids)
}
