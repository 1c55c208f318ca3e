//! The ways of arrows.
//!
//! dagre says through which gaps of the rows an arrow goes, but as one point per row, and every arrow aims at the middle of
//! its node. Here arrows pass a row upright, so that they touch no neighbour however tall, and spread along the side of the
//! node at which they end.

use super::geometry::{Point, crossing};
use super::layout::{PlacedEdge, PlacedNode};

/// How far an arrow goes straight out of its node before it turns.
const STUB: f64 = 9.0;
/// How close two heights are that are the same.
const SAME: f64 = 0.5;

/// Nodes, labels and bends at the same height: its middle, and how far it reaches up and down.
struct Row {
    middle: f64,
    reach: f64,
}

/// Sides of nodes at which arrows end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Top,
    Bottom,
}

/// One end of an arrow: of which arrow and which end, at which node and side, and where it comes from.
struct End {
    arrow: usize,
    is_head: bool,
    node: usize,
    side: Side,
    from: f64,
}

/// Makes the ways of all arrows upright in the rows and lets them end beside each other.
pub(super) fn straighten(nodes: &[PlacedNode<'_>], arrows: &mut [PlacedEdge<'_>]) {
    let rows = rows(nodes, arrows);
    let ends = ends(nodes, arrows);
    for arrow in arrows.iter_mut().filter(|arrow| !is_loop(arrow)) {
        let inner = arrow.route.len().saturating_sub(1);
        let bends = arrow.route.get(1..inner).unwrap_or_default();
        arrow.route = upright(bends, &rows);
    }
    for (end, x) in spread(nodes, ends) {
        let placed = &nodes[end.node];
        let middle = Point {
            x,
            y: placed.place.middle().y,
        };
        let (bottom, reach) = (
            placed.place.top + placed.place.height,
            reach(&rows, middle.y),
        );
        // Straight on until the row ends: a neighbour may be taller.
        let turn = match end.side {
            Side::Top => (placed.place.top - STUB).min(middle.y - reach),
            Side::Bottom => (bottom + STUB).max(middle.y + reach),
        };
        let stub = Point { x, y: turn };
        let outline = placed.node.look.style().outline;
        let port = outline.meet(placed.place, middle, stub);
        let route = &mut arrows[end.arrow].route;
        if end.is_head {
            route.extend([stub, port]);
        } else {
            route.splice(0..0, [port, stub]);
        }
    }
}

fn is_loop(arrow: &PlacedEdge<'_>) -> bool {
    arrow.edge.from == arrow.edge.to
}

fn rows(nodes: &[PlacedNode<'_>], arrows: &[PlacedEdge<'_>]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let nodes = nodes.iter().map(|node| node.place);
    let labels = arrows.iter().filter_map(PlacedEdge::label_room);
    for place in nodes.chain(labels) {
        let (middle, reach) = (place.middle().y, place.height / 2.0);
        match rows
            .iter_mut()
            .find(|row| (row.middle - middle).abs() < SAME)
        {
            Some(row) => row.reach = row.reach.max(reach),
            None => rows.push(Row { middle, reach }),
        }
    }
    rows
}

/// How far the row at this height reaches up and down.
fn reach(rows: &[Row], height: f64) -> f64 {
    let row = rows.iter().find(|row| (row.middle - height).abs() < SAME);
    row.map_or(0.0, |row| row.reach)
}

/// Each bend as two: where the way comes into the row, and where it leaves it.
fn upright(bends: &[Point], rows: &[Row]) -> Vec<Point> {
    let downward = bends
        .first()
        .zip(bends.last())
        .is_none_or(|(first, last)| first.y <= last.y);
    let through = |bend: &Point| {
        let reach = reach(rows, bend.y);
        let reach = if downward { reach } else { -reach };
        [bend.moved(0.0, -reach), bend.moved(0.0, reach)]
    };
    let mut points: Vec<Point> = bends.iter().flat_map(through).collect();
    points.dedup_by(|one, other| one.distance(*other) < SAME);
    points
}

fn ends(nodes: &[PlacedNode<'_>], arrows: &[PlacedEdge<'_>]) -> Vec<End> {
    let mut ends = Vec::new();
    for (index, arrow) in arrows
        .iter()
        .enumerate()
        .filter(|(_, arrow)| !is_loop(arrow))
    {
        let length = arrow.route.len();
        if length < 2 {
            continue;
        }
        for (is_head, id, next) in [
            (false, &arrow.edge.from, 1),
            (true, &arrow.edge.to, length - 2),
        ] {
            let Some(node) = nodes.iter().position(|placed| placed.node.id == *id) else {
                continue;
            };
            let next = arrow.route[next];
            let below = next.y > nodes[node].place.middle().y;
            ends.push(End {
                arrow: index,
                is_head,
                node,
                side: if below { Side::Bottom } else { Side::Top },
                from: next.x,
            });
        }
    }
    ends
}

/// Where along its side each end is: in the order of where they come from, evenly.
fn spread(nodes: &[PlacedNode<'_>], mut ends: Vec<End>) -> Vec<(End, f64)> {
    ends.sort_by(|one, other| one.from.total_cmp(&other.from));
    let place = |end: &End| {
        let same = ends
            .iter()
            .filter(|other| other.node == end.node && other.side == end.side);
        let (mut count, mut before) = (0.0, 0.0);
        for other in same {
            count += 1.0;
            if (other.from, other.arrow) < (end.from, end.arrow) {
                before += 1.0;
            }
        }
        let place = nodes[end.node].place;
        place.left + place.width * (before + 1.0) / (count + 1.0)
    };
    let places: Vec<f64> = ends.iter().map(place).collect();
    ends.into_iter().zip(places).collect()
}

/// How hard it is to follow the arrows: how often they cross, and between equals how long they are.
pub(super) fn tangle(arrows: &[PlacedEdge<'_>]) -> f64 {
    let mut crossings = 0.0;
    for (index, one) in arrows.iter().enumerate() {
        for other in &arrows[index + 1..] {
            crossings += cross(&one.route, &other.route);
        }
    }
    let steps = arrows.iter().flat_map(|arrow| arrow.route.windows(2));
    let length: f64 = steps.map(|step| step[0].distance(step[1])).sum();
    crossings + length / 10_000.0
}

fn cross(one: &[Point], other: &[Point]) -> f64 {
    let mut count = 0.0;
    for first in one.windows(2) {
        for second in other.windows(2) {
            if crossing(first[0], first[1], second[0], second[1]).is_some() {
                count += 1.0;
            }
        }
    }
    count
}
