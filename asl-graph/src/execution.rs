//! What happened in an execution, state by state.
//!
//! In: the JSON that `aws stepfunctions get-execution-history` prints. Out: for each state how often it ran, how that ended and how long it
//! took; and the transitions that were taken. Events that are not understood are passed over.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What happened in an execution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Execution {
    /// What happened in each state that was entered.
    pub states: BTreeMap<String, Ran>,
    /// The states that followed each other.
    pub taken: BTreeSet<(String, String)>,
    /// The scopes whose end was reached, by the state that ended them.
    pub ended: BTreeSet<String>,
}

/// What happened in a state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ran {
    /// How often it was entered: more than once in loops and iterations.
    pub entered: usize,
    /// How often it was left for another state.
    pub left: usize,
    /// How often an error of it was caught.
    pub caught: usize,
    /// How often its work was tried again.
    pub retries: usize,
    /// How often it was stopped because of another state.
    pub aborted: usize,
    /// The iterations of a Map that began and that succeeded.
    pub iterations: (usize, usize),
    /// From the first entry to the last exit, in milliseconds.
    pub milliseconds: Option<i64>,
    /// An error of it ended the execution, or an iteration.
    pub failed: bool,
}

/// How a state is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was not reached.
    Untouched,
    /// It was entered, and nothing says how it ended.
    Running,
    /// It was left each time.
    Succeeded,
    /// An error was caught.
    Caught,
    /// An error ended it.
    Failed,
    /// It was stopped.
    Aborted,
}

impl Ran {
    /// How it is coloured.
    #[must_use]
    pub const fn status(&self) -> Status {
        if self.failed {
            Status::Failed
        } else if self.caught > 0 {
            Status::Caught
        } else if self.aborted > 0 {
            Status::Aborted
        } else if self.left >= self.entered && self.entered > 0 {
            Status::Succeeded
        } else if self.entered > 0 {
            Status::Running
        } else {
            Status::Untouched
        }
    }
}

impl Execution {
    /// Reads a history: an object with `events`, or the array of events itself.
    #[must_use]
    pub fn read(history: &Value) -> Option<Self> {
        let events = history.get("events").unwrap_or(history).as_array()?;
        let mut reading = Reading::default();
        let mut sorted: Vec<_> = events.iter().collect();
        sorted.sort_by_key(|event| event.get("id").and_then(Value::as_i64));
        sorted.into_iter().for_each(|event| reading.event(event));
        Some(reading.finish())
    }

    /// How a state is coloured.
    #[must_use]
    pub fn status(&self, state: &str) -> Status {
        self.states.get(state).map_or(Status::Untouched, Ran::status)
    }
}

/// Where an event stands: the states around it, from the outside in. The last is the one that it belongs to.
type Place = Vec<String>;

#[derive(Default)]
struct Reading {
    execution: Execution,
    /// The place of each event, and its type.
    of_event: BTreeMap<i64, (Place, String)>,
    /// The last attempt of a state's work failed.
    failing: BTreeSet<String>,
    /// The states that other states run in.
    holders: BTreeSet<String>,
    /// The first entry and the last exit.
    times: BTreeMap<String, (Option<i64>, Option<i64>)>,
}

impl Reading {
    fn event(&mut self, event: &Value) {
        let Some(kind) = event.get("type").and_then(Value::as_str) else { return };
        let number = |field: &str| event.get(field).and_then(Value::as_i64).unwrap_or_default();
        let before = self.of_event.get(&number("previousEventId")).cloned().unwrap_or_default();
        let place = self.place(kind, event, before.clone());
        let time = event.get("timestamp").and_then(milliseconds);
        let state = place.last().cloned().unwrap_or_default();
        if kind.ends_with("StateEntered") {
            self.entered(&state, &before, time);
            // It has no other event.
            self.ran(&state).failed |= kind == "FailStateEntered";
        } else if kind.ends_with("StateExited") {
            self.left(&state, &before.1, time);
        } else {
            self.within(kind, &state, &before.1);
        }
        self.of_event.insert(number("id"), (place, kind.to_owned()));
    }

    /// The place of an event that follows one at `before`.
    fn place(&mut self, kind: &str, event: &Value, (mut place, before): (Place, String)) -> Place {
        let begins = |kind: &str| {
            matches!(
                kind,
                "MapIterationStarted" | "MapStateStarted" | "ParallelStateStarted" | "MapRunStarted"
            )
        };
        match name(event) {
            // What fails on entering a state follows the event before it.
            Some(name)
                if kind.ends_with("StateEntered")
                    || (kind == "EvaluationFailed" && !place.contains(&name)) =>
            {
                // In a state that has just begun its branches, or in the place of the one before.
                if !begins(&before) {
                    place.pop();
                }
                place.push(name);
            }
            // Of a state that is left, or of the Map of an iteration.
            Some(name) => match place.iter().position(|around| *around == name) {
                Some(at) => place.truncate(at + 1),
                None => place.push(name),
            },
            None if kind.starts_with("MapState") || kind.starts_with("ParallelState") => {
                while !begins(kind)
                    && place.len() > 1
                    && place.last().is_some_and(|last| !self.holders.contains(last))
                {
                    place.pop();
                }
            }
            None => {}
        }
        if let Some(state) = place.last().filter(|_| begins(kind)) {
            self.holders.insert(state.clone());
        }
        place
    }

    fn ran(&mut self, state: &str) -> &mut Ran {
        self.execution.states.entry(state.to_owned()).or_default()
    }

    fn entered(&mut self, name: &str, before: &(Place, String), time: Option<i64>) {
        self.ran(name).entered += 1;
        self.failing.remove(name);
        let times = self.times.entry(name.to_owned()).or_default();
        times.0 = times.0.or(time);
        if let (place, kind) = before
            && let Some(from) = place.last().filter(|_| kind.ends_with("StateExited"))
        {
            self.execution.taken.insert((from.clone(), name.to_owned()));
        }
    }

    /// What is left neither from its own entry nor after a success is left because an error was caught.
    fn left(&mut self, name: &str, before: &str, time: Option<i64>) {
        let failed = self.failing.remove(name);
        let caught = failed || !(before.ends_with("StateEntered") || before.ends_with("Succeeded"));
        let ran = self.ran(name);
        ran.left += 1;
        if caught {
            ran.caught += 1;
        }
        self.times.entry(name.to_owned()).or_default().1 = time;
        self.execution.ended.insert(name.to_owned());
    }

    /// An event between the entry and the exit of `state`.
    fn within(&mut self, kind: &str, state: &str, before: &str) {
        if state.is_empty() {
            return;
        }
        match kind {
            "MapIterationStarted" => self.ran(state).iterations.0 += 1,
            "MapIterationSucceeded" => self.ran(state).iterations.1 += 1,
            "ExecutionFailed" | "ExecutionTimedOut" | "ExecutionAborted" => {
                // A Fail state has no event of its own.
                self.ran(state).failed |= kind == "ExecutionFailed";
                self.give_up();
            }
            "MapIterationFailed" | "MapStateFailed" | "ParallelStateFailed" => {
                self.give_up_inner(state);
                if kind != "MapIterationFailed" {
                    self.failing.insert(state.to_owned());
                }
            }
            "TaskScheduled"
            | "LambdaFunctionScheduled"
            | "ActivityScheduled"
            | "MapStateStarted"
            | "ParallelStateStarted"
                if !before.ends_with("StateEntered") =>
            {
                self.failing.remove(state);
                self.ran(state).retries += 1;
            }
            kind if kind.ends_with("StateAborted") => self.ran(state).aborted += 1,
            kind if kind.ends_with("Failed") || kind.ends_with("TimedOut") => {
                self.failing.insert(state.to_owned());
            }
            _ => {}
        }
    }

    /// Nothing goes on: what was failing has failed, and what holds it.
    fn give_up(&mut self) {
        for name in std::mem::take(&mut self.failing) {
            self.ran(&name).failed = true;
        }
    }

    /// What failed in a state has failed; the state itself may still be tried again.
    fn give_up_inner(&mut self, holder: &str) {
        let inner: Vec<_> = self.failing.iter().filter(|name| *name != holder).cloned().collect();
        for name in inner {
            self.failing.remove(&name);
            self.ran(&name).failed = true;
        }
    }

    fn finish(mut self) -> Execution {
        for (name, (from, to)) in &self.times {
            if let (Some(from), Some(to), Some(ran)) = (from, to, self.execution.states.get_mut(name)) {
                ran.milliseconds = Some(to - from);
            }
        }
        let followed: BTreeSet<_> = self.execution.taken.iter().map(|(from, _)| from.clone()).collect();
        self.execution.ended.retain(|name| !followed.contains(name));
        self.execution
    }
}

/// The name of the state that the details of an event give.
fn name(event: &Value) -> Option<String> {
    const DETAILS: [&str; 6] = [
        "stateEnteredEventDetails",
        "stateExitedEventDetails",
        "mapIterationStartedEventDetails",
        "mapIterationSucceededEventDetails",
        "mapIterationFailedEventDetails",
        "mapIterationAbortedEventDetails",
    ];
    if let Some(details) = event.get("evaluationFailedEventDetails") {
        return details.get("state")?.as_str().map(str::to_owned);
    }
    let details = DETAILS.iter().find_map(|field| event.get(field))?;
    details.get("name")?.as_str().map(str::to_owned)
}

/// A time as milliseconds: seconds since 1970 as a number, or a text in ISO 8601.
fn milliseconds(time: &Value) -> Option<i64> {
    if let Some(seconds) = time.as_f64() {
        #[expect(clippy::cast_possible_truncation, reason = "a time of this age is far from the limits")]
        return Some((seconds * 1000.0).round() as i64);
    }
    from_iso(time.as_str()?)
}

fn from_iso(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?,
        None => ("", rest),
    };
    let thousandths = format!("{fraction:0<3}").get(0..3)?.parse::<i64>().ok()?;
    let offset = match zone.split_at_checked(1) {
        Some((sign @ ("+" | "-"), zone)) => {
            let minutes = zone.get(0..2)?.parse::<i64>().ok()? * 60
                + zone.get(zone.len().checked_sub(2)?..)?.parse::<i64>().ok()?;
            if sign == "+" { minutes } else { -minutes }
        }
        _ => 0,
    };
    // Days since 1970, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 719_469;
    Some((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Events that follow each other, each with the name that its details give.
    fn history(events: &[(&str, &str)]) -> Execution {
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
        Execution::read(&json!({ "events": events })).expect("a history")
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
        assert_eq!(execution.states["A"].retries, 1);
        assert_eq!(execution.states["A"].milliseconds, Some(5000));
        assert!(execution.taken.contains(&("A".to_owned(), "B".to_owned())));
        assert_eq!(execution.ended.iter().collect::<Vec<_>>(), ["B"]);
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
        let execution = Execution::read(&events).expect("a history");
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
        assert_eq!(execution.states["M"].iterations, (2, 1));
        assert_eq!(execution.status("A"), Status::Succeeded);
    }

    #[test]
    fn times_in_both_forms_are_the_same() {
        let seconds = serde_json::json!(1_763_845_322.25);
        let text = serde_json::json!("2025-11-22T23:02:02.250+02:00");
        assert_eq!(milliseconds(&seconds), Some(1_763_845_322_250));
        assert_eq!(milliseconds(&text), Some(1_763_845_322_250));
        assert_eq!(milliseconds(&serde_json::json!("1970-01-01T00:00:00Z")), Some(0));
    }

    #[test]
    fn what_is_no_history_gives_nothing() {
        assert_eq!(Execution::read(&serde_json::json!({ "a": 1 })), None);
        assert_eq!(milliseconds(&serde_json::json!("yesterday")), None);
    }
}
