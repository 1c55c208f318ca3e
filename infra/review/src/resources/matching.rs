//! Which resource of one template is which of the other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::meaning::Meaning;
use crate::template::Template;

/// Rounds in which renames are looked for: a resource that refers to a renamed one is only recognised in the next.
const ROUNDS: usize = 8;

/// New names of resources by their old ones: the same type, the same meaning, another logical id.
pub(crate) fn renames(old: &Value, new: &Value) -> BTreeMap<String, String> {
    let new = Template::read(new);
    let mut renamed = BTreeMap::new();
    for _ in 0..ROUNDS {
        let template = Template::renamed(old, renamed.clone());
        let found = renames_of(&template, &new, &renamed);
        if found.is_empty() {
            break;
        }
        renamed.extend(found);
    }
    renamed
}

fn renames_of(
    old: &Template<'_>,
    new: &Template<'_>,
    known: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let (old_resources, new_resources) = (old.resources(), new.resources());
    let mut added: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    let taken: BTreeSet<&str> = known.values().map(String::as_str).collect();
    for (&id, &resource) in new_resources.iter().rev() {
        if !old_resources.contains_key(id) && !taken.contains(id) {
            let meaning = Meaning::of(resource.properties(), new);
            added
                .entry((resource.kind(), meaning))
                .or_default()
                .push(id);
        }
    }
    let removed = old_resources
        .iter()
        .filter(|(id, _)| !new_resources.contains_key(*id) && !known.contains_key(**id));
    removed
        .filter_map(|(&id, &resource)| {
            let meaning = Meaning::of(resource.properties(), old);
            let new_id = added.get_mut(&(resource.kind(), meaning))?.pop()?;
            Some((id.to_owned(), new_id.to_owned()))
        })
        .collect()
}
