//! Things outside a stack that differ in their names only are one node: a picture of 22 models says no more than one of all.

use crate::Scene;
use crate::drawing::{Edge, Line, Node};
use crate::look::Look;

/// Two of a kind may be worth telling apart.
const FEWEST: usize = 3;

/// An arrow as seen from one of its ends: whether it comes in, the other end, what it means and says.
type Side<'e> = (bool, &'e str, Line, &'e [String]);

/// Leaves one node of each group of nodes that are of one kind and have the same arrows.
pub(super) fn merge(scene: Scene) -> Scene {
    let mut groups: Vec<(Vec<Side<'_>>, Vec<&Node>)> = Vec::new();
    for node in scene.nodes.iter().filter(|node| is_outside(node)) {
        let sides = sides(&scene.edges, node);
        let alike = groups.iter_mut().find(|(others, nodes)| {
            *others == sides && nodes.iter().all(|other| other.notes == node.notes)
        });
        match alike {
            Some((_, nodes)) => nodes.push(node),
            None => groups.push((sides, vec![node])),
        }
    }
    let (mut titles, mut gone) = (Vec::new(), Vec::new());
    for (_, nodes) in groups.iter().filter(|(_, nodes)| nodes.len() >= FEWEST) {
        let more = nodes.len() - 1;
        titles.push((
            nodes[0].id.clone(),
            format!("{} and {more} more", nodes[0].title),
        ));
        gone.extend(nodes[1..].iter().map(|node| node.id.clone()));
    }
    without(scene, &titles, &gone)
}

fn is_outside(node: &Node) -> bool {
    matches!(node.look, Look::Service | Look::Outside)
}

fn sides<'e>(edges: &'e [Edge], node: &Node) -> Vec<Side<'e>> {
    let side = |edge: &'e Edge| -> Option<Side<'e>> {
        let labels = edge.labels.as_slice();
        if edge.to == node.id {
            return Some((true, edge.from.as_str(), edge.line, labels));
        }
        (edge.from == node.id).then_some((false, edge.to.as_str(), edge.line, labels))
    };
    let mut sides: Vec<_> = edges.iter().filter_map(side).collect();
    sides.sort_unstable();
    sides
}

fn without(mut scene: Scene, titles: &[(String, String)], gone: &[String]) -> Scene {
    scene.nodes.retain(|node| !gone.contains(&node.id));
    scene
        .edges
        .retain(|edge| !gone.contains(&edge.from) && !gone.contains(&edge.to));
    for node in &mut scene.nodes {
        if let Some((_, title)) = titles.iter().find(|(id, _)| *id == node.id) {
            node.title.clone_from(title);
        }
    }
    scene
}
