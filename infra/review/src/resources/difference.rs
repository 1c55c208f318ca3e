//! Where two values differ.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::meaning::Meaning;

/// A place where two values differ.
#[derive(Debug)]
pub(crate) struct Difference {
    /// For people: `Tags[stage].Value`.
    pub(crate) path: String,
    /// For the specification: `Tags.*.Value`, below `Properties`.
    pub(crate) plain: String,
    pub(crate) old: Option<Value>,
    pub(crate) new: Option<Value>,
}

/// The place that is looked at.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    path: String,
    plain: String,
}

impl Place {
    /// Something beside the properties.
    pub(crate) fn beside(name: &str) -> Self {
        Self {
            path: name.to_owned(),
            plain: String::new(),
        }
    }

    pub(crate) fn properties() -> Self {
        Self::beside("Properties")
    }

    fn member(&self, key: &str) -> Self {
        let joined = |front: &str| {
            if front.is_empty() {
                key.to_owned()
            } else {
                format!("{front}.{key}")
            }
        };
        Self {
            path: joined(&self.path),
            plain: joined(&self.plain),
        }
    }

    fn item(&self, name: &str) -> Self {
        Self {
            path: format!("{}[{name}]", self.path),
            plain: format!("{}.*", self.plain),
        }
    }
}

/// Every place where two values differ.
pub(crate) fn differences(
    old: Option<&Meaning>,
    new: Option<&Meaning>,
    place: &Place,
) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(old, new, place, &mut found);
    found
}

fn compare(
    old: Option<&Meaning>,
    new: Option<&Meaning>,
    place: &Place,
    found: &mut Vec<Difference>,
) {
    if old == new {
        return;
    }
    match (old, new) {
        (Some(Meaning::Object(old)), Some(Meaning::Object(new))) => {
            for (key, (old, new)) in paired(old, new) {
                compare(old, new, &place.member(key), found);
            }
        }
        (Some(Meaning::List(old)), Some(Meaning::List(new))) => match (keyed(old), keyed(new)) {
            (Some(old), Some(new)) => {
                for (key, (old, new)) in paired(&old, &new) {
                    compare(old.copied(), new.copied(), &place.item(key), found);
                }
            }
            _ => compare_lists(old, new, place, found),
        },
        _ => found.push(Difference {
            path: place.path.clone(),
            plain: place.plain.clone(),
            old: old.map(Meaning::to_value),
            new: new.map(Meaning::to_value),
        }),
    }
}

type Pair<'a, T> = (Option<&'a T>, Option<&'a T>);

/// The entries of two maps, side by side.
pub(crate) fn paired<'a, K: Ord, T>(
    old: &'a BTreeMap<K, T>,
    new: &'a BTreeMap<K, T>,
) -> BTreeMap<&'a K, Pair<'a, T>> {
    let keys = old.keys().chain(new.keys());
    keys.map(|key| (key, (old.get(key), new.get(key))))
        .collect()
}

/// The items of a list that name themselves, such as tags: their order says nothing.
fn keyed(items: &[Meaning]) -> Option<BTreeMap<&str, &Meaning>> {
    let mut by_key = BTreeMap::new();
    for item in items {
        let Meaning::Object(members) = item else {
            return None;
        };
        by_key.insert(members.get("Key")?.as_text()?, item);
    }
    (by_key.len() == items.len()).then_some(by_key)
}

/// What is the same at both ends is left out; between, items stand against each other as far as they go.
fn compare_lists(old: &[Meaning], new: &[Meaning], place: &Place, found: &mut Vec<Difference>) {
    let same = |(old, new): &(&Meaning, &Meaning)| old == new;
    let front = old.iter().zip(new).take_while(same).count();
    let (old, new) = (&old[front..], &new[front..]);
    let back = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count();
    let (old, new) = (&old[..old.len() - back], &new[..new.len() - back]);
    for number in 0..old.len().max(new.len()) {
        let place = place.item(&(front + number).to_string());
        compare(old.get(number), new.get(number), &place, found);
    }
}

impl Meaning {
    /// As JSON for people and programs; what only a deployment knows is a text.
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Null | Self::Absent => Value::Null,
            Self::List(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(members) => (members.iter())
                .map(|(key, value)| (key.clone(), value.to_value()))
                .collect(),
            other => Value::String(other.to_string()),
        }
    }
}
