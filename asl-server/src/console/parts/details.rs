//! The panel beside the picture: one stay in a state, with its attempts and its data.

use crate::console::address::Links;
use crate::console::frame::icon;
use crate::console::json::{self, visible};
use crate::console::parts::cells::{self, Cell, Grid};
use crate::console::parts::data::{Data, Seen};
use crate::console::story::{Attempt, Story, Visit, cut};
use crate::console::words;
use asl_runtime::Value;
use maud::{Markup, html};
use std::sync::Arc;

/// A stay in a state, out of its story.
#[derive(Clone, Debug)]
pub(crate) struct Stay {
    pub(crate) number: usize,
    pub(crate) visit: Visit,
    /// The stays around it, from the outside in.
    around: Vec<(usize, Visit)>,
    began: i64,
    now: i64,
    /// The stays before and after it.
    before: Option<usize>,
    after: Option<usize>,
    /// Other stays in the same state.
    same: Vec<(usize, u64)>,
    /// The stays whose variables are seen in it, the last one first.
    setters: Vec<Setter>,
    /// How the iterations stand, if it is a Map that has them.
    iterations: Vec<Cell>,
}

/// A stay that may have set variables.
#[derive(Clone, Debug)]
pub(crate) struct Setter {
    pub(crate) visit: usize,
    pub(crate) name: Arc<str>,
    /// The event that tells what it has set.
    pub(crate) exit: u64,
}

/// So many stays are asked for the variables that they have set.
const SETTERS: usize = 100;

/// So many other stays in the same state are offered.
const SAME: usize = 50;

impl Stay {
    /// A stay in a state of a machine, of which it is known whether a state sets variables.
    pub(crate) fn of(story: &Story, number: usize, now: i64, assigns: impl Fn(&str) -> bool) -> Option<Self> {
        let visit = story.visit(number)?.clone();
        let around = std::iter::successors(visit.parent, |at| story.visit(*at)?.parent);
        let mut around: Vec<_> = around.filter_map(|at| Some((at, story.visit(at)?.clone()))).collect();
        around.reverse();
        let same = story.visits.iter().enumerate().filter(|(_, other)| other.name == visit.name);
        Some(Self {
            number,
            around,
            began: story.began(),
            now,
            before: number.checked_sub(1),
            after: Some(number + 1).filter(|after| *after < story.visits.len()),
            same: same.map(|(at, other)| (at, other.slot)).take(SAME).collect(),
            setters: setters(story, number, assigns),
            iterations: if visit.has_iterations() { standing(story, number) } else { Vec::new() },
            visit,
        })
    }

    /// The events that hold its data, and what it sees of others.
    pub(crate) fn events(&self) -> Vec<u64> {
        let mut ids = self.own_events();
        ids.extend(self.setters.iter().map(|setter| setter.exit));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The stays whose variables are seen in it, the last one first.
    pub(crate) fn setters(&self) -> &[Setter] {
        &self.setters
    }

    /// The events that hold its data.
    pub(crate) fn own_events(&self) -> Vec<u64> {
        let attempts = self.visit.attempts.iter().rev().take(1);
        let of_attempts = attempts.flat_map(|attempt| [Some(attempt.first), attempt.submitted, attempt.last]);
        let mut ids: Vec<_> =
            of_attempts.chain([Some(self.visit.entry), self.visit.exit]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// The stays before one, in its branch or iteration and in those around, that may have set variables: the last one first.
fn setters(story: &Story, number: usize, assigns: impl Fn(&str) -> bool) -> Vec<Setter> {
    let mut found = Vec::new();
    let mut at = Some(number);
    while let Some(visit) = at.and_then(|at| story.visit(at)) {
        let before = story.visits.iter().enumerate().take(at.unwrap_or_default()).rev();
        let in_lane = before.filter(|(_, other)| (other.parent, other.slot) == (visit.parent, visit.slot));
        let ended = in_lane.filter_map(|(at, other)| {
            let exit = other.exit.filter(|exit| *exit < visit.entry && assigns(&other.name))?;
            Some(Setter { visit: at, name: Arc::clone(&other.name), exit })
        });
        found.extend(ended.take(SETTERS - found.len()));
        at = visit.parent;
    }
    found
}

/// The panel of a stay.
pub(crate) fn details(
    stay: &Stay,
    data: &Data,
    definition: Option<&serde_json::Value>,
    forms: &Markup,
    links: Links,
) -> Markup {
    let visit = &stay.visit;
    html! { div.contents data-stay=(stay.number) data-name=(visit.name) {
        (way(stay, links))
        div.scroll tabindex="0" role="region" aria-label="Details, scrollable" {
            div.who {
                h2 { (visible(&visit.name)) }
                span { (visit.state.label()) }
                span.sub { (visit.kind) @if let Some(resource) = &visit.resource { " · " (visible(resource)) } }
            }
            dl.kv {
                div { dt { "Entered" } dd { (words::offset(visit.entered - stay.began)) " s" } }
                div { dt { "Duration" } dd { (words::duration(visit.duration(stay.now))) } }
                div { dt { "Attempts" } dd { (visit.attempts.len()) } }
            }
            (forms)
            @if !visit.attempts.is_empty() { (section("Attempts", None, &attempts(stay))) }
            @if let Some(child) = data.child() { (section("Nested execution", None, &nested(child, links))) }
            @if let Some(run) = &visit.map_run {
                (section("Map Run", None, &html! {
                    @if let Some(path) = links.map_run(run) { a.child href=(path) { (icon("child")) span.grow { b { "Items and their executions" } span.sub { (run) } } } }
                    @else { code { (visible(run)) } }
                }))
            }
            @if !stay.iterations.is_empty() { (section("Iterations", None, &iterations(stay, links))) }
            (payload("Input", data.input.as_ref()))
            (payload("Arguments", data.parameters.as_ref()))
            (payload("Answer of the service", data.submitted.as_ref()))
            (payload("Result", data.result.as_ref()))
            @if data.output.is_some() && data.output == data.input { (section("Output", Some("the same as the input"), &html! {})) }
            @else { (payload("Output", data.output.as_ref())) }
            (payload("Variables set here", data.assigned.as_ref()))
            @if !data.seen.is_empty() { (section("Variables", Some("as it was entered"), &variables(data, links))) }
            @if let Some(definition) = definition { (folded("Definition", &json::tree(definition))) }
        }
    } }
}

/// The states around, and the stays before and after.
fn way(stay: &Stay, links: Links) -> Markup {
    let step = |to: Option<usize>, name: &str, word: &str| {
        html! { @if let Some(to) = to { a.btn.quiet.sm.icon href=(links.visit(to)) data-visit=(to) aria-label=(word) { (icon(name)) } } }
    };
    let slot = |parent: &Visit, slot: u64| {
        if &*parent.kind == "Map" { format!("item {slot}") } else { format!("branch {}", slot + 1) }
    };
    let inner = stay.around.iter().skip(1).map(|(_, visit)| visit.slot).chain([stay.visit.slot]);
    html! {
        div.up {
            a href=(links.whole()) data-visit="" { "Execution" }
            @for ((number, visit), inside) in stay.around.iter().zip(inner) {
                span { "›" } a.cut href=(links.visit(*number)) data-visit=(number) { (visible(&visit.name)) }
                span { "›" } span.nowrap { (slot(visit, inside)) }
            }
            @if stay.same.len() > 1 {
                details.menu { summary.btn.sm { "Visit" } ul {
                    @for (place, (number, item)) in stay.same.iter().enumerate() {
                        li { a href=(links.visit(*number)) data-visit=(number) aria-current=[(*number == stay.number).then_some("true")] {
                            (place + 1) @if !stay.around.is_empty() { " · item " (item) }
                        } }
                    }
                } }
            }
            span.steps { (step(stay.before, "prev", "Previous state")) (step(stay.after, "next", "Next state")) }
        }
    }
}

/// So many cells are in the panel; all are on the page of the iterations.
const CELLS: usize = 10_000;

fn standing(story: &Story, map: usize) -> Vec<Cell> {
    story.iterations(map).iter().map(|one| one.state.map_or(Cell::Pending, Cell::from)).collect()
}

/// A cell for each iteration.
fn iterations(stay: &Stay, links: Links) -> Markup {
    let address = links.iterations(stay.number);
    let item = address.as_ref().map(|address| format!("{address}&item="));
    let begun = stay.iterations.len();
    let grid = Grid { of: "iteration", address: item.as_deref(), first: 0, begun, most: CELLS };
    html! {
        (cells::cells(&stay.iterations, &grid))
        @if let Some(address) = &address { p { a.child href=(address) { (icon("child")) span.grow { b { "All iterations" } span.sub { (words::count(begun as u64, "iteration")) ", by status and by error" } } } } }
    }
}

/// Each variable with its value, and the state that has set it.
fn variables(data: &Data, links: Links) -> Markup {
    html! {
        @for Seen { name, value, by } in &data.seen {
            details.inside {
                summary.fold-line {
                    code { "$" (visible(name)) } " " code.soft { (visible(&cut(&value.to_string(), 60))) } " "
                    span.dim { "set by " (visible(&by.name)) }
                }
                (json::tree(&serde_json::to_value(value).unwrap_or_default()))
                p { a href=(links.visit(by.visit)) data-visit=(by.visit) { "This visit of " (visible(&by.name)) } }
            }
        }
    }
}

fn attempts(stay: &Stay) -> Markup {
    let attempts = &stay.visit.attempts;
    html! {
        @for (place, attempt) in attempts.iter().enumerate() {
            (one_attempt(stay, place, attempt))
            @if let (Some(ended), Some(next)) = (attempt.ended, attempts.get(place + 1)) {
                div.att.gap { "waits " (words::duration(next.began - ended)) }
            }
        }
    }
}

fn one_attempt(stay: &Stay, place: usize, attempt: &Attempt) -> Markup {
    let (class, symbol, word) = match (attempt.failed, attempt.ended) {
        (true, _) => ("bad", "bad", "failed"),
        (false, Some(_)) if stay.visit.state == crate::console::story::Progress::Aborted => {
            ("off", "off", "stopped")
        }
        (false, Some(_)) => ("ok", "ok", "succeeded"),
        (false, None) => ("run", "run", "runs"),
    };
    let taken = attempt.ended.unwrap_or(stay.now) - attempt.began;
    html! {
        div.att {
            span class=(class) { (icon(symbol)) }
            div.top {
                b { "Attempt " (place + 1) } " " span.soft { (word) }
                span.num { (words::offset(attempt.began - stay.began)) " s · " (words::duration(taken)) }
            }
            @if let Some(error) = &attempt.error { div.err { (visible(error)) } }
            @if let Some(cause) = &attempt.cause { div.cause { (visible(cause)) } }
        }
    }
}

fn nested(arn: &str, links: Links) -> Markup {
    let mut parts = arn.rsplitn(3, ':');
    let (name, machine) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    html! {
        @if let Some(path) = links.execution(arn) {
            a.child href=(path) { (icon("child")) span.grow { b { (visible(machine)) } span.sub { (visible(name)) } } }
        } @else { code { (visible(arn)) } }
    }
}

/// A section that is open.
pub(crate) fn section(title: &str, note: Option<&str>, body: &Markup) -> Markup {
    html! {
        details.sec open {
            summary { (title) @if let Some(note) = note { span.size { (note) } } }
            div.body { (body) }
        }
    }
}

fn folded(title: &str, body: &Markup) -> Markup {
    html! { details.sec { summary { (title) } div.body { (body) } } }
}

/// Data, if there is any.
pub(crate) fn payload(title: &str, value: Option<&Value>) -> Markup {
    let Some(value) = value else { return html! {} };
    let text = value.to_string();
    let json = serde_json::to_value(value).unwrap_or_default();
    html! {
        details.sec open {
            summary { (title) span.size { (words::size(text.len())) } }
            div.body { (json::tree(&json)) }
        }
    }
}
