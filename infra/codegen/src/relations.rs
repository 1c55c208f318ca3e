//! Which values of other resources a property accepts, as Rust types.

use std::collections::{BTreeMap, BTreeSet};

use spec::{ArnOwner, ResourceType, Specification, Target};

use crate::{Error, naming};

/// What is known of the resource types that properties can refer to.
pub(crate) struct Relations<'spec> {
    types: BTreeMap<&'spec str, &'spec ResourceType>,
}

/// What a text property accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Acceptance {
    /// Any text.
    Text,
    /// The ARN of one type of resource.
    Arn(String),
    /// The name of one type of resource.
    Id(String),
    /// Values of several types of resources.
    Several(Several),
}

/// The values that a property accepts which takes several types of resources.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Several {
    /// Types whose ARN is accepted.
    pub arns: BTreeSet<String>,
    /// Types whose name is accepted.
    pub ids: BTreeSet<String>,
    /// Whether any text is accepted beside them.
    pub text: bool,
}

/// One target, resolved.
enum Resolved {
    Arn(String),
    Id(String),
    Text,
    /// The ARN of a type that is not listed: it can only be assumed.
    ForeignArn,
}

impl<'spec> Relations<'spec> {
    pub(crate) fn new(specification: &'spec Specification) -> Result<Self, Error> {
        let mut types = BTreeMap::new();
        for name in specification.names() {
            if let Some(resource_type) = specification.resource_type(name)? {
                types.insert(name, resource_type);
            }
        }
        Ok(Self { types })
    }

    /// What a property with these targets accepts.
    pub(crate) fn acceptance(&self, targets: &BTreeSet<Target>) -> Acceptance {
        let mut several = Several::default();
        for target in targets {
            match self.resolve(target) {
                Resolved::Arn(path) => drop(several.arns.insert(path)),
                Resolved::Id(path) => drop(several.ids.insert(path)),
                Resolved::Text => several.text = true,
                Resolved::ForeignArn => {}
            }
        }
        let single = |paths: &BTreeSet<String>| paths.first().filter(|_| paths.len() == 1).cloned();
        match (single(&several.arns), single(&several.ids)) {
            _ if several.arns.is_empty() && several.ids.is_empty() => Acceptance::Text,
            (Some(path), None) if several.ids.is_empty() && !several.text => Acceptance::Arn(path),
            (None, Some(path)) if several.arns.is_empty() => Acceptance::Id(path),
            _ => {
                several.text |= !several.ids.is_empty();
                Acceptance::Several(several)
            }
        }
    }

    fn resolve(&self, target: &Target) -> Resolved {
        let attribute = target.attribute.as_str();
        let Some(resource_type) = self.types.get(target.resource.as_str()) else {
            return if attribute.ends_with("Arn") {
                Resolved::ForeignArn
            } else {
                Resolved::Text
            };
        };
        let path = path_of(resource_type);
        let is_reference = matches!(attribute, "Id" | "Name")
            || resource_type.reference.name.as_deref() == Some(attribute);
        match resource_type
            .attributes
            .get(attribute)
            .and_then(|attribute| attribute.arn)
        {
            Some(ArnOwner::Own) => Resolved::Arn(path),
            Some(ArnOwner::Other) => Resolved::Arn(format!(
                "{}::{}",
                module_of(resource_type),
                naming::type_name(attribute)
            )),
            None if resource_type.reference.arn && (is_reference || attribute == "Arn") => {
                Resolved::Arn(path)
            }
            None if is_reference => Resolved::Id(path),
            None => Resolved::Text,
        }
    }
}

/// `lambda::Function`.
pub(crate) fn path_of(resource_type: &ResourceType) -> String {
    let (service, resource) = parts(resource_type);
    format!("{service}::{}", naming::type_name(resource))
}

/// `lambda::function`.
pub(crate) fn module_of(resource_type: &ResourceType) -> String {
    let (service, resource) = parts(resource_type);
    format!("{service}::{}", naming::module(resource))
}

/// Service (as a module) and resource of `AWS::Service::Resource`.
pub(crate) fn parts(resource_type: &ResourceType) -> (String, &str) {
    let mut parts = resource_type.name.split("::").skip(1);
    let service = parts.next().unwrap_or_default().to_ascii_lowercase();
    (service, parts.next().unwrap_or_default())
}
