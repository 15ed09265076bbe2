//! The answer, first on the page: what failed, where, why, and what to do; or what is waited for.

use crate::console::address::Links;
use crate::console::frame::icon;
use crate::console::json::{prose, visible};
use crate::console::story::{Attempt, Progress, Story, Visit, cut};
use crate::console::words;
use maud::{Markup, html};
use serde_json::Value;

/// So many steps of the way of an error are told, and so many things that are waited for.
const STEPS: usize = 7;
const WAITS: usize = 6;
/// So many causes are looked into that are inside of each other.
const NESTED: usize = 4;

/// The banner of a story: none, if it ended well.
pub(crate) fn banner(story: &Story, now: i64, can_redrive: bool, links: Links) -> Markup {
    match &story.ending {
        None => running(story, now, links),
        Some(ending) if ending.state == Progress::Succeeded => html! {},
        Some(_) => failed(story, can_redrive, links),
    }
}

/// The stay in which the error arose that ended the execution, if any did.
pub(crate) fn culprit(story: &Story) -> Option<usize> {
    let ending = story.ending.as_ref()?;
    if !ending.state.is_bad() {
        return None;
    }
    let is_root = |visit: &Visit| visit.parent.is_none();
    // What ends an execution from within a branch or an iteration did not spread.
    let within = |at: &usize| story.visit(*at).is_some_and(|visit| !is_root(visit) && visit.state.is_bad());
    if let Some(at) = ending.visit.filter(within) {
        return Some(at);
    }
    let at =
        ending.visit.and_then(|at| std::iter::successors(Some(at), |at| story.visit(*at)?.parent).last());
    let last = at.or_else(|| story.visits.iter().rposition(is_root))?;
    // A Fail state says what another one had brought about.
    let from = if story.visit(last).is_some_and(|visit| &*visit.kind == "Fail") {
        let troubled = |number: &usize| {
            story.visit(*number).is_some_and(|visit| {
                is_root(visit)
                    && &*visit.kind != "Fail"
                    && matches!(visit.state, Progress::Caught | Progress::Failed)
            })
        };
        (0..last).rev().find(troubled).unwrap_or(last)
    } else {
        last
    };
    Some(story.deepest(from))
}

fn failed(story: &Story, can_redrive: bool, links: Links) -> Markup {
    let Some(ending) = &story.ending else { return html! {} };
    let culprit = culprit(story);
    let visit = culprit.and_then(|number| story.visit(number));
    let failure = visit.and_then(Visit::failure);
    let error = failure.and_then(|attempt| attempt.error.clone()).or_else(|| ending.error.clone());
    let cause = failure.and_then(|attempt| attempt.cause.clone()).or_else(|| ending.cause.clone());
    let root = Root::read(error.as_deref(), cause.as_deref());
    let (class, symbol, word) = ending.state.shown();
    html! {
        div class={ "note " (class) } #banner role="status" {
            (icon(symbol))
            div {
                div.what { @if root.what.is_empty() { (word) } @else { (visible(&root.what)) } }
                div.why {
                    @if let (Some(error), Some(visit)) = (error.as_deref(), visit) {
                        code { (visible(error)) } " in " b { (visible(&visit.name)) }
                        @if let Some(child) = root.child.as_deref().and_then(|arn| links.execution(arn)) { ", raised by " a href=(child) { "its nested execution" } }
                    } @else if let Some(visit) = visit { "in " b { (visible(&visit.name)) } }
                    @else if ending.state == Progress::Aborted { "It was stopped." }
                    @else if ending.state == Progress::TimedOut { "It took longer than its machine allows." }
                }
                @if let Some(culprit) = culprit { (way(story, culprit, links)) }
                @if ending.state.is_bad() { p.why { (prose(&advice(error.as_deref(), visit, story, can_redrive))) } }
            }
        }
    }
}

/// The error at the root of another one: causes often hold the error of a nested execution or of a function as JSON.
struct Root {
    what: String,
    /// The ARN of a nested execution.
    child: Option<String>,
}

impl Root {
    fn read(error: Option<&str>, cause: Option<&str>) -> Self {
        Self::within(error, cause, 0)
    }

    fn within(error: Option<&str>, cause: Option<&str>, depth: usize) -> Self {
        let told = cause.and_then(|cause| cause.find('{').and_then(|at| cause.get(at..)));
        let json: Option<Value> = told.and_then(|json| serde_json::from_str(json).ok());
        let text = |names: [&str; 3]| {
            names.into_iter().find_map(|name| json.as_ref()?.get(name)?.as_str().map(str::to_owned))
        };
        let inner = text(["Error", "errorType", "error"]);
        let why = text(["Cause", "errorMessage", "cause"]);
        let child = text(["ExecutionArn", "executionArn", "ExecutionArn"]);
        if depth < NESTED && why.as_deref().is_some_and(|why| why.contains('{')) {
            let inner = Self::within(inner.as_deref().or(error), why.as_deref(), depth + 1);
            return Self { child: inner.child.or(child), ..inner };
        }
        let (name, why) = match (inner, why) {
            (None, None) => (error.map(str::to_owned), cause.map(str::to_owned)),
            (inner, why) => (inner.or_else(|| error.map(str::to_owned)), why),
        };
        let parts: Vec<_> = [name, why].into_iter().flatten().filter(|part| !part.is_empty()).collect();
        Self { what: cut(&parts.join(": "), 300), child }
    }
}

/// How an error spread: where it arose, what caught it, what came then.
fn way(story: &Story, culprit: usize, links: Links) -> Markup {
    let around: Vec<_> = std::iter::successors(Some(culprit), |at| story.visit(*at)?.parent).collect();
    let root = around.last().copied().unwrap_or(culprit);
    let then = story
        .visits
        .iter()
        .enumerate()
        .skip(root + 1)
        .filter(|(_, visit)| visit.parent.is_none())
        .map(|(number, _)| number);
    let steps: Vec<_> = around.into_iter().chain(then).collect();
    let hidden = steps.len().saturating_sub(STEPS);
    let end = story.ending.as_ref().and_then(|ending| ending.visit);
    let shown: Vec<_> = steps
        .iter()
        .copied()
        .enumerate()
        .filter(|(place, _)| *place < STEPS - 1 || place + 1 == steps.len())
        .collect();
    html! {
        ol.path aria-label="How it spread" {
            @for (place, number) in &shown {
                @if let Some(visit) = story.visit(*number) {
                    @if hidden > 0 && place + 1 == steps.len() { li { "… " (hidden) " more" } }
                    li {
                        a href=(links.visit(*number)) data-visit=(number) { (visible(&visit.name)) }
                        @if end == Some(*number) { span.tag.bad { "ended it" } }
                        @else if visit.state.is_bad() { span.tag.bad { "failed" } }
                        @else if visit.state == Progress::Caught { span.tag.warn { "caught" } }
                    }
                }
            }
        }
    }
}

/// What to do about an error.
fn advice(error: Option<&str>, visit: Option<&Visit>, story: &Story, can_redrive: bool) -> String {
    let by_name = match error.unwrap_or_default() {
        "States.Timeout" => "Raise `TimeoutSeconds`, or find out why the work takes so long.",
        "States.HeartbeatTimeout" => "No heartbeat came in time: see whether the worker of the task runs.",
        "States.DataLimitExceeded" => "Store the data elsewhere, and pass where it is.",
        "States.Runtime"
        | "States.QueryEvaluationError"
        | "States.ParameterPathFailure"
        | "States.IntrinsicFailure" => "The definition does not fit the data: mend it, and start again.",
        "States.NoChoiceMatched" => "No rule of the Choice state fits: give it a `Default`.",
        "States.Permissions" => "The role may not do this: `asl policy` says what the workflow needs.",
        "States.TaskFailed" => {
            "The task says no more than that it failed: look at its cause, and at its input."
        }
        _ => "",
    };
    let ends_in_fail = story
        .ending
        .as_ref()
        .and_then(|ending| ending.visit)
        .and_then(|at| story.visit(at))
        .is_some_and(|at| &*at.kind == "Fail");
    let next = match (can_redrive, ends_in_fail, visit) {
        (true, false, Some(visit)) => {
            format!("Redrive goes on at {}; what succeeded before keeps its results.", visible(&visit.name))
        }
        (true, true, _) => {
            "A redrive would reach the same Fail state: start again, with another input.".to_owned()
        }
        _ => String::new(),
    };
    [by_name, &next].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What each branch waits for.
fn running(story: &Story, now: i64, links: Links) -> Markup {
    let is_leaf = |visit: &Visit| !visit.is_scope() || visit.map_run.is_some();
    let leaves: Vec<_> = story.open().filter(|(_, visit)| is_leaf(visit)).collect();
    html! {
        div.note.run #banner {
            (icon("run"))
            div {
                div.what { @if leaves.is_empty() { "Running" } @else { "Now in " (words::count(leaves.len() as u64, "state")) } }
                ul.waits {
                    @for (number, visit) in leaves.iter().take(WAITS) {
                        li.why {
                            a href=(links.visit(*number)) data-visit=(number) { (visible(&visit.name)) } " "
                            (waits(visit)) " for " span data-up=(seconds(now - visit.attempts.last().map_or(visit.entered, since))) { (words::duration(now - visit.entered)) }
                        }
                    }
                    @if leaves.len() > WAITS { li.why { "and " (words::number((leaves.len() - WAITS) as u64)) " more" } }
                }
            }
        }
    }
}

fn since(attempt: &Attempt) -> i64 {
    attempt.ended.unwrap_or(attempt.began)
}

fn seconds(milliseconds: i64) -> String {
    format!("{}.{}", milliseconds.max(0) / 1000, milliseconds.max(0) % 1000 / 100)
}

fn waits(visit: &Visit) -> String {
    let attempt = visit.attempts.len();
    match (visit.state, &*visit.kind) {
        (Progress::Retrying, _) => {
            let error = visit.failure().and_then(|attempt| attempt.error.as_deref()).unwrap_or("an error");
            format!("failed with {} and waits for attempt {}", visible(error), attempt + 1)
        }
        (_, "Wait") => "waits".to_owned(),
        _ if visit.map_run.is_some() => {
            let slots = visit.slots;
            let ended = words::number(slots.succeeded + slots.failed + slots.aborted);
            let failed = if slots.failed > 0 {
                format!(", {} failed", words::number(slots.failed))
            } else {
                String::new()
            };
            format!(
                "has ended {ended} of {}{failed},",
                words::count(visit.length.unwrap_or(slots.begun), "item")
            )
        }
        _ if visit.has_token() => "waits for its task token".to_owned(),
        _ if attempt > 1 => format!("runs, attempt {attempt},"),
        _ => "runs".to_owned(),
    }
}
