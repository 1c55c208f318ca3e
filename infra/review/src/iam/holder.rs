//! Whose permissions, and on what.

use std::collections::BTreeMap;

use super::scope::Grants;
use crate::meaning::{Meaning, Part};

/// Whose permissions are compared as one set.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Holder {
    /// A role, user or group.
    Principal(String),
    /// A managed policy that the template attaches to nobody.
    Policy(String),
    /// Who may become a role.
    Trust(String),
    /// A resource with a policy.
    Resource(String),
}

/// All that a template grants.
pub(super) type Granted = BTreeMap<Holder, Grants>;

impl Holder {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Principal(name)
            | Self::Policy(name)
            | Self::Trust(name)
            | Self::Resource(name) => name,
        }
    }

    /// Whether the statements name principals.
    pub(super) fn has_principals(&self) -> bool {
        matches!(self, Self::Trust(_) | Self::Resource(_))
    }
}

/// The logical id of the resource that a value identifies; of others, how the value reads.
pub(super) fn name(meaning: &Meaning) -> String {
    match meaning {
        Meaning::Resource(id) | Meaning::Attribute(id, _) => id.clone(),
        Meaning::Text(parts) => match parts.as_slice() {
            // An ARN that ends with a name.
            [
                ..,
                Part::Literal(before),
                Part::Value(Meaning::Resource(id)),
            ] if before.ends_with([':', '/']) => id.clone(),
            _ => meaning.to_string(),
        },
        other => other.to_string(),
    }
}
