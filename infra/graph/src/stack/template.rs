//! The resources of a template, and which of them a value means.

use serde_json::Value;

use super::expression::{holes, text, text_at};
use super::kind::{Part, part};

/// Helpers of helpers end somewhere; a template in which they go in circles is no reason not to.
const MOST_STEPS: usize = 8;

/// A resource.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource<'a> {
    pub(super) id: &'a str,
    pub(super) type_name: &'a str,
    pub(super) properties: &'a Value,
    pub(super) part: Part,
}

/// The resources of a template.
#[derive(Debug)]
pub(super) struct Template<'a> {
    pub(super) resources: Vec<Resource<'a>>,
    /// Physical names that the template gives: the text, and the resource by position.
    names: Vec<(String, usize)>,
}

/// What a value means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A node, and what follows its name or ARN: `/processed/*`.
    Node { id: String, rest: String },
    /// A resource that is not drawn.
    Hidden,
    /// Nothing in the template: the value as text.
    Outside(String),
}

impl<'a> Template<'a> {
    pub(super) fn read(resources: &'a serde_json::Map<String, Value>) -> Self {
        let resources: Vec<Resource<'a>> = resources
            .iter()
            .map(|(id, body)| {
                let type_name = body["Type"].as_str().unwrap_or_default();
                Resource {
                    id,
                    type_name,
                    properties: &body["Properties"],
                    part: part(type_name),
                }
            })
            .collect();
        let name = |(index, resource): (usize, &Resource<'a>)| match resource.part {
            Part::Node(kind) => Some((text_at(resource.properties, kind.name)?, index)),
            _ => None,
        };
        let names = resources.iter().enumerate().filter_map(name).collect();
        Self { resources, names }
    }

    pub(super) fn get(&self, id: &str) -> Option<&Resource<'a>> {
        self.resources.iter().find(|resource| resource.id == id)
    }

    /// What a value means: a resource by reference, by ARN, by location or by name.
    pub(super) fn target(&self, value: &Value) -> Target {
        self.target_of(&text(value), MOST_STEPS)
    }

    fn target_of(&self, text: &str, steps: usize) -> Target {
        if let Some(resource) = holes(text).find_map(|name| self.get(name)) {
            let rest = text
                .split_once(&format!("{{{}", resource.id))
                .and_then(|(_, after)| after.split_once('}'))
                .map_or("", |(_, rest)| rest);
            return self.drawn(resource, rest, steps);
        }
        let found = self.names.iter().find_map(|(name, index)| {
            Some((&self.resources[*index], self.named(text, name, *index)?))
        });
        match found {
            Some((resource, rest)) => self.drawn(resource, rest, steps),
            None => Target::Outside(text.to_owned()),
        }
    }

    /// What follows when a text is the name of this resource, or its ARN or location made of the name.
    fn named<'t>(&self, text: &'t str, name: &str, index: usize) -> Option<&'t str> {
        if text == name {
            return Some("");
        }
        let Part::Node(kind) = self.resources[index].part else {
            return None;
        };
        let (service, prefix) = kind.arn;
        let rest = match text.strip_prefix("s3://") {
            Some(location) if service == "s3" => location.strip_prefix(name)?,
            _ => {
                let (of, resource) = arn(text)?;
                (of == service)
                    .then_some(resource)?
                    .strip_prefix(prefix)?
                    .strip_prefix(name)?
            }
        };
        (rest.is_empty() || rest.starts_with(['/', ':', '*'])).then_some(rest)
    }

    /// The node that stands for a resource.
    fn drawn(&self, resource: &Resource<'_>, rest: &str, steps: usize) -> Target {
        match resource.part {
            Part::Node(_) | Part::Other => Target::Node {
                id: resource.id.to_owned(),
                rest: rest.to_owned(),
            },
            Part::Helper(helper) if !helper.serves.is_empty() && steps > 0 => {
                match text_at(resource.properties, helper.serves) {
                    Some(served) => self.target_of(&served, steps - 1),
                    None => Target::Hidden,
                }
            }
            Part::Helper(_) => Target::Hidden,
        }
    }
}

/// Service and resource of an ARN.
pub(super) fn arn(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.splitn(6, ':');
    if parts.next() != Some("arn") {
        return None;
    }
    let service = parts.nth(1)?;
    Some((service, parts.nth(2)?))
}
