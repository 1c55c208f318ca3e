//! Costs: properties and resources that a bill shows.

mod always_on;
mod instance;
mod knobs;
mod measure;
pub(crate) mod model;
mod places;

use std::collections::BTreeMap;

use self::always_on::ALWAYS_ON;
use self::knobs::{KNOBS, Knob};
use self::model::{CostChange, Direction};
use self::places::places;
use crate::meaning::Meaning;
use crate::model::{Action, Change};
use crate::resources::difference::paired;
use crate::resources::{Pair, properties};
use crate::template::{Resource, retains};

/// Endpoints that are routes are free, so their type alone does not say what is paid.
const INTERFACE: &str =
    "an interface endpoint is paid by the hour in each subnet, used or not, and by gigabyte";

/// Every change that a bill may show, by logical id.
pub(crate) fn changes(pair: &Pair<'_>, changes: &[Change]) -> Vec<CostChange> {
    let (old, new) = (pair.old.resources(), pair.new.resources());
    let mut found = Vec::new();
    for change in changes {
        let id = change.logical_id.as_str();
        match (change.action, old.get(id), new.get(id)) {
            (Action::Add, _, Some(&resource)) => found.extend(added(resource)),
            (Action::Remove, Some(&resource), _) => found.extend(removed(resource)),
            (Action::Modify, Some(&before), Some(&after)) if before.kind() == after.kind() => {
                found.extend(modified(before, after, pair));
            }
            (Action::Modify, Some(&before), Some(&after)) => {
                found.extend(removed(before));
                found.extend(added(after));
            }
            // What is renamed is as it was.
            _ => {}
        }
    }
    found.sort_by(|one, other| (&one.logical_id, &one.path).cmp(&(&other.logical_id, &other.path)));
    found
}

fn added(resource: Resource<'_>) -> Option<CostChange> {
    let explanation = always_on(resource)?;
    Some(whole(resource, Direction::Up, explanation.to_owned()))
}

fn removed(resource: Resource<'_>) -> Option<CostChange> {
    let explanation = always_on(resource)?;
    if !retains(resource.text("DeletionPolicy")) {
        return Some(whole(resource, Direction::Down, explanation.to_owned()));
    }
    let stays = format!("{explanation}; it leaves the stack but stays, and is still paid");
    Some(whole(resource, Direction::Unknown, stays))
}

/// What is paid for a resource that is there.
fn always_on(resource: Resource<'_>) -> Option<&'static str> {
    if resource.kind() == "AWS::EC2::VPCEndpoint" {
        return (!is_gateway(resource)).then_some(INTERFACE);
    }
    let row = ALWAYS_ON.iter().find(|(kind, _)| *kind == resource.kind());
    row.map(|(_, explanation)| *explanation)
}

/// What an endpoint is that does not say what it is.
fn is_gateway(endpoint: Resource<'_>) -> bool {
    let kind = endpoint.properties().get("VpcEndpointType");
    kind.is_none_or(|kind| kind == "Gateway")
}

fn whole(resource: Resource<'_>, direction: Direction, explanation: String) -> CostChange {
    CostChange {
        logical_id: resource.id.to_owned(),
        resource_type: resource.kind().to_owned(),
        path: String::new(),
        old: None,
        new: None,
        direction,
        explanation,
    }
}

fn modified(before: Resource<'_>, after: Resource<'_>, pair: &Pair<'_>) -> Vec<CostChange> {
    let mut knobs = KNOBS
        .iter()
        .filter(|knob| knob.kind == after.kind())
        .peekable();
    if knobs.peek().is_none() {
        return Vec::new();
    }
    let old = properties(before, pair.old);
    let new = properties(after, pair.new);
    knobs
        .flat_map(|knob| turned(knob, after, &old, &new))
        .collect()
}

/// Every place where a knob is turned.
fn turned(knob: &Knob, resource: Resource<'_>, old: &Meaning, new: &Meaning) -> Vec<CostChange> {
    let [old, new]: [BTreeMap<_, _>; 2] =
        [old, new].map(|properties| places(properties, knob.path));
    let differing = paired(&old, &new)
        .into_iter()
        .filter_map(|(place, (old, new))| {
            let [old, new] = [old, new].map(Option::<&&Meaning>::copied);
            if old == new {
                return None;
            }
            Some(CostChange {
                logical_id: resource.id.to_owned(),
                resource_type: resource.kind().to_owned(),
                path: place.clone(),
                old: old.map(Meaning::to_value),
                new: new.map(Meaning::to_value),
                direction: knob.measure.direction(old, new),
                explanation: knob.explanation.to_owned(),
            })
        });
    differing.collect()
}

#[cfg(test)]
mod tests {
    use super::{ALWAYS_ON, KNOBS};

    /// SAM's types are in no schema.
    fn is_public(kind: &str) -> bool {
        kind.starts_with("AWS::Serverless::") || spec::Lifecycles::embedded().of(kind).is_some()
    }

    #[test]
    fn rows_are_of_public_types_and_in_order() {
        let knobs: Vec<_> = KNOBS.iter().map(|knob| (knob.kind, knob.path)).collect();
        assert!(knobs.is_sorted(), "{knobs:#?}");
        assert!(ALWAYS_ON.is_sorted());
        let kinds = knobs.iter().map(|(kind, _)| kind);
        for kind in kinds.chain(ALWAYS_ON.iter().map(|(kind, _)| kind)) {
            assert!(is_public(kind), "{kind}");
        }
    }
}
