//! Where everything goes: each scene by dagre, scenes inside nodes first.
//!
//! Arrows never leave a scene, so a node with scenes inside is a box of known size to the scene around it, and dagre's
//! compound graphs are not needed. dagre orders the nodes of a row by a heuristic that depends on the order in which it is
//! told of them: a few orders are tried, and the one whose arrows cross least is kept.

use dagre::graph::{Graph, GraphOptions};
use dagre::layout::types::LabelPos;
use dagre::{EdgeLabel, LayoutOptions, NodeLabel, layout};

use super::geometry::{Point, Rectangle};
use super::route;
use super::text::{Font, LABEL, NOTE, TITLE};
use crate::drawing::{Edge, Node, Scene};
use crate::look::Look;
use crate::words::{legible, shortened};

/// Texts in nodes are broken at this width, those on arrows at the other.
const NODE_WIDTH: f64 = 190.0;
const LABEL_WIDTH: f64 = 140.0;
/// What is left free around the scenes in a group, and between them.
const ROOM: f64 = 16.0;
const MOST_LETTERS: usize = 120;
/// Between an arrow's line and a text beside it.
const BESIDE: f64 = 6.0;

/// A scene with all its places.
#[derive(Clone, Debug)]
pub(super) struct Placed<'d> {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) nodes: Vec<PlacedNode<'d>>,
    pub(super) arrows: Vec<PlacedEdge<'d>>,
}

#[derive(Clone, Debug)]
pub(super) struct PlacedNode<'d> {
    pub(super) node: &'d Node,
    pub(super) place: Rectangle,
    pub(super) text: Vec<(String, Font)>,
    /// Scenes inside, by their top left corner in the node's scene.
    pub(super) inside: Vec<(Point, Placed<'d>)>,
}

#[derive(Clone, Debug)]
pub(super) struct PlacedEdge<'d> {
    pub(super) edge: &'d Edge,
    /// From where it leaves to where it points.
    pub(super) route: Vec<Point>,
    pub(super) label: Vec<String>,
    /// The middle of the label.
    pub(super) at: Option<Point>,
}

/// Places a scene.
pub(super) fn place(scene: &Scene) -> Placed<'_> {
    let nodes: Vec<PlacedNode<'_>> = scene.nodes.iter().map(sized).collect();
    let arrows: Vec<PlacedEdge<'_>> = scene.edges.iter().map(labelled).collect();
    let orders = [(false, false), (false, true), (true, false), (true, true)];
    let laid = orders.into_iter().flat_map(|order| {
        [false, true].map(|keep_first| laid_out(nodes.clone(), arrows.clone(), order, keep_first))
    });
    let least = laid.min_by(|one, other| route::tangle(&one.1).total_cmp(&route::tangle(&other.1)));
    let (nodes, arrows) = least.unwrap_or_default();
    fitted(nodes, arrows)
}

/// A node with the size it needs, its top left corner at 0, 0.
fn sized(node: &Node) -> PlacedNode<'_> {
    let scenes: Vec<Placed<'_>> = node.inside.iter().map(place).collect();
    let scenes_width: f64 = scenes.iter().map(|scene| scene.width + ROOM).sum();
    let group = node.look == Look::Group;
    let text = text(
        node,
        if group {
            scenes_width.max(NODE_WIDTH)
        } else {
            NODE_WIDTH
        },
    );
    let wide = text
        .iter()
        .map(|(line, font)| font.width(line))
        .fold(0.0, f64::max);
    let high: f64 = text.iter().map(|(_, font)| font.leading).sum();
    let tallest = scenes.iter().map(|scene| scene.height).fold(0.0, f64::max);
    let head = high + ROOM;
    let (width, height) = if group {
        (
            (scenes_width + ROOM).max(wide + 2.0 * ROOM),
            head + tallest + ROOM,
        )
    } else {
        node.look.style().outline.around(wide, high)
    };
    let mut left = (width - (scenes_width - ROOM)) / 2.0;
    let mut inside = Vec::new();
    for scene in scenes {
        let corner = Point { x: left, y: head };
        left += scene.width + ROOM;
        inside.push((corner, scene));
    }
    let place = Rectangle {
        left: 0.0,
        top: 0.0,
        width,
        height,
    };
    PlacedNode {
        node,
        place,
        text,
        inside,
    }
}

fn text(node: &Node, most: f64) -> Vec<(String, Font)> {
    let lines = |text: &str, font: Font| {
        let text = shortened(&legible(text), MOST_LETTERS);
        font.wrap(&text, most)
            .into_iter()
            .map(move |line| (line, font))
    };
    let notes = node.notes.iter().flat_map(|note| lines(note, NOTE));
    lines(&node.title, TITLE).chain(notes).collect()
}

/// An arrow with the lines of its label, without a way.
fn labelled(edge: &Edge) -> PlacedEdge<'_> {
    let lines = edge.labels.iter().flat_map(|label| {
        let text = shortened(&legible(label), MOST_LETTERS);
        LABEL.wrap(&text, LABEL_WIDTH)
    });
    PlacedEdge {
        edge,
        route: Vec::new(),
        label: lines.collect(),
        at: None,
    }
}

impl PlacedEdge<'_> {
    /// The ends in the order in which they are laid out.
    fn ends(&self) -> (&str, &str) {
        if self.edge.backward {
            (&self.edge.to, &self.edge.from)
        } else {
            (&self.edge.from, &self.edge.to)
        }
    }

    /// The size of the label.
    fn size(&self) -> (f64, f64) {
        let wide = self
            .label
            .iter()
            .map(|line| LABEL.width(line) + BESIDE)
            .fold(0.0, f64::max);
        let high = self.label.iter().map(|_| LABEL.leading).sum();
        (wide, high)
    }

    /// The rectangle of the label.
    pub(super) fn label_room(&self) -> Option<Rectangle> {
        let (width, height) = self.size();
        Some(Rectangle::around(self.at?, width, height))
    }
}

type Laid<'d> = (Vec<PlacedNode<'d>>, Vec<PlacedEdge<'d>>);

/// Lets dagre place nodes and arrows, which it is told of in one order or the other.
fn laid_out<'d>(
    mut nodes: Vec<PlacedNode<'d>>,
    mut arrows: Vec<PlacedEdge<'d>>,
    (nodes_reversed, arrows_reversed): (bool, bool),
    keep_first: bool,
) -> Laid<'d> {
    let mut graph: Graph<NodeLabel, EdgeLabel> = Graph::with_options(GraphOptions {
        directed: true,
        multigraph: true,
        compound: true,
    });
    for each in ordered(&nodes, nodes_reversed) {
        let size = NodeLabel {
            width: each.place.width,
            height: each.place.height,
            ..NodeLabel::default()
        };
        graph.set_node(each.node.id.as_str(), Some(size));
    }
    let numbered: Vec<(usize, &PlacedEdge<'_>)> = arrows.iter().enumerate().collect();
    for (index, arrow) in ordered(&numbered, arrows_reversed) {
        let (width, height) = arrow.size();
        let size = EdgeLabel {
            width,
            height,
            labelpos: LabelPos::Center,
            ..EdgeLabel::default()
        };
        let (from, to) = arrow.ends();
        graph.set_edge(from, to, Some(size), Some(&index.to_string()));
    }
    let options = LayoutOptions {
        nodesep: 30.0,
        edgesep: 20.0,
        ranksep: 56.0,
        tie_keep_first: keep_first,
        ..LayoutOptions::default()
    };
    layout(&mut graph, Some(options));
    for each in &mut nodes {
        let laid = graph.node(&each.node.id);
        let left = laid.and_then(|node| node.x).unwrap_or_default() - each.place.width / 2.0;
        let top = laid.and_then(|node| node.y).unwrap_or_default() - each.place.height / 2.0;
        each.move_by(left, top);
    }
    for (index, arrow) in arrows.iter_mut().enumerate() {
        let (from, to) = arrow.ends();
        let Some(laid) = graph.edge(from, to, Some(&index.to_string())) else {
            continue;
        };
        arrow.route = laid
            .points
            .iter()
            .map(|point| Point {
                x: point.x,
                y: point.y,
            })
            .collect();
        if arrow.edge.backward {
            arrow.route.reverse();
        }
        let at = laid.x.zip(laid.y).map(|(x, y)| Point { x, y });
        arrow.at = at.filter(|_| !arrow.label.is_empty());
    }
    route::straighten(&nodes, &mut arrows);
    (nodes, arrows)
}

fn ordered<T: Clone>(items: &[T], reversed: bool) -> Vec<T> {
    let mut items = items.to_vec();
    if reversed {
        items.reverse();
    }
    items
}

impl PlacedNode<'_> {
    fn move_by(&mut self, x: f64, y: f64) {
        self.place = self.place.moved(x, y);
        for (corner, _) in &mut self.inside {
            *corner = corner.moved(x, y);
        }
    }
}

/// Moves everything so that the scene begins at 0, 0: arrows may go round outside of the nodes.
fn fitted<'d>(mut nodes: Vec<PlacedNode<'d>>, mut arrows: Vec<PlacedEdge<'d>>) -> Placed<'d> {
    let bends = arrows.iter().flat_map(|arrow| &arrow.route);
    let bends = bends.map(|point| Rectangle::around(*point, 2.0, 2.0));
    let labels = arrows.iter().filter_map(PlacedEdge::label_room);
    let all = nodes
        .iter()
        .map(|node| node.place)
        .chain(bends)
        .chain(labels);
    let covered = all.reduce(Rectangle::with).unwrap_or_default();
    let (x, y) = (-covered.left, -covered.top);
    for node in &mut nodes {
        node.move_by(x, y);
    }
    for arrow in &mut arrows {
        for point in arrow.route.iter_mut().chain(arrow.at.as_mut()) {
            *point = point.moved(x, y);
        }
    }
    Placed {
        width: covered.width,
        height: covered.height,
        nodes,
        arrows,
    }
}

#[cfg(test)]
mod tests;
