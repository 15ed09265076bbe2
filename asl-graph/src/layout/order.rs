//! The order within each layer: such that few edges cross.

use super::{Link, Node};

/// The nodes above and below each node.
pub(super) struct Neighbours {
    pub(super) above: Vec<Vec<usize>>,
    pub(super) below: Vec<Vec<usize>>,
}

/// Each link as the chain of its nodes, cut into steps of one layer.
pub(super) fn neighbours(nodes: &[Node], links: &[Link]) -> Neighbours {
    let mut found = Neighbours { above: vec![Vec::new(); nodes.len()], below: vec![Vec::new(); nodes.len()] };
    for link in links {
        let mut upper = link.from;
        for &lower in link.bends.iter().chain(std::iter::once(&link.to)) {
            if let Some(below) = found.below.get_mut(upper) {
                below.push(lower);
            }
            if let Some(above) = found.above.get_mut(lower) {
                above.push(upper);
            }
            upper = lower;
        }
    }
    found
}

const SWEEPS: usize = 12;

/// Sorts each layer by the middle of its neighbours, downwards and upwards in turn, and keeps the best order of all.
pub(super) fn reduce_crossings(nodes: &[Node], links: &[Link], layers: &mut Vec<Vec<usize>>) {
    let neighbours = neighbours(nodes, links);
    let mut position = vec![0.0; nodes.len()];
    layers.iter().for_each(|layer| note(layer, &mut position));
    let mut best = (crossings(layers, &neighbours, &position), layers.clone());
    for sweep in 0..SWEEPS {
        let downwards = sweep % 2 == 0;
        let count = layers.len();
        for step in 1..count {
            let index = if downwards { step } else { count - 1 - step };
            let beside = if downwards { &neighbours.above } else { &neighbours.below };
            if let Some(layer) = layers.get_mut(index) {
                sort(layer, beside, &position);
                note(layer, &mut position);
            }
        }
        let crossings = crossings(layers, &neighbours, &position);
        if crossings < best.0 {
            best = (crossings, layers.clone());
        }
    }
    *layers = best.1;
}

fn note(layer: &[usize], position: &mut [f64]) {
    let mut next = 0.0;
    for &id in layer {
        if let Some(position) = position.get_mut(id) {
            *position = next;
        }
        next += 1.0;
    }
}

/// Nodes without neighbours on this side stay where they are.
fn sort(layer: &mut [usize], beside: &[Vec<usize>], position: &[f64]) {
    let at = |id: usize| position.get(id).copied().unwrap_or(0.0);
    let middle = |id: usize| {
        let neighbours = beside.get(id).map(Vec::as_slice).unwrap_or_default();
        if neighbours.is_empty() { at(id) } else { mean(neighbours.iter().map(|id| at(*id))) }
    };
    layer.sort_by(|a, b| middle(*a).total_cmp(&middle(*b)));
}

#[expect(clippy::cast_precision_loss, reason = "a node has few neighbours")]
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

fn crossings(layers: &[Vec<usize>], neighbours: &Neighbours, position: &[f64]) -> usize {
    let at = |id: usize| position.get(id).copied().unwrap_or(0.0);
    let mut count = 0;
    for layer in layers {
        let ends = layer.iter().flat_map(|&upper| {
            let below = neighbours.below.get(upper).map(Vec::as_slice).unwrap_or_default();
            below.iter().map(move |&lower| (at(upper), at(lower)))
        });
        let ends: Vec<_> = ends.collect();
        for (index, first) in ends.iter().enumerate() {
            let crosses = |second: &&(f64, f64)| (first.0 - second.0) * (first.1 - second.1) < 0.0;
            count += ends.iter().skip(index + 1).filter(crosses).count();
        }
    }
    count
}
