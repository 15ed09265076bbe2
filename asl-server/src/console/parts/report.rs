//! A history with all that it tells on one page: a panel for each stay in a state, and no server that could be asked for more.

use super::details::{self, Data, Stay};
use super::picture::{self, Subject};
use super::{banner, events, timeline};
use crate::console::address::Links;
use crate::console::frame::panel;
use crate::console::json::visible;
use crate::console::story::Story;
use crate::console::words;
use crate::definition::value::value;
use maud::{Markup, PreEscaped, html};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Panels and events are shown until they take so many bytes.
const ROOM: usize = 4 << 20;
/// Every panel is looked for again by the links to it, so that there are not too many.
const PANELS: usize = 2_000;

/// A history with the definition of its machine.
#[derive(Debug)]
pub(crate) struct Report {
    story: Story,
    history: Value,
    definition: Value,
    text: String,
}

impl Report {
    /// The report on a history, as far as it is one. Of a definition that cannot be read, nothing is shown.
    pub(crate) fn of(history: Value, definition: &str) -> Option<Self> {
        let story = Story::read(&history)?;
        let json = value(definition).unwrap_or_default();
        Some(Self { story, history, definition: json, text: definition.to_owned() })
    }

    /// What is on the page.
    pub(crate) fn draw(&self, title: &str, acts: &Markup) -> Markup {
        let story = &self.story;
        let (began, now) = (story.began(), story.latest());
        let panels = self.panels();
        let first = banner::culprit(story).filter(|culprit| panels.contains_key(culprit));
        let graph = picture::graph(&self.text);
        html! {
            div.head { h1 { (visible(title)) } @if let Some(ending) = &story.ending { (ending.state.pill()) } div.acts { (acts) } }
            dl.facts {
                div { dt { "Started" } dd { (words::moment(began)) } }
                div { dt { "Duration" } dd { (words::duration(now.saturating_sub(began))) } }
                div { dt { "Events" } dd { (words::number(story.lines.len() as u64)) } }
                @if story.retries() > 0 { div { dt { "Retries" } dd { (words::number(story.retries() as u64)) } } }
            }
            (banner::banner(story, now, false, Links::Panels))
            div.cols.report {
                div {
                    @if let Some(graph) = &graph {
                        (panel("picture", "Picture", &html! {}, &html! { div.pic tabindex="0" role="region" aria-label="Picture, scrollable" {
                            (picture::picture(&Subject { graph, title, story: Some(story), selected: None, opened: None, links: Links::Panels }))
                        } }))
                    }
                    (timeline::timeline(story, now, None, Links::Panels))
                }
                div {
                    @for (number, panel) in &panels {
                        section.panel.inspect.first[first == Some(*number)] id={ "visit-" (number) } aria-label="Details" { (panel) }
                    }
                    section.panel.inspect.first[first.is_none()] #whole aria-label="Details" { (self.whole(panels.len())) }
                }
            }
            (panel("events", "Events", &html! {}, &self.events()))
        }
    }

    fn all(&self) -> impl Iterator<Item = &Value> {
        self.history.get("events").unwrap_or(&self.history).as_array().into_iter().flatten()
    }

    /// The panels of stays, those with errors before all others where there is no room for all.
    fn panels(&self) -> BTreeMap<usize, Markup> {
        let by_id: BTreeMap<u64, &Value> =
            self.all().filter_map(|event| Some((event.get("id")?.as_u64()?, event))).collect();
        let (story, now) = (&self.story, self.story.latest());
        let numbers = || story.visits.iter().enumerate();
        let bad = numbers().filter(|(_, visit)| visit.state.is_bad() || visit.failure().is_some());
        let mut seen = BTreeSet::new();
        let mut room = ROOM;
        let mut panels = BTreeMap::new();
        for (number, visit) in bad.chain(numbers()).filter(|(number, _)| seen.insert(*number)).take(PANELS) {
            let Some(stay) = Stay::of(story, number, now) else { continue };
            let data = Data::read(stay.events().iter().filter_map(|id| by_id.get(id).copied()));
            let definition = details::state_in(&self.definition, &visit.name, 0);
            let panel = details::details(&stay, &data, definition.as_ref(), &html! {}, Links::Panels);
            let Some(left) = room.checked_sub(panel.0.len()) else { break };
            room = left;
            panels.insert(number, panel);
        }
        panels
    }

    /// The panel of the execution.
    fn whole(&self, panels: usize) -> Markup {
        let payload = |kind: &str, field: &str| {
            let event = self.all().find(|event| event.get("type").and_then(Value::as_str) == Some(kind))?;
            let (_, details) = event.as_object()?.iter().find(|(name, _)| name.ends_with("EventDetails"))?;
            details.get(field)?.as_str()?.parse().ok()
        };
        let hidden = self.story.visits.len().saturating_sub(panels);
        html! { div.contents {
            div.up { span { "Execution" } }
            div.scroll tabindex="0" role="region" aria-label="Details, scrollable" {
                (details::payload("Input", payload("ExecutionStarted", "input").as_ref()))
                (details::payload("Output", payload("ExecutionSucceeded", "output").as_ref()))
                @if let Some(ending) = self.story.ending.as_ref().filter(|ending| ending.error.is_some()) {
                    (details::section("Error", None, &html! { div.err { (visible(ending.error.as_deref().unwrap_or_default())) } @if let Some(cause) = &ending.cause { div.cause { (visible(cause)) } } }))
                }
                p.soft.hint { "Choose a state in the picture or in the timeline." @if hidden > 0 { " Of " (words::count(hidden as u64, "visit")) " nothing more is shown than that: the page would be too large." } }
            }
        } }
    }

    fn events(&self) -> Markup {
        let story = &self.story;
        let mut rows = String::new();
        let mut shown = 0;
        for event in self.all() {
            let Some(line) = event.get("id").and_then(Value::as_u64).and_then(|id| story.line(id)) else {
                continue;
            };
            let state = line.visit.and_then(|visit| Some((visit, &story.visit(visit)?.name)));
            let row = html! {
                details.sec.event {
                    summary {
                        span.mono.dim { (line.id) } " " span.soft.bad[line.is_bad()] { (visible(&line.kind)) } " "
                        @if let Some((_, name)) = state { b { (visible(name)) } }
                        span.size { (words::offset(line.time.saturating_sub(story.began()))) " s" }
                    }
                    div.body {
                        @if let Some((visit, _)) = state { p { a href=(Links::Panels.visit(visit)) { "This visit of the state" } } }
                        (events::data(event))
                    }
                }
            };
            if rows.len() + row.0.len() > ROOM {
                break;
            }
            rows.push_str(&row.0);
            shown += 1;
        }
        html! {
            (PreEscaped(rows))
            @if shown < story.lines.len() { p.more { "The first " (words::number(shown as u64)) " of " (words::count(story.lines.len() as u64, "event")) " are shown." } }
        }
    }
}
