//! What is heard of a run.
//!
//! In: events as they happen. Out: those of the execution itself in the form of `GetExecutionHistory`, as long as they are not too large together.

use super::BYTES;
use crate::executions::history;
use asl_runtime::{Counts, Event, ExecutionContext, MapRunProgress, Needs, Observer, Text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The record of one run. A clone is the same.
#[derive(Clone, Debug)]
pub(super) struct Record {
    input: Arc<str>,
    heard: Arc<Mutex<Heard>>,
    full: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Heard {
    /// The execution itself; others are children of its Map Runs.
    root: Option<Text>,
    events: Vec<Value>,
    bytes: usize,
    map_runs: BTreeMap<String, Counts>,
}

impl Record {
    /// The record of an execution with this input.
    pub(super) fn new(input: String) -> Self {
        Self { input: input.into(), heard: Arc::default(), full: Arc::default() }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no more can be recorded.
    pub(super) async fn full(&self) {
        self.full.notified().await;
    }

    /// All that was heard: the events, and how far Map Runs have come.
    pub(super) fn take(&self) -> (Vec<Value>, BTreeMap<String, Counts>) {
        let heard = std::mem::take(&mut *self.heard());
        (heard.events, heard.map_runs)
    }
}

impl Observer for Record {
    fn needs(&self) -> Needs {
        Needs { data: true, ..Needs::EVENTS }
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self.hear(&execution.id, event);
    }

    fn map_run(&self, _: &ExecutionContext, progress: &MapRunProgress) {
        self.heard().map_runs.insert(progress.map_run_arn.to_string(), progress.items);
    }
}

impl Record {
    fn hear(&self, arn: &Text, event: &Event) {
        let mut heard = self.heard();
        if *heard.root.get_or_insert_with(|| arn.clone()) != *arn {
            return;
        }
        // The last event is told however full it is: it says how the run ended.
        if heard.bytes <= BYTES || event.details.end().is_some() {
            let told = history::event(event, &self.input, true);
            heard.bytes += weight(&told);
            heard.events.push(told);
        }
        if heard.bytes > BYTES {
            self.full.notify_one();
        }
    }
}

/// About how many bytes a value takes.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 16,
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 16,
        Value::Object(members) => members.iter().map(|(name, value)| name.len() + weight(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_runtime::{EventDetails, Timestamp};
    use futures_util::FutureExt;

    #[test]
    fn a_record_has_an_end() {
        let record = Record::new("{}".to_owned());
        let (root, child): (Text, Text) = ("root".into(), "child".into());
        let hear = |arn: &Text, id: u64, details: EventDetails| {
            record.hear(arn, &Event::new(id, id - 1, Timestamp::from_milliseconds(0), details));
        };
        let aborted = || EventDetails::ExecutionAborted { error: None, cause: Some("x".repeat(1 << 20)) };
        // What ends a run is recorded in any case, so that it is the means to fill a record here.
        hear(&root, 1, EventDetails::ParallelStateStarted);
        hear(&child, 1, EventDetails::ParallelStateStarted);
        assert!(record.full().now_or_never().is_none());
        (2..=40).for_each(|id| hear(&root, id, aborted()));
        assert!(record.full().now_or_never().is_some());
        hear(&root, 41, EventDetails::ParallelStateStarted);
        hear(&root, 42, aborted());
        let (events, _) = record.take();
        let ids: Vec<_> = events.iter().filter_map(|event| event["id"].as_u64()).collect();
        assert_eq!(ids, (1..=40).chain([42]).collect::<Vec<_>>());
    }
}
