//! The template as its sections, read leniently: [`crate::sections`] reports what does not fit.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use spec::{ResourceType, Specification};

use crate::code;
use crate::expression::{Referent, referent};
use crate::findings::Findings;
use crate::path::Path;

pub(crate) struct Template<'a> {
    pub(crate) value: &'a Value,
    pub(crate) parameters: Section<'a>,
    pub(crate) mappings: Section<'a>,
    pub(crate) conditions: Section<'a>,
    pub(crate) outputs: Section<'a>,
    pub(crate) resources: BTreeMap<&'a str, Resource<'a>>,
}

pub(crate) type Section<'a> = BTreeMap<&'a str, &'a Value>;

pub(crate) struct Resource<'a> {
    pub(crate) id: &'a str,
    pub(crate) value: &'a Value,
    /// Empty when it is not a text.
    pub(crate) kind: &'a str,
    pub(crate) model: Option<&'static ResourceType>,
}

impl<'a> Template<'a> {
    pub(crate) fn read(value: &'a Value, findings: &mut Findings) -> Self {
        let resources = section(value, "Resources")
            .into_iter()
            .filter(|(id, _)| !id.starts_with("Fn::ForEach::"))
            .map(|(id, value)| (id, Resource::read(id, value, findings)))
            .collect();
        Self {
            value,
            parameters: section(value, "Parameters"),
            mappings: section(value, "Mappings"),
            conditions: section(value, "Conditions"),
            outputs: section(value, "Outputs"),
            resources,
        }
    }

    pub(crate) fn of_type(&self, kind: &str) -> impl Iterator<Item = &Resource<'a>> {
        self.resources
            .values()
            .filter(move |resource| resource.kind == kind)
    }

    /// The resource of this type that a direct `Ref` or `Fn::GetAtt` names.
    pub(crate) fn resolve(&self, value: &'a Value, kind: &str) -> Option<&Resource<'a>> {
        let Referent { id, .. } = referent(value)?;
        self.resources
            .get(id)
            .filter(|resource| resource.kind == kind)
    }
}

impl<'a> Resource<'a> {
    fn read(id: &'a str, value: &'a Value, findings: &mut Findings) -> Self {
        let kind = value
            .get("Type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let model = match Specification::embedded().resource_type(kind) {
            Ok(model) => model,
            Err(error) => {
                findings.error(
                    code::UNKNOWN_TYPE,
                    Path::Resource(id).key("Type"),
                    error.to_string(),
                    "repair the specification; the resource is not checked",
                );
                None
            }
        };
        Self {
            id,
            value,
            kind,
            model,
        }
    }

    pub(crate) fn properties(&self) -> Option<&'a Value> {
        self.value.get("Properties")
    }

    pub(crate) fn property(&self, name: &str) -> Option<&'a Value> {
        self.properties()?.get(name)
    }
}

fn section<'a>(template: &'a Value, name: &str) -> Section<'a> {
    let entries = template.get(name).and_then(Value::as_object);
    entries
        .into_iter()
        .flat_map(Map::iter)
        .map(|(key, value)| (key.as_str(), value))
        .collect()
}
