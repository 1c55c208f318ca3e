//! Any scene is laid out so that it can be read.

use proptest::prelude::*;

use super::{Placed, place};
use crate::drawing::{Edge, Line, Node, Scene};
use crate::look::Look;
use crate::svg::geometry::{Point, Rectangle};

const LOOKS: [Look; 6] = [
    Look::Task,
    Look::Choice,
    Look::Store,
    Look::Queue,
    Look::Service,
    Look::Succeed,
];

fn node(index: usize, look: usize, notes: usize) -> Node {
    Node {
        id: format!("n{index}"),
        look: LOOKS[look],
        title: format!("TheNodeOfNumber{index}"),
        notes: vec!["a note of some words".to_owned(); notes],
        inside: Vec::new(),
    }
}

prop_compose! {
    fn scene()(looks in prop::collection::vec((0..LOOKS.len(), 0..4_usize), 1..14))(
        arrows in prop::collection::vec((0..looks.len(), 0..looks.len(), 0..3_usize, any::<bool>()), 0..22),
        looks in Just(looks),
    ) -> Scene {
        let nodes = looks.iter().enumerate().map(|(index, (look, notes))| node(index, *look, *notes));
        let edges = arrows.into_iter().map(|(from, to, labels, backward)| Edge {
            from: format!("n{from}"),
            to: format!("n{to}"),
            labels: vec!["some label".to_owned(); labels],
            line: Line::Flow,
            backward,
        });
        Scene { nodes: nodes.collect(), edges: edges.collect() }
    }
}

fn overlap(one: Rectangle, other: Rectangle) -> bool {
    // Less than what a reader sees.
    let slack = 0.5;
    one.left + one.width > other.left + slack
        && other.left + other.width > one.left + slack
        && one.top + one.height > other.top + slack
        && other.top + other.height > one.top + slack
}

fn touches(placed: &Placed<'_>, arrow: usize, node: usize) -> bool {
    let (arrow, node) = (&placed.arrows[arrow], &placed.nodes[node]);
    let inner = Rectangle {
        left: node.place.left + 1.0,
        top: node.place.top + 1.0,
        width: node.place.width - 2.0,
        height: node.place.height - 2.0,
    };
    let is_end = arrow.edge.from == node.node.id || arrow.edge.to == node.node.id;
    let inside = |point: &Point| overlap(Rectangle::around(*point, 1.0, 1.0), inner);
    let steps = arrow.route.windows(2);
    !is_end
        && steps
            .flat_map(|step| (0..=20).map(|part| step[0].toward(step[1], f64::from(part) / 20.0)))
            .any(|point| inside(&point))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_hides_anything(scene in scene()) {
        let placed = place(&scene);
        prop_assert_eq!(placed.nodes.len(), scene.nodes.len());
        prop_assert_eq!(placed.arrows.len(), scene.edges.len());
        let labels: Vec<Rectangle> = placed.arrows.iter().filter_map(super::PlacedEdge::label_room).collect();
        let nodes: Vec<Rectangle> = placed.nodes.iter().map(|node| node.place).collect();
        for (index, node) in nodes.iter().enumerate() {
            prop_assert!(node.left >= 0.0 && node.top >= 0.0);
            prop_assert!(node.left + node.width <= placed.width + 0.1);
            prop_assert!(node.top + node.height <= placed.height + 0.1);
            for other in &nodes[index + 1..] {
                prop_assert!(!overlap(*node, *other), "nodes: {:?} {:?}", node, other);
            }
            for label in &labels {
                prop_assert!(!overlap(*node, *label), "a label on a node: {:?} {:?}", node, label);
            }
            for arrow in 0..placed.arrows.len() {
                prop_assert!(!touches(&placed, arrow, index), "arrow {arrow} goes through node {index}");
            }
        }
        for (index, label) in labels.iter().enumerate() {
            for other in &labels[index + 1..] {
                prop_assert!(!overlap(*label, *other), "labels: {:?} {:?}", label, other);
            }
        }
    }

    #[test]
    fn arrows_end_at_their_nodes(scene in scene()) {
        let placed = place(&scene);
        for arrow in &placed.arrows {
            for (id, end) in [(&arrow.edge.from, arrow.route.first()), (&arrow.edge.to, arrow.route.last())] {
                let node = placed.nodes.iter().find(|node| node.node.id == *id);
                let (node, end) = node.zip(end).expect("an arrow has ends");
                let near = Rectangle {
                    left: node.place.left - 1.0,
                    top: node.place.top - 1.0,
                    width: node.place.width + 2.0,
                    height: node.place.height + 2.0,
                };
                prop_assert!(overlap(Rectangle::around(*end, 1.0, 1.0), near), "{:?} {:?}", end, node.place);
            }
        }
    }
}
