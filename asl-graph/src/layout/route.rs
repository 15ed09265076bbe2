//! The ways of the edges: from port to port, through their bends.

mod exits;
mod ports;

use super::{Area, LayoutNode, Link, Point, Wire, channel};
use crate::model::Graph;
use exits::{Exit, exits};
use ports::{Edge, first_in_lane, ports};
use std::collections::BTreeSet;

/// The way of every edge of the graph, that of the start first.
pub(super) fn route(graph: &Graph, nodes: &[LayoutNode], links: &[Link]) -> Vec<Wire> {
    let lower = ports(nodes, links, Edge::Below);
    let upper = ports(nodes, links, Edge::Above);
    let beside = exits(nodes, links);
    let router = Router {
        graph,
        nodes,
        bands: bands(nodes),
        joined: links.iter().filter_map(|link| first_in_lane(nodes, link)).collect(),
    };
    let mut wires: Vec<_> = links
        .iter()
        .enumerate()
        .map(|(index, link)| {
            let from = lower.get(index).copied().unwrap_or_default();
            let to = upper.get(index).copied().unwrap_or_default();
            router.wire(link, beside.get(&index), from, to)
        })
        .collect();
    channel::square(&mut wires);
    wires.extend(loops(graph, nodes));
    wires
}

struct Router<'g, 'n> {
    graph: &'g Graph,
    nodes: &'n [LayoutNode],
    bands: Vec<Band>,
    /// Where something joins a lane.
    joined: BTreeSet<usize>,
}

impl Router<'_, '_> {
    fn wire(&self, link: &Link, exit: Option<&Exit>, from: Point, to: Point) -> Wire {
        let mut points = Vec::new();
        let mut joins = None;
        let mut label = None;
        match exit {
            Some(exit) => {
                points.extend([exit.from, exit.turn]);
                label = (!link.label.is_empty()).then(|| (link.label.clone(), exit.label));
            }
            None => points.push(from),
        }
        // Beside a taller state the line goes straight down.
        let x = points.last().map_or(from.x, |last| last.x);
        if let Some(upper) = self.nodes.get(link.from) {
            push(&mut points, Point { x, y: self.band(upper).bottom });
        }
        for (id, node) in link.bends.iter().filter_map(|id| Some((id, self.nodes.get(*id)?))) {
            let Band { top, bottom } = self.band(node);
            if node.height > 0.0 {
                label = Some((link.label.clone(), Point { x: node.x, y: node.y }));
            }
            let is_joined = self.joined.contains(id);
            if node.is_lane && joins.is_none() {
                joins = Some(top);
            }
            // Where nothing else is in a layer, there is no need to go through a certain place.
            if bottom > top || is_joined {
                push(&mut points, Point { x: node.x, y: top });
                push(&mut points, Point { x: node.x, y: bottom });
            }
        }
        points.push(to);
        if link.reversed {
            points.reverse();
        }
        Wire { edge: link.edge.and_then(|index| self.graph.edges.get(index)).cloned(), points, joins, label }
    }

    fn band(&self, node: &LayoutNode) -> Band {
        self.bands.get(node.layer).copied().unwrap_or_default()
    }
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

fn bands(nodes: &[LayoutNode]) -> Vec<Band> {
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

/// A state that leads to itself: round its right side.
fn loops(graph: &Graph, nodes: &[LayoutNode]) -> Vec<Wire> {
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
        Some(Wire { edge: Some(edge.clone()), points, joins: None, label: None })
    })
    .collect()
}
