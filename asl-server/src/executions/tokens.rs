//! Tokens of tasks, and the work of activities.
//!
//! Which tokens are waited for, and which are over, the folder of executions knows; this knows the work that no worker has yet.

use asl_durable::{Folder, TokenState};
use asl_engine::{Outcome, Work};
use asl_runtime::{ActivityTask, CallbackStore, Host, Signals, TaskError, Text};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What is the matter with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TokenFault {
    /// There never was such a task.
    Unknown,
    /// The task is over.
    Over,
    /// It is unknown at the moment, for this reason.
    Unreadable(String),
}

/// Where results for tokens come in, and workers ask for work. A clone is the same place.
#[derive(Clone)]
pub(crate) struct Tokens {
    inner: Arc<Inner>,
}

/// Whether there is an activity with this ARN.
pub(crate) type HasActivity = Arc<dyn Fn(&str) -> bool + Send + Sync>;

struct Inner {
    folder: Folder,
    /// By the ARNs of the activities.
    work: Mutex<HashMap<Text, VecDeque<ActivityTask>>>,
    /// Told when an activity has work.
    has_work: Notify,
    has_activity: HasActivity,
}

impl Tokens {
    pub(super) fn new(folder: Folder, has_activity: HasActivity) -> Self {
        let inner = Inner { folder, work: Mutex::default(), has_work: Notify::new(), has_activity };
        Self { inner: Arc::new(inner) }
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Text, VecDeque<ActivityTask>>> {
        self.inner.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the task of a token can be ended.
    pub(crate) async fn check(&self, token: &str) -> Result<(), TokenFault> {
        match self.inner.folder.token(token).await {
            Ok(TokenState::Waits) => Ok(()),
            Ok(TokenState::Over) => Err(TokenFault::Over),
            Ok(TokenState::Unknown) => Err(TokenFault::Unknown),
            Err(error) => Err(TokenFault::Unreadable(error.to_string())),
        }
    }

    /// Tells the task of a token something: that it is alive, its result. When that is answered it is on the disk.
    pub(super) async fn signal(
        &self,
        host: &Arc<dyn Host>,
        token: &str,
        outcome: Outcome,
    ) -> Result<(), TokenFault> {
        self.check(token).await?;
        match self.inner.folder.signal(host, token, outcome).await {
            Some(true) => Ok(()),
            // It was waited for, and is not any more.
            Some(false) | None => Err(TokenFault::Over),
        }
    }

    /// Waits for work of an activity, and takes it.
    pub(super) async fn work(
        &self,
        host: &Arc<dyn Host>,
        activity: &str,
        worker_name: Option<&str>,
    ) -> ActivityTask {
        loop {
            let mut has_work = std::pin::pin!(self.inner.has_work.notified());
            // Work that comes between the look at the queue and the wait is heard of.
            has_work.as_mut().enable();
            while let Some(task) = self.take(activity) {
                let started = Outcome::Started { worker_name: worker_name.map(Text::from) };
                let mut taken = Taken { tokens: self, activity, task: Some(task) };
                if let Some(task) = &taken.task
                    && self.inner.folder.signal(host, &task.task_token, started).await == Some(true)
                    && let Some(task) = taken.task.take()
                {
                    return task;
                }
                // Its execution has gone on without it.
                taken.task = None;
            }
            has_work.await;
        }
    }

    /// How many tasks wait for a worker of an activity.
    pub(super) fn waiting_for(&self, activity: &str) -> usize {
        let queues = self.queues();
        let queue = queues.get(activity);
        queue.map_or(0, |queue| {
            queue.iter().filter(|task| self.inner.folder.waits_for(&task.task_token)).count()
        })
    }

    /// Takes work whose task still waits for it.
    fn take(&self, activity: &str) -> Option<ActivityTask> {
        let mut queues = self.queues();
        let queue = queues.get_mut(activity)?;
        std::iter::from_fn(|| queue.pop_front()).find(|task| self.inner.folder.waits_for(&task.task_token))
    }
}

/// Work that is about to be handed out: the worker that asked for it may go while that is written down, and then it is there for others.
struct Taken<'t> {
    tokens: &'t Tokens,
    activity: &'t str,
    task: Option<ActivityTask>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            self.tokens.queues().entry(self.activity.into()).or_default().push_front(task);
            self.tokens.inner.has_work.notify_waiters();
        }
    }
}

impl CallbackStore for Tokens {
    fn register(&self, _: &Text, _: Signals) {
        // The folder knows who waits.
    }

    fn forget(&self, _: &Text) {
        // The folder knows that, too.
    }

    fn schedule(&self, work: Work) -> Result<(), TaskError> {
        let Work { activity, task_token, input, .. } = work;
        if !(self.inner.has_activity)(&activity) {
            return Err(TaskError::runtime(format!("The activity {activity} does not exist.")));
        }
        self.queues().entry(activity).or_default().push_back(ActivityTask { task_token, input });
        self.inner.has_work.notify_waiters();
        Ok(())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who has a token can end its task.
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}
