//! A history with all that it tells on one page: a panel for each stay in a state, and no server that could be asked for more.

use super::data::Data;
use super::details::{self, Stay};
use super::picture::{self, Plan, Subject};
use super::{banner, events, timeline};
use crate::console::address::Links;
use crate::console::frame::panel;
use crate::console::json::visible;
use crate::console::story::{Progress, Story};
use crate::console::words;
use asl_runtime::Counts;
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
    /// None, if the definition cannot be read.
    plan: Option<Plan>,
}

impl Report {
    /// The report on a history, as far as it is one. Of a definition that cannot be read, nothing is shown.
    pub(crate) fn of(history: Value, definition: &str) -> Option<Self> {
        let story = Story::read(&history)?;
        Some(Self { story, history, plan: Plan::read(definition) })
    }

    /// The same with how far its Map Runs have come, which no event says.
    pub(crate) fn with_map_runs(mut self, map_runs: &BTreeMap<String, Counts>) -> Self {
        map_runs.iter().for_each(|(arn, items)| self.story.map_run(arn, items));
        self
    }

    /// How it ended, if it did.
    pub(crate) fn ending(&self) -> Option<Progress> {
        self.story.ending.as_ref().map(|ending| ending.state)
    }

    /// What is on the page.
    pub(crate) fn draw(&self, title: &str, acts: &Markup) -> Markup {
        let story = &self.story;
        let picture = self.picture().map(|picture| {
            panel(
                "picture",
                "Picture",
                &html! {},
                &html! { div.pic tabindex="0" role="region" aria-label="Picture, scrollable" { (picture) } },
            )
        });
        html! {
            div.head { h1 { (visible(title)) } @if let Some(ending) = &story.ending { (ending.state.pill()) } div.acts { (acts) } }
            (self.answer())
            (self.told(picture.as_ref()))
            (panel("events", "Events", &html! {}, &self.events()))
        }
    }

    /// When, how long, and what came of it.
    pub(crate) fn answer(&self) -> Markup {
        let story = &self.story;
        let (began, now) = (story.began(), story.latest());
        html! {
            dl.facts {
                div { dt { "Started" } dd { (words::moment(began)) } }
                div { dt { "Duration" } dd { (words::duration(now.saturating_sub(began))) } }
                div { dt { "Events" } dd { (words::number(story.lines.len() as u64)) } }
                @if story.retries() > 0 { div { dt { "Retries" } dd { (words::number(story.retries() as u64)) } } }
            }
            (banner::banner(story, now, false, Links::Panels))
        }
    }

    /// The picture of the machine with what happened in it, whose states lead to their panels.
    pub(crate) fn picture(&self) -> Option<Markup> {
        let plan = self.plan.as_ref()?;
        Some(picture::picture(&Subject {
            plan,
            title: "Picture",
            story: Some(&self.story),
            selected: None,
            opened: None,
            links: Links::Panels,
        }))
    }

    /// The timeline, and what was in every state.
    pub(crate) fn told(&self, picture: Option<&Markup>) -> Markup {
        let (story, now) = (&self.story, self.story.latest());
        let panels = self.panels();
        let first = banner::culprit(story).filter(|culprit| panels.contains_key(culprit));
        html! {
            div.cols.report {
                div {
                    @if let Some(picture) = picture { (picture) }
                    (timeline::timeline(story, now, None, Links::Panels))
                }
                div {
                    @for (number, panel) in &panels {
                        section.panel.inspect.first[first == Some(*number)] id={ "visit-" (number) } aria-label="Details" { (panel) }
                    }
                    section.panel.inspect.first[first.is_none()] #whole aria-label="Details" { (self.whole(panels.len())) }
                }
            }
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
        let assigns = |name: &str| self.plan.as_ref().is_some_and(|plan| plan.assigns(name));
        let mut seen = BTreeSet::new();
        let mut room = ROOM;
        let mut panels = BTreeMap::new();
        for (number, visit) in bad.chain(numbers()).filter(|(number, _)| seen.insert(*number)).take(PANELS) {
            let Some(stay) = Stay::of(story, number, now, assigns) else { continue };
            let data = Data::read(&stay, stay.events().iter().filter_map(|id| by_id.get(id).copied()));
            let definition = self.plan.as_ref().and_then(|plan| plan.state(&visit.name));
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

    /// Each event with its data.
    pub(crate) fn events(&self) -> Markup {
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
