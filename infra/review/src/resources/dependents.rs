//! Resources that refer to replaced ones: what they refer to has another identity then.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::lifecycle::Lifecycle;
use crate::meaning::{Meaning, Part};
use crate::model::Replacement;

/// A place of a resource that refers to another one.
struct Use<'a> {
    by: &'a str,
    /// For the specification: without `Properties`, items as `*`.
    plain: String,
}

/// What the replacement of another resource does to one.
#[derive(Debug)]
pub(super) struct Consequence {
    pub(super) path: String,
    pub(super) of: String,
    /// Whether the other one will be replaced, or may be.
    pub(super) certainty: Replacement,
    /// Whether this one is replaced by it.
    pub(super) replacement: Replacement,
}

/// Follows replacements along references, as far as they go. `replaced` says which resources are replaced by their own
/// changes, `properties` what all resources of the new template mean, and `lifecycle` what is known of
/// a resource's type.
pub(super) fn consequences<'a>(
    replaced: &BTreeMap<&'a str, Replacement>,
    properties: &'a BTreeMap<&'a str, Meaning>,
    lifecycle: impl Fn(&str) -> Rc<Lifecycle>,
) -> BTreeMap<&'a str, Vec<Consequence>> {
    let uses = uses(properties);
    let mut found: BTreeMap<&str, Vec<Consequence>> = BTreeMap::new();
    let mut certainties = replaced.clone();
    let mut waiting: VecDeque<&str> = replaced.keys().copied().collect();
    while let Some(id) = waiting.pop_front() {
        let certainty = certainties[id];
        for place in uses.get(id).into_iter().flatten() {
            let (own, _) = lifecycle(place.by).replacement(&place.plain);
            let replacement = own.min(certainty);
            let consequence = Consequence {
                path: format!("Properties.{}", place.plain.replace(".*", "[*]")),
                of: id.to_owned(),
                certainty,
                replacement,
            };
            note(found.entry(place.by).or_default(), consequence);
            let before = certainties.get(place.by).copied().unwrap_or_default();
            if replacement > before {
                certainties.insert(place.by, replacement);
                waiting.push_back(place.by);
            }
        }
    }
    found
}

/// A resource whose certainty rose is looked at again; the stronger consequence stays.
fn note(consequences: &mut Vec<Consequence>, new: Consequence) {
    let same = |known: &&mut Consequence| known.path == new.path && known.of == new.of;
    match consequences.iter_mut().find(same) {
        Some(known) => *known = new,
        None => consequences.push(new),
    }
}

fn uses<'a>(properties: &'a BTreeMap<&'a str, Meaning>) -> BTreeMap<&'a str, Vec<Use<'a>>> {
    let mut found: BTreeMap<&str, Vec<Use<'_>>> = BTreeMap::new();
    for (&by, meaning) in properties {
        each_use(meaning, "", &mut |of, plain| {
            let uses = found.entry(of).or_default();
            let is_known = |known: &Use<'_>| known.by == by && known.plain == plain;
            if of != by && !uses.last().is_some_and(is_known) {
                uses.push(Use {
                    by,
                    plain: plain.to_owned(),
                });
            }
        });
    }
    found
}

/// Calls `take` with each resource that is referred to, and with the place.
fn each_use<'a>(meaning: &'a Meaning, plain: &str, take: &mut dyn FnMut(&'a str, &str)) {
    match meaning {
        Meaning::Object(members) => {
            for (key, value) in members {
                let inner = if plain.is_empty() {
                    key.clone()
                } else {
                    format!("{plain}.{key}")
                };
                each_use(value, &inner, take);
            }
        }
        Meaning::List(items) => {
            let inner = format!("{plain}.*");
            for item in items {
                each_use(item, &inner, take);
            }
        }
        Meaning::Resource(id) | Meaning::Attribute(id, _) => take(id, plain),
        Meaning::Text(parts) => {
            for part in parts {
                if let Part::Value(value) = part {
                    each_use(value, plain, take);
                }
            }
        }
        Meaning::Choice(_, then, otherwise) => {
            each_use(then, plain, take);
            each_use(otherwise, plain, take);
        }
        Meaning::Function(_, argument) => each_use(argument, plain, take),
        Meaning::Absent | Meaning::Null | Meaning::Scalar(_) | Meaning::Parameter(..) => {}
    }
}
