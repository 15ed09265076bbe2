//! Coordinates: each node as near to its neighbours as the order and the distances of its layer allow.

use super::order::{Neighbours, mean, neighbours};
use super::{LayoutNode, Link, NodeKind, Side};
use std::collections::BTreeMap;

const GAP: f64 = 28.0;
const BEND_GAP: f64 = 16.0;
/// So much more than others the main path wants to be straight, and the labels of errors to be beside their states.
const SPINE: f64 = 1e9;
const TAG: f64 = 1e3;
const LANE: f64 = 20.0;
/// Between two layers without labels.
const LAYER_GAP: f64 = 17.0;
/// A straight line is worth standing so much nearer to what is beside it.
const LESS: f64 = 0.5;
/// When nothing moves farther in a sweep, no other is needed.
const STILL: f64 = 0.05;
/// What is less than this out of line is to be in line.
const NEARLY: f64 = 14.0;
/// What a line that goes aside adds to that, where there are more than some, and up to some.
const TRACK: f64 = 2.5;
const LEAST_ASIDE: usize = 2;
const MOST_ASIDE: usize = 10;
const SWEEPS: usize = 120;
/// So many nodes are many.
const MANY: usize = 4_000;
/// The last sweeps make lines straight.
const CHAIN_SWEEPS: usize = 80;

/// Places all nodes; `layers` has their order.
pub(super) fn place(nodes: &mut [LayoutNode], links: &[Link], layers: &[Vec<usize>]) {
    let beside = neighbours(nodes, links);
    let chains = Chains::new(nodes, &beside);
    let tagged: BTreeMap<usize, usize> =
        links.iter().filter_map(|link| Some((link.tag?, link.from))).collect();
    for layer in layers {
        let wanted: Vec<_> =
            layer.iter().map(|id| fixed(nodes, &tagged, *id).unwrap_or((0.0, 1.0))).collect();
        spread(nodes, layer, &wanted);
    }
    for sweep in (0..SWEEPS).step_by(stride(nodes.len())) {
        let pull = Pull::of(sweep);
        let mut moved = 0.0_f64;
        let mut sweep_over = |index: usize| {
            let Some(layer) = layers.get(index) else { return };
            let wish = |&id: &usize| {
                fixed(nodes, &tagged, id).unwrap_or_else(|| wish(nodes, chains.of(id), id, &beside, pull))
            };
            let wanted: Vec<_> = layer.iter().map(wish).collect();
            moved = moved.max(spread(nodes, layer, &wanted));
        };
        match sweep % 2 {
            0 => (0..layers.len()).for_each(&mut sweep_over),
            _ => (0..layers.len()).rev().for_each(&mut sweep_over),
        }
        if pull == Pull::Chain && moved < STILL {
            break;
        }
    }
    for chain in &chains.chains {
        let x = |id: &usize| nodes.get(*id).map_or(0.0, |node| node.x);
        let parts: Vec<Vec<usize>> =
            chain.chunk_by(|a, b| (x(a) - x(b)).abs() < NEARLY).map(<[usize]>::to_vec).collect();
        parts.iter().for_each(|part| snap(nodes, layers, part));
    }
    place_vertically(nodes, layers, &beside);
}

/// Of machines with very many nodes, bends of lines included, some sweeps are left out, so that their pictures do not take forever. It is odd, such
/// that sweeps up and down remain.
const fn stride(nodes: usize) -> usize {
    let times = nodes / MANY;
    1 + 2 * if times < 10 { times } else { 10 }
}

/// Makes a line quite straight that nearly is, where nothing is in its way.
fn snap(nodes: &mut [LayoutNode], layers: &[Vec<usize>], chain: &[usize]) {
    let of = |id: usize| nodes.get(id);
    if chain.len() < 2 || chain.iter().filter_map(|id| of(*id)).any(|node| node.side == Side::Spine) {
        return;
    }
    let places: Vec<f64> = chain.iter().filter_map(|id| of(*id)).map(|node| node.x).collect();
    let has_room = |id: &usize, x: f64| {
        let Some((node, layer)) = of(*id).and_then(|node| Some((node, layers.get(node.layer)?))) else {
            return false;
        };
        let place = layer.iter().position(|other| other == id).unwrap_or_default();
        let free = |beside: Option<&usize>, side: f64| {
            beside.and_then(|id| of(*id)).is_none_or(|beside| {
                let (left, right) =
                    if side < 0.0 { (beside.kind, node.kind) } else { (node.kind, beside.kind) };
                let apart = (node.width + beside.width) / 2.0 + gap(left, right) * LESS;
                (beside.x - x) * side >= apart
            })
        };
        let before = place.checked_sub(1).and_then(|place| layer.get(place));
        free(before, -1.0) && free(layer.get(place + 1), 1.0)
    };
    // In the middle of all, or where one of them is.
    let mut candidates = std::iter::once(mean(places.iter().copied())).chain(places.iter().copied());
    if let Some(x) = candidates.find(|x| chain.iter().all(|id| has_room(id, *x))) {
        for id in chain {
            if let Some(node) = nodes.get_mut(*id) {
                node.x = x;
            }
        }
    }
}

/// Where a node must be, whatever draws it: on the main path, which is straight, or beside its state.
fn fixed(nodes: &[LayoutNode], tagged: &BTreeMap<usize, usize>, id: usize) -> Option<(f64, f64)> {
    let node = nodes.get(id)?;
    if node.side == Side::Spine {
        return Some((0.0, SPINE));
    }
    let state = nodes.get(*tagged.get(&id)?)?;
    Some((state.x + (state.width + node.width) / 2.0, TAG))
}

/// Which nodes draw another one to them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pull {
    Above,
    Below,
    Both,
    /// Those that it forms a straight line with.
    Chain,
}

impl Pull {
    const fn of(sweep: usize) -> Self {
        if sweep + CHAIN_SWEEPS >= SWEEPS {
            Self::Chain
        } else if sweep + CHAIN_SWEEPS + 12 >= SWEEPS {
            Self::Both
        } else if sweep.is_multiple_of(2) {
            Self::Above
        } else {
            Self::Below
        }
    }
}

/// So many nodes of a chain on both sides of one count: a line of thousands is straight where each part of it is.
const NEAR: usize = 24;

/// Nodes that follow each other without a choice: they stand below one another, and move together.
struct Chains {
    /// From the top to the bottom.
    chains: Vec<Vec<usize>>,
    /// By node: its chain, and its place there.
    of: Vec<(usize, usize)>,
}

impl Chains {
    fn new(nodes: &[LayoutNode], beside: &Neighbours) -> Self {
        let count = nodes.len();
        let chain = |id: usize| nodes.get(id).and_then(|node| node.chain);
        let list = |lists: &[Vec<usize>], id: usize| lists.get(id).cloned().unwrap_or_default();
        let next = |id: usize| -> Option<usize> {
            let below = list(&beside.below, id);
            let is_same = |below: &usize| chain(id).is_some() && chain(id) == chain(*below);
            let alone = |below: &usize| {
                let is_free = chain(*below).is_none() || chain(id).is_none();
                is_free && list(&beside.above, *below) == [id]
            };
            match below.as_slice() {
                _ if nodes.get(id).is_some_and(|node| node.kind == NodeKind::Tag) => None,
                [only] if alone(only) => Some(*only),
                below => below.iter().copied().find(is_same),
            }
        };
        let is_first = |id: &usize| list(&beside.above, *id).iter().all(|above| next(*above) != Some(*id));
        let mut chains = Self { chains: Vec::new(), of: vec![(0, 0); count] };
        for first in (0..count).filter(is_first) {
            let chain: Vec<_> = std::iter::successors(Some(first), |id| next(*id)).collect();
            for (place, id) in chain.iter().enumerate() {
                if let Some(of) = chains.of.get_mut(*id) {
                    *of = (chains.chains.len(), place);
                }
            }
            chains.chains.push(chain);
        }
        chains
    }

    /// The chain of a node, as far as it is near.
    fn of(&self, id: usize) -> &[usize] {
        let Some((chain, place)) = self.of.get(id) else { return &[] };
        let chain = self.chains.get(*chain).map_or(&[][..], Vec::as_slice);
        let near = place.saturating_sub(NEAR)..chain.len().min(place + NEAR + 1);
        chain.get(near).unwrap_or_default()
    }
}

/// Where a node of a chain would like to be, and how much.
fn wish(nodes: &[LayoutNode], chain: &[usize], id: usize, beside: &Neighbours, pull: Pull) -> (f64, f64) {
    // Errors turn down at the ends of their labels.
    let x = |id: &usize| match nodes.get(*id) {
        Some(node) if node.kind == NodeKind::Tag => node.x + node.width / 2.0,
        node => node.map_or(0.0, |node| node.x),
    };
    if nodes.get(id).is_some_and(|node| node.is_lane) {
        // Errors go right, and never back before they are there.
        let joins = |id: &&usize| nodes.get(**id).is_some_and(|node| !node.is_lane);
        let above = chain.iter().filter_map(|id| beside.above.get(*id)).flatten().filter(joins);
        return (above.map(x).fold(mean(chain.iter().map(x)), f64::max), LANE);
    }
    let is_bend = |id: &usize| nodes.get(*id).is_some_and(|node| node.kind == NodeKind::Bend);
    let list = |lists: &[Vec<usize>], id: Option<&usize>| {
        id.and_then(|id| lists.get(*id)).cloned().unwrap_or_default()
    };
    let above = list(&beside.above, chain.first());
    let below = list(&beside.below, chain.last());
    let drawn_by = match pull {
        Pull::Above if !above.is_empty() => above,
        Pull::Below if !below.is_empty() => below,
        Pull::Chain => chain.to_vec(),
        Pull::Above | Pull::Below | Pull::Both => [above, below].concat(),
    };
    // Long edges are straight before anything else, and then what follows each other.
    let weight = match (is_bend(&id), chain.len()) {
        (true, _) if chain.iter().filter(|id| is_bend(id)).count() > 1 => 8.0,
        (true, _) => 2.0,
        (false, 2..) if pull == Pull::Chain => 4.0,
        (false, _) => 1.0,
    };
    if drawn_by.is_empty() {
        // It is alone with its chain, or quite alone.
        return (mean(chain.iter().map(x)), 0.1);
    }
    (mean(drawn_by.iter().map(x)), weight)
}

const fn gap(left: NodeKind, right: NodeKind) -> f64 {
    match (left, right) {
        (_, NodeKind::Tag) => 0.0,
        (NodeKind::Tag | NodeKind::Bend, NodeKind::Bend) => BEND_GAP,
        _ => GAP,
    }
}

/// Moves the nodes of a layer as near to where they want to be as they can without touching: least squares under the order, by merging
/// neighbours that push each other into blocks. Returns how far one has moved at most.
fn spread(nodes: &mut [LayoutNode], layer: &[usize], wanted: &[(f64, f64)]) -> f64 {
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    let mut before: Option<(f64, NodeKind)> = None;
    for &id in layer {
        let Some(node) = nodes.get(id) else { continue };
        if let Some((width, other)) = before {
            offset += (width + node.width) / 2.0 + gap(other, node.kind);
        }
        offsets.push(offset);
        before = Some((node.width, node.kind));
    }
    // A block: the sum of weights, of weighted wishes, and the number of its nodes.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (offset, (x, weight)) in offsets.iter().zip(wanted) {
        let mut block = (*weight, weight * (x - offset), 1);
        while let Some(last) = blocks.last() {
            if last.1 / last.0 <= block.1 / block.0 {
                break;
            }
            block = (block.0 + last.0, block.1 + last.1, block.2 + last.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    let positions = blocks.iter().flat_map(|(weight, sum, count)| std::iter::repeat_n(sum / weight, *count));
    let mut moved = 0.0_f64;
    for ((&id, offset), position) in layer.iter().zip(&offsets).zip(positions) {
        if let Some(node) = nodes.get_mut(id) {
            moved = moved.max((position + offset - node.x).abs());
            node.x = position + offset;
        }
    }
    moved
}

/// One layer below the other, with more room where many lines go aside.
fn place_vertically(nodes: &mut [LayoutNode], layers: &[Vec<usize>], beside: &Neighbours) {
    let mut top = 0.0;
    for layer in layers {
        let height = layer.iter().filter_map(|id| nodes.get(*id)).map(|node| node.height).fold(0.0, f64::max);
        for &id in layer {
            if let Some(node) = nodes.get_mut(id) {
                // States hang from the top of their layer, so that edges from above are short.
                node.y =
                    if node.kind == NodeKind::Bend { top + height / 2.0 } else { top + node.height / 2.0 };
            }
        }
        let x = |id: &usize| nodes.get(*id).map_or(0.0, |node| node.x);
        let goes_aside = |id: &usize| {
            let below = beside.below.get(*id).into_iter().flatten();
            below.filter(|below| (x(id) - x(below)).abs() > GAP).count()
        };
        let aside: usize = layer.iter().map(goes_aside).sum();
        let more = aside.clamp(LEAST_ASIDE, MOST_ASIDE) - LEAST_ASIDE;
        top += height + LAYER_GAP + more as f64 * TRACK;
    }
}
