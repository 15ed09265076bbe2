//! The picture as SVG: one file without anything beside it, for light and dark.

mod icons;
mod theme;

pub use theme::Theme;

use crate::execution::{Execution, Ran, Status};
use crate::layout::{
    Area, DETAIL, Drawing, HEIGHT, ICON, LABEL, LABEL_LINE, LINE, MARK, PADDING, Point, StateBox, TITLE,
    Wire, head_height, inner_height, is_container, label_size, lay_out,
};
use crate::measure::width;
use crate::model::{Graph, Kind, Reason};
use std::fmt::Write as _;

/// The picture of a machine, and of an execution of it if there is one.
#[must_use]
pub fn svg(graph: &Graph, title: &str, execution: Option<&Execution>, theme: Theme) -> String {
    let drawing = lay_out(graph);
    let (wide, high) = (drawing.width.ceil(), drawing.height.ceil());
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" role=\"img\" class=\"asl\">\n<title>{}</title>\n<style>{}</style>\n",
        escaped(title),
        theme::css(theme)
    );
    text.push_str(MARKERS);
    let _ = writeln!(text, "<rect class=\"ground\" width=\"{wide}\" height=\"{high}\"/>");
    let mut painter = Painter { text, execution };
    painter.drawing(&drawing);
    painter.text.push_str("</svg>\n");
    painter.text
}

/// Heads of arrows, one a colour.
const MARKERS: &str = concat!(
    "<defs>",
    "<marker id=\"a\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"head\" d=\"M0 0.6 8 4 0 7.4Z\"/></marker>",
    "<marker id=\"c\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path class=\"head caught\" d=\"M0 0.6 8 4 0 7.4Z\"/></marker>",
    "<marker id=\"t\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"6\" markerHeight=\"6\" orient=\"auto\"><path class=\"head taken\" d=\"M0 0.6 8 4 0 7.4Z\"/></marker>",
    "</defs>\n"
);

struct Painter<'e> {
    text: String,
    execution: Option<&'e Execution>,
}

impl Painter<'_> {
    fn drawing(&mut self, drawing: &Drawing<'_>) {
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

    fn wire(&mut self, wire: &Wire<'_>, drawing: &Drawing<'_>) {
        let caught = wire.edge.is_some_and(|edge| edge.reason == Reason::Catch);
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
        let path = curve(&wire.points);
        let _ = writeln!(self.text, "<path class=\"{class}\" marker-end=\"url(#{head})\" d=\"{path}\"/>");
    }

    /// Whether the execution went this way; none without one.
    fn is_taken(&self, wire: &Wire<'_>, drawing: &Drawing<'_>) -> Option<bool> {
        let execution = self.execution?;
        let name = |index: usize| drawing.boxes.get(index).map(|state| state.state.name.as_str());
        let Some(edge) = wire.edge else {
            return Some(drawing.boxes.iter().any(|state| execution.states.contains_key(&state.state.name)));
        };
        let from = name(edge.from)?.to_owned();
        Some(match edge.to.and_then(name) {
            Some(to) => {
                let ran = execution.states.get(&from);
                let way = edge.reason != Reason::Catch || ran.is_some_and(|ran| ran.caught > 0);
                way && execution.taken.contains(&(from, to.to_owned()))
            }
            None => execution.ended.contains(&from),
        })
    }

    fn label(&mut self, wire: &Wire<'_>, drawing: &Drawing<'_>) {
        let (Some(edge), Some((label, at))) = (wire.edge, &wire.label) else { return };
        let (wide, high) = label_size(label);
        let (wide, high) = (wide - 4.0, high - 4.0);
        let caught = if edge.reason == Reason::Catch { " caught" } else { "" };
        let untaken = if self.is_taken(wire, drawing) == Some(false) { " untaken" } else { "" };
        let _ = write!(
            self.text,
            "<g class=\"label{caught}{untaken}\"><title>{}</title><rect x=\"{:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{high:.1}\" rx=\"3\"/>",
            escaped(&edge.label),
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

    fn state(&mut self, state: &StateBox<'_>) {
        let Area { x, y, width: wide, height: high } = state.area;
        let ran = self.execution.map(|execution| execution.states.get(&state.state.name));
        let class = class(&state.state.kind);
        let status = ran.map_or("", |ran| status_class(ran.map_or(Status::Untouched, Ran::status)));
        let _ =
            writeln!(self.text, "<g class=\"state {class}{status}\" transform=\"translate({x:.1} {y:.1})\">");
        let _ = writeln!(self.text, "<title>{}</title>", escaped(&tooltip(state)));
        if matches!(state.state.kind, Kind::Map) {
            // A second sheet behind the first: there are many of it.
            let _ = writeln!(
                self.text,
                "<rect class=\"sheet\" x=\"4\" y=\"4\" width=\"{wide:.1}\" height=\"{high:.1}\" rx=\"7\"/>"
            );
        }
        let _ =
            writeln!(self.text, "<rect class=\"box\" width=\"{wide:.1}\" height=\"{high:.1}\" rx=\"7\"/>");
        self.head(state);
        if is_container(state.state) {
            for (at, drawing) in &state.inner {
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
        }
        if let Some(Some(ran)) = ran {
            self.badge(ran, state);
        }
        self.text.push_str("</g>\n");
    }

    fn head(&mut self, state: &StateBox<'_>) {
        let top = (head_height(&state.title) - ICON) / 2.0;
        let left = PADDING * 2.0 + ICON;
        let _ = writeln!(
            self.text,
            "<g class=\"icon\" transform=\"translate({PADDING} {top})\"><rect width=\"{ICON}\" height=\"{ICON}\" rx=\"6\"/><path d=\"{}\"/></g>",
            icons::of(&state.state.kind)
        );
        let mut y = HEIGHT / 2.0 - 3.0;
        for line in &state.title {
            let _ = write!(
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

    /// What happened: at the lower edge of a state, or in the head of one that has others in it.
    fn badge(&mut self, ran: &Ran, state: &StateBox<'_>) {
        let mut parts = Vec::new();
        if ran.iterations.0 > 0 {
            parts.push(format!("{} of {}", ran.iterations.1, ran.iterations.0));
        } else if ran.entered > 1 {
            parts.push(format!("{}\u{d7}", ran.entered));
        }
        if ran.retries > 0 {
            parts.push(format!("{} {}", ran.retries, if ran.retries == 1 { "retry" } else { "retries" }));
        }
        if let Some(milliseconds) = ran.milliseconds.filter(|milliseconds| *milliseconds > 0) {
            parts.push(duration(milliseconds));
        }
        if parts.is_empty() {
            return;
        }
        let label = parts.join(" \u{b7} ");
        let across = width(&label, 10.0) + 12.0;
        let retry = if is_container(state.state) && state.state.retriers > 0 { 20.0 } else { 0.0 };
        let x = state.area.width - across - 6.0 - retry;
        let y = if is_container(state.state) { 6.0 } else { state.area.height - 8.0 };
        let _ = writeln!(
            self.text,
            "<g class=\"badge\"><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{across:.1}\" height=\"16\" rx=\"8\"/><text x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
            x + across / 2.0,
            y + 11.5,
            escaped(&label)
        );
    }
}

fn duration(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    match seconds {
        ..1 => format!("{milliseconds} ms"),
        1..60 => format!("{seconds}.{} s", milliseconds % 1000 / 100),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600.. => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

fn tooltip(state: &StateBox<'_>) -> String {
    let state = state.state;
    let texts = [state.name.as_str(), state.detail.as_str(), state.about.as_str()];
    let mut said: Vec<&str> = Vec::new();
    for text in texts {
        if !text.is_empty() && !said.contains(&text) {
            said.push(text);
        }
    }
    said.join("\n")
}

const fn class(kind: &Kind) -> &'static str {
    match kind {
        Kind::Task(_) => "task",
        Kind::Pass => "pass",
        Kind::Choice => "choice",
        Kind::Wait => "wait",
        Kind::Succeed => "succeed",
        Kind::Fail => "fail",
        Kind::Parallel => "parallel",
        Kind::Map => "map",
        Kind::Unknown => "unknown",
    }
}

const fn status_class(status: Status) -> &'static str {
    match status {
        Status::Untouched => " untouched",
        Status::Running => " running",
        Status::Succeeded => " succeeded",
        Status::Caught => " was-caught",
        Status::Failed => " failed",
        Status::Aborted => " aborted",
    }
}

/// A smooth line through the points that leaves and arrives upright.
fn curve(points: &[Point]) -> String {
    let Some((first, rest)) = points.split_first() else { return String::new() };
    let mut path = format!("M{:.1} {:.1}", first.x, first.y);
    let mut before = *first;
    for point in rest {
        if (before.x - point.x).abs() < 0.5 || (before.y - point.y).abs() < 0.5 {
            let _ = write!(path, "L{:.1} {:.1}", point.x, point.y);
        } else {
            let middle = f64::midpoint(before.y, point.y);
            let _ = write!(
                path,
                "C{:.1} {middle:.1} {:.1} {middle:.1} {:.1} {:.1}",
                before.x, point.x, point.x, point.y
            );
        }
        before = *point;
    }
    path
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no way to write these.
            letter if letter.is_control() && letter != '\n' => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}
