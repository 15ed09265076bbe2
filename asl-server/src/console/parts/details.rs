//! The panel beside the picture: one stay in a state, with its attempts and its data.

use crate::console::address::Links;
use crate::console::frame::icon;
use crate::console::json::{self, visible};
use crate::console::parts::cells::{self, Cell, Grid};
use crate::console::story::{Attempt, Story, Visit};
use crate::console::words;
use asl_runtime::{Event, EventDetails, Object, Value};
use maud::{Markup, html};

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
    /// How the iterations stand, if it is a Map that has them.
    iterations: Vec<Cell>,
}

/// So many other stays in the same state are offered.
const SAME: usize = 50;

impl Stay {
    pub(crate) fn of(story: &Story, number: usize, now: i64) -> Option<Self> {
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
            iterations: if visit.has_iterations() { standing(story, number) } else { Vec::new() },
            visit,
        })
    }

    /// The events that hold its data.
    pub(crate) fn events(&self) -> Vec<u64> {
        let attempts = self.visit.attempts.iter().rev().take(1);
        let of_attempts = attempts.flat_map(|attempt| [Some(attempt.first), attempt.submitted, attempt.last]);
        let mut ids: Vec<_> =
            of_attempts.chain([Some(self.visit.entry), self.visit.exit]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// The data of a stay.
#[derive(Debug, Default)]
pub(crate) struct Data {
    input: Option<Value>,
    parameters: Option<Value>,
    submitted: Option<Value>,
    result: Option<Value>,
    output: Option<Value>,
    assigned: Option<Value>,
}

impl Data {
    pub(crate) fn of(events: &[Event]) -> Self {
        let mut data = Self::default();
        for event in events {
            #[expect(clippy::wildcard_enum_match_arm, reason = "all others have no data")]
            match &event.details {
                EventDetails::StateEntered { input, .. } => data.input = Some(input.clone()),
                EventDetails::TaskScheduled { parameters, .. } => data.parameters = Some(parameters.clone()),
                EventDetails::TaskSubmitted { output, .. } => data.submitted = Some(output.clone()),
                EventDetails::TaskSucceeded { output, .. } => data.result = Some(output.clone()),
                EventDetails::StateExited { output, assigned, .. } => {
                    data.output = Some(output.clone());
                    data.assigned = assigned.clone().map(Value::from);
                }
                _ => {}
            }
        }
        data
    }

    /// The same of events in AWS's JSON.
    pub(crate) fn read<'e>(events: impl Iterator<Item = &'e serde_json::Value>) -> Self {
        let mut data = Self::default();
        for event in events {
            let kind = event.get("type").and_then(serde_json::Value::as_str).unwrap_or_default();
            let details =
                event.as_object().and_then(|it| it.iter().find(|(name, _)| name.ends_with("EventDetails")));
            let details = details.map_or(&serde_json::Value::Null, |(_, details)| details);
            // What is not JSON is a text.
            let value = |text: &serde_json::Value| {
                let text = text.as_str()?;
                Some(text.parse().unwrap_or_else(|_| Value::from(text)))
            };
            let field = |name: &str| details.get(name).and_then(value);
            if kind.ends_with("StateEntered") {
                data.input = field("input");
            } else if kind.ends_with("StateExited") {
                data.output = field("output");
                let assigned = details.get("assignedVariables").and_then(serde_json::Value::as_object);
                data.assigned = assigned.map(|all| {
                    let named = all.iter().filter_map(|(name, text)| Some((name.as_str(), value(text)?)));
                    Value::from(named.collect::<Object>())
                });
            } else if kind.ends_with("Scheduled") {
                data.parameters = field("parameters").or_else(|| field("input"));
            } else if kind.ends_with("Submitted") {
                data.submitted = field("output");
            } else if kind.ends_with("Succeeded") {
                data.result = field("output");
            }
        }
        data
    }

    /// The ARN of the execution that the task has started.
    fn child(&self) -> Option<&str> {
        let told = [&self.submitted, &self.result].into_iter().flatten();
        told.filter_map(|answer| answer.get("ExecutionArn").or_else(|| answer.get("executionArn"))?.as_str())
            .next()
    }

    /// Texts among what was sent that may be the token of the task.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(parameters) = &self.parameters {
            texts(&serde_json::to_value(parameters).unwrap_or_default(), &mut found);
        }
        found.retain(|text| text.len() >= 16 && text.len() <= 2048);
        found.truncate(20);
        found
    }
}

fn texts(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => found.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        serde_json::Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
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
