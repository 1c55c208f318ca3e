//! A template as its sections, read leniently: what does not fit is not there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::meaning::{ConditionMeaning, Conditions, Digest};

/// A template.
#[derive(Debug)]
pub(crate) struct Template<'a> {
    value: &'a Value,
    conditions: Conditions,
    /// New names of resources that were renamed, by their old ones.
    renamed: BTreeMap<String, String>,
}

/// A resource of a template.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resource<'a> {
    pub(crate) id: &'a str,
    pub(crate) value: &'a Value,
}

impl<'a> Template<'a> {
    pub(crate) fn read(value: &'a Value) -> Self {
        Self::renamed(value, BTreeMap::new())
    }

    /// A template some of whose resources have other names in the one it is compared with.
    pub(crate) fn renamed(value: &'a Value, renamed: BTreeMap<String, String>) -> Self {
        Self {
            value,
            conditions: Conditions::default(),
            renamed,
        }
    }

    /// A section's entries.
    pub(crate) fn section(
        &self,
        name: &str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> + use<'a> {
        let entries = self.value.get(name).and_then(Value::as_object);
        entries
            .into_iter()
            .flat_map(Map::iter)
            .map(|(key, value)| (key.as_str(), value))
    }

    /// Its resources by logical id.
    pub(crate) fn resources(&self) -> BTreeMap<&'a str, Resource<'a>> {
        self.section("Resources")
            .map(|(id, value)| (id, Resource { id, value }))
            .collect()
    }

    /// A whole section, or another entry at the top.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        self.value.get(name)
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&'a Value> {
        self.entry("Parameters", name)
    }

    pub(crate) fn mapping(&self, name: &str) -> Option<&'a Value> {
        self.entry("Mappings", name)
    }

    pub(crate) fn condition(&self, name: &str) -> Option<&'a Value> {
        self.entry("Conditions", name)
    }

    /// A condition, by what it says.
    pub(crate) fn condition_meaning(&self, name: &str) -> ConditionMeaning {
        ConditionMeaning {
            name: name.to_owned(),
            digest: self.condition_digest(name),
        }
    }

    /// What a condition says, as a digest.
    pub(crate) fn condition_digest(&self, name: &str) -> Digest {
        self.conditions.digest(name, self)
    }

    /// The name that a resource has in the template this one is compared with.
    pub(crate) fn new_id<'b>(&'b self, id: &'b str) -> &'b str {
        self.renamed.get(id).map_or(id, String::as_str)
    }

    fn entry(&self, section: &str, name: &str) -> Option<&'a Value> {
        self.value.get(section)?.get(name)
    }
}

/// Whether a policy leaves the resource itself where it is.
pub(crate) fn retains(policy: Option<&str>) -> bool {
    matches!(policy, Some("Retain" | "RetainExceptOnCreate"))
}

impl<'a> Resource<'a> {
    /// Its type; empty when it has none.
    pub(crate) fn kind(self) -> &'a str {
        self.text("Type").unwrap_or_default()
    }

    /// A text beside the properties, such as a policy.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_str()
    }

    /// The condition under which it is there.
    pub(crate) fn condition(self, template: &Template<'_>) -> Option<ConditionMeaning> {
        self.text("Condition")
            .map(|name| template.condition_meaning(name))
    }

    pub(crate) fn properties(self) -> &'a Value {
        self.value.get("Properties").unwrap_or(&Value::Null)
    }
}
