//! Draws a stack from its template, anybody's.
//!
//! Three tables say what is what: [`kind`] which types are nodes and which serve others, [`link`] which properties make data
//! flow, [`verb`] what an IAM action does. Everything else follows.

mod alike;
mod arrow;
mod expression;
mod kind;
mod link;
mod outside;
mod permission;
mod template;
mod verb;

use serde_json::Value;

use crate::Error;
use crate::drawing::{Drawing, Ids, Line, Node};
use crate::look::Look;
use crate::words::{shortened, summary};
use arrow::{Arrows, Label};
use expression::{at, references, text_at};
use kind::Part;
use link::{Ends, LINKS};
use outside::Outside;
use template::{Resource, Target, Template};

/// Properties that say in few words what a node is for.
const NOTES: &[&str] = &[
    "ScheduleExpression",
    "EventPattern/detail-type",
    "Events/*/Properties/Schedule",
    "TableInput/Name",
];
const MOST_LETTERS: usize = 40;

/// Draws a stack: the resources that matter to a reader, how data flows between them, and who may do what with them.
///
/// Roles, policies, permissions, alarms and the like are not nodes: they are on the arrows and in the notes of what they
/// serve. Types without an entry in the tables are nodes that are joined to what they refer to.
///
/// # Errors
/// When the JSON has no `Resources`.
pub fn stack(template: &Value) -> Result<Drawing, Error> {
    let resources = template["Resources"].as_object().ok_or(Error::NoTemplate)?;
    let read = Template::read(resources);
    let mut picture = Picture::new(&read);
    for resource in &read.resources {
        picture.links(resource);
    }
    for resource in &read.resources {
        picture.permissions(resource);
        picture.mentions(resource);
    }
    let described = template["Description"].as_str().unwrap_or_default();
    Ok(picture.finish(described))
}

/// The picture in the making.
struct Picture<'t> {
    template: &'t Template<'t>,
    ids: Ids,
    /// Logical ids, and ids of their nodes.
    known: Vec<(String, String)>,
    nodes: Vec<Node>,
    arrows: Arrows,
}

impl<'t> Picture<'t> {
    fn new(template: &'t Template<'t>) -> Self {
        let mut picture = Self {
            template,
            ids: Ids::default(),
            known: Vec::new(),
            nodes: Vec::new(),
            arrows: Arrows::default(),
        };
        for resource in &template.resources {
            let (look, noun) = match resource.part {
                Part::Node(kind) => (kind.look, kind.noun.to_owned()),
                Part::Other => (Look::Other, short_type(resource.type_name)),
                Part::Helper(_) => continue,
            };
            let mut notes = vec![noun];
            notes.extend(picture.notes(resource));
            picture.node(resource.id, look, resource.id, notes);
        }
        picture
    }

    /// Adds a node under a key by which arrows find it, once.
    fn node(&mut self, key: &str, look: Look, title: &str, notes: Vec<String>) -> String {
        if let Some((_, id)) = self.known.iter().find(|known| known.0 == key) {
            return id.clone();
        }
        let id = self.ids.take(title);
        self.known.push((key.to_owned(), id.clone()));
        self.nodes.push(Node {
            id: id.clone(),
            look,
            title: title.to_owned(),
            notes,
            inside: Vec::new(),
        });
        id
    }

    /// What a resource says of itself, and how many of each kind serve it.
    fn notes(&self, resource: &Resource<'_>) -> Vec<String> {
        let own = NOTES
            .iter()
            .filter_map(|path| text_at(resource.properties, path));
        let mut notes: Vec<String> = own.map(|note| shortened(&note, MOST_LETTERS)).collect();
        let mut served: Vec<(&str, usize)> = Vec::new();
        for other in &self.template.resources {
            let Part::Helper(helper) = other.part else {
                continue;
            };
            let relevant =
                !helper.noun.is_empty() && self.serves(other, helper.serves, resource.id);
            match served.iter_mut().find(|(noun, _)| *noun == helper.noun) {
                Some((_, count)) if relevant => *count += 1,
                None if relevant => served.push((helper.noun, 1)),
                _ => {}
            }
        }
        notes.extend(served.into_iter().map(|(noun, count)| counted(noun, count)));
        notes
    }

    fn serves(&self, helper: &Resource<'_>, path: &str, wanted: &str) -> bool {
        at(helper.properties, path)
            .into_iter()
            .any(|(_, value)| matches!(self.template.target(value), Target::Node { id, .. } if id == wanted))
    }

    /// The id of the node that a value means; a node of its own for what is outside the template.
    fn end(&mut self, value: &Value) -> Option<String> {
        match self.template.target(value) {
            Target::Node { id, .. } => self.id(&id),
            Target::Hidden => None,
            Target::Outside(text) => Some(self.outside(&Outside::named(&text)?)),
        }
    }

    fn outside(&mut self, outside: &Outside) -> String {
        let notes = outside.notes.clone();
        self.node(&outside.key(), outside.look, &outside.title, notes)
    }

    fn id(&self, logical: &str) -> Option<String> {
        let known = self.known.iter().find(|known| known.0 == logical)?;
        Some(known.1.clone())
    }

    /// The arrows of data that a resource's properties make.
    fn links(&mut self, resource: &Resource<'_>) {
        for link in LINKS
            .iter()
            .filter(|link| link.resource_type == resource.type_name)
        {
            let own = self.id(resource.id);
            match link.ends {
                Ends::Out(path) => {
                    for (holder, value) in at(resource.properties, path) {
                        let to = self.end(value);
                        self.arrow(own.clone(), to, link.line, (link.label)(holder));
                    }
                }
                Ends::In(path) => {
                    for (holder, value) in at(resource.properties, path) {
                        let from = self.end(value);
                        self.arrow(from, own.clone(), link.line, (link.label)(holder));
                    }
                }
                Ends::Mentioned(path) => {
                    for (holder, value) in at(resource.properties, path) {
                        for logical in self.mentioned(value) {
                            let from = self.id(&logical);
                            self.arrow(from, own.clone(), link.line, (link.label)(holder));
                        }
                    }
                }
                Ends::Between(first, second) => {
                    for (holder, value) in at(resource.properties, first) {
                        let from = self.end(value);
                        for (_, value) in at(resource.properties, second) {
                            let to = self.end(value);
                            self.arrow(from.clone(), to, link.line, (link.label)(holder));
                        }
                    }
                }
            }
        }
    }

    fn arrow(&mut self, from: Option<String>, to: Option<String>, line: Line, label: Label) {
        if let (Some(from), Some(to)) = (from, to) {
            self.arrows.add(&from, &to, line, label);
        }
    }

    /// The arrows of what the resource's role allows.
    fn permissions(&mut self, resource: &Resource<'_>) {
        let Some(from) = self.id(resource.id) else {
            return;
        };
        for permission in permission::of(resource.properties, self.template) {
            let Some(verb) = verb::of(&permission.action) else {
                continue;
            };
            let target = self.template.target(&permission.resource);
            let Some(objects) = permission.objects(&target) else {
                continue;
            };
            let to = match &target {
                Target::Node { id, .. } => self.id(id),
                Target::Hidden => None,
                Target::Outside(text) => {
                    let outside = Outside::allowed(text, &permission.action);
                    outside.map(|outside| self.outside(&outside))
                }
            };
            for object in objects {
                self.arrow(
                    Some(from.clone()),
                    to.clone(),
                    Line::Use,
                    Label::of(&verb, object),
                );
            }
        }
    }

    /// The arrows between resources of which only the type is known and what they refer to, or what refers to them.
    fn mentions(&mut self, resource: &Resource<'_>) {
        let Some(from) = self.id(resource.id) else {
            return;
        };
        for logical in self.mentioned(resource.properties) {
            let other = |id: &str| {
                let part = self.template.get(id).map(|resource| resource.part);
                matches!(part, Some(Part::Other))
            };
            if logical != resource.id && (other(resource.id) || other(&logical)) {
                let to = self.id(&logical);
                self.arrow(Some(from.clone()), to, Line::Use, Label::verb("uses"));
            }
        }
    }

    /// The drawn resources that are referred to somewhere inside, each once.
    fn mentioned(&self, value: &Value) -> Vec<String> {
        let mut names = Vec::new();
        references(value, &mut names);
        let mut found: Vec<String> = Vec::new();
        for name in names {
            let reference = serde_json::json!({ "Ref": name });
            if let Target::Node { id, .. } = self.template.target(&reference)
                && !found.contains(&id)
            {
                found.push(id);
            }
        }
        found
    }

    fn finish(self, described: &str) -> Drawing {
        let scene = alike::merge(crate::Scene {
            nodes: self.nodes,
            edges: self.arrows.edges(),
        });
        let (nodes, arrows) = (scene.nodes.len(), scene.edges.len());
        Drawing {
            title: "Stack".to_owned(),
            summary: summary(
                described,
                &format!("Stack of {nodes} parts with {arrows} arrows between them"),
            ),
            scene,
        }
    }
}

/// `EC2 Subnet` of `AWS::EC2::Subnet`.
fn short_type(resource_type: &str) -> String {
    let short = resource_type.trim_start_matches("AWS::").replace("::", " ");
    if short.is_empty() {
        "resource".to_owned()
    } else {
        short
    }
}

/// `alarm`, `8 saved queries`.
fn counted(noun: &str, count: usize) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => noun.to_owned(),
        (count, Some(stem)) => format!("{count} {stem}ies"),
        (count, None) => format!("{count} {noun}s"),
    }
}
