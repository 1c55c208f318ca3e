//! The names in intrinsic functions: do they exist, and who refers to whom?

use serde_json::Value;
use spec::ResourceType;

use crate::code;
use crate::expression::Referent;
use crate::intrinsics::{Origin, Walker};
use crate::path::Path;
use crate::template::Resource;

pub(crate) const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::NotificationARNs",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

impl<'a> Walker<'_, 'a> {
    pub(crate) fn reference(&mut self, target: &'a str, path: Path<'_>) {
        if PSEUDO_PARAMETERS.contains(&target) {
            return;
        }
        if self.template.parameters.contains_key(target) {
            self.references.parameters.insert(target);
        } else if self.template.resources.contains_key(target) {
            self.refer_to_resource(target, path);
        } else {
            self.unresolved(target, path, "parameter or resource");
        }
    }

    fn refer_to_resource(&mut self, target: &'a str, path: Path<'_>) {
        match self.origin {
            Origin::Resource(from) => {
                let edges = &mut self.references.resources;
                edges
                    .entry((from, target))
                    .or_insert_with(|| path.to_string());
            }
            Origin::Condition(_) => {
                let message = format!("a condition cannot depend on the resource `{target}`");
                let help = "conditions are decided before any resource exists; use a parameter";
                self.findings.error(code::INTRINSIC, path, message, help);
            }
            Origin::Other => {}
        }
    }

    fn unresolved(&mut self, target: &str, path: Path<'_>, what: &str) {
        let message = format!("there is no {what} `{target}` in the template");
        let help = "correct the name, or add it";
        self.findings.error(code::UNRESOLVED, path, message, help);
    }

    pub(crate) fn attribute(&mut self, referent: Referent<'a>, path: Path<'_>) {
        let Some(resource) = self.template.resources.get(referent.id) else {
            return self.unresolved(referent.id, path, "resource");
        };
        self.refer_to_resource(referent.id, path);
        if let Some(attribute) = referent.attribute {
            self.known_attribute(resource, attribute, path);
        }
    }

    fn known_attribute(&mut self, resource: &Resource<'a>, attribute: &str, path: Path<'_>) {
        let Some(model) = resource.model else {
            return;
        };
        if model.attributes.contains_key(attribute) || is_output(model, attribute) {
            return;
        }
        let known: Vec<_> = model.attributes.keys().map(String::as_str).collect();
        let help = match known.as_slice() {
            [] => "it has none; use `Ref`".to_owned(),
            known => format!("use one of {}", known.join(", ")),
        };
        let message = format!("{} has no attribute `{attribute}`", resource.kind);
        self.findings
            .error(code::UNKNOWN_ATTRIBUTE, path, message, help);
    }

    pub(crate) fn condition(&mut self, name: &'a str, path: Path<'_>) {
        if !self.template.conditions.contains_key(name) {
            let message = format!("there is no condition `{name}`");
            let help = "name an entry of `Conditions`, or add it";
            self.findings
                .error(code::UNKNOWN_CONDITION, path, message, help);
        } else if let Origin::Condition(from) = self.origin {
            let edges = &mut self.references.conditions;
            edges
                .entry((from, name))
                .or_insert_with(|| path.to_string());
        }
    }

    pub(crate) fn find_in_map(&mut self, list: &'a [Value], path: Path<'_>) {
        for (index, argument) in list.iter().enumerate() {
            self.value(argument, path.index(index));
        }
        let has_default = list.len() > 3;
        let Some(name) = list[0].as_str() else {
            return;
        };
        let Some(mapping) = self.template.mappings.get(name) else {
            return self.unknown_mapping(path, &format!("there is no mapping `{name}`"));
        };
        let Some(first) = list[1].as_str().filter(|_| !has_default) else {
            return;
        };
        let Some(entry) = mapping.get(first) else {
            return self
                .unknown_mapping(path, &format!("the mapping `{name}` has no key `{first}`"));
        };
        if let Some(second) = list[2]
            .as_str()
            .filter(|second| entry.get(second).is_none())
        {
            self.unknown_mapping(
                path,
                &format!("the mapping `{name}` has no key `{second}` under `{first}`"),
            );
        }
    }

    fn unknown_mapping(&mut self, path: Path<'_>, message: &str) {
        let help = "correct the name, or add it to `Mappings`";
        self.findings
            .error(code::UNKNOWN_MAPPING, path, message, help);
    }

    pub(crate) fn depends_on(&mut self, value: &'a Value, path: Path<'_>) {
        match value {
            Value::String(target) => self.dependency(target, path),
            Value::Array(targets) => {
                for (index, target) in targets.iter().enumerate() {
                    match target {
                        Value::String(target) => self.dependency(target, path.index(index)),
                        _ => self.malformed_dependency(path.index(index)),
                    }
                }
            }
            _ => self.malformed_dependency(path),
        }
    }

    fn dependency(&mut self, target: &'a str, path: Path<'_>) {
        if self.template.resources.contains_key(target) {
            self.refer_to_resource(target, path);
        } else {
            self.unresolved(target, path, "resource");
        }
    }

    fn malformed_dependency(&mut self, path: Path<'_>) {
        let help = "name a resource, or a list of resources";
        self.findings
            .error(code::STRUCTURE, path, "`DependsOn` takes names", help);
    }
}

/// The outputs of a nested stack are attributes that only its own template knows.
fn is_output(model: &ResourceType, attribute: &str) -> bool {
    let output = attribute.strip_prefix("Outputs.");
    model.name == "AWS::CloudFormation::Stack" && output.is_some_and(|name| !name.is_empty())
}
