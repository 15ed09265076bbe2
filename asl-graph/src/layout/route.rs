//! The ways of the edges: from port to port, through their bends.

use super::{Area, HEIGHT, Link, Node, NodeKind, Point, Wire, channel, label_size};
use crate::model::Graph;
use std::collections::{BTreeMap, BTreeSet};

/// The most that ports of a state are apart.
const PORT_GAP: f64 = 22.0;
/// Between a state and the label of an error that leaves it.
const EXIT: f64 = 11.0;
/// Between the lines of several errors of a state where they turn down.
const TURN: f64 = 9.0;

/// The way of every edge of the graph, that of the start first.
pub(super) fn route<'g>(graph: &'g Graph, nodes: &[Node], links: &[Link]) -> Vec<Wire<'g>> {
    let lower = ports(nodes, links, Side::Below);
    let upper = ports(nodes, links, Side::Above);
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
    nodes: &'n [Node],
    bands: Vec<Band>,
    /// Where something joins a lane.
    joined: BTreeSet<usize>,
}

impl<'g> Router<'g, '_> {
    fn wire(&self, link: &Link, exit: Option<&Exit>, from: Point, to: Point) -> Wire<'g> {
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
        Wire { edge: link.edge.and_then(|index| self.graph.edges.get(index)), points, joins, label }
    }

    fn band(&self, node: &Node) -> Band {
        self.bands.get(node.layer).copied().unwrap_or_default()
    }
}

/// How an error leaves its state.
struct Exit {
    from: Point,
    /// Where it turns down.
    turn: Point,
    /// The middle of its label.
    label: Point,
}

/// The exits on the right sides of states, by the links: one below the other, and what goes farthest to the right on top, so that none crosses
/// another.
fn exits(nodes: &[Node], links: &[Link]) -> BTreeMap<usize, Exit> {
    let mut by_tag: BTreeMap<usize, Vec<(f64, usize)>> = BTreeMap::new();
    for (index, link) in links.iter().enumerate() {
        if let Some(tag) = link.tag {
            by_tag.entry(tag).or_default().push((next_x(nodes, link, Side::Below), index));
        }
    }
    let mut found = BTreeMap::new();
    for (tag, mut leaving) in by_tag {
        leaving.sort_by(|a, b| b.0.total_cmp(&a.0));
        let Some(tag) = nodes.get(tag) else { continue };
        let mut turn = tag.x + tag.width / 2.0;
        let nearest = obstacle(nodes, tag);
        let mut top = None;
        for (lane, index) in leaving {
            let Some(link) = links.get(index) else { continue };
            let Some(state) = nodes.get(link.from) else { continue };
            let (wide, high) = label_size(&link.label);
            let bottom = state.y + state.height / 2.0;
            // Of a state with others in it, at its foot.
            let middle = bottom - (state.height / 2.0).min((HEIGHT / 2.0).max(tag.height / 2.0));
            let above = top.unwrap_or(middle - tag.height / 2.0);
            let (x, y) = (state.x + state.width / 2.0, above + high / 2.0);
            let exit = Exit {
                from: Point { x, y },
                // Where nothing stands in between, it goes right to its lane.
                turn: Point { x: if lane >= turn && lane < nearest { lane } else { turn }, y },
                label: Point { x: x + EXIT + wide / 2.0, y },
            };
            found.insert(index, exit);
            top = Some(above + high);
            turn -= TURN;
        }
    }
    found
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

/// Where something stands on the right of a tag, in its layer.
fn obstacle(nodes: &[Node], tag: &Node) -> f64 {
    let beside = |node: &&Node| node.layer == tag.layer && node.x > tag.x && node.kind != NodeKind::Bend;
    nodes.iter().filter(beside).map(|node| node.x - node.width / 2.0 - EXIT).fold(f64::MAX, f64::min)
}

/// Where each link touches its node on this side: the links of a node side by side, in the order of where they come from. Those that share a
/// lane share the place, and the main path has that in the middle.
fn ports(nodes: &[Node], links: &[Link], side: Side) -> Vec<Point> {
    let mut points = vec![Point::default(); links.len()];
    for (id, node) in nodes.iter().enumerate() {
        let touches = |link: &Link| match side {
            Side::Below => link.from == id && link.tag.is_none(),
            Side::Above => link.to == id,
        };
        let mut touching: Vec<Touch> = Vec::new();
        for (index, link) in links.iter().enumerate().filter(|(_, link)| touches(link)) {
            let lane = Some(next(link, side)).filter(|id| nodes.get(*id).is_some_and(|node| node.is_lane));
            match touching.iter_mut().find(|touch| lane.is_some() && touch.lane == lane) {
                Some(touch) => touch.links.push(index),
                None => touching.push(Touch {
                    x: next_x(nodes, link, side),
                    lane,
                    is_step: is_step(nodes, link),
                    is_free: side == Side::Below && link.is_catch && node.is_tall(),
                    links: vec![index],
                }),
            }
        }
        touching.sort_by(|a, b| a.x.total_cmp(&b.x));
        let y = if side == Side::Below { node.y + node.height / 2.0 } else { node.y - node.height / 2.0 };
        #[expect(clippy::cast_precision_loss, reason = "a state has few edges")]
        let number = |count: usize| count as f64;
        let gap = PORT_GAP.min((node.width - 24.0).max(0.0) / number(touching.len().max(1)));
        let middle = touching.iter().position(|touch| touch.is_step).map(number);
        let middle = middle.unwrap_or((number(touching.len()) - 1.0) / 2.0);
        for (place, touch) in touching.iter().enumerate() {
            let room = (node.width / 2.0 - PORT_GAP).max(0.0);
            let x = match touch.is_free {
                true => touch.x.clamp(node.x - room, node.x + room),
                false => node.x + gap * (number(place) - middle),
            };
            for link in &touch.links {
                if let Some(point) = points.get_mut(*link) {
                    *point = Point { x, y };
                }
            }
        }
    }
    points
}

/// Where a link joins the lane of all errors that lead to the same state.
fn first_in_lane(nodes: &[Node], link: &Link) -> Option<usize> {
    link.bends.iter().copied().find(|id| nodes.get(*id).is_some_and(|node| node.is_lane))
}

/// Links that touch a node at the same place.
struct Touch {
    x: f64,
    lane: Option<usize>,
    is_step: bool,
    /// It may be anywhere.
    is_free: bool,
    links: Vec<usize>,
}

/// Whether it is a part of a straight line: of the main path, or beside that.
fn is_step(nodes: &[Node], link: &Link) -> bool {
    let line = |id: usize| nodes.get(id).map(|node| (node.side == super::Side::Spine, node.chain));
    let is_same = |id: &usize| match (line(link.from), line(*id)) {
        (Some((true, _)), Some((true, _))) => true,
        (Some((_, Some(one))), Some((_, Some(other)))) => one == other,
        _ => false,
    };
    is_same(&link.to) && link.bends.iter().all(is_same)
}

fn next(link: &Link, side: Side) -> usize {
    match side {
        Side::Below => *link.bends.first().unwrap_or(&link.to),
        Side::Above => *link.bends.last().unwrap_or(&link.from),
    }
}

fn next_x(nodes: &[Node], link: &Link, side: Side) -> f64 {
    nodes.get(next(link, side)).map_or(0.0, |node| node.x)
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
        Some(Wire { edge: Some(edge), points, joins: None, label: None })
    })
    .collect()
}
