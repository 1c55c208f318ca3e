//! What is in a picture, whatever it is written as.

use std::collections::BTreeSet;

use crate::look::Look;

/// A picture, top to bottom: nodes and arrows, nested where something goes on inside a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// What is shown.
    pub title: String,
    /// The same in a sentence, for those who cannot see it.
    pub summary: String,
    /// The nodes and arrows.
    pub scene: Scene,
}

/// Nodes, and the arrows among them. No arrow leaves a scene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// The nodes, in the order of the source.
    pub nodes: Vec<Node>,
    /// The arrows.
    pub edges: Vec<Edge>,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique in the drawing: letters, digits and underscores.
    pub id: String,
    /// What kind of thing it is, to the eye.
    pub look: Look,
    /// Its name; empty for the points where a machine starts and ends.
    pub title: String,
    /// What else there is to say, a line each.
    pub notes: Vec<String>,
    /// What goes on inside, side by side: the branches of a `Parallel`, the processor of a `Map`.
    pub inside: Vec<Scene>,
}

/// An arrow.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The id of the node it leaves.
    pub from: String,
    /// The id of the node it points at.
    pub to: String,
    /// What is written on it, a line each.
    pub labels: Vec<String>,
    /// What it means.
    pub line: Line,
    /// Whether it points against the reading direction, as a function does to what it reads: the layout puts `to` first.
    pub backward: bool,
}

/// What an arrow means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    /// One state after another.
    Flow,
    /// Something is sent by itself: a notification, messages, a schedule, the rows of a table.
    Data,
    /// A permission.
    Use,
    /// What happens on an error.
    Failure,
}

impl Drawing {
    /// The drawing under a name of its own.
    #[must_use]
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

impl Scene {
    /// Every node, those inside others too, outer ones first.
    pub fn walk(&self) -> Vec<&Node> {
        self.nodes
            .iter()
            .flat_map(|node| std::iter::once(node).chain(node.inside.iter().flat_map(Self::walk)))
            .collect()
    }

    /// Every arrow, those inside nodes too.
    pub fn arrows(&self) -> Vec<&Edge> {
        let inside = self.nodes.iter().flat_map(|node| &node.inside);
        self.edges
            .iter()
            .chain(inside.flat_map(Self::arrows))
            .collect()
    }
}

impl Edge {
    /// An arrow without a label.
    pub(crate) fn new(from: &str, to: &str, line: Line) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            labels: Vec::new(),
            line,
            backward: false,
        }
    }
}

/// Hands out ids that are safe in Mermaid and unique in a drawing.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    taken: BTreeSet<String>,
}

/// What Mermaid's lexer takes for a keyword where an id begins.
const RESERVED: &[&str] = &[
    "call",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "flowchart",
    "graph",
    "href",
    "linkstyle",
    "style",
    "subgraph",
];

impl Ids {
    /// An id that resembles a name.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let safe = |letter: char| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '_'
            }
        };
        let mut id: String = name.chars().map(safe).collect();
        if id.is_empty() || RESERVED.contains(&id.to_ascii_lowercase().as_str()) {
            id.push('_');
        }
        let mut unique = id.clone();
        let mut count = 1;
        while !self.taken.insert(unique.clone()) {
            count += 1;
            unique = format!("{id}_{count}");
        }
        unique
    }
}
