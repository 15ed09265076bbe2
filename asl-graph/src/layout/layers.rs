//! Layers: every node below those that lead to it, once the edges that lead back are turned round.

use super::{LayoutNode, Link, NodeKind, by_node, label_size};
use std::collections::BTreeMap;

/// Before and behind the label of an error.
const TAG_ROOM: f64 = 30.0;

/// Assigns each node its layer, and returns all nodes in the order of what leads to what. States are in even layers; the odd ones between
/// them belong to bends and labels.
pub(super) fn assign(nodes: &mut [LayoutNode], links: &mut [Link]) -> Vec<usize> {
    turn_round(nodes.len(), links);
    let order = topological(nodes.len(), links);
    let leaving = by_node(nodes.len(), links, |link| Some(link.from));
    for &id in &order {
        let layer = nodes.get(id).map_or(0, |node| node.layer);
        for link in leaving.get(id).into_iter().flatten().filter_map(|index| links.get(*index)) {
            if let Some(below) = nodes.get_mut(link.to) {
                below.layer = below.layer.max(layer + 2);
            }
        }
    }
    pull_down(nodes, links, &order);
    order
}

/// Turns round what leads to a node that is still on the way from the start to here.
fn turn_round(count: usize, links: &mut [Link]) {
    let mut leaving = vec![Vec::new(); count];
    for (index, link) in links.iter().enumerate() {
        if let Some(leaving) = leaving.get_mut(link.from) {
            leaving.push(index);
        }
    }
    let mut state = vec![Visit::New; count];
    // The mark of the start comes behind the states, and what it leads to is visited first.
    let held = held(count, links);
    for start in (0..count).rev().filter(|id| held.get(*id) == Some(&false)).chain(0..count) {
        visit(start, &leaving, links, &mut state);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    Open,
    Done,
}

fn visit(start: usize, leaving: &[Vec<usize>], links: &mut [Link], state: &mut [Visit]) {
    let mut stack = vec![(start, 0)];
    if state.get(start) != Some(&Visit::New) {
        return;
    }
    set(state, start, Visit::Open);
    while let Some((id, next)) = stack.pop() {
        let Some(&index) = leaving.get(id).and_then(|leaving| leaving.get(next)) else {
            set(state, id, Visit::Done);
            continue;
        };
        stack.push((id, next + 1));
        let Some(link) = links.get_mut(index) else { continue };
        match state.get(link.to) {
            Some(Visit::Open) => {
                link.reversed = true;
                std::mem::swap(&mut link.from, &mut link.to);
            }
            Some(Visit::New) => {
                let to = link.to;
                set(state, to, Visit::Open);
                stack.push((to, 0));
            }
            Some(Visit::Done) | None => {}
        }
    }
}

fn set(state: &mut [Visit], id: usize, visit: Visit) {
    if let Some(state) = state.get_mut(id) {
        *state = visit;
    }
}

fn topological(count: usize, links: &[Link]) -> Vec<usize> {
    let mut waiting = vec![0_usize; count];
    for link in links {
        if let Some(waiting) = waiting.get_mut(link.to) {
            *waiting += 1;
        }
    }
    let leaving = by_node(count, links, |link| Some(link.from));
    let mut ready: Vec<_> = (0..count).filter(|id| waiting.get(*id) == Some(&0)).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(id) = ready.pop() {
        order.push(id);
        for link in leaving.get(id).into_iter().flatten().filter_map(|index| links.get(*index)) {
            if let Some(waiting) = waiting.get_mut(link.to) {
                *waiting -= 1;
                if *waiting == 0 {
                    ready.push(link.to);
                }
            }
        }
    }
    order
}

/// Whether a link leads to each node.
fn held(count: usize, links: &[Link]) -> Vec<bool> {
    let mut held = vec![false; count];
    for link in links {
        if let Some(held) = held.get_mut(link.to) {
            *held = true;
        }
    }
    held
}

/// A node that nothing holds up moves down to just above what follows it, so that its edges are short.
fn pull_down(nodes: &mut [LayoutNode], links: &[Link], order: &[usize]) {
    let (leaving, held) = (by_node(nodes.len(), links, |link| Some(link.from)), held(nodes.len(), links));
    for &id in order.iter().rev() {
        let is_held = held.get(id) == Some(&true);
        let below = leaving.get(id).into_iter().flatten().filter_map(|index| links.get(*index));
        let below = below.filter_map(|link| nodes.get(link.to));
        let lowest = below.map(|node| node.layer).min();
        if let (false, Some(layer)) = (is_held, lowest)
            && let Some(node) = nodes.get_mut(id)
        {
            node.layer = layer.saturating_sub(2);
        }
    }
}

/// Puts a bend into every layer that an edge crosses, and returns the nodes of each layer.
pub(super) fn bend(nodes: &mut Vec<LayoutNode>, links: &mut [Link]) -> Vec<Vec<usize>> {
    let mut lanes = BTreeMap::new();
    tag(nodes, links);
    for link in links.iter_mut() {
        let layer_of = |id: usize| nodes.get(id).map_or(0, |node| node.layer);
        let (upper, lower) = (layer_of(link.from), layer_of(link.to));
        // The label is next to the state that decides: the upper one, unless the edge leads back up. That of an error is beside the state.
        let labelled = if link.reversed { lower.saturating_sub(1) } else { upper + 1 };
        let chain_of = |id: usize| nodes.get(id).and_then(|node| node.chain);
        let chain = chain_of(link.from).filter(|chain| link.is_first && chain_of(link.to) == Some(*chain));
        for layer in upper + 1..lower {
            let has_label = layer == labelled && !link.label.is_empty() && link.tag.is_none();
            let bend = if link.is_catch && !link.reversed && !has_label {
                *lanes.entry((link.to, layer)).or_insert_with(|| {
                    let bend = LayoutNode::new(NodeKind::Bend, 6.0, 0.0, layer);
                    push(nodes, LayoutNode { chain: Some(link.to), is_lane: true, ..bend })
                })
            } else {
                let (width, height) = if has_label { label_size(&link.label) } else { (6.0, 0.0) };
                push(nodes, LayoutNode { chain, ..LayoutNode::new(NodeKind::Bend, width, height, layer) })
            };
            link.bends.push(bend);
        }
    }
    let count = nodes.iter().map(|node| node.layer + 1).max().unwrap_or(0);
    let mut layers = vec![Vec::new(); count];
    for (id, node) in nodes.iter().enumerate() {
        if let Some(layer) = layers.get_mut(node.layer) {
            layer.push(id);
        }
    }
    layers
}

fn push(nodes: &mut Vec<LayoutNode>, node: LayoutNode) -> usize {
    nodes.push(node);
    nodes.len() - 1
}

/// Reserves each state whose errors lead down a place for their labels beside it, one below the other. What leads from a state with others in it to right below
/// it leaves at its foot, because its side is far away.
fn tag(nodes: &mut Vec<LayoutNode>, links: &mut [Link]) {
    let mut tags = BTreeMap::new();
    for link in links.iter_mut().filter(|link| link.is_catch && !link.reversed) {
        let (Some(upper), Some(lower)) = (nodes.get(link.from), nodes.get(link.to)) else { continue };
        if upper.is_tall() && lower.layer == upper.layer + 2 {
            continue;
        }
        let layer = upper.layer;
        let tag = *tags
            .entry(link.from)
            .or_insert_with(|| push(nodes, LayoutNode::new(NodeKind::Tag, 0.0, 0.0, layer)));
        let (wide, high) = label_size(&link.label);
        if let Some(tag) = nodes.get_mut(tag) {
            tag.width = tag.width.max(wide + TAG_ROOM);
            tag.height += high;
        }
        link.tag = Some(tag);
    }
}
