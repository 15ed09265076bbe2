//! Work that is done outside: task tokens, and activities (AWS, "Wait for a Callback with Task Token", "Activities").
//!
//! A token is known from before its task is handed out until the task is over, so that a result can come at once and none comes
//! too late unseen.

use asl_engine::error::TaskError;
use asl_value::{Text, Value};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Where results of callbacks and activities are sent to, and activities ask for work. A clone is the same place.
#[derive(Clone, Default)]
pub struct Callbacks {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    tasks: Mutex<HashMap<Text, UnboundedSender<Signal>>>,
    activities: Mutex<HashMap<Text, VecDeque<ActivityTask>>>,
    /// Told when an activity has work.
    work: Notify,
}

/// What comes in for a token.
#[derive(Debug)]
pub(crate) enum Signal {
    /// A worker has taken the task.
    Started { worker_name: Option<Text> },
    /// The task is alive.
    Heartbeat,
    /// The task is over.
    Ended(Result<Value, TaskError>),
}

/// Work for an activity.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityTask {
    /// Says whose result it is.
    pub task_token: Text,
    /// The input.
    pub input: Value,
}

/// There is no task with this token: it is over, timed out, or never was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskDoesNotExist;

impl fmt::Display for TaskDoesNotExist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is no task with this token")
    }
}

impl std::error::Error for TaskDoesNotExist {}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Callbacks {
    /// Ends a task with a result (`SendTaskSuccess`).
    ///
    /// # Errors
    /// There is no such task.
    pub fn send_task_success(
        &self,
        task_token: &str,
        output: impl Into<Value>,
    ) -> Result<(), TaskDoesNotExist> {
        self.end(task_token, Ok(output.into()))
    }

    /// Ends a task with an error (`SendTaskFailure`).
    ///
    /// # Errors
    /// There is no such task.
    pub fn send_task_failure(&self, task_token: &str, error: TaskError) -> Result<(), TaskDoesNotExist> {
        self.end(task_token, Err(error))
    }

    /// Says that a task is alive (`SendTaskHeartbeat`).
    ///
    /// # Errors
    /// There is no such task.
    pub fn send_task_heartbeat(&self, task_token: &str) -> Result<(), TaskDoesNotExist> {
        let tasks = lock(&self.inner.tasks);
        let task = tasks.get(task_token).ok_or(TaskDoesNotExist)?;
        task.send(Signal::Heartbeat).map_err(|_| TaskDoesNotExist)
    }

    /// Waits for work for an activity, and takes it (`GetActivityTask`).
    pub async fn activity_task(&self, arn: &str, worker_name: Option<&str>) -> ActivityTask {
        loop {
            let work = self.inner.work.notified();
            let task = lock(&self.inner.activities).get_mut(arn).and_then(VecDeque::pop_front);
            if let Some(task) = task {
                // Work whose execution has gone on without it is passed over.
                let started = Signal::Started { worker_name: worker_name.map(Text::from) };
                let tasks = lock(&self.inner.tasks);
                if tasks.get(&task.task_token).is_some_and(|signals| signals.send(started).is_ok()) {
                    return task;
                }
                continue;
            }
            work.await;
        }
    }

    fn end(&self, task_token: &str, result: Result<Value, TaskError>) -> Result<(), TaskDoesNotExist> {
        let task = lock(&self.inner.tasks).remove(task_token).ok_or(TaskDoesNotExist)?;
        task.send(Signal::Ended(result)).map_err(|_| TaskDoesNotExist)
    }

    /// Makes a token known.
    pub(crate) fn register(&self, task_token: Text) -> Pending {
        let (sender, signals) = unbounded_channel();
        lock(&self.inner.tasks).insert(task_token.clone(), sender);
        Pending { callbacks: self.clone(), task_token, signals }
    }

    /// Puts work where an activity finds it.
    pub(crate) fn schedule(&self, activity: &str, task: ActivityTask) {
        lock(&self.inner.activities).entry(Text::from(activity)).or_default().push_back(task);
        self.inner.work.notify_waiters();
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Tokens are secrets: who has one can end the task.
        f.debug_struct("Callbacks").field("tasks", &lock(&self.inner.tasks).len()).finish_non_exhaustive()
    }
}

/// A task that waits for signals. When it is dropped, its token is forgotten.
#[derive(Debug)]
pub(crate) struct Pending {
    callbacks: Callbacks,
    task_token: Text,
    signals: UnboundedReceiver<Signal>,
}

impl Pending {
    /// The next signal. There is always one to come, as long as the token is known.
    pub(crate) async fn signal(&mut self) -> Signal {
        match self.signals.recv().await {
            Some(signal) => signal,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        lock(&self.callbacks.inner.tasks).remove(&self.task_token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_token_is_known_until_its_task_is_over() {
        let callbacks = Callbacks::default();
        let mut pending = callbacks.register("t".into());
        callbacks.send_task_heartbeat("t").unwrap();
        assert!(matches!(pending.signal().await, Signal::Heartbeat));
        callbacks.send_task_success("t", 1).unwrap();
        assert!(matches!(pending.signal().await, Signal::Ended(Ok(value)) if value == Value::from(1)));
        assert_eq!(callbacks.send_task_success("t", 2), Err(TaskDoesNotExist));
        drop(callbacks.register("u".into()));
        assert_eq!(callbacks.send_task_heartbeat("u"), Err(TaskDoesNotExist));
        assert_eq!(format!("{callbacks:?}"), "Callbacks { tasks: 0, .. }");
    }

    #[tokio::test]
    async fn activities_get_work_in_order_and_not_what_is_over() {
        let callbacks = Callbacks::default();
        let task = |token: &str| ActivityTask { task_token: token.into(), input: token.into() };
        let (over, mut open) = (callbacks.register("over".into()), callbacks.register("open".into()));
        callbacks.schedule("arn", task("over"));
        callbacks.schedule("arn", task("open"));
        drop(over);
        assert_eq!(callbacks.activity_task("arn", Some("worker")).await, task("open"));
        assert!(
            matches!(open.signal().await, Signal::Started { worker_name: Some(name) } if name == "worker")
        );
    }
}
