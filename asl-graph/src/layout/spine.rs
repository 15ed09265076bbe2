//! The main path, which becomes one straight line, and what is on which side of it.
//!
//! The main path is the one that goes through most states without an error, from the start to an end that is none. Errors leave it to the right, and so
//! does what handles them. What else is beside it is where there is more room.

use super::{LayoutNode, Link, NodeKind, Side, by_node};
use crate::model::{Graph, State, StateKind};
use std::collections::BTreeSet;

/// What leads to a failure is on the right, unless the left has so much more room.
const RATHER_RIGHT: f64 = 80.0;

/// An end counts as so many states against a way that only leads back.
const END: usize = 2;

/// A state counts as often as it is large: pictures are narrower with the large ones in the middle.
fn weight(state: Option<&State>) -> usize {
    state.map_or(0, |state| 1 + state.inner.iter().map(Graph::len).sum::<usize>())
}

/// Marks the nodes of the main path, and returns them from the top to the bottom.
pub(super) fn find(graph: &Graph, nodes: &mut [LayoutNode], links: &[Link], order: &[usize]) -> Vec<usize> {
    let mut best: Vec<Way> = nodes.iter().map(|node| Way::end(graph, node)).collect();
    let leaving =
        by_node(nodes.len(), links, |link| Some(link.from).filter(|_| !link.reversed && !link.is_catch));
    for &id in order.iter().rev() {
        let onwards = leaving.get(id).into_iter().flatten().filter_map(|index| links.get(*index));
        let ways = onwards.filter_map(|link| Some((link.to, *best.get(link.to)?)));
        // Of those that are as good the first in the text.
        let chosen = ways.fold(None, |chosen: Option<(usize, Way)>, (to, way)| match chosen {
            Some((_, other)) if !way.is_better_than(other) => chosen,
            _ => Some((to, way)),
        });
        if let (Some((to, way)), Some(best)) = (chosen, best.get_mut(id)) {
            *best = Way { ends_well: way.ends_well, states: best.states + way.states, next: Some(to) };
        }
    }
    let start = nodes.iter().position(|node| node.kind == NodeKind::Start);
    let next = |id: &usize| best.get(*id).and_then(|way| way.next);
    let spine: Vec<usize> = std::iter::successors(start, next).collect();
    for id in &spine {
        if let Some(node) = nodes.get_mut(*id) {
            node.side = Side::Spine;
        }
    }
    straighten(nodes, order, &next);
    spine
}

/// What follows each other beside the main path becomes straight lines too.
fn straighten(nodes: &mut [LayoutNode], order: &[usize], next: &dyn Fn(&usize) -> Option<usize>) {
    for &first in order {
        // Behind the numbers of the lanes of errors, which are those of nodes.
        let lane = Some(nodes.len() + first);
        let mut onwards = Some(first);
        while let Some(node) = onwards.and_then(|id| nodes.get_mut(id))
            && node.side == Side::Open
            && node.chain.is_none()
        {
            node.chain = lane;
            onwards = onwards.and_then(|id| next(&id));
        }
    }
}

/// The best way from a node on.
#[derive(Clone, Copy)]
struct Way {
    ends_well: bool,
    states: usize,
    next: Option<usize>,
}

impl Way {
    fn end(graph: &Graph, node: &LayoutNode) -> Self {
        let state = match node.kind {
            NodeKind::State(index) => graph.states.get(index),
            NodeKind::Start | NodeKind::End | NodeKind::Bend | NodeKind::Tag => None,
        };
        let is_end =
            node.kind == NodeKind::End || state.is_some_and(|state| state.kind == StateKind::Succeed);
        let ends_well = state.is_none_or(|state| state.kind != StateKind::Fail);
        Self { ends_well, states: if is_end { END } else { 0 } + weight(state), next: None }
    }

    const fn is_better_than(self, other: Self) -> bool {
        if self.ends_well == other.ends_well { self.states > other.states } else { self.ends_well }
    }
}

/// Assigns every node its side, bends included.
pub(super) fn take_sides(graph: &Graph, nodes: &mut [LayoutNode], links: &[Link], spine: &[usize]) {
    let mut room = Room::new(nodes);
    let usual = reached(nodes.len(), links, spine.first().copied());
    let is_beside = |id: usize, nodes: &[LayoutNode]| {
        nodes.get(id).is_some_and(|node| {
            node.side == Side::Open && !matches!(node.kind, NodeKind::Bend | NodeKind::Tag)
        })
    };
    for id in 0..nodes.len() {
        if is_beside(id, nodes) && !usual.contains(&id) {
            room.take(nodes, &[id], Side::Right);
        }
    }
    // What errors lead through is on the right whatever it leads to.
    for link in links.iter().filter(|link| link.is_catch) {
        let bends: Vec<usize> = link.tag.iter().chain(&link.bends).copied().collect();
        room.take(nodes, &bends, Side::Right);
    }
    for first in 0..nodes.len() {
        if is_beside(first, nodes) {
            let group = group(first, nodes, links, &|id, nodes| is_beside(id, nodes));
            let fails = group.iter().filter_map(|id| nodes.get(*id)).any(|node| {
                matches!(node.kind, NodeKind::State(index) if graph.states.get(index).is_some_and(|state| state.kind == StateKind::Fail))
            });
            let side = room.side_for(nodes, &group, fails);
            room.take(nodes, &group, side);
        }
    }
    for link in links.iter().filter(|link| !link.is_catch) {
        let side_of = |id: usize| nodes.get(id).map_or(Side::Spine, |node| node.side);
        let side = match (side_of(link.from), side_of(link.to)) {
            (Side::Spine, Side::Spine) if is_step(spine, link) => Side::Spine,
            (Side::Spine, Side::Spine) => room.side_for(nodes, &link.bends, false),
            (Side::Spine, other) | (other, _) => other,
        };
        room.take(nodes, &link.bends, side);
    }
}

/// Whether a link is a part of the main path; of several between the same states, the first is.
fn is_step(spine: &[usize], link: &Link) -> bool {
    !link.reversed && link.is_first && spine.windows(2).any(|pair| pair == [link.from, link.to])
}

/// What is reached without an error.
fn reached(count: usize, links: &[Link], start: Option<usize>) -> BTreeSet<usize> {
    let mut found: BTreeSet<usize> = start.into_iter().collect();
    let mut open: Vec<usize> = found.iter().copied().collect();
    let mut onwards = vec![Vec::new(); count];
    for link in links.iter().filter(|link| !link.is_catch) {
        let (from, to) = if link.reversed { (link.to, link.from) } else { (link.from, link.to) };
        if let Some(onwards) = onwards.get_mut(from) {
            onwards.push(to);
        }
    }
    while let Some(id) = open.pop() {
        for &to in onwards.get(id).into_iter().flatten() {
            if found.insert(to) {
                open.push(to);
            }
        }
    }
    found
}

/// A node and those that it leads to beside the main path, and so on.
fn group(
    first: usize,
    nodes: &[LayoutNode],
    links: &[Link],
    is_beside: &dyn Fn(usize, &[LayoutNode]) -> bool,
) -> Vec<usize> {
    let mut group = vec![first];
    let mut next = 0;
    while let Some(&id) = group.get(next) {
        for link in links.iter().filter(|link| !link.is_catch && (link.from == id || link.to == id)) {
            let other = if link.from == id { link.to } else { link.from };
            if is_beside(other, nodes) && !group.contains(&other) {
                group.push(other);
            }
        }
        next += 1;
    }
    group
}

/// How much is on the left and on the right of each layer.
struct Room {
    left: Vec<f64>,
    right: Vec<f64>,
}

impl Room {
    fn new(nodes: &[LayoutNode]) -> Self {
        let layers = nodes.iter().map(|node| node.layer + 1).max().unwrap_or(0);
        Self { left: vec![0.0; layers], right: vec![0.0; layers] }
    }

    fn side_for(&self, nodes: &[LayoutNode], group: &[usize], fails: bool) -> Side {
        let layers: BTreeSet<usize> =
            group.iter().filter_map(|id| nodes.get(*id)).map(|node| node.layer).collect();
        let most =
            |side: &[f64]| layers.iter().filter_map(|layer| side.get(*layer)).copied().fold(0.0, f64::max);
        let rather_right = if fails { RATHER_RIGHT } else { 0.0 };
        if most(&self.left) <= most(&self.right) - rather_right || (!fails && most(&self.left) <= 0.0) {
            Side::Left
        } else {
            Side::Right
        }
    }

    /// Those that have a side already keep it.
    fn take(&mut self, nodes: &mut [LayoutNode], group: &[usize], side: Side) {
        for id in group {
            let Some(node) = nodes.get_mut(*id).filter(|node| node.side == Side::Open) else { continue };
            node.side = side;
            let room = match side {
                Side::Left => self.left.get_mut(node.layer),
                Side::Right => self.right.get_mut(node.layer),
                Side::Spine | Side::Open => None,
            };
            if let Some(room) = room {
                *room += node.width + 20.0;
            }
        }
    }
}
