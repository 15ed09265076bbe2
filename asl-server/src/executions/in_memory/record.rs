//! What is kept of one execution.

use crate::executions::{Description, EventRange, NewExecution};
use crate::protocol::date::Date;
use asl_runtime::{Event, EventDetails, ExecutionError, Status, Stop, Text, Value};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// An execution, as far as it has come.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) new: Arc<NewExecution>,
    pub(super) number: u64,
    progress: Mutex<Progress>,
    /// What it is to stop with, once it is to.
    stop: watch::Sender<Option<Stop>>,
    /// Whether nothing happens in it any more.
    ended: watch::Sender<bool>,
}

#[derive(Debug)]
struct Progress {
    status: Status,
    stop_date: Option<Date>,
    output: Option<Value>,
    error: Option<String>,
    cause: Option<String>,
    events: Vec<Event>,
}

impl Record {
    pub(super) fn new(new: Arc<NewExecution>, number: u64) -> Self {
        let progress = Progress {
            status: Status::Running,
            stop_date: None,
            output: None,
            error: None,
            cause: None,
            events: Vec::new(),
        };
        Self {
            new,
            number,
            progress: Mutex::new(progress),
            stop: watch::Sender::new(None),
            ended: watch::Sender::new(false),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something happened.
    pub(super) fn event(&self, event: &Event) {
        let mut progress = self.progress();
        let has_ended = progress.end_with(event);
        if !self.new.is_express {
            progress.events.push(event.clone());
        }
        drop(progress);
        if has_ended {
            self.ended.send_replace(true);
        }
    }

    /// Nothing happens any more. If no event has told the end, as where a worker died, this is the end.
    pub(super) fn end(&self, error: Option<&ExecutionError>) {
        let mut progress = self.progress();
        if progress.status == Status::Running {
            let status = error.map_or(Status::Failed, ExecutionError::status);
            progress.fail(
                status,
                error.and_then(ExecutionError::error),
                error.and_then(ExecutionError::cause),
            );
            progress.stop_date = Some(Date::now());
            let last = progress.events.last().map_or(0, |event| event.id);
            let details = EventDetails::ExecutionFailed {
                error: progress.error.as_deref().map(Text::from),
                cause: progress.cause.clone(),
            };
            progress.events.push(Event::new(last + 1, last, Date::now().timestamp(), details));
        }
        drop(progress);
        self.ended.send_replace(true);
    }

    /// Asks it to stop.
    pub(super) fn stop(&self, error: Option<Text>, cause: Option<String>) {
        self.stop.send_if_modified(|stop| {
            let is_first = stop.is_none();
            stop.get_or_insert((error, cause));
            is_first
        });
    }

    /// Waits until it is to stop.
    pub(super) fn stopped(&self) -> impl Future<Output = Stop> + Send + use<> {
        let mut stop = self.stop.subscribe();
        async move {
            let asked = stop.wait_for(Option::is_some).await.map(|stop| stop.clone());
            match asked {
                Ok(Some(stop)) => stop,
                // The record is gone.
                _ => std::future::pending().await,
            }
        }
    }

    /// Waits until it has ended.
    pub(super) async fn ended(&self) {
        // An error means that it is gone, and the record is here.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    pub(super) fn is_running(&self) -> bool {
        self.progress().status == Status::Running
    }

    pub(super) fn describe(&self) -> Description {
        let progress = self.progress();
        Description {
            new: Arc::clone(&self.new),
            number: self.number,
            status: progress.status,
            stop_date: progress.stop_date,
            output: progress.output.clone(),
            error: progress.error.clone(),
            cause: progress.cause.clone(),
            redrive_count: 0,
            redrive_date: None,
        }
    }

    pub(super) fn events(&self, range: &EventRange) -> Vec<Event> {
        let progress = self.progress();
        if range.reversed {
            progress.events.iter().rev().skip(range.skip).take(range.count).cloned().collect()
        } else {
            progress.events.iter().skip(range.skip).take(range.count).cloned().collect()
        }
    }

    /// The name of the state that was entered last before an event, on the way that led to it.
    pub(super) fn state_before(&self, event: &Event) -> Option<Text> {
        let progress = self.progress();
        let mut id = event.previous_event_id;
        loop {
            let place = progress.events.binary_search_by_key(&id, |event| event.id).ok()?;
            let event = progress.events.get(place)?;
            if let EventDetails::StateEntered { name, .. } = &event.details {
                return Some(name.clone());
            }
            id = event.previous_event_id;
        }
    }
}

impl Progress {
    /// Whether the event is that of the end.
    fn end_with(&mut self, event: &Event) -> bool {
        let details = &event.details;
        if let EventDetails::ExecutionSucceeded { output } = details {
            self.status = Status::Succeeded;
            self.output = Some(output.clone());
        } else if let EventDetails::ExecutionFailed { error, cause } = details {
            self.fail(Status::Failed, error.as_deref(), cause.as_deref());
        } else if let EventDetails::ExecutionAborted { error, cause } = details {
            self.fail(Status::Aborted, error.as_deref(), cause.as_deref());
        } else if let EventDetails::ExecutionTimedOut = details {
            self.fail(Status::TimedOut, None, None);
        } else {
            return false;
        }
        self.stop_date = Some(event.timestamp.into());
        true
    }

    fn fail(&mut self, status: Status, error: Option<&str>, cause: Option<&str>) {
        self.status = status;
        self.error = error.map(str::to_owned);
        self.cause = cause.map(str::to_owned);
    }
}
