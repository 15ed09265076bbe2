//! Where everything is: a layered drawing of each scope, the inner ones first, because a state is as large as what is in it.
//!
//! In: a [`Graph`]. Out: a [`Drawing`], in pixels from its top left corner. States are in layers from top to bottom, by the longest way
//! to them; what leads back up is turned round for the layout. Every second layer belongs to the labels, so that no label can lie on a
//! state. The cost grows with states times sweeps, a few milliseconds for hundreds of states.

mod channel;
mod layers;
mod order;
mod place;
mod route;
mod spine;

use crate::measure::{fit, width, wrap};
use crate::model::{Edge, Graph, Reason, State, StateKind};
use std::collections::HashSet;

/// A scope, laid out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Drawing {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) boxes: Vec<StateBox>,
    pub(crate) wires: Vec<Wire>,
    /// The index of the first state.
    pub(crate) first: Option<usize>,
    /// The middle of the mark of the start.
    pub(crate) start: Option<Point>,
    /// The middles of the marks of ends.
    pub(crate) ends: Vec<Point>,
}

/// A state, laid out.
#[derive(Clone, Debug)]
pub(crate) struct StateBox {
    /// The state alone: what is within it is in `inner`.
    pub(crate) state: State,
    pub(crate) area: Area,
    /// The lines of its name.
    pub(crate) title: Vec<String>,
    /// What it does, cut to fit.
    pub(crate) detail: String,
    /// Its inner scopes, each with the place of its top left corner.
    pub(crate) inner: Vec<(Point, Drawing)>,
}

/// A transition, laid out.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub(crate) edge: Option<Edge>,
    /// From the state that is left to the one that follows.
    pub(crate) points: Vec<Point>,
    /// How far down it joins others, if it does: from there on they are all one line.
    pub(crate) joins: Option<f64>,
    /// The lines of its text, and their middle.
    pub(crate) label: Option<(Vec<String>, Point)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Area {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

pub(crate) const TITLE: f64 = 13.0;
pub(crate) const DETAIL: f64 = 11.0;
pub(crate) const LABEL: f64 = 11.0;
pub(crate) const ICON: f64 = 28.0;
/// Around the icon, and to the right of the texts.
pub(crate) const PADDING: f64 = 10.0;
/// The height of a state without inner ones, and of the head of one with them, if the name takes one line.
pub(crate) const HEIGHT: f64 = 48.0;
/// What a second line of a text adds.
pub(crate) const LINE: f64 = 15.0;
pub(crate) const MARK: f64 = 9.0;
/// Bold letters are wider, and those of some fonts are wider still.
const BOLD: f64 = 1.17;
const WIDER: f64 = 1.07;
const MOST_TEXT: f64 = 215.0;
const MOST_DETAIL: f64 = 250.0;
/// What a second line of a label adds.
pub(crate) const LABEL_LINE: f64 = 13.0;
const LEAST_TEXT: f64 = 70.0;
const MOST_LABEL: f64 = 160.0;
const MARGIN: f64 = 16.0;
/// Between the scopes of a Parallel state.
const BETWEEN: f64 = 14.0;

/// Something that has a place in a layer.
#[derive(Clone, Debug)]
struct LayoutNode {
    kind: NodeKind,
    width: f64,
    height: f64,
    layer: usize,
    side: Side,
    /// The line that is to be straight through it: of what follows each other, or of all links that lead to the same node because of errors.
    chain: Option<usize>,
    /// It is a bend of the latter.
    is_lane: bool,
    /// The middle.
    x: f64,
    y: f64,
}

/// Where a node is beside the main path, in the order from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Left,
    /// It is part of it.
    Spine,
    Right,
    /// That is not known yet.
    Open,
}

impl LayoutNode {
    const fn new(kind: NodeKind, width: f64, height: f64, layer: usize) -> Self {
        Self { kind, width, height, layer, side: Side::Open, chain: None, is_lane: false, x: 0.0, y: 0.0 }
    }

    /// It is a state with others in it.
    fn is_tall(&self) -> bool {
        self.height > 2.0 * HEIGHT
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NodeKind {
    /// A state, by its index in the graph.
    State(usize),
    Start,
    End,
    /// A bend of a long edge, or the place of its label.
    Bend,
    /// The place beside a state where its errors leave it, with their labels.
    Tag,
}

/// An edge of the layout.
#[derive(Clone, Debug)]
struct Link {
    from: usize,
    to: usize,
    /// The index of the edge in the graph; none for that of the start.
    edge: Option<usize>,
    /// It leads back up and is turned round.
    reversed: bool,
    is_catch: bool,
    /// No other edge before it is between the same states.
    is_first: bool,
    label: Vec<String>,
    /// Where it leaves the state, if that is beside it.
    tag: Option<usize>,
    /// The bends from the upper to the lower node, one a layer between them.
    bends: Vec<usize>,
}

/// The links of each node, by their places in the list and in its order; `node` says whose a link is.
fn by_node(count: usize, links: &[Link], node: impl Fn(&Link) -> Option<usize>) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); count];
    for (index, link) in links.iter().enumerate() {
        if let Some(found) = node(link).and_then(|node| found.get_mut(node)) {
            found.push(index);
        }
    }
    found
}

/// Lays out a scope.
pub(crate) fn lay_out(graph: &Graph) -> Drawing {
    let mut boxes: Vec<_> = graph.states.iter().map(measure_state).collect();
    let mut nodes: Vec<_> = boxes.iter().enumerate().map(|(index, state)| node(index, state.area)).collect();
    let mut links = link_up(graph, &mut nodes);
    let downwards = layers::assign(&mut nodes, &mut links);
    let spine = spine::find(graph, &mut nodes, &links, &downwards);
    let mut order = layers::bend(&mut nodes, &mut links);
    spine::take_sides(graph, &mut nodes, &links, &spine);
    order::reduce_crossings(&nodes, &links, &mut order);
    place::place(&mut nodes, &links, &order);
    let size = shift_to_origin(&mut nodes);
    for node in &nodes {
        if let NodeKind::State(index) = node.kind
            && let Some(state) = boxes.get_mut(index)
        {
            state.area.x = node.x - node.width / 2.0;
            state.area.y = node.y - node.height / 2.0;
        }
    }
    let mark =
        |kind| nodes.iter().filter(move |node| node.kind == kind).map(|node| Point { x: node.x, y: node.y });
    Drawing {
        width: size.0,
        height: size.1,
        first: graph.start_at,
        start: mark(NodeKind::Start).next(),
        ends: mark(NodeKind::End).collect(),
        wires: route::route(graph, &nodes, &links),
        boxes,
    }
}

fn measure_state(state: &State) -> StateBox {
    let drawings: Vec<_> = state.inner.iter().map(lay_out).collect();
    let tallest = drawings.iter().map(|drawing| drawing.height).fold(0.0, f64::max);
    let inner_width: f64 = drawings.iter().map(|drawing| drawing.width + BETWEEN).sum::<f64>() + BETWEEN;
    let has_inner = !drawings.is_empty();
    let beside_texts = 3.0 * PADDING + ICON + if state.retriers > 0 { 18.0 } else { 0.0 };
    let most = if has_inner { MOST_TEXT.max(inner_width - beside_texts) } else { MOST_TEXT };
    let title = wrap(&state.name, TITLE * BOLD, most);
    let detail = match state.folded {
        0 => fit(&state.detail, DETAIL * WIDER, most.max(MOST_DETAIL)),
        folded => {
            let states = format!(" \u{b7} {folded} {}", if folded == 1 { "state" } else { "states" });
            let room = most.max(MOST_DETAIL) - width(&states, DETAIL * WIDER);
            fit(&state.detail, DETAIL * WIDER, room) + &states
        }
    };
    let wide = |line: &String| width(line, TITLE * BOLD);
    let text = title.iter().map(wide).fold(width(&detail, DETAIL * WIDER).max(LEAST_TEXT), f64::max);
    let (head, above) = (beside_texts + text, head_height(&title));
    let (width, height) =
        if has_inner { (head.max(inner_width), above + tallest + BETWEEN) } else { (head, above) };
    let mut x = (width - inner_width) / 2.0 + BETWEEN;
    let mut inner = Vec::new();
    for drawing in drawings {
        let next = x + drawing.width + BETWEEN;
        inner.push((Point { x, y: above }, drawing));
        x = next;
    }
    let state = state.alone();
    StateBox { state, area: Area { x: 0.0, y: 0.0, width, height }, title, detail, inner }
}

/// How wide and how high a label is, with some room around it.
pub(crate) fn label_size(lines: &[String]) -> (f64, f64) {
    let wide = lines.iter().map(|line| width(line, LABEL * WIDER)).fold(0.0, f64::max);
    let more = if lines.len() > 1 { LABEL_LINE } else { 0.0 };
    (wide + 12.0, LABEL + 9.0 + more)
}

/// How high a state is without inner ones, and the head of one with them.
pub(crate) fn head_height(title: &[String]) -> f64 {
    if title.len() > 1 { HEIGHT + LINE } else { HEIGHT }
}

/// How tall the tallest of the inner scopes is; all are drawn with this height.
pub(crate) fn inner_height(state: &StateBox) -> f64 {
    state.area.height - head_height(&state.title) - BETWEEN
}

fn node(index: usize, area: Area) -> LayoutNode {
    LayoutNode::new(NodeKind::State(index), area.width, area.height, 0)
}

fn mark(kind: NodeKind) -> LayoutNode {
    LayoutNode::new(kind, MARK * 2.0, MARK * 2.0, 0)
}

/// The links of all edges, with a mark for the start and one for each end.
fn link_up(graph: &Graph, nodes: &mut Vec<LayoutNode>) -> Vec<Link> {
    let link = |from, to, edge, label: &str, is_catch, is_first| Link {
        from,
        to,
        edge,
        reversed: false,
        is_catch,
        is_first,
        tag: None,
        label: if label.is_empty() { Vec::new() } else { wrap(label, LABEL, MOST_LABEL) },
        bends: Vec::new(),
    };
    let mut links = Vec::new();
    if let Some(first) = graph.start_at {
        links.push(link(nodes.len(), first, None, "", false, true));
        nodes.push(mark(NodeKind::Start));
    }
    let mut seen = HashSet::new();
    for (index, edge) in graph.edges.iter().enumerate() {
        let to = edge.to.unwrap_or(nodes.len());
        if edge.to.is_none() {
            nodes.push(mark(NodeKind::End));
        }
        // A state that leads to itself is drawn beside it, without a place in the layers.
        if to != edge.from {
            let is_catch = edge.reason == Reason::Catch;
            let is_first = seen.insert((edge.from, to, is_catch));
            links.push(link(edge.from, to, Some(index), &edge.label, is_catch, is_first));
        }
    }
    links
}

fn shift_to_origin(nodes: &mut [LayoutNode]) -> (f64, f64) {
    let edges = |x: &dyn Fn(&LayoutNode) -> (f64, f64)| {
        nodes
            .iter()
            .map(x)
            .fold((f64::MAX, f64::MIN), |(low, high), (from, to)| (low.min(from), high.max(to)))
    };
    if nodes.is_empty() {
        return (MARGIN * 2.0, MARGIN * 2.0);
    }
    let (left, right) = edges(&|node| (node.x - node.width / 2.0, node.x + node.width / 2.0));
    let (top, bottom) = edges(&|node| (node.y - node.height / 2.0, node.y + node.height / 2.0));
    for node in nodes.iter_mut() {
        node.x += MARGIN - left;
        node.y += MARGIN - top;
    }
    (right - left + 2.0 * MARGIN, bottom - top + 2.0 * MARGIN)
}

/// Whether what is within a state is drawn.
pub(crate) const fn is_container(state: &StateBox) -> bool {
    matches!(state.state.kind, StateKind::Parallel | StateKind::Map) && !state.inner.is_empty()
}
