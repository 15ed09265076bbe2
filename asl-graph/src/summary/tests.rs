//! What executions look like from the events that they tell.

use super::*;
use crate::history::{IterationStep, Role, What};
use serde_json::json;

/// An event that a test is about.
fn event<'a>(id: u64, previous: u64, what: What<'a>) -> Event<'a> {
    Event { id, previous, milliseconds: i64::try_from(id).ok().map(|id| id * 1000), what }
}

const fn entered(name: &str, role: Role) -> What<'_> {
    What::Entered { name, role }
}

const BEGUN: What<'_> = What::Begun { items: None, role: Role::Plain };
const SUCCEEDED: What<'_> = What::Succeeded { role: Role::Plain };
const FAILED: What<'_> = What::Failed { role: Role::Plain, name: None, error: Some("Busy") };

const fn iteration(index: u64, step: IterationStep) -> What<'static> {
    What::Iteration { name: "M", index, step }
}

/// A Map of two, whose task fails once in each iteration and is tried again; the events of the two come in turn.
fn map_of_two(summary: &mut Summary) {
    let events = [
        event(1, 0, What::Other),
        event(2, 0, entered("M", Role::Map)),
        event(3, 2, What::Begun { items: Some(2), role: Role::Map }),
        event(4, 3, iteration(0, IterationStep::Started)),
        event(5, 4, entered("A", Role::Plain)),
        event(6, 3, iteration(1, IterationStep::Started)),
        event(7, 6, entered("A", Role::Plain)),
        event(8, 5, BEGUN),
        event(9, 7, BEGUN),
        event(10, 8, FAILED),
        event(11, 9, FAILED),
    ];
    events.into_iter().for_each(|event| summary.event(event));
}

#[test]
fn a_retried_error_is_not_caught_when_events_of_another_iteration_come_in_between() {
    let mut summary = Summary::default();
    map_of_two(&mut summary);
    assert_eq!((summary.status("A"), summary.status("M")), (Status::Retrying, Status::Running));
    assert_eq!(summary.state("A").and_then(|ran| ran.error.as_deref()), Some("Busy"));
    summary.event(event(12, 10, BEGUN));
    assert_eq!(summary.status("A"), Status::Running);
    let rest = [
        event(13, 11, BEGUN),
        event(14, 12, SUCCEEDED),
        event(15, 14, What::Exited { name: "A" }),
        event(16, 13, SUCCEEDED),
        event(17, 15, iteration(0, IterationStep::Succeeded)),
        event(18, 16, What::Exited { name: "A" }),
        event(19, 18, iteration(1, IterationStep::Succeeded)),
        event(20, 19, What::Succeeded { role: Role::Map }),
        event(21, 20, What::Exited { name: "M" }),
        event(22, 21, What::ExecutionSucceeded),
    ];
    rest.into_iter().for_each(|event| summary.event(event));
    let ran = summary.state("A").expect("it was entered");
    assert_eq!((ran.entered, ran.succeeded, ran.retries, ran.caught, ran.failed), (2, 2, 2, 0, 0));
    assert_eq!((ran.milliseconds, ran.total_milliseconds), (13_000, 21_000));
    assert_eq!((ran.status(), summary.status("M")), (Status::Succeeded, Status::Succeeded));
    let iterations = summary.state("M").expect("it was entered").iterations;
    assert_eq!(iterations, Iterations { items: 2, begun: 2, succeeded: 2, failed: 0 });
}

#[test]
fn what_goes_on_beside_an_iteration_that_fails_is_stopped_and_goes_on_after_a_redrive() {
    let mut summary = Summary::default();
    map_of_two(&mut summary);
    let failed = [
        event(12, 11, BEGUN),
        event(13, 10, iteration(1, IterationStep::Aborted)),
        event(14, 10, iteration(0, IterationStep::Failed)),
        event(15, 10, What::Failed { role: Role::Map, name: None, error: None }),
        event(16, 15, What::ExecutionFailed),
    ];
    failed.into_iter().for_each(|event| summary.event(event));
    let ran = summary.state("A").expect("it was entered");
    assert_eq!((ran.failed, ran.aborted, ran.active), (1, 1, 0));
    assert_eq!((summary.status("A"), summary.status("M")), (Status::Failed, Status::Failed));
    let redriven = [event(17, 16, What::Redriven), event(18, 17, BEGUN), event(19, 17, BEGUN)];
    redriven.into_iter().for_each(|event| summary.event(event));
    assert_eq!((summary.status("A"), summary.status("M")), (Status::Running, Status::Running));
    let rest = [
        event(20, 18, SUCCEEDED),
        event(21, 20, What::Exited { name: "A" }),
        event(22, 21, iteration(0, IterationStep::Succeeded)),
        event(23, 19, SUCCEEDED),
        event(24, 23, What::Exited { name: "A" }),
        event(25, 24, iteration(1, IterationStep::Succeeded)),
        event(26, 25, What::Succeeded { role: Role::Map }),
        event(27, 26, What::Exited { name: "M" }),
        event(28, 27, What::ExecutionSucceeded),
    ];
    rest.into_iter().for_each(|event| summary.event(event));
    assert_eq!((summary.status("A"), summary.status("M")), (Status::Succeeded, Status::Succeeded));
    let iterations = summary.state("M").expect("it was entered").iterations;
    assert_eq!(iterations, Iterations { items: 2, begun: 2, succeeded: 2, failed: 0 });
}

#[test]
fn what_an_attempt_leaves_behind_is_made_good_by_the_next_one() {
    let mut summary = Summary::default();
    let failed =
        |id, previous| event(id, previous, What::Failed { role: Role::Parallel, name: None, error: None });
    let begun = |id, previous| event(id, previous, What::Begun { items: None, role: Role::Parallel });
    let events = [
        event(1, 0, entered("P", Role::Parallel)),
        begun(2, 1),
        event(3, 2, entered("Inner", Role::Parallel)),
        begun(4, 3),
        event(5, 2, entered("Beside", Role::Plain)),
        event(6, 4, entered("F", Role::Fail)),
        failed(7, 6),
        failed(8, 7),
    ];
    events.into_iter().for_each(|event| summary.event(event));
    let statuses = |summary: &Summary| ["P", "Inner", "Beside", "F"].map(|name| summary.status(name));
    use Status::{Aborted, Failed, Retrying, Succeeded};
    assert_eq!(statuses(&summary), [Retrying, Failed, Aborted, Failed]);
    let rest = [
        begun(9, 8),
        event(10, 9, entered("Inner", Role::Parallel)),
        event(11, 10, What::Exited { name: "Inner" }),
        event(12, 9, entered("Beside", Role::Plain)),
        event(13, 12, What::Exited { name: "Beside" }),
        event(14, 13, What::Succeeded { role: Role::Parallel }),
        event(15, 14, What::Exited { name: "P" }),
    ];
    rest.into_iter().for_each(|event| summary.event(event));
    assert_eq!(statuses(&summary), [Succeeded; 4]);
    assert_eq!(summary.state("P").map(|ran| (ran.retries, ran.succeeded)), Some((1, 1)));
}

#[test]
fn an_event_that_was_told_before_changes_nothing() {
    let mut summary = Summary::default();
    map_of_two(&mut summary);
    let before = summary.state("A").cloned();
    map_of_two(&mut summary);
    assert_eq!(summary.state("A").cloned(), before);
}

#[test]
fn a_map_of_many_keeps_no_more_than_goes_on() {
    let mut summary = Summary::default();
    summary.event(event(1, 0, entered("M", Role::Map)));
    summary.event(event(2, 1, What::Begun { items: Some(20_000), role: Role::Map }));
    let mut last = 2;
    for index in 0..20_000 {
        let first = last + 1;
        summary.event(event(first, last, iteration(index, IterationStep::Started)));
        summary.event(event(first + 1, first, entered("A", Role::Plain)));
        summary.event(event(first + 2, first + 1, What::Exited { name: "A" }));
        summary.event(event(first + 3, first + 2, iteration(index, IterationStep::Succeeded)));
        last = first + 3;
    }
    assert_eq!(summary.state("M").map(|ran| ran.iterations.succeeded), Some(20_000));
    assert_eq!(summary.visits.iter().count(), 1);
    assert!(summary.marks.len() < 5000, "{}", summary.marks.len());
    summary.event(event(last + 1, last, What::Succeeded { role: Role::Map }));
    summary.event(event(last + 2, last + 1, What::Exited { name: "M" }));
    assert_eq!(summary.status("M"), Status::Succeeded);
}

#[test]
fn histories_that_no_execution_could_tell_are_read_to_their_ends() {
    let mut summary = Summary::default();
    for id in 1..20_000 {
        let what = match id % 4 {
            0 => What::Begun { items: Some(1), role: Role::Map },
            1 | 2 => entered("M", Role::Map),
            _ => iteration(id, IterationStep::Started),
        };
        summary.event(event(id, id - 1, what));
    }
    for id in 20_000..20_010 {
        summary.event(event(id, id / 2, What::Exited { name: "M" }));
        summary.event(event(id + 1000, 3, What::ExecutionFailed));
    }
    assert_eq!(summary.state("M").map(|ran| ran.active), Some(0));
}

/// Events that follow each other, each with the name that its details give.
fn history(events: &[(&str, &str)]) -> Summary {
    let details = |kind: &str| match kind {
        kind if kind.ends_with("StateEntered") => "stateEnteredEventDetails".to_owned(),
        kind if kind.ends_with("StateExited") => "stateExitedEventDetails".to_owned(),
        kind => format!("m{}EventDetails", kind.get(1..).unwrap_or_default()),
    };
    let events: Vec<_> = events
        .iter()
        .enumerate()
        .map(|(index, (kind, name))| {
            json!({ "id": index + 1, "previousEventId": index, "type": kind, "timestamp": index, details(kind): { "name": name } })
        })
        .collect();
    Summary::read(&json!({ "events": events })).expect("a history")
}

#[test]
fn a_task_that_is_tried_again_succeeds() {
    let execution = history(&[
        ("ExecutionStarted", ""),
        ("TaskStateEntered", "A"),
        ("TaskScheduled", ""),
        ("TaskFailed", ""),
        ("TaskScheduled", ""),
        ("TaskSucceeded", ""),
        ("TaskStateExited", "A"),
        ("PassStateEntered", "B"),
        ("PassStateExited", "B"),
        ("ExecutionSucceeded", ""),
    ]);
    assert_eq!(execution.status("A"), Status::Succeeded);
    let ran = execution.state("A").expect("it was entered");
    assert_eq!((ran.retries, ran.milliseconds), (1, 5000));
    assert_eq!(execution.taken("A", Some("B"), false), Some(8));
    assert_eq!(execution.taken("A", Some("B"), true), None);
    assert_eq!(execution.taken("B", None, false), Some(9));
    assert_eq!(execution.status("C"), Status::Untouched);
}

#[test]
fn an_error_is_caught() {
    let execution = history(&[
        ("TaskStateEntered", "A"),
        ("TaskScheduled", ""),
        ("TaskFailed", ""),
        ("TaskStateExited", "A"),
        ("FailStateEntered", "B"),
        ("ExecutionFailed", ""),
    ]);
    assert_eq!(execution.status("A"), Status::Caught);
    assert_eq!(execution.status("B"), Status::Failed);
}

#[test]
fn what_fails_on_entering_a_state_is_that_state_though_it_follows_another_one() {
    let events = json!([
        { "id": 1, "previousEventId": 0, "type": "PassStateEntered", "stateEnteredEventDetails": { "name": "A" } },
        { "id": 2, "previousEventId": 1, "type": "PassStateExited", "stateExitedEventDetails": { "name": "A" } },
        { "id": 3, "previousEventId": 2, "type": "TaskStateEntered", "stateEnteredEventDetails": { "name": "B" } },
        { "id": 4, "previousEventId": 2, "type": "EvaluationFailed", "evaluationFailedEventDetails": { "state": "B" } },
        { "id": 5, "previousEventId": 4, "type": "ExecutionFailed" },
    ]);
    let execution = Summary::read(&events).expect("a history");
    assert_eq!((execution.status("A"), execution.status("B")), (Status::Succeeded, Status::Failed));
}

#[test]
fn an_iteration_that_fails_fails_its_map() {
    let execution = history(&[
        ("MapStateEntered", "M"),
        ("MapStateStarted", ""),
        ("MapIterationStarted", "M"),
        ("PassStateEntered", "A"),
        ("PassStateExited", "A"),
        ("MapIterationSucceeded", "M"),
        ("MapIterationStarted", "M"),
        ("FailStateEntered", "F"),
        ("MapIterationFailed", "M"),
        ("MapStateFailed", ""),
        ("ExecutionFailed", ""),
    ]);
    assert_eq!(execution.status("M"), Status::Failed);
    let iterations = execution.state("M").expect("it was entered").iterations;
    assert_eq!(iterations, Iterations { items: 0, begun: 2, succeeded: 1, failed: 1 });
    assert_eq!(execution.status("A"), Status::Succeeded);
}

#[test]
fn what_is_no_history_gives_nothing() {
    assert!(Summary::read(&json!({ "a": 1 })).is_none());
}
