//! Events in the form of `GetExecutionHistory`, and in pages.

use super::{Description, EventRange};
use asl_runtime::{Event, Text};
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is data in the details of an event.
const DATA: &[&str] = &["input", "output", "parameters", "assignedVariables"];

/// The details of the events that tell the input of the execution: its start, and the first state.
const BEGINNING: [&str; 2] = ["executionStartedEventDetails", "stateEnteredEventDetails"];

/// An event as the API tells it, with or without its data. The input of the execution is told as it was written.
pub(crate) fn event(event: &Event, input_text: &str, with_data: bool) -> Value {
    let is_beginning = event.previous_event_id == 0;
    let mut event = serde_json::to_value(event).unwrap_or_default();
    if is_beginning {
        for details in BEGINNING {
            if let Some(input) = event.get_mut(details).and_then(|details| details.get_mut("input")) {
                *input = input_text.into();
            }
        }
    }
    if !with_data {
        let details = event.as_object_mut().into_iter().flat_map(|event| event.values_mut());
        for details in details.filter_map(Value::as_object_mut) {
            for data in DATA {
                details.remove(*data);
                details.remove(&format!("{data}Details"));
            }
        }
    }
    event
}

/// Histories of executions that have ended, which are computed once for all their pages.
#[derive(Debug, Default)]
pub(super) struct Histories(Mutex<VecDeque<History>>);

/// What is known of a history: whose it is, and of which of its redrives.
#[derive(Debug)]
struct History {
    arn: Text,
    redrives: u64,
    events: Arc<Vec<Event>>,
    /// The execution had ended; otherwise these are its first events.
    is_whole: bool,
}

/// So many histories are kept, and so many events of all of them.
const KEPT: usize = 8;
const EVENTS: usize = 100_000;

impl Histories {
    fn all(&self) -> MutexGuard<'_, VecDeque<History>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page of a history, if that is known.
    pub(super) fn page(&self, execution: &Description, range: &EventRange) -> Option<Vec<Event>> {
        execution.stop_date?;
        let (events, is_whole) = self.known(execution)?;
        is_whole.then(|| page(&events, range))
    }

    /// The events of an execution, if those up to one with this number are known, or all.
    pub(super) fn through(&self, execution: &Description, last: u64) -> Option<Arc<Vec<Event>>> {
        let (events, is_whole) = self.known(execution)?;
        let is_enough = is_whole || events.last().is_some_and(|event| event.id >= last);
        is_enough.then_some(events)
    }

    fn known(&self, execution: &Description) -> Option<(Arc<Vec<Event>>, bool)> {
        let is_same =
            |known: &&History| known.arn == execution.arn && known.redrives == execution.redrive_count;
        self.all().iter().find(is_same).map(|known| (Arc::clone(&known.events), known.is_whole))
    }

    /// Keeps a history, if it is one that does not change, and returns a page of it.
    pub(super) fn keep(&self, execution: &Description, events: Vec<Event>, range: &EventRange) -> Vec<Event> {
        let events = Arc::new(events);
        let page = page(&events, range);
        // One that is told at once is not asked for again.
        if execution.stop_date.is_some() && page.len() < events.len() {
            self.keep_all(execution, events);
        }
        page
    }

    /// Keeps the events of an execution as far as it has come.
    pub(super) fn keep_all(&self, execution: &Description, events: Arc<Vec<Event>>) {
        let (arn, redrives) = (execution.arn.clone(), execution.redrive_count);
        let is_whole = execution.stop_date.is_some();
        let mut all = self.all();
        all.retain(|known| known.arn != arn);
        all.push_front(History { arn, redrives, events, is_whole });
        let mut count = 0;
        let kept = all.iter().take(KEPT).take_while(|known| {
            count += known.events.len();
            count <= EVENTS
        });
        let kept = kept.count();
        all.truncate(kept);
    }
}

fn page(events: &[Event], range: &EventRange) -> Vec<Event> {
    if range.reversed {
        events.iter().rev().skip(range.skip).take(range.count).cloned().collect()
    } else {
        events.iter().skip(range.skip).take(range.count).cloned().collect()
    }
}
