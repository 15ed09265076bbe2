//! The time line: a row for each stay in a state, with a bar for each attempt.

use super::scale::Scale;
use crate::console::address::Links;
use crate::console::json::visible;
use crate::console::story::{Attempt, Progress, Story, Visit};
use crate::console::words;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// So many rows there are at most, and so many iterations of a Map that are rows.
const ROWS: usize = 120;
const ITERATIONS: u64 = 50;
/// Of more iterations only those with errors are rows, and so many of the longest.
const LONGEST: usize = 10;

/// The time line of a story until a moment.
pub(crate) fn timeline(story: &Story, now: i64, selected: Option<usize>, links: Links) -> Markup {
    html! {
        section.panel #timeline aria-labelledby="timeline-title" {
            header {
                h2 #timeline-title { "Timeline" }
                span.n #visit-count { (words::count(story.visits.len() as u64, "state visit")) }
                div.tools { label.check { input type="checkbox" #short; " Collapse waiting" } }
            }
            div.tl-box #rows { (drawn(story, now, selected, links)) }
        }
    }
}

/// The rows alone, for a page that has the rest.
pub(crate) fn rows(story: &Story, now: i64) -> Markup {
    drawn(story, now, None, Links::Pages)
}

fn drawn(story: &Story, now: i64, selected: Option<usize>, links: Links) -> Markup {
    let mut drawing = Drawing::of(story, now, selected, links);
    let rows = drawing.rows(None, 0);
    let hidden = drawing.hidden;
    html! {
        div.tl style={ "--n:" (ticks_on(&drawing.scale)) } {
            (axis(&drawing.scale))
            (rows)
            @if hidden > 0 {
                p.rest { (words::count(hidden as u64, "visit")) " more without errors: choose a state in the picture, or filter the events" }
            }
        }
    }
}

/// How many steps of ticks the scale has.
fn ticks_on(scale: &Scale) -> String {
    let ticks = scale.ticks();
    let step = ticks.get(1).map_or(100.0, |tick| scale.place(scale.began() + tick));
    format!("{:.4}", 100.0 / step.max(0.001))
}

fn axis(scale: &Scale) -> Markup {
    let label = |tick: i64| match tick {
        0 => "0 s".to_owned(),
        tick if tick % 1000 == 0 && tick < 60_000 => format!("{} s", tick / 1000),
        tick => words::duration(tick),
    };
    html! {
        div.axis aria-hidden="true" {
            span {}
            div.ticks.plain {
                @for tick in scale.ticks() {
                    span style={ "left:" (format!("{:.2}", scale.place(scale.began() + tick))) "%" } { (label(tick)) }
                }
                span {}
            }
            div.ticks.short {
                @for tick in scale.ticks() {
                    @let place = scale.short_place(scale.began() + tick);
                    span style={ "left:" (format!("{place:.2}")) "%" } { (label(tick)) }
                }
                span {}
            }
            span {}
        }
    }
}

struct Drawing<'s> {
    story: &'s Story,
    now: i64,
    scale: Scale,
    selected: Option<usize>,
    links: Links,
    /// The stays inside of each, from the first on; the last are those of the machine itself.
    inside: Vec<Vec<usize>>,
    rows: usize,
    hidden: usize,
}

impl<'s> Drawing<'s> {
    fn of(story: &'s Story, now: i64, selected: Option<usize>, links: Links) -> Self {
        let mut inside = vec![Vec::new(); story.visits.len() + 1];
        for (number, visit) in story.visits.iter().enumerate() {
            if let Some(inside) = inside.get_mut(visit.parent.unwrap_or(story.visits.len())) {
                inside.push(number);
            }
        }
        Self { story, now, scale: Scale::of(story, now), selected, links, inside, rows: 0, hidden: 0 }
    }

    fn inside_of(&self, holder: Option<usize>) -> Vec<usize> {
        self.inside.get(holder.unwrap_or(self.story.visits.len())).cloned().unwrap_or_default()
    }

    /// The rows of the stays inside of one, or of the machine.
    fn rows(&mut self, holder: Option<usize>, depth: usize) -> Markup {
        let all = self.inside_of(holder);
        let shown = self.chosen(holder, &all);
        let rows: Vec<_> = shown.into_iter().map(|number| self.row(number, depth)).collect();
        html! { @for row in &rows { (row) } }
    }

    /// Those of many that are shown.
    fn chosen(&mut self, holder: Option<usize>, all: &[usize]) -> Vec<usize> {
        let is_many =
            holder.and_then(|of| self.story.visit(of)).is_some_and(|of| of.slots.begun > ITERATIONS);
        let visit = |number: &usize| self.story.visit(*number);
        let chosen: BTreeSet<usize> = if is_many {
            let had_trouble = |visit: &Visit| visit.state.is_bad() || visit.failure().is_some();
            let mut long: Vec<_> =
                all.iter().filter_map(|number| Some((visit(number)?.duration(self.now), *number))).collect();
            long.sort_unstable_by(|one, other| other.cmp(one));
            let trouble = all
                .iter()
                .copied()
                .filter(|number| visit(number).is_some_and(had_trouble))
                .take(ITERATIONS as usize);
            trouble
                .chain(long.into_iter().take(LONGEST).map(|(_, number)| number))
                .chain(self.selected.filter(|one| all.contains(one)))
                .collect()
        } else {
            all.iter().copied().collect()
        };
        let room = ROWS.saturating_sub(self.rows);
        self.hidden += all.len() - chosen.len().min(room);
        let shown: Vec<_> = chosen.into_iter().take(room).collect();
        self.rows += shown.len();
        shown
    }

    fn row(&mut self, number: usize, depth: usize) -> Markup {
        let Some(visit) = self.story.visit(number) else { return html! {} };
        let has_more = !self.inside_of(Some(number)).is_empty();
        if !has_more {
            return self.line(number, visit, depth);
        }
        let opens = &*visit.kind == "Parallel"
            || !matches!(visit.state, Progress::Succeeded)
            || self.holds_selected(number);
        let inner = self.rows(Some(number), depth + 1);
        html! {
            div.group style={ "--d:" (depth) } {
                (self.line(number, visit, depth))
                details open[opens] {
                    summary.fold aria-label={ "Inside of " (visible(&visit.name)) } {}
                    (inner)
                }
            }
        }
    }

    fn holds_selected(&self, number: usize) -> bool {
        let around = std::iter::successors(self.selected, |at| self.story.visit(*at)?.parent);
        around.into_iter().any(|at| at == number)
    }

    fn line(&self, number: usize, visit: &Visit, depth: usize) -> Markup {
        let is_in_map = visit
            .parent
            .and_then(|parent| self.story.visit(parent))
            .is_some_and(|parent| &*parent.kind == "Map");
        let taken = words::duration(visit.duration(self.now));
        html! {
            div.row.sel[self.selected == Some(number)] data-row=(visit.name) data-visit=(number) {
                a.lab style={ "--d:" (depth) } href=(self.links.visit(number)) data-visit=(number) {
                    (visit.state.symbol())
                    span.cut { @if is_in_map { "#" (visit.slot) " " } (visible(&visit.name)) }
                    small { (remark(visit)) }
                    span.sr { (visit.state.word()) ", " (taken) }
                }
                div.track aria-hidden="true" {
                    (self.bars(visit))
                    @for (style, _) in self.scale.cuts() { i.cutout style=(style) {} }
                    @if visit.left.is_none() && self.story.ending.is_none() { i.nowl style=(self.scale.at(self.now)) {} }
                }
                div.d { (taken) }
            }
        }
    }

    fn bars(&self, visit: &Visit) -> Markup {
        let end = visit.left.unwrap_or(self.now);
        let class = match visit.state {
            Progress::Succeeded => "",
            other @ (Progress::Running
            | Progress::Retrying
            | Progress::Caught
            | Progress::Failed
            | Progress::TimedOut
            | Progress::Aborted) => other.class(),
        };
        if visit.is_scope() {
            return html! { i class={ "b scope " (class) } style=(self.scale.span(visit.entered, end)) {} };
        }
        if visit.attempts.is_empty() {
            return html! {
                @if end - visit.entered > 10 { i class={ "b " (class) } style=(self.scale.span(visit.entered, end)) {} }
                @else { i class={ "dia " (class) } style=(self.scale.at(visit.entered)) {} }
            };
        }
        let attempts = visit.attempts.iter().enumerate();
        html! {
            @for (place, attempt) in attempts {
                (self.bar(visit, place, attempt))
                @if let Some(ended) = attempt.ended.filter(|_| attempt.failed) {
                    @let next = visit.attempts.get(place + 1).map_or(end, |next| next.began);
                    @if next > ended && (place + 1 < visit.attempts.len() || visit.state == Progress::Retrying) {
                        i.gapline style=(self.scale.span(ended, next)) title={ "waits " (words::duration(next - ended)) " before attempt " (place + 2) } {}
                    }
                }
            }
        }
    }

    fn bar(&self, visit: &Visit, place: usize, attempt: &Attempt) -> Markup {
        let is_last = place + 1 == visit.attempts.len();
        let end = attempt.ended.unwrap_or(self.now);
        let (class, word) = match (attempt.failed, attempt.ended) {
            (true, _) if is_last && visit.state.is_bad() => ("bad", "failed"),
            (true, _) => ("warn", "failed"),
            (false, None) => ("run", "runs"),
            (false, Some(_)) if visit.state == Progress::Aborted => ("off", "stopped"),
            (false, Some(_)) if visit.has_token() => ("token", "succeeded"),
            (false, Some(_)) => ("", "succeeded"),
        };
        let error = attempt.error.as_deref().map(|error| format!(", {}", visible(error))).unwrap_or_default();
        let title = format!("attempt {}: {word}, {}{error}", place + 1, words::duration(end - attempt.began));
        html! { i class={ "b " (class) } style=(self.scale.span(attempt.began, end)) title=(title) {} }
    }
}

/// What is worth knowing beside the name.
fn remark(visit: &Visit) -> String {
    let slots = visit.slots;
    match &*visit.kind {
        "Map" if slots.failed > 0 => {
            format!(
                "{} of {}, {} failed",
                words::number(slots.succeeded),
                words::number(visit.length.unwrap_or(slots.begun)),
                words::number(slots.failed)
            )
        }
        "Map" if visit.map_run.is_some() => "Map Run".to_owned(),
        "Map" => format!(
            "{} of {}",
            words::number(slots.succeeded),
            words::number(visit.length.unwrap_or(slots.begun))
        ),
        "Parallel" => words::count(slots.begun, "branch").replace("branchs", "branches"),
        _ if visit.retries() > 0 => words::count(visit.attempts.len() as u64, "attempt"),
        _ if visit.has_token() => "task token".to_owned(),
        _ if visit.resource.as_deref().is_some_and(|resource| resource.contains("states:startExecution")) => {
            "execution".to_owned()
        }
        _ => String::new(),
    }
}
