//! The order within each layer: such that few edges cross.

use super::{LayoutNode, Link, NodeKind};
use std::collections::BTreeMap;

/// The nodes above and below each node.
pub(super) struct Neighbours {
    pub(super) above: Vec<Vec<usize>>,
    pub(super) below: Vec<Vec<usize>>,
}

/// Each link as the chain of its nodes, cut into steps of one layer.
pub(super) fn neighbours(nodes: &[LayoutNode], links: &[Link]) -> Neighbours {
    let mut found = Neighbours { above: vec![Vec::new(); nodes.len()], below: vec![Vec::new(); nodes.len()] };
    for link in links {
        let mut upper = link.tag.unwrap_or(link.from);
        for &lower in link.bends.iter().chain(std::iter::once(&link.to)) {
            // Links that share a lane share its steps.
            if let Some(below) = found.below.get_mut(upper)
                && !below.contains(&lower)
            {
                below.push(lower);
                if let Some(above) = found.above.get_mut(lower) {
                    above.push(upper);
                }
            }
            upper = lower;
        }
    }
    found
}

const SWEEPS: usize = 12;
/// Machines with so many nodes, bends of lines included, are drawn with fewer sweeps: their lines cannot be followed anyway.
const LARGE: usize = 4_000;
const SWEEPS_OF_LARGE: usize = 2;
/// How often nodes of a layer change places in a sweep.
const EXCHANGES: usize = 4;

/// Sorts each layer by the middle of its neighbours, downwards and upwards in turn, and keeps the best order of all.
pub(super) fn reduce_crossings(nodes: &[LayoutNode], links: &[Link], layers: &mut Vec<Vec<usize>>) {
    let neighbours = neighbours(nodes, links);
    let tags = tags(links);
    for layer in layers.iter_mut() {
        arrange(layer, nodes, &tags, &|_| 0.0);
    }
    let mut position = vec![0.0; nodes.len()];
    layers.iter().for_each(|layer| note(layer, &mut position));
    let mut best = (crossings(layers, &neighbours, &position), layers.clone());
    let sweeps = if nodes.len() > LARGE { SWEEPS_OF_LARGE } else { SWEEPS };
    for sweep in 0..sweeps {
        let downwards = sweep % 2 == 0;
        let count = layers.len();
        for step in 1..count {
            let index = if downwards { step } else { count - 1 - step };
            let beside = if downwards { &neighbours.above } else { &neighbours.below };
            if let Some(layer) = layers.get_mut(index) {
                sort(layer, nodes, &tags, beside, &position);
                note(layer, &mut position);
                exchange(layer, nodes, &tags, &neighbours, &mut position);
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
fn sort(
    layer: &mut Vec<usize>,
    nodes: &[LayoutNode],
    tags: &BTreeMap<usize, usize>,
    beside: &[Vec<usize>],
    position: &[f64],
) {
    let at = |id: usize| position.get(id).copied().unwrap_or(0.0);
    arrange(layer, nodes, tags, &|id| {
        let neighbours = beside.get(id).map(Vec::as_slice).unwrap_or_default();
        if neighbours.is_empty() { at(id) } else { mean(neighbours.iter().map(|id| at(*id))) }
    });
}

/// The place beside a state for its errors, by the state.
fn tags(links: &[Link]) -> BTreeMap<usize, usize> {
    links.iter().filter_map(|link| Some((link.from, link.tag?))).collect()
}

/// Exchanges nodes that are beside each other where fewer edges cross then.
fn exchange(
    layer: &mut Vec<usize>,
    nodes: &[LayoutNode],
    tags: &BTreeMap<usize, usize>,
    neighbours: &Neighbours,
    position: &mut [f64],
) {
    let crossed = |left: usize, right: usize, position: &[f64]| -> usize {
        let at = |id: &usize| position.get(*id).copied().unwrap_or(0.0);
        let pairs = |lists: &[Vec<usize>]| {
            let of = |id: usize| lists.get(id).map(Vec::as_slice).unwrap_or_default();
            of(left).iter().map(|a| of(right).iter().filter(|b| at(a) > at(b)).count()).sum::<usize>()
        };
        pairs(&neighbours.above) + pairs(&neighbours.below)
    };
    let kind = |id: &usize| nodes.get(*id).map(|node| (node.kind == NodeKind::Tag, node.side));
    let mut order: Vec<usize> =
        layer.iter().copied().filter(|id| kind(id).is_some_and(|(is_tag, _)| !is_tag)).collect();
    for _ in 0..EXCHANGES {
        let mut is_better = false;
        for place in 1..order.len() {
            let Some(&[left, right]) = order.get(place - 1..=place) else { continue };
            if kind(&left) == kind(&right) && crossed(right, left, position) < crossed(left, right, position)
            {
                order.swap(place - 1, place);
                is_better = true;
            }
        }
        if !is_better {
            break;
        }
    }
    note(&order, position);
    arrange(layer, nodes, tags, &|id| position.get(id).copied().unwrap_or(0.0));
    note(layer, position);
}

/// Puts a layer into an order in which everything is on its side, and errors beside their states.
fn arrange(
    layer: &mut Vec<usize>,
    nodes: &[LayoutNode],
    tags: &BTreeMap<usize, usize>,
    wanted: &dyn Fn(usize) -> f64,
) {
    let of = |id: &usize| nodes.get(*id);
    layer.retain(|id| of(id).is_some_and(|node| node.kind != NodeKind::Tag));
    let side = |id: &usize| of(id).map(|node| node.side);
    layer.sort_by(|a, b| side(a).cmp(&side(b)).then(wanted(*a).total_cmp(&wanted(*b))));
    let with_tags: Vec<_> =
        layer.iter().flat_map(|id| [Some(*id), tags.get(id).copied()]).flatten().collect();
    *layer = with_tags;
}

#[expect(clippy::cast_precision_loss, reason = "a node has few neighbours")]
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (count, sum) = values.fold((0_usize, 0.0), |(count, sum), value| (count + 1, sum + value));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

/// How many steps between layers cross, without a look at each two of them: where they are sorted by their upper ends, two cross whose lower
/// ends are the other way round.
fn crossings(layers: &[Vec<usize>], neighbours: &Neighbours, position: &[f64]) -> usize {
    let at = |id: usize| position.get(id).copied().unwrap_or(0.0);
    let of_layer = |layer: &Vec<usize>| {
        let ends = layer.iter().flat_map(|&upper| {
            let below = neighbours.below.get(upper).map(Vec::as_slice).unwrap_or_default();
            below.iter().map(move |&lower| (at(upper), at(lower)))
        });
        let mut ends: Vec<_> = ends.collect();
        ends.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        inversions(ends.into_iter().map(|(_, lower)| lower).collect()).0
    };
    layers.iter().map(of_layer).sum()
}

/// How many pairs of values are the wrong way round, and the values the right way.
fn inversions(mut values: Vec<f64>) -> (usize, Vec<f64>) {
    if values.len() < 2 {
        return (0, values);
    }
    let right = values.split_off(values.len() / 2);
    let ((left_count, left), (right_count, right)) = (inversions(values), inversions(right));
    let mut count = left_count + right_count;
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        if a <= b {
            merged.extend(left.next());
        } else {
            count += left.len();
            merged.extend(right.next());
        }
    }
    merged.extend(left);
    merged.extend(right);
    (count, merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_the_wrong_way_round_are_counted() {
        assert_eq!(inversions(vec![1.0, 1.0, 2.0]).0, 0);
        assert_eq!(inversions(vec![3.0, 1.0, 2.0, 2.0, 0.0]), (7, vec![0.0, 1.0, 2.0, 2.0, 3.0]));
    }
}
