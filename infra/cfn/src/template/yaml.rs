//! YAML with CloudFormation's short forms: `!Ref Bucket`, `!GetAtt Bucket.Arn`, `!Sub …`.
//!
//! YAML is the view for reviewers. CloudFormation, like many others, reads YAML 1.1, in which `on`, `12:30` and `2012-10-17` are not texts; the
//! emitter quotes every text that either version of YAML would read as something else.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_saphyr::Tagged;

use crate::node::{Node, Object};

/// Writes a node as YAML.
#[expect(
    clippy::expect_used,
    reason = "a node has text keys and is written to memory, which cannot fail"
)]
pub(super) fn write(node: &Node) -> String {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false };

    serde_saphyr::to_string_with_options(&View(node), options).expect("a node is YAML")
}

/// A node on its way to YAML.
struct View<'node>(&'node Node);

/// An object written as it is, in the long form.
struct Members<'node>(&'node Object);

impl Serialize for View<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.0, short_form(self.0)) {
            (_, Some((tag, argument))) => match attribute_path(tag, argument) {
                Some(path) => Tagged(path, Some(tag.to_owned())).serialize(serializer),
                None => Tagged(View(argument), Some(tag.to_owned())).serialize(serializer),
            },
            (Node::List(items), None) => serializer.collect_seq(items.iter().map(View)),
            (Node::Object(object), None) => Members(object).serialize(serializer),
            (scalar, None) => scalar.serialize(serializer),
        }
    }
}

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0.iter() {
            map.serialize_entry(key, &View(value))?;
        }
        map.end()
    }
}

/// The tag and the argument of a function call. YAML puts one tag on a node, so that a call whose argument is a call keeps its
/// long form.
fn short_form(node: &Node) -> Option<(&'static str, &Node)> {
    let (name, argument) = node.as_intrinsic()?;
    let (_, tag) = TAGS.iter().find(|(function, _)| *function == name)?;
    if short_form(argument).is_some() {
        return None;
    }
    Some((tag, argument))
}

/// `!GetAtt` takes its two names as one text.
fn attribute_path(tag: &str, argument: &Node) -> Option<String> {
    if tag != "!GetAtt" {
        return None;
    }
    let names: Option<Vec<&str>> = argument.as_list()?.iter().map(Node::as_text).collect();
    names.map(|names| names.join("."))
}

const TAGS: &[(&str, &str)] = &[
    ("Ref", "!Ref"),
    ("Fn::GetAtt", "!GetAtt"),
    ("Fn::Sub", "!Sub"),
    ("Fn::Join", "!Join"),
    ("Fn::Split", "!Split"),
    ("Fn::Select", "!Select"),
    ("Fn::Base64", "!Base64"),
    ("Fn::GetAZs", "!GetAZs"),
    ("Fn::Cidr", "!Cidr"),
    ("Fn::ImportValue", "!ImportValue"),
    ("Fn::FindInMap", "!FindInMap"),
    ("Fn::If", "!If"),
    ("Fn::Equals", "!Equals"),
    ("Fn::And", "!And"),
    ("Fn::Or", "!Or"),
    ("Fn::Not", "!Not"),
];
