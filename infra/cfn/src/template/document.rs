//! Finished templates.

use super::error::Error;
use super::limits::{INLINE_BYTES, OBJECT_BYTES};
use super::{Named, Template};
use crate::node::{Node, Object};

/// A finished template, or one that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    node: Node,
}

/// How a template of its size reaches CloudFormation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeClass {
    /// It fits into the request: at most 51,200 bytes.
    Inline,
    /// It has to be read from S3: at most 1,000,000 bytes.
    Object,
    /// CloudFormation does not accept it.
    TooLarge,
}

impl Document {
    /// A document of that content.
    pub fn from_node(node: Node) -> Self {
        Self { node }
    }

    /// Reads a JSON template.
    pub fn parse_json(text: &str) -> Result<Self, serde_json::Error> {
        Node::parse_json(text).map(Self::from_node)
    }

    /// The content.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The resources: names and entries.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &Node)> {
        let resources = self.node.get("Resources").and_then(Node::as_object);
        resources.into_iter().flat_map(Object::iter)
    }

    /// The template as it is deployed: indented JSON in the order of building, functions in their long form.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "a node has text keys and is written to memory, which cannot fail"
    )]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.node).expect("a node is JSON");
        text.push('\n');
        text
    }

    /// The template as it is reviewed: YAML with the short forms of functions, safe for readers of YAML 1.1.
    pub fn to_yaml(&self) -> String {
        super::yaml::write(&self.node)
    }

    /// How the template reaches CloudFormation.
    pub fn size_class(&self) -> SizeClass {
        let bytes = self.to_json().len();
        if bytes <= INLINE_BYTES {
            SizeClass::Inline
        } else if bytes <= OBJECT_BYTES {
            SizeClass::Object
        } else {
            SizeClass::TooLarge
        }
    }
}

/// The sections in CloudFormation's order.
pub(super) fn render(template: &Template, errors: &mut Vec<Error>) -> Node {
    let mut document = Object::new();
    document.set("AWSTemplateFormatVersion", "2010-09-09");
    document.set("Description", template.description.as_str());
    let sections = [
        ("Metadata", template.metadata.clone()),
        ("Parameters", section(&template.parameters)),
        ("Mappings", section(&template.mappings)),
        ("Conditions", section(&template.conditions)),
        ("Resources", resources(template, errors)),
        ("Outputs", section(&template.outputs)),
    ];
    for (name, entries) in sections {
        if !entries.is_empty() {
            document.set(name, entries);
        }
    }
    Node::Object(document)
}

fn section(entries: &[Named]) -> Object {
    entries
        .iter()
        .map(|entry| (entry.name.to_string(), entry.node.clone()))
        .collect()
}

fn resources(template: &Template, errors: &mut Vec<Error>) -> Object {
    let mut section = Object::new();
    for entry in &template.resources {
        match entry.render(&template.tags) {
            Some(node) => section.set(entry.logical_id().to_string(), node),
            None => errors.push(Error::TagsUnknown {
                logical_id: entry.logical_id().clone(),
                location: entry.location(),
            }),
        }
    }
    section
}
