//! Coordinates: each node as near to its neighbours as the order and the distances of its layer allow.

use super::order::{mean, neighbours};
use super::{Link, Node, NodeKind};

const GAP: f64 = 28.0;
const BEND_GAP: f64 = 16.0;
/// Between two layers without labels.
const LAYER_GAP: f64 = 17.0;
const SWEEPS: usize = 40;

/// Places all nodes; `layers` has their order.
pub(super) fn place(nodes: &mut [Node], links: &[Link], layers: &[Vec<usize>]) {
    let neighbours = neighbours(nodes, links);
    for layer in layers {
        let wanted: Vec<_> = layer.iter().map(|_| (0.0, 1.0)).collect();
        spread(nodes, layer, &wanted);
    }
    for sweep in 0..SWEEPS {
        let both = sweep + 12 >= SWEEPS;
        let indexes: Vec<usize> =
            if sweep % 2 == 0 { (0..layers.len()).collect() } else { (0..layers.len()).rev().collect() };
        for index in indexes {
            let Some(layer) = layers.get(index) else { continue };
            let wanted: Vec<_> = layer
                .iter()
                .map(|&id| {
                    let above = neighbours.above.get(id).map(Vec::as_slice).unwrap_or_default();
                    let below = neighbours.below.get(id).map(Vec::as_slice).unwrap_or_default();
                    let first = if sweep % 2 == 0 { above } else { below };
                    let used: Vec<usize> =
                        if both || first.is_empty() { [above, below].concat() } else { first.to_vec() };
                    wish(nodes, id, &used)
                })
                .collect();
            spread(nodes, layer, &wanted);
        }
    }
    place_vertically(nodes, layers);
}

/// Where a node would like to be, and how much.
fn wish(nodes: &[Node], id: usize, beside: &[usize]) -> (f64, f64) {
    let x = |id: &usize| nodes.get(*id).map_or(0.0, |node| node.x);
    let is_bend = |id: &usize| nodes.get(*id).is_some_and(|node| node.kind == NodeKind::Bend);
    if beside.is_empty() {
        return (x(&id), 0.1);
    }
    // Long edges are straight before anything else.
    let weight = if is_bend(&id) && beside.iter().all(is_bend) {
        8.0
    } else if is_bend(&id) {
        2.0
    } else {
        1.0
    };
    (mean(beside.iter().map(x)), weight)
}

/// Moves the nodes of a layer as near to where they want to be as they can without touching: least squares under the order, by merging
/// neighbours that push each other into blocks.
fn spread(nodes: &mut [Node], layer: &[usize], wanted: &[(f64, f64)]) {
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    let mut before: Option<(f64, bool)> = None;
    for &id in layer {
        let Some(node) = nodes.get(id) else { continue };
        let bend = node.kind == NodeKind::Bend;
        if let Some((width, other)) = before {
            offset += (width + node.width) / 2.0 + if bend && other { BEND_GAP } else { GAP };
        }
        offsets.push(offset);
        before = Some((node.width, bend));
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
    for ((&id, offset), position) in layer.iter().zip(&offsets).zip(positions) {
        if let Some(node) = nodes.get_mut(id) {
            node.x = position + offset;
        }
    }
}

fn place_vertically(nodes: &mut [Node], layers: &[Vec<usize>]) {
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
        top += height + LAYER_GAP;
    }
}
