//! Updates, and the expressions that DynamoDB knows them as.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::Scalar;

/// An update of one item: attributes to set and to remove, and what has to hold for it.
///
/// ```
/// use shared::run::{Condition, ItemUpdate, Scalar};
///
/// let claim = ItemUpdate::new("job_name", "jokes-part-0003-5f2d10c9ab")
///     .set("status", Scalar::from("Submitting"))
///     .remove("message")
///     .when(Condition::Missing("job_arn".to_owned()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemUpdate {
    key_attribute: String,
    key: String,
    set: Vec<(String, Scalar)>,
    removed: Vec<String>,
    conditions: Vec<Condition>,
}

/// What has to hold for an update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The attribute is there. Of the key: the item is there.
    Exists(String),
    /// The attribute is not there. Of the key: there is no such item.
    Missing(String),
    /// The attribute is there, with this value.
    Equals(String, Scalar),
    /// The attribute has none of these values, of which there are at most 100; one that is not there has none of them.
    NoneOf(String, Vec<Scalar>),
}

impl ItemUpdate {
    /// An update of the item with this key. One that does not exist is created, unless a condition is against it.
    pub fn new(key_attribute: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            key_attribute: key_attribute.into(),
            key: key.into(),
            set: Vec::new(),
            removed: Vec::new(),
            conditions: Vec::new(),
        }
    }

    /// Sets an attribute.
    #[must_use]
    pub fn set(mut self, name: impl Into<String>, value: impl Into<Scalar>) -> Self {
        self.set.push((name.into(), value.into()));
        self
    }

    /// Removes an attribute; one that is not there is no mistake.
    #[must_use]
    pub fn remove(mut self, name: impl Into<String>) -> Self {
        self.removed.push(name.into());
        self
    }

    /// Updates only when this holds, and every condition named before.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// The attribute that is the key.
    #[must_use]
    pub fn key_attribute(&self) -> &str {
        &self.key_attribute
    }

    /// The key of the item.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Attributes to set, in the order in which they were named.
    #[must_use]
    pub fn sets(&self) -> &[(String, Scalar)] {
        &self.set
    }

    /// Attributes to remove, in the order in which they were named.
    #[must_use]
    pub fn removes(&self) -> &[String] {
        &self.removed
    }

    /// What has to hold.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    pub(super) fn expressions(&self) -> Expressions {
        let mut placeholders = Placeholders::default();
        let sets: Vec<_> = self
            .set
            .iter()
            .map(|(name, value)| {
                format!(
                    "{} = {}",
                    placeholders.name(name),
                    placeholders.value(value)
                )
            })
            .collect();
        let removes: Vec<_> = self
            .removed
            .iter()
            .map(|name| placeholders.name(name))
            .collect();
        let conditions: Vec<_> = self
            .conditions
            .iter()
            .filter_map(|condition| placeholders.condition(condition))
            .collect();
        let clauses: Vec<_> = [("SET", sets), ("REMOVE", removes)]
            .into_iter()
            .filter(|(_, parts)| !parts.is_empty())
            .map(|(word, parts)| format!("{word} {}", parts.join(", ")))
            .collect();
        Expressions {
            update: (!clauses.is_empty()).then(|| clauses.join(" ")),
            condition: (!conditions.is_empty()).then(|| conditions.join(" AND ")),
            names: some(placeholders.names),
            values: some(placeholders.values),
        }
    }
}

/// The service refuses empty maps.
fn some<V>(map: HashMap<String, V>) -> Option<HashMap<String, V>> {
    (!map.is_empty()).then_some(map)
}

/// An update as the service takes it.
pub(super) struct Expressions {
    pub(super) update: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
}

/// Stands for names and values in expressions, where some names are reserved words.
#[derive(Default)]
struct Placeholders {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Placeholders {
    fn name(&mut self, name: &str) -> String {
        let known = self.names.iter().find(|(_, known)| *known == name);
        if let Some((placeholder, _)) = known {
            return placeholder.clone();
        }
        let placeholder = format!("#n{}", self.names.len());
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }

    fn value(&mut self, value: &Scalar) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value.into());
        placeholder
    }

    /// None for a condition that always holds.
    fn condition(&mut self, condition: &Condition) -> Option<String> {
        match condition {
            Condition::Exists(name) => Some(format!("attribute_exists({})", self.name(name))),
            Condition::Missing(name) => Some(format!("attribute_not_exists({})", self.name(name))),
            Condition::Equals(name, value) => {
                Some(format!("{} = {}", self.name(name), self.value(value)))
            }
            Condition::NoneOf(_, values) if values.is_empty() => None,
            Condition::NoneOf(name, values) => {
                let name = self.name(name);
                let values: Vec<_> = values.iter().map(|value| self.value(value)).collect();
                Some(format!("NOT ({name} IN ({}))", values.join(", ")))
            }
        }
    }
}
