//! The same template for a local AWS, which does not host everything.
//!
//! What it does not host is left out, and named: nothing is replaced in silence. Resources that others depend on are never left
//! out; all of these are for people's eyes.

use std::collections::BTreeSet;

use cfn::{Document, Node, Object};

/// Resource types that the local AWS refuses, each with what a person misses without it.
const REFUSED: [(&str, &str); 2] = [
    (
        "AWS::Athena::NamedQuery",
        "the local AWS takes no saved queries of Athena; run their SQL with `infra query`",
    ),
    (
        "AWS::Logs::QueryDefinition",
        "the local AWS takes no saved queries over logs",
    ),
];

/// Why views are left out: the local Athena accepts them and then does not find them.
const VIEW: &str =
    "the local Athena knows no views; `infra query` writes the view's definition into the query";

/// A resource that is not in the local variant of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name in the template.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// Why it is not there, and what to do instead.
    pub reason: &'static str,
}

/// Why a template has no local variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalError {
    /// Something that stays refers to something that is left out.
    #[error(
        "`{by}` refers to `{logical_id}`, which a local AWS does not host; make it independent of it, or extend `constructs::local`"
    )]
    StillNeeded {
        /// What is left out.
        logical_id: String,
        /// What refers to it.
        by: String,
    },
}

/// The template without what a local AWS does not host, and what that is.
///
/// # Errors
/// When something that stays needs something that does not.
pub fn local_variant(template: &Document) -> Result<(Document, Vec<LeftOut>), LocalError> {
    let left_out: Vec<LeftOut> = template
        .resources()
        .filter_map(|(logical_id, resource)| left_out(logical_id, resource))
        .collect();
    let names: BTreeSet<&str> = left_out
        .iter()
        .map(|each| each.logical_id.as_str())
        .collect();
    let mut kept = Object::new();
    for (section, content) in template
        .node()
        .as_object()
        .into_iter()
        .flat_map(Object::iter)
    {
        match (section, content) {
            ("Resources" | "Outputs", Node::Object(entries)) => {
                kept.set(section.to_owned(), without(entries, &names)?);
            }
            _ => kept.set(section.to_owned(), content.clone()),
        }
    }
    Ok((Document::from_node(Node::Object(kept)), left_out))
}

fn left_out(logical_id: &str, resource: &Node) -> Option<LeftOut> {
    let resource_type = resource.get("Type")?.as_text()?;
    let refused = REFUSED
        .iter()
        .find(|(refused, _)| *refused == resource_type);
    let reason = match refused {
        Some((_, reason)) => reason,
        None if is_view(resource) => VIEW,
        None => return None,
    };
    Some(LeftOut {
        logical_id: logical_id.to_owned(),
        resource_type: resource_type.to_owned(),
        reason,
    })
}

fn is_view(resource: &Node) -> bool {
    let table_type = || {
        resource
            .get("Properties")?
            .get("TableInput")?
            .get("TableType")?
            .as_text()
    };
    table_type() == Some("VIRTUAL_VIEW")
}

fn without(entries: &Object, names: &BTreeSet<&str>) -> Result<Object, LocalError> {
    let kept = entries.iter().filter(|(name, _)| !names.contains(name));
    kept.map(|(name, entry)| match mentioned(entry, names) {
        Some(logical_id) => Err(LocalError::StillNeeded {
            logical_id,
            by: name.to_owned(),
        }),
        None => Ok((name.to_owned(), entry.clone())),
    })
    .collect()
}

/// A name of the set that a node refers to.
fn mentioned(node: &Node, names: &BTreeSet<&str>) -> Option<String> {
    match node {
        Node::List(items) => items.iter().find_map(|item| mentioned(item, names)),
        Node::Object(members) => members.iter().find_map(|(key, value)| {
            let direct = match key {
                "Ref" | "DependsOn" | "Fn::GetAtt" => named(value, names),
                "Fn::Sub" => substituted(value, names),
                _ => None,
            };
            direct.or_else(|| mentioned(value, names))
        }),
        _ => None,
    }
}

fn named(node: &Node, names: &BTreeSet<&str>) -> Option<String> {
    let is_named = |text: &&str| names.contains(text.split('.').next().unwrap_or(text));
    match node {
        Node::List(items) => items
            .iter()
            .filter_map(Node::as_text)
            .find(is_named)
            .map(str::to_owned),
        _ => node.as_text().filter(is_named).map(str::to_owned),
    }
}

fn substituted(node: &Node, names: &BTreeSet<&str>) -> Option<String> {
    let text = node
        .as_text()
        .or_else(|| node.as_list()?.first()?.as_text())?;
    let found = |name: &&&str| {
        text.contains(&format!("${{{name}}}")) || text.contains(&format!("${{{name}."))
    };
    names.iter().find(found).map(|name| (*name).to_owned())
}
