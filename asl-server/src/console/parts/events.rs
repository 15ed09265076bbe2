//! The table of events: a page of it, filtered.

use crate::console::fields::Fields;
use crate::console::frame::icon;
use crate::console::json::{self, visible};
use crate::console::story::{Line, Story};
use crate::console::words;
use maud::{Markup, html};
use serde_json::Value;

/// So many rows are on a page.
const ROWS: usize = 100;

/// Which events are wanted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    text: Option<String>,
    errors: bool,
    from: u64,
}

impl Filter {
    pub(crate) fn read(fields: &Fields) -> Self {
        Self {
            text: fields.get("q").map(str::to_lowercase),
            errors: fields.get("errors").is_some(),
            from: fields.number("from").unwrap_or_default(),
        }
    }

    fn takes(&self, story: &Story, line: &Line) -> bool {
        let has = |part: &str, text: &str| part.to_lowercase().contains(text);
        let takes_text = self.text.as_deref().is_none_or(|text| {
            has(&line.kind, text)
                || has(state(story, line), text)
                || line.note.as_deref().is_some_and(|note| has(note, text))
        });
        takes_text && (!self.errors || line.is_bad())
    }
}

fn state<'s>(story: &'s Story, line: &Line) -> &'s str {
    line.visit.and_then(|visit| story.visit(visit)).map_or("", |visit| &visit.name)
}

/// The panel with a page of events. One of them may be open, with its JSON.
pub(crate) fn events(story: &Story, fields: &Fields, open: Option<(u64, &Value)>) -> Markup {
    let filter = Filter::read(fields);
    let mut wanted = story.lines.iter().filter(|line| line.id >= filter.from && filter.takes(story, line));
    let shown: Vec<_> = wanted.by_ref().take(ROWS).collect();
    let next = wanted.next().map(|line| line.id);
    html! {
        section.panel #events aria-labelledby="events-title" {
            header {
                h2 #events-title { "Events" }
                span.n #event-count { (words::number(story.lines.len() as u64)) }
                form.tools action="#events" {
                    input type="search" name="q" aria-label="Filter events" placeholder="Filter by type, state or error" value=[fields.get("q")] data-filter;
                    label.check { input type="checkbox" name="errors" value="1" checked[filter.errors] data-onlybad; " Errors only" }
                    button.btn.sm { "Filter" }
                }
            }
            table.tbl.ev {
                thead { tr {
                    th { span.sr { "Open" } } th.num { "#" } th.drop { "Time, UTC" } th.num { "Offset, s" } th { "Type" } th { "State" }
                    th.drop.wide { "Details" } th.num.drop title="Time since the event that led to this one" { "Since cause" }
                } }
                tbody #event-rows {
                    @for line in &shown { (row(story, line, open)) }
                    @if shown.is_empty() { tr { td colspan="8" { "No event is like that. " a href="?#events" { "Show all" } } } }
                }
            }
            div.more {
                span { (words::number(shown.len() as u64)) " of " (words::count(story.lines.len() as u64, "event")) }
                @if filter.from > 0 { a href={ (fields.with("from", None)) "#events" } { "From the first" } }
                @if let Some(next) = next { a #more href={ (fields.with("from", Some(&next.to_string()))) "#events" } { "More" } }
                span { "Press " kbd { "e" } " for the next error" }
            }
        }
    }
}

/// The rows of events after one, as far as they are on the first page.
pub(crate) fn new_rows(story: &Story, since: u64) -> Markup {
    html! { @for line in story.lines.iter().take(ROWS).filter(|line| line.id > since) { (row(story, line, None)) } }
}

/// A row, and below it the JSON of its event if that is open.
pub(crate) fn row(story: &Story, line: &Line, open: Option<(u64, &Value)>) -> Markup {
    let open = open.filter(|(id, _)| *id == line.id);
    let since = story.line(line.previous).map(|cause| words::duration(line.time.saturating_sub(cause.time)));
    let is_bad = line.is_bad();
    let note = line.note.as_deref().map(visible);
    html! {
        tr id={ "e" (line.id) } data-bad=[is_bad.then_some("1")] {
            td { a.tog href={ "?event=" (line.id) "#e" (line.id) } role="button" data-event=(line.id) aria-expanded=(open.is_some()) aria-label={ "Event " (line.id) ": JSON" } {} }
            td.num.dim { (line.id) }
            td.mono.drop { (words::clock(line.time)) }
            td.num.mono { (words::offset(line.time.saturating_sub(story.began()))) }
            td.soft { @if is_bad { span.bad { (icon("bad")) " " } } (visible(&line.kind)) }
            td { @if let Some(visit) = line.visit { a.plain href={ "?visit=" (visit) "#inspect" } data-visit=(visit) { (visible(state(story, line))) } } }
            td.cut.drop.soft title=[note.as_deref()] { @if let Some(note) = &note { (note) } }
            td.num.mono.drop { @if let Some(since) = &since { (since) } }
        }
        @if let Some((_, event)) = open { tr.x { td colspan="8" { (data(event)) } } }
    }
}

/// The JSON of an event.
pub(crate) fn data(event: &Value) -> Markup {
    let details =
        event.as_object().and_then(|event| event.iter().find(|(name, _)| name.ends_with("EventDetails")));
    match details {
        Some((_, details)) => json::tree(&opened(details)),
        None => html! { p.soft { "No more events of it are known." } },
    }
}

/// Details whose payloads are texts, with what is in the texts.
fn opened(details: &Value) -> Value {
    const PAYLOADS: [&str; 3] = ["input", "output", "parameters"];
    let mut details = details.clone();
    for name in PAYLOADS {
        if let Some(payload) = details.get_mut(name)
            && let Some(value) = payload.as_str().and_then(|text| serde_json::from_str(text).ok())
        {
            *payload = value;
        }
    }
    details
}
