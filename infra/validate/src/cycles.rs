//! Circular dependencies, which CloudFormation refuses.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::kosaraju_scc;
use petgraph::graphmap::DiGraphMap;

use crate::code;
use crate::findings::Findings;
use crate::path::Path;
use crate::references::{Edges, References};

pub(crate) fn check(references: &References<'_>, findings: &mut Findings) {
    for cycle in cycles(&references.resources) {
        findings.error(
            code::CYCLE,
            Path::Resource(cycle[0]),
            format!("circular dependency: {}", describe(&cycle, &references.resources)),
            "break the circle: name one of the resources without a reference, or move what refers back (a policy, a permission) into a resource of its own",
        );
    }
    let conditions = Path::Template.key("Conditions");
    for cycle in cycles(&references.conditions) {
        findings.error(
            code::CYCLE,
            conditions.key(cycle[0]),
            format!(
                "circular conditions: {}",
                describe(&cycle, &references.conditions)
            ),
            "write one of the conditions without the other",
        );
    }
}

/// `Bucket -(Properties.NotificationConfiguration)-> Function -(...)-> Bucket`.
fn describe(cycle: &[&str], edges: &Edges<'_>) -> String {
    let mut text = cycle[0].to_owned();
    for (index, from) in cycle.iter().enumerate() {
        let to = cycle[(index + 1) % cycle.len()];
        let path = edges.get(&(*from, to)).map_or("", String::as_str);
        text.extend([" -(", path, ")-> ", to]);
    }
    text
}

/// The shortest cycle of every knot, from its first name on.
fn cycles<'a>(edges: &Edges<'a>) -> Vec<Vec<&'a str>> {
    let graph: DiGraphMap<&str, ()> = edges.keys().copied().collect();
    let mut cycles: Vec<_> = kosaraju_scc(&graph)
        .into_iter()
        .filter_map(|knot| {
            let knot: BTreeSet<&str> = knot.into_iter().collect();
            shortest_cycle(&graph, &knot)
        })
        .collect();
    cycles.sort();
    cycles
}

/// Breadth first from the first member back to itself; nothing when the knot is one node without an edge to itself.
fn shortest_cycle<'a>(
    graph: &DiGraphMap<&'a str, ()>,
    knot: &BTreeSet<&'a str>,
) -> Option<Vec<&'a str>> {
    let start = *knot.first()?;
    let mut came_from = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut neighbours: Vec<_> = graph
            .neighbors(node)
            .filter(|next| knot.contains(next))
            .collect();
        neighbours.sort_unstable();
        for next in neighbours {
            if next == start {
                return Some(path_back(start, node, &came_from));
            }
            if let std::collections::btree_map::Entry::Vacant(entry) = came_from.entry(next) {
                entry.insert(node);
                queue.push_back(next);
            }
        }
    }
    None
}

fn path_back<'a>(
    start: &'a str,
    end: &'a str,
    came_from: &BTreeMap<&'a str, &'a str>,
) -> Vec<&'a str> {
    let mut path = vec![end];
    let mut node = end;
    while node != start {
        node = came_from[node];
        path.push(node);
    }
    path.reverse();
    path
}
