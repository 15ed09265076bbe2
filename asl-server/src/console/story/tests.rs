//! Stories of histories, each event of which follows the one before unless it says another.

use super::{Progress, Story};
use serde_json::{Value, json};

/// The story of events: their types, the states or iterations that they name, and the events that they follow.
fn story(events: &[(&str, &str, u64)]) -> Story {
    let events: Vec<Value> = events
        .iter()
        .zip(1..)
        .map(|((kind, of, previous), id): (&(&str, &str, u64), u64)| {
            let (name, index) = of.split_once('#').unwrap_or((of, ""));
            let mut details = json!({ "name": name, "error": "E", "cause": "why" });
            if let Ok(index) = index.parse::<u64>() {
                details["index"] = index.into();
                details["length"] = index.into();
            }
            json!({ "id": id, "previousEventId": previous, "type": kind, "timestamp": id, "aEventDetails": details })
        })
        .collect();
    Story::read(&json!({ "events": events })).unwrap()
}

/// The stays: the name, the status, the stay around, the branch or iteration, the attempts.
fn stays(story: &Story) -> Vec<(&str, Progress, Option<usize>, u64, usize)> {
    let of = |visit: &'_ super::Visit| (visit.state, visit.parent, visit.slot, visit.attempts.len());
    story
        .visits
        .iter()
        .map(|visit| {
            let (state, parent, slot, attempts) = of(visit);
            (&*visit.name, state, parent, slot, attempts)
        })
        .collect()
}

#[test]
fn a_task_that_is_tried_again_is_one_stay_with_two_attempts() {
    let story = story(&[
        ("ExecutionStarted", "", 0),
        ("TaskStateEntered", "A", 0),
        ("TaskScheduled", "", 2),
        ("TaskFailed", "", 3),
        ("TaskScheduled", "", 4),
        ("TaskSucceeded", "", 5),
        ("TaskStateExited", "A", 6),
        ("ExecutionSucceeded", "", 7),
    ]);
    assert_eq!(stays(&story), [("A", Progress::Succeeded, None, 0, 2)]);
    let attempts = &story.visits[0].attempts;
    assert_eq!(
        (attempts[0].failed, attempts[0].error.as_deref(), attempts[1].failed),
        (true, Some("E"), false)
    );
    assert_eq!((attempts[0].ended, attempts[1].began), (Some(4_000), 5_000));
    assert_eq!(story.retries(), 1);
}

#[test]
fn an_error_is_caught_only_where_it_is() {
    // In the one iteration the task fails and is tried again, and in between the other one goes on.
    let story = story(&[
        ("MapStateEntered", "M", 0),
        ("MapStateStarted", "#2", 1),
        ("MapIterationStarted", "M#0", 2),
        ("TaskStateEntered", "T", 3),
        ("TaskScheduled", "", 4),
        ("MapIterationStarted", "M#1", 2),
        ("TaskStateEntered", "T", 6),
        ("TaskScheduled", "", 7),
        ("TaskFailed", "", 5),
        ("TaskSucceeded", "", 8),
        ("TaskScheduled", "", 9),
        ("TaskStateExited", "T", 10),
        ("MapIterationSucceeded", "M#1", 12),
        ("TaskSucceeded", "", 11),
        ("TaskStateExited", "T", 14),
        ("MapIterationSucceeded", "M#0", 15),
        ("MapStateSucceeded", "", 16),
        ("MapStateExited", "M", 17),
    ]);
    assert_eq!(
        stays(&story),
        [
            ("M", Progress::Succeeded, None, 0, 1),
            ("T", Progress::Succeeded, Some(0), 0, 2),
            ("T", Progress::Succeeded, Some(0), 1, 1),
        ]
    );
    assert_eq!((story.visits[0].slots.begun, story.visits[0].slots.succeeded), (2, 2));
}

#[test]
fn a_branch_that_fails_stops_the_others_and_is_caught_outside() {
    let story = story(&[
        ("ParallelStateEntered", "P", 0),
        ("ParallelStateStarted", "", 1),
        ("TaskStateEntered", "A", 2),
        ("TaskScheduled", "", 3),
        ("WaitStateEntered", "B", 2),
        ("TaskFailed", "", 4),
        ("TaskStateAborted", "", 6),
        ("WaitStateAborted", "", 6),
        ("ParallelStateFailed", "", 6),
        ("ParallelStateExited", "P", 9),
        ("FailStateEntered", "F", 10),
        ("ExecutionFailed", "", 11),
    ]);
    assert_eq!(
        stays(&story),
        [
            ("P", Progress::Caught, None, 0, 1),
            ("A", Progress::Failed, Some(0), 0, 1),
            ("B", Progress::Aborted, Some(0), 1, 0),
            ("F", Progress::Failed, None, 0, 0),
        ]
    );
    assert_eq!(crate::console::parts::banner::culprit(&story), Some(1));
}

#[test]
fn what_runs_when_an_execution_is_stopped_was_stopped() {
    let events = [
        ("PassStateEntered", "A", 0),
        ("PassStateExited", "A", 1),
        ("WaitStateEntered", "W", 2),
        ("ExecutionAborted", "", 3),
    ];
    assert_eq!(story(&events[..3]).open().map(|(number, _)| number).collect::<Vec<_>>(), [1]);
    let whole = story(&events);
    assert_eq!(whole.visits[1].state, Progress::Aborted);
    assert_eq!((whole.open().count(), whole.ending.unwrap().state), (0, Progress::Aborted));
}

#[test]
fn an_iteration_that_fails_leaves_the_others() {
    let story = story(&[
        ("MapStateEntered", "M", 0),
        ("MapStateStarted", "#2", 1),
        ("MapIterationStarted", "M#0", 2),
        ("FailStateEntered", "F", 3),
        ("MapIterationStarted", "M#1", 2),
        ("WaitStateEntered", "W", 5),
        ("MapIterationFailed", "M#0", 4),
    ]);
    let states: Vec<_> = story.visits.iter().map(|visit| visit.state).collect();
    assert_eq!(states, [Progress::Running, Progress::Failed, Progress::Running]);
    assert_eq!(story.open().map(|(number, _)| number).collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn iterations_are_told_one_by_one_as_they_are_after_the_last_attempt() {
    let story = story(&[
        ("MapStateEntered", "M", 0),
        ("MapStateStarted", "#4", 1),
        ("MapIterationStarted", "M#0", 2),
        ("PassStateEntered", "P", 3),
        ("PassStateExited", "P", 4),
        ("MapIterationSucceeded", "M#0", 5),
        ("MapIterationStarted", "M#2", 2),
        ("FailStateEntered", "F", 7),
        ("MapIterationFailed", "M#2", 8),
        ("MapStateFailed", "", 9),
        ("MapStateStarted", "#4", 10),
        ("MapIterationStarted", "M#0", 11),
        ("FailStateEntered", "F", 12),
        ("MapIterationFailed", "M#0", 13),
        ("MapIterationStarted", "M#1", 11),
        ("WaitStateEntered", "W", 15),
    ]);
    let told: Vec<_> = story.iterations(0).iter().map(|one| (one.state, one.visit, one.ended)).collect();
    let failed = (Some(Progress::Failed), Some(3), Some(14_000));
    let running = (Some(Progress::Running), Some(4), None);
    assert_eq!(told, [failed, running, (None, None, None), (None, None, None)]);
    assert!(story.iterations(1).iter().all(|one| one.state.is_none()) && story.iterations(99).is_empty());
}

#[test]
fn what_is_no_history_gives_nothing() {
    for no_history in [
        json!({}),
        json!([]),
        json!({ "events": [1, {}] }),
        json!({ "events": [{ "id": 1, "type": "PassStateEntered", "timestamp": 1e300 }] }),
        json!({ "events": [{ "id": 1, "type": "PassStateEntered", "timestamp": -8.65e12 }] }),
    ] {
        assert!(Story::read(&no_history).is_none(), "{no_history}");
    }
    assert!(Story::read(&json!({ "events": [{ "id": 1, "type": "PassStateEntered" }] })).is_some());
}
