//! Where lines touch the upper and lower sides of states.

use super::super::{LayoutNode, Link, Point, by_node};

/// The most that ports of a state are apart.
const PORT_GAP: f64 = 22.0;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    Above,
    Below,
}

/// Where each link touches its node on this side: the links of a node side by side, in the order of where they come from. Those that share a
/// lane share the place, and the main path has that in the middle.
pub(super) fn ports(nodes: &[LayoutNode], links: &[Link], side: Edge) -> Vec<Point> {
    let mut points = vec![Point::default(); links.len()];
    let touches = by_node(nodes.len(), links, |link| match side {
        Edge::Below => Some(link.from).filter(|_| link.tag.is_none()),
        Edge::Above => Some(link.to),
    });
    for (node, touches) in nodes.iter().zip(touches) {
        let mut touching: Vec<Touch> = Vec::new();
        for (index, link) in touches.into_iter().filter_map(|index| Some((index, links.get(index)?))) {
            let lane = Some(next(link, side)).filter(|id| nodes.get(*id).is_some_and(|node| node.is_lane));
            match touching.iter_mut().find(|touch| lane.is_some() && touch.lane == lane) {
                Some(touch) => touch.links.push(index),
                None => touching.push(Touch {
                    x: next_x(nodes, link, side),
                    lane,
                    is_step: is_step(nodes, link),
                    is_free: side == Edge::Below && link.is_catch && node.is_tall(),
                    links: vec![index],
                }),
            }
        }
        touching.sort_by(|a, b| a.x.total_cmp(&b.x));
        let y = if side == Edge::Below { node.y + node.height / 2.0 } else { node.y - node.height / 2.0 };
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
pub(super) fn first_in_lane(nodes: &[LayoutNode], link: &Link) -> Option<usize> {
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
fn is_step(nodes: &[LayoutNode], link: &Link) -> bool {
    let line = |id: usize| nodes.get(id).map(|node| (node.side == super::super::Side::Spine, node.chain));
    let is_same = |id: &usize| match (line(link.from), line(*id)) {
        (Some((true, _)), Some((true, _))) => true,
        (Some((_, Some(one))), Some((_, Some(other)))) => one == other,
        _ => false,
    };
    is_same(&link.to) && link.bends.iter().all(is_same)
}

fn next(link: &Link, side: Edge) -> usize {
    match side {
        Edge::Below => *link.bends.first().unwrap_or(&link.to),
        Edge::Above => *link.bends.last().unwrap_or(&link.from),
    }
}

pub(super) fn next_x(nodes: &[LayoutNode], link: &Link, side: Edge) -> f64 {
    nodes.get(next(link, side)).map_or(0.0, |node| node.x)
}
