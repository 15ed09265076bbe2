//! Tokens of tasks, and the work of activities.

use asl_engine::Work;
use asl_runtime::{ActivityTask, BoxFuture, CallbackStore, Signals, TaskError, Text, Value};
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Where results for tokens come in, and workers ask for work.
pub trait Tokens: Send + Sync {
    /// Ends the task of a token.
    ///
    /// # Errors
    /// There is no such task, or it is over.
    fn end(&self, token: &str, result: Result<Value, TaskError>) -> Result<(), TokenFault>;

    /// Says that the task of a token is alive.
    ///
    /// # Errors
    /// There is no such task, or it is over.
    fn heartbeat(&self, token: &str) -> Result<(), TokenFault>;

    /// Whether the task of a token can be ended.
    ///
    /// # Errors
    /// There is no such task, or it is over.
    fn check(&self, token: &str) -> Result<(), TokenFault>;

    /// Waits for work of an activity, and takes it.
    fn work(&self, activity: &str, worker_name: Option<&str>) -> BoxFuture<'_, ActivityTask>;
}

/// What is the matter with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// There never was such a task.
    Unknown,
    /// The task is over.
    Over,
}

/// So many tokens of tasks that are over are known as such.
const OVER: usize = 100_000;

/// Tokens in memory. A clone is the same place.
#[derive(Clone)]
pub(crate) struct InMemoryTokens {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    /// Told when an activity has work.
    has_work: Notify,
    has_activity: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

#[derive(Default)]
struct State {
    tasks: HashMap<Text, Signals>,
    work: HashMap<Text, VecDeque<ActivityTask>>,
    over: HashSet<Text>,
    /// The same from the oldest on.
    over_in_order: VecDeque<Text>,
}

impl State {
    fn is_over(&mut self, token: &str) {
        let Some((token, _)) = self.tasks.remove_entry(token) else { return };
        if self.over_in_order.len() == OVER
            && let Some(oldest) = self.over_in_order.pop_front()
        {
            self.over.remove(&oldest);
        }
        self.over_in_order.push_back(token.clone());
        self.over.insert(token);
    }

    fn signals(&self, token: &str) -> Result<&Signals, TokenFault> {
        let over = self.over.contains(token);
        self.tasks.get(token).ok_or(if over { TokenFault::Over } else { TokenFault::Unknown })
    }
}

impl InMemoryTokens {
    pub(crate) fn new(has_activity: Arc<dyn Fn(&str) -> bool + Send + Sync>) -> Self {
        Self { inner: Arc::new(Inner { state: Mutex::default(), has_work: Notify::new(), has_activity }) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes work whose task still waits for it.
    fn take(&self, activity: &str, worker_name: Option<&str>) -> Option<ActivityTask> {
        let mut state = self.state();
        let state = &mut *state;
        let queue = state.work.get_mut(activity)?;
        while let Some(task) = queue.pop_front() {
            if let Some(signals) = state.tasks.get(&task.task_token) {
                signals.started(worker_name.map(Text::from));
                return Some(task);
            }
        }
        None
    }
}

impl Tokens for InMemoryTokens {
    fn end(&self, token: &str, result: Result<Value, TaskError>) -> Result<(), TokenFault> {
        let mut state = self.state();
        let signals = state.signals(token)?.clone();
        state.is_over(token);
        drop(state);
        signals.ended(result);
        Ok(())
    }

    fn heartbeat(&self, token: &str) -> Result<(), TokenFault> {
        self.state().signals(token)?.heartbeat();
        Ok(())
    }

    fn check(&self, token: &str) -> Result<(), TokenFault> {
        self.state().signals(token).map(|_| ())
    }

    fn work(&self, activity: &str, worker_name: Option<&str>) -> BoxFuture<'_, ActivityTask> {
        let (activity, worker_name) = (activity.to_owned(), worker_name.map(str::to_owned));
        Box::pin(async move {
            loop {
                let mut has_work = std::pin::pin!(self.inner.has_work.notified());
                // Work that comes between the look at the queue and the wait is heard of.
                has_work.as_mut().enable();
                if let Some(task) = self.take(&activity, worker_name.as_deref()) {
                    return task;
                }
                has_work.await;
            }
        })
    }
}

impl CallbackStore for InMemoryTokens {
    fn register(&self, task_token: &Text, signals: Signals) {
        self.state().tasks.insert(task_token.clone(), signals);
    }

    fn forget(&self, task_token: &Text) {
        self.state().is_over(task_token);
    }

    fn schedule(&self, work: Work) -> Result<(), TaskError> {
        let Work { activity, task_token, input, .. } = work;
        if !(self.inner.has_activity)(&activity) {
            return Err(TaskError::runtime(format!("The activity {activity} does not exist.")));
        }
        self.state().work.entry(activity).or_default().push_back(ActivityTask { task_token, input });
        self.inner.has_work.notify_waiters();
        Ok(())
    }
}

impl fmt::Debug for InMemoryTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who has a token can end its task.
        f.debug_struct("InMemoryTokens").field("tasks", &self.state().tasks.len()).finish_non_exhaustive()
    }
}
