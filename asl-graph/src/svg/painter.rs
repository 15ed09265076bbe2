//! Boxes, lines and texts, one after the other.

use super::text::{cut, escaped, tooltip, written};
use super::{Page, badge, glyphs, icons, lines};
use crate::layout::{
    Area, DETAIL, Drawing, HEIGHT, ICON, LABEL, LABEL_LINE, LINE, MARK, PADDING, Point, StateBox, TITLE,
    Wire, head_height, inner_height, is_container, label_size,
};
use crate::model::{Reason, State, StateKind};
use crate::summary::{Ran, Status, Summary};
use std::fmt::Write as _;

/// How far the badge begins before the lower right corner of a state.
const BADGE: f64 = 6.0;

pub(super) struct Painter<'e> {
    text: String,
    execution: Option<&'e Summary>,
    page: Option<&'e Page<'e>>,
    /// What ids begin with.
    prefix: &'e str,
}

impl<'e> Painter<'e> {
    /// Goes on behind what is written already.
    pub(super) const fn new(
        text: String,
        execution: Option<&'e Summary>,
        page: Option<&'e Page<'e>>,
        prefix: &'e str,
    ) -> Self {
        Self { text, execution, page, prefix }
    }

    pub(super) fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    pub(super) fn drawing(&mut self, drawing: &Drawing) {
        for wire in &drawing.wires {
            self.wire(wire, drawing);
        }
        if let Some(start) = drawing.start {
            self.circle("start", start, MARK);
        }
        for end in &drawing.ends {
            self.circle("ring", *end, MARK);
            self.circle("start", *end, MARK - 4.0);
        }
        for state in &drawing.boxes {
            self.state(state);
        }
        // Above everything, so that no line crosses a text.
        for wire in &drawing.wires {
            self.label(wire, drawing);
        }
    }

    fn circle(&mut self, class: &str, at: Point, radius: f64) {
        let _ = writeln!(
            self.text,
            "<circle class=\"{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\"/>",
            at.x, at.y
        );
    }

    fn wire(&mut self, wire: &Wire, drawing: &Drawing) {
        let caught = wire.edge.as_ref().is_some_and(|edge| edge.reason == Reason::Catch);
        let taken = self.is_taken(wire, drawing);
        let class = match (taken, caught) {
            (Some(true), true) => "wire caught taken",
            (Some(true), false) => "wire taken",
            (Some(false), true) => "wire caught untaken",
            (Some(false), false) => "wire untaken",
            (None, true) => "wire caught",
            (None, false) => "wire",
        };
        let head = if taken == Some(true) {
            "t"
        } else if caught {
            "c"
        } else {
            "a"
        };
        let prefix = self.prefix;
        let first = || drawing.boxes.get(drawing.first?).map(|state| format!("i{}", state.state.number));
        let id = wire.edge.as_ref().map(|edge| format!("w{}", edge.number)).or_else(first);
        let id =
            id.filter(|_| self.page.is_some()).map(|id| format!("id=\"{prefix}{id}\" ")).unwrap_or_default();
        let path = lines::corners(&wire.points, wire.joins);
        let _ = writeln!(
            self.text,
            "<path {id}class=\"{class}\" marker-end=\"url(#{prefix}{head})\" d=\"{path}\"/>"
        );
    }

    /// Whether the execution went this way; none without one.
    fn is_taken(&self, wire: &Wire, drawing: &Drawing) -> Option<bool> {
        let execution = self.execution?;
        let name = |index: usize| drawing.boxes.get(index).map(|state| state.state.name.as_str());
        let Some(edge) = &wire.edge else {
            return Some(drawing.first.and_then(name).is_some_and(|first| execution.state(first).is_some()));
        };
        let taken = execution.taken(name(edge.from)?, edge.to.and_then(name), edge.reason == Reason::Catch);
        Some(taken.is_some())
    }

    fn label(&mut self, wire: &Wire, drawing: &Drawing) {
        let (Some(edge), Some((label, at))) = (&wire.edge, &wire.label) else { return };
        let (wide, high) = label_size(label);
        let (wide, high) = (wide - 8.0, high - 4.0);
        let caught = if edge.reason == Reason::Catch { " caught" } else { "" };
        let untaken = if self.is_taken(wire, drawing) == Some(false) { " untaken" } else { "" };
        let id = match self.page {
            Some(page) => format!("id=\"{}l{}\" ", page.prefix, edge.number),
            None => String::new(),
        };
        let _ = write!(
            self.text,
            "<g {id}class=\"label{caught}{untaken}\"><title>{}</title><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\" rx=\"3\"/>",
            escaped(&cut(&edge.label)),
            at.x - wide / 2.0,
            at.y - high / 2.0,
        );
        let mut y = at.y - (high - LABEL - 5.0) / 2.0 + LABEL * 0.35;
        for line in label {
            let _ = write!(self.text, "<text x=\"{:.1}\" y=\"{y:.1}\">{}</text>", at.x, escaped(line));
            y += LABEL_LINE;
        }
        self.text.push_str("</g>\n");
    }

    fn state(&mut self, state: &StateBox) {
        let nothing = Ran::default();
        let ran = self.execution.map(|execution| execution.state(&state.state.name).unwrap_or(&nothing));
        let mut class = classes(&state.state, ran.map(Ran::status));
        if self.page.is_some_and(|page| page.selected == Some(state.state.name.as_str())) {
            class.push_str(" sel");
        }
        let id = match self.page {
            Some(page) => format!("id=\"{}s{}\" ", page.prefix, state.state.number),
            None => String::new(),
        };
        let Area { x, y, .. } = state.area;
        let _ = writeln!(self.text, "<g {id}class=\"{class}\" transform=\"translate({x:.1} {y:.1})\">");
        self.node(state, ran);
        for (at, drawing) in state.inner.iter().filter(|_| is_container(state)) {
            let _ = writeln!(
                self.text,
                "<rect class=\"scope\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"5\"/><g transform=\"translate({:.1} {:.1})\">",
                at.x,
                at.y,
                drawing.width,
                inner_height(state),
                at.x,
                at.y
            );
            self.drawing(drawing);
            self.text.push_str("</g>\n");
        }
        if let Some(ran) = ran {
            self.badge(ran, state);
        }
        self.text.push_str("</g>\n");
    }

    /// The state without what is within it: a link, where there is a page.
    fn node(&mut self, state: &StateBox, ran: Option<&Ran>) {
        let Area { width: wide, height: high, .. } = state.area;
        let element = if self.page.is_some() { "a" } else { "g" };
        let link = self.page.map(|page| {
            let link = escaped(&(page.link)(&state.state));
            let label = escaped(&written(state));
            let status = ran.map(|ran| format!(", {}", ran.status().word())).unwrap_or_default();
            format!(
                " href=\"{link}\" data-state=\"{}\" data-label=\"{label}\" aria-label=\"{label}{status}\"",
                escaped(&state.state.name)
            )
        });
        let _ = writeln!(
            self.text,
            "<{element} class=\"node\"{}><title>{}</title>",
            link.unwrap_or_default(),
            escaped(&tooltip(&state.state))
        );
        let mut rect = |class: &str, at: f64, more: f64, radius: u32| {
            let _ = writeln!(
                self.text,
                "<rect class=\"{class}\" x=\"{at}\" y=\"{at}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{radius}\"/>",
                wide + more,
                high + more
            );
        };
        if self.page.is_some() {
            rect("halo", -5.0, 10.0, 11);
        }
        if matches!(state.state.kind, StateKind::Map) {
            // A second sheet behind the first: there are many of it.
            rect("sheet", 4.0, 0.0, 7);
        }
        rect("box", 0.0, 0.0, 7);
        self.head(state);
        if let Some(ran) = ran {
            self.glyph(ran.status());
        }
        let _ = writeln!(self.text, "</{element}>");
    }

    /// The sign of how it goes; there is one without a shape too, for what may come.
    fn glyph(&mut self, status: Status) {
        let prefix = self.prefix;
        let _ = match glyphs::of(status) {
            Some(name) => write!(
                self.text,
                "<use class=\"glyph {name}\" href=\"#{prefix}{name}\" x=\"-10\" y=\"-10\" width=\"20\" height=\"20\"/>"
            ),
            None if self.page.is_some() => {
                write!(self.text, "<use class=\"glyph\" x=\"-10\" y=\"-10\" width=\"20\" height=\"20\"/>")
            }
            None => Ok(()),
        };
    }

    fn head(&mut self, state: &StateBox) {
        let top = (head_height(&state.title) - ICON) / 2.0;
        let left = PADDING * 2.0 + ICON;
        let _ = writeln!(
            self.text,
            "<g class=\"icon\" transform=\"translate({PADDING} {top})\"><rect width=\"{ICON}\" height=\"{ICON}\" rx=\"6\"/><path d=\"{}\"/></g>",
            icons::of(&state.state.kind)
        );
        let mut y = HEIGHT / 2.0 - 3.0;
        for line in &state.title {
            let _ = writeln!(
                self.text,
                "<text class=\"title\" x=\"{left}\" y=\"{y:.1}\" font-size=\"{TITLE}\">{}</text>",
                escaped(line)
            );
            y += LINE;
        }
        let _ = writeln!(
            self.text,
            "<text class=\"detail\" x=\"{left}\" y=\"{:.1}\" font-size=\"{DETAIL}\">{}</text>",
            y + 1.0,
            escaped(&state.detail)
        );
        if state.state.retriers > 0 {
            let _ = writeln!(
                self.text,
                "<g class=\"retry\" transform=\"translate({:.1} 7)\"><title>is tried again after an error</title><path d=\"{}\"/></g>",
                state.area.width - 20.0,
                icons::RETRY
            );
        }
    }

    /// What happened: on the lower edge, below all that is written in the state. An empty one waits for what may come.
    fn badge(&mut self, ran: &Ran, state: &StateBox) {
        let label = badge::text(ran);
        if label.is_empty() && self.page.is_none() {
            return;
        }
        let across = badge::across(&label);
        let (x, y) = (state.area.width - BADGE, state.area.height - BADGE);
        let _ = writeln!(
            self.text,
            "<g class=\"badge\" transform=\"translate({x:.1} {y:.1})\"><rect x=\"{:.1}\" width=\"{across:.1}\" height=\"16\" rx=\"8\"/><text x=\"{:.1}\" y=\"11.5\">{}</text></g>",
            0.0 - across,
            0.0 - across / 2.0,
            escaped(&label)
        );
    }
}

/// The classes of a state, from which its look follows.
pub(super) fn classes(state: &State, status: Option<Status>) -> String {
    let folded = if state.folded > 0 { " folded" } else { "" };
    format!("state {}{folded}{}", class(&state.kind), status.map_or("", status_class))
}

const fn class(kind: &StateKind) -> &'static str {
    match kind {
        StateKind::Task(_) => "task",
        StateKind::Pass => "pass",
        StateKind::Choice => "choice",
        StateKind::Wait => "wait",
        StateKind::Succeed => "succeed",
        StateKind::Fail => "fail",
        StateKind::Parallel => "parallel",
        StateKind::Map => "map",
        StateKind::Unknown => "unknown",
    }
}

const fn status_class(status: Status) -> &'static str {
    match status {
        Status::Untouched => " untouched",
        Status::Running => " running",
        Status::Retrying => " retrying",
        Status::Succeeded => " succeeded",
        Status::Caught => " was-caught",
        Status::Failed => " failed",
        Status::Aborted => " aborted",
    }
}
