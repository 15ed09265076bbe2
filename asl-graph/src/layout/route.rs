//! The ways of the edges: from port to port, through their bends.

use super::{Area, Link, Node, Point, Wire};
use crate::model::Graph;

/// The most that ports of a state are apart.
const PORT_GAP: f64 = 22.0;

/// The way of every edge of the graph, that of the start first.
pub(super) fn route<'g>(graph: &'g Graph, nodes: &[Node], links: &[Link]) -> Vec<Wire<'g>> {
    let lower = ports(nodes, links, Side::Below);
    let upper = ports(nodes, links, Side::Above);
    let bands = bands(nodes);
    let mut wires: Vec<_> = links
        .iter()
        .enumerate()
        .map(|(index, link)| {
            let from = lower.get(index).copied().unwrap_or_default();
            let to = upper.get(index).copied().unwrap_or_default();
            wire(graph, nodes, link, &bands, from, to)
        })
        .collect();
    wires.extend(loops(graph, nodes));
    wires
}

fn wire<'g>(
    graph: &'g Graph,
    nodes: &[Node],
    link: &Link,
    bands: &[Band],
    from: Point,
    to: Point,
) -> Wire<'g> {
    let mut points = vec![from];
    let mut label = None;
    let band = |node: &Node| bands.get(node.layer).copied().unwrap_or_default();
    // Beside a taller state the line goes straight down.
    if let Some(upper) = nodes.get(link.from) {
        push(&mut points, Point { x: from.x, y: band(upper).bottom });
    }
    for node in link.bends.iter().filter_map(|id| nodes.get(*id)) {
        let Band { top, bottom } = band(node);
        if node.height > 0.0 {
            label = Some((link.label.clone(), Point { x: node.x, y: node.y }));
            push(&mut points, Point { x: node.x, y: node.y });
        } else if node.layer % 2 == 0 {
            push(&mut points, Point { x: node.x, y: top });
            push(&mut points, Point { x: node.x, y: bottom });
        } else if bottom > top {
            // There are labels beside; the place between them is this bend's.
            push(&mut points, Point { x: node.x, y: node.y });
        }
    }
    points.push(to);
    if link.reversed {
        points.reverse();
    }
    Wire { edge: link.edge.and_then(|index| graph.edges.get(index)), points, label }
}

/// Lines only go down.
fn push(points: &mut Vec<Point>, point: Point) {
    if points.last().is_none_or(|last| point.y > last.y + 0.5) {
        points.push(point);
    }
}

/// From the top to the bottom of a layer.
#[derive(Clone, Copy, Default)]
struct Band {
    top: f64,
    bottom: f64,
}

fn bands(nodes: &[Node]) -> Vec<Band> {
    let count = nodes.iter().map(|node| node.layer + 1).max().unwrap_or(0);
    let mut bands = vec![Band { top: f64::MAX, bottom: f64::MIN }; count];
    for node in nodes {
        if let Some(band) = bands.get_mut(node.layer) {
            band.top = band.top.min(node.y - node.height / 2.0);
            band.bottom = band.bottom.max(node.y + node.height / 2.0);
        }
    }
    bands
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Above,
    Below,
}

/// Where each link touches its node on this side: the links of a node side by side, in the order of where they come from.
fn ports(nodes: &[Node], links: &[Link], side: Side) -> Vec<Point> {
    let mut points = vec![Point::default(); links.len()];
    for (id, node) in nodes.iter().enumerate() {
        let mut touching: Vec<(f64, usize)> = links
            .iter()
            .enumerate()
            .filter(|(_, link)| if side == Side::Below { link.from == id } else { link.to == id })
            .map(|(index, link)| (next_x(nodes, link, side), index))
            .collect();
        touching.sort_by(|a, b| a.0.total_cmp(&b.0));
        let count = touching.len();
        #[expect(clippy::cast_precision_loss, reason = "a state has few edges")]
        let (places, gap) = (count as f64, PORT_GAP.min((node.width - 24.0).max(0.0) / (count as f64)));
        let mut x = node.x - gap * (places - 1.0) / 2.0;
        let y = if side == Side::Below { node.y + node.height / 2.0 } else { node.y - node.height / 2.0 };
        for (_, index) in touching {
            if let Some(point) = points.get_mut(index) {
                *point = Point { x, y };
            }
            x += gap;
        }
    }
    points
}

fn next_x(nodes: &[Node], link: &Link, side: Side) -> f64 {
    let next = match side {
        Side::Below => link.bends.first().unwrap_or(&link.to),
        Side::Above => link.bends.last().unwrap_or(&link.from),
    };
    nodes.get(*next).map_or(0.0, |node| node.x)
}

/// A state that leads to itself: round its right side.
fn loops<'g>(graph: &'g Graph, nodes: &[Node]) -> Vec<Wire<'g>> {
    let own = graph.edges.iter().filter(|edge| edge.to == Some(edge.from));
    own.filter_map(|edge| {
        let node = nodes.get(edge.from)?;
        let area = Area { x: node.x + node.width / 2.0, y: node.y, width: 14.0, height: 12.0 };
        let point = |x, y| Point { x: area.x + x, y: area.y + y };
        let points = vec![
            point(0.0, area.height),
            point(area.width, area.height),
            point(area.width, -area.height),
            point(0.0, -area.height),
        ];
        Some(Wire { edge: Some(edge), points, label: None })
    })
    .collect()
}
