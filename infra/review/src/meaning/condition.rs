//! Conditions, by what they say instead of by name.

use std::cell::RefCell;
use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::Meaning;
use crate::template::Template;

/// What a condition says, as a number: SHA-256 of its definition.
pub(crate) type Digest = [u8; 32];

/// Digests of the definitions of conditions, worked out when they are first asked for.
///
/// A digest instead of the definition itself: conditions may name others, twice each, and a definition written out would double
/// with every step.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    digests: RefCell<BTreeMap<String, Option<Digest>>>,
}

impl Conditions {
    /// The digest of a condition. One that is missing, or defined by itself, has that of its name.
    pub(crate) fn digest(&self, name: &str, template: &Template<'_>) -> Digest {
        if let Some(known) = self.digests.borrow().get(name) {
            return known.unwrap_or_else(|| digest(name));
        }
        let Some(definition) = template.condition(name) else {
            return digest(name);
        };
        // Whoever comes here again meanwhile asks in a circle.
        self.digests.borrow_mut().insert(name.to_owned(), None);
        let meaning = named(Meaning::of(definition, template), template);
        let found = digest(&format!("{meaning:?}"));
        self.digests
            .borrow_mut()
            .insert(name.to_owned(), Some(found));
        found
    }
}

fn digest(text: &str) -> Digest {
    Sha256::digest(text).into()
}

/// The definition, with the digests of other conditions in the place of their names.
fn named(meaning: Meaning, template: &Template<'_>) -> Meaning {
    match meaning {
        // Only here the word is a function; elsewhere it may be any property's name.
        Meaning::Object(members) if members.len() == 1 => match members.get("Condition") {
            Some(Meaning::Scalar(name)) => {
                Meaning::Scalar(format!("{:?}", template.condition_digest(name)))
            }
            _ => Meaning::Object(members),
        },
        Meaning::Function(name, argument) => {
            let mut argument = named(*argument, template);
            // Digests are sorted otherwise than names.
            if let ("Fn::And" | "Fn::Or", Meaning::List(items)) = (name.as_str(), &mut argument) {
                items.sort();
            }
            Meaning::Function(name, Box::new(argument))
        }
        Meaning::List(items) => Meaning::List(
            items
                .into_iter()
                .map(|item| named(item, template))
                .collect(),
        ),
        other => other,
    }
}
