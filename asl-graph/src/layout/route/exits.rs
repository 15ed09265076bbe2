//! Where errors leave states: on their right.

use super::super::{HEIGHT, LayoutNode, Link, NodeKind, Point, label_size};
use super::ports::{Edge, next_x};
use std::collections::BTreeMap;

/// Between a state and the label of an error that leaves it.
const EXIT: f64 = 11.0;
/// Between the lines of several errors of a state where they turn down.
const TURN: f64 = 9.0;

/// How an error leaves its state.
pub(super) struct Exit {
    pub(super) from: Point,
    /// Where it turns down.
    pub(super) turn: Point,
    /// The middle of its label.
    pub(super) label: Point,
}

/// The exits on the right sides of states, by the links: one below the other, and what goes farthest to the right on top, so that none crosses
/// another.
pub(super) fn exits(nodes: &[LayoutNode], links: &[Link]) -> BTreeMap<usize, Exit> {
    let mut by_tag: BTreeMap<usize, Vec<(f64, usize)>> = BTreeMap::new();
    for (index, link) in links.iter().enumerate() {
        if let Some(tag) = link.tag {
            by_tag.entry(tag).or_default().push((next_x(nodes, link, Edge::Below), index));
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
                // Where nothing is in between, it goes right to its lane.
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

/// Where something is on the right of a tag, in its layer.
fn obstacle(nodes: &[LayoutNode], tag: &LayoutNode) -> f64 {
    let beside =
        |node: &&LayoutNode| node.layer == tag.layer && node.x > tag.x && node.kind != NodeKind::Bend;
    nodes.iter().filter(beside).map(|node| node.x - node.width / 2.0 - EXIT).fold(f64::MAX, f64::min)
}
