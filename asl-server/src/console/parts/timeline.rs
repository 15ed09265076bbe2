//! The time line: a row for each stay in a state, with a bar for each attempt.

use super::scale::Scale;
use crate::console::address::Links;
use crate::console::frame::icon;
use crate::console::json::visible;
use crate::console::story::{Attempt, Progress, Story, Visit};
use crate::console::words;
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

/// So many rows there are at most, and so many iterations of a Map that are rows.
const ROWS: usize = 120;
const ITERATIONS: u64 = 50;
/// So many redrives are marked.
const REDRIVES: usize = 20;
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
            @if !story.redriven.is_empty() { p.in.soft { (icon("redo")) " Redriven " (moments(story)) } }
            div.tl-box #rows { (drawn(story, now, selected, links)) }
        }
    }
}

/// When it was redriven, in words.
fn moments(story: &Story) -> String {
    let said: Vec<_> = story
        .redriven
        .iter()
        .take(REDRIVES)
        .map(|time| format!("after {}", words::duration(time.saturating_sub(story.began()))))
        .collect();
    said.join(", ")
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
            (axis(&drawing.scale, &story.redriven))
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

fn axis(scale: &Scale, redriven: &[i64]) -> Markup {
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
                @for time in redriven.iter().take(REDRIVES) { b style={ "left:" (format!("{:.2}", scale.place(*time))) "%" } { (icon("redo")) } }
                span {}
            }
            div.ticks.short {
                @for tick in scale.ticks() {
                    @let place = scale.short_place(scale.began() + tick);
                    span style={ "left:" (format!("{place:.2}")) "%" } { (label(tick)) }
                }
                @for time in redriven.iter().take(REDRIVES) { b style={ "left:" (format!("{:.2}", scale.short_place(*time))) "%" } { (icon("redo")) } }
                span {}
            }
            span {}
        }
    }
}

/// A branch or an iteration: what was done in it, one after the other.
#[derive(Clone, Debug)]
struct Lane {
    slot: u64,
    stays: Vec<usize>,
    from: i64,
    to: i64,
    state: Progress,
    had_trouble: bool,
}

impl Lane {
    fn of(story: &Story, now: i64, slot: u64, stays: Vec<usize>) -> Self {
        let visits = || stays.iter().filter_map(|number| story.visit(*number));
        let from = visits().map(|visit| visit.entered).min().unwrap_or_default();
        let to = visits().map(|visit| visit.left.unwrap_or(now)).max().unwrap_or_default();
        // What runs is told before all else, and how it ended is told by the last state.
        let runs = visits().find(|visit| !visit.state.is_over()).map(|visit| visit.state);
        let last = visits()
            .next_back()
            .map(|visit| if visit.state == Progress::Caught { Progress::Succeeded } else { visit.state });
        let had_trouble = visits().any(|visit| visit.state.is_bad() || visit.failure().is_some());
        let state = runs.or(last).unwrap_or_default();
        Self { slot, stays, from, to, state, had_trouble }
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
        let is_scope = holder.and_then(|of| self.story.visit(of)).is_some_and(Visit::is_scope);
        if !is_scope {
            let all = self.inside_of(holder);
            return self.stays(&all, depth);
        }
        let lanes = self.lanes(holder);
        let chosen = self.chosen(holder, &lanes);
        let all: usize = lanes.iter().map(|lane| lane.stays.len()).sum();
        let shown: usize = chosen.iter().map(|lane| lane.stays.len()).sum();
        self.hidden += all - shown;
        let rows: Vec<_> = chosen.iter().map(|lane| self.lane(holder, lane, depth)).collect();
        html! { @for row in &rows { (row) } }
    }

    /// The rows of some stays, as many as there is room for.
    fn stays(&mut self, all: &[usize], depth: usize) -> Markup {
        let room = ROWS.saturating_sub(self.rows);
        let shown = all.get(..room.min(all.len())).unwrap_or_default();
        self.hidden += all.len() - shown.len();
        self.rows += shown.len();
        let rows: Vec<_> = shown.iter().map(|number| self.row(*number, depth)).collect();
        html! { @for row in &rows { (row) } }
    }

    /// The branches or iterations of a stay, from the first on.
    fn lanes(&self, holder: Option<usize>) -> Vec<Lane> {
        let mut lanes: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for number in self.inside_of(holder) {
            if let Some(visit) = self.story.visit(number) {
                lanes.entry(visit.slot).or_default().push(number);
            }
        }
        lanes.into_iter().map(|(slot, stays)| Lane::of(self.story, self.now, slot, stays)).collect()
    }

    /// Those of many that are shown.
    fn chosen(&self, holder: Option<usize>, lanes: &[Lane]) -> Vec<Lane> {
        if holder.and_then(|of| self.story.visit(of)).is_none_or(|of| of.slots.begun <= ITERATIONS) {
            return lanes.to_vec();
        }
        let mut longest: Vec<_> = lanes.iter().collect();
        longest.sort_by_key(|lane| std::cmp::Reverse((lane.to.saturating_sub(lane.from), lane.slot)));
        let trouble = lanes.iter().filter(|lane| lane.had_trouble).take(ITERATIONS as usize);
        let holds_selected = |lane: &&Lane| lane.stays.iter().any(|stay| self.holds_selected(*stay));
        let shown =
            trouble.chain(longest.into_iter().take(LONGEST)).chain(lanes.iter().filter(holds_selected));
        let slots: BTreeSet<u64> = shown.map(|lane| lane.slot).collect();
        lanes.iter().filter(|lane| slots.contains(&lane.slot)).cloned().collect()
    }

    /// The rows of a branch or an iteration. One of several states folds.
    fn lane(&mut self, holder: Option<usize>, lane: &Lane, depth: usize) -> Markup {
        if lane.stays.len() == 1 {
            return self.stays(&lane.stays, depth);
        }
        if self.rows >= ROWS {
            self.hidden += lane.stays.len();
            return html! {};
        }
        self.rows += 1;
        let of = holder.and_then(|of| self.story.visit(of));
        let is_branch = of.is_some_and(|of| &*of.kind == "Parallel");
        let name = if is_branch { format!("branch {}", lane.slot + 1) } else { format!("#{}", lane.slot) };
        let opens = is_branch
            || lane.state != Progress::Succeeded
            || lane.stays.iter().any(|stay| self.holds_selected(*stay));
        let inner = self.stays(&lane.stays, depth + 1);
        let taken = words::duration(lane.to.saturating_sub(lane.from));
        let class = if lane.state == Progress::Succeeded { "" } else { lane.state.class() };
        html! {
            div.group style={ "--d:" (depth) } {
                div.row.lane-row {
                    span.lab style={ "--d:" (depth) } {
                        (lane.state.symbol())
                        span.cut { (name) }
                        small { (words::count(lane.stays.len() as u64, "state")) }
                        span.sr { (lane.state.word()) ", " (taken) }
                    }
                    div.track aria-hidden="true" {
                        i class={ "b scope " (class) } style=(self.scale.span(lane.from, lane.to)) {}
                        @for (style, _) in self.scale.cuts() { i.cutout style=(style) {} }
                        (self.redrives())
                    }
                    div.d { (taken) }
                }
                details open[opens] data-fold={ (holder.unwrap_or_default()) "-" (lane.slot) } {
                    summary.fold aria-label={ "Inside of " (name) } {}
                    (inner)
                }
            }
        }
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
                details open[opens] data-fold=(number) {
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
                    (self.redrives())
                    @if visit.left.is_none() && self.story.ending.is_none() { i.nowl style=(self.scale.at(self.now)) {} }
                }
                div.d { (taken) }
            }
        }
    }

    /// A line for each redrive.
    fn redrives(&self) -> Markup {
        html! { @for time in self.story.redriven.iter().take(REDRIVES) { i.again style=(self.scale.at(*time)) {} } }
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
