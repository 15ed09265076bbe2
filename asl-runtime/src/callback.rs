//! Work that is done outside: task tokens, and activities (AWS, "Wait for a Callback with Task Token", "Activities").
//!
//! A token is known from before its task is passed on until the task is over, so that a result can come at once and none comes
//! too late unseen.

use crate::shell::mailbox::Signals;
use asl_engine::Work;
use asl_engine::error::TaskError;
use asl_value::{Text, Value};
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Where a host keeps the tokens of tasks, and the work of activities.
///
/// [`Callbacks`] does it in memory.
pub trait CallbackStore: Send + Sync {
    /// Makes a token known: what comes in for it goes to the signals.
    fn register(&self, task_token: &Text, signals: Signals);

    /// Forgets a token: its task is over.
    fn forget(&self, task_token: &Text);

    /// Puts work where the workers of an activity find it.
    ///
    /// # Errors
    /// There is no such activity.
    fn schedule(&self, work: Work) -> Result<(), TaskError>;
}

/// Where results of callbacks and activities are sent to, and activities ask for work. A clone is the same place.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/approve.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{InMemory, TaskError};
///
/// let arn = "arn:aws:states:us-east-1:123456789012:activity:Approve";
/// let host = InMemory::new().activity(arn);
/// let execution = approve::start(&host, "a new desk");
///
/// // What a worker does, in another task or another program:
/// let work = host.callbacks().activity_task(arn, None).await;
/// host.callbacks().send_task_heartbeat(&work.task_token)?;
/// host.callbacks().send_task_failure(&work.task_token, TaskError::new("Refused", "too expensive"))?;
///
/// assert_eq!(execution.await.unwrap_err().error(), Some("Refused"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Callbacks {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    tasks: Mutex<HashMap<Text, Signals>>,
    activities: Mutex<Activities>,
    /// Told when an activity has work.
    work: Notify,
}

#[derive(Default)]
struct Activities {
    /// Every ARN is that of an activity.
    any: bool,
    known: HashSet<Text>,
    work: HashMap<Text, VecDeque<ActivityTask>>,
}

/// Work for an activity.
///
/// ```
/// use asl_runtime::ActivityTask;
///
/// let task = ActivityTask { task_token: "secret".into(), input: 7.into() };
/// assert_eq!(format!("{task:?}"), "ActivityTask { input: 7, .. }");
/// ```
#[derive(Clone, PartialEq)]
pub struct ActivityTask {
    /// Says whose result it is. It is a secret.
    pub task_token: Text,
    /// The input.
    pub input: Value,
}

impl fmt::Debug for ActivityTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who has the token can end the task.
        f.debug_struct("ActivityTask").field("input", &self.input).finish_non_exhaustive()
    }
}

/// There is no task with this token: it is over, timed out, or never was.
///
/// ```
/// use asl_runtime::{Callbacks, TaskDoesNotExist};
///
/// assert_eq!(Callbacks::default().send_task_success("no such token", 1), Err(TaskDoesNotExist));
/// ```
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
    /// A place where every ARN is that of an activity.
    pub(crate) fn with_all_activities() -> Self {
        let callbacks = Self::default();
        lock(&callbacks.inner.activities).any = true;
        callbacks
    }

    /// Makes an activity known.
    pub(crate) fn add_activity(&self, arn: Text) {
        lock(&self.inner.activities).known.insert(arn);
    }

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
        let signals = lock(&self.inner.tasks).get(task_token).cloned().ok_or(TaskDoesNotExist)?;
        signals.heartbeat();
        Ok(())
    }

    /// Waits for work for an activity, and takes it (`GetActivityTask`).
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/approve.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::InMemory;
    /// use std::time::Duration;
    ///
    /// let arn = "arn:aws:states:us-east-1:123456789012:activity:Approve";
    /// let host = InMemory::new().activity(arn);
    /// // It waits as long as there is no work: the caller decides for how long.
    /// let work = tokio::time::timeout(Duration::from_millis(1), host.callbacks().activity_task(arn, None)).await;
    /// assert!(work.is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn activity_task(&self, arn: &str, worker_name: Option<&str>) -> ActivityTask {
        loop {
            let work = self.inner.work.notified();
            let task = lock(&self.inner.activities).work.get_mut(arn).and_then(VecDeque::pop_front);
            if let Some(task) = task {
                // Work whose execution has gone on without it is passed over.
                let signals = lock(&self.inner.tasks).get(&task.task_token).cloned();
                if let Some(signals) = signals {
                    signals.started(worker_name.map(Text::from));
                    return task;
                }
                continue;
            }
            work.await;
        }
    }

    fn end(&self, task_token: &str, result: Result<Value, TaskError>) -> Result<(), TaskDoesNotExist> {
        let signals = lock(&self.inner.tasks).remove(task_token).ok_or(TaskDoesNotExist)?;
        signals.ended(result);
        Ok(())
    }
}

impl CallbackStore for Callbacks {
    fn register(&self, task_token: &Text, signals: Signals) {
        lock(&self.inner.tasks).insert(task_token.clone(), signals);
    }

    fn forget(&self, task_token: &Text) {
        lock(&self.inner.tasks).remove(task_token);
    }

    fn schedule(&self, work: Work) -> Result<(), TaskError> {
        let Work { activity, task_token, input, .. } = work;
        let mut activities = lock(&self.inner.activities);
        if !activities.any && !activities.known.contains(&activity) {
            return Err(TaskError::runtime(format!("The activity {activity} does not exist.")));
        }
        activities.work.entry(activity).or_default().push_back(ActivityTask { task_token, input });
        drop(activities);
        self.inner.work.notify_waiters();
        Ok(())
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Tokens are secrets: who has one can end the task.
        f.debug_struct("Callbacks").field("tasks", &lock(&self.inner.tasks).len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::mailbox::Mailbox;
    use asl_engine::{EffectId, Outcome};

    fn signals(visit: u32) -> (Arc<Mailbox>, Signals) {
        let mailbox = Arc::new(Mailbox::default());
        let effect = EffectId { visit, ..EffectId::EXECUTION };
        (Arc::clone(&mailbox), Signals::new(mailbox, effect))
    }

    #[test]
    fn a_token_is_known_until_its_task_is_over() {
        let callbacks = Callbacks::default();
        let (mailbox, signals) = signals(1);
        callbacks.register(&"t".into(), signals.clone());
        callbacks.send_task_heartbeat("t").unwrap();
        callbacks.send_task_success("t", 1).unwrap();
        let mut letters = Vec::new();
        mailbox.take(&mut letters);
        let outcomes: Vec<_> = letters.into_iter().map(|(_, outcome)| outcome).collect();
        assert_eq!(outcomes, [Outcome::Heartbeat, Outcome::Signalled(Ok(Value::from(1)))]);
        assert_eq!(callbacks.send_task_success("t", 2), Err(TaskDoesNotExist));
        callbacks.register(&"u".into(), signals);
        callbacks.forget(&"u".into());
        assert_eq!(callbacks.send_task_heartbeat("u"), Err(TaskDoesNotExist));
        assert_eq!(format!("{callbacks:?}"), "Callbacks { tasks: 0, .. }");
    }

    #[tokio::test]
    async fn activities_get_work_in_order_and_not_what_is_over() {
        let callbacks = Callbacks::default();
        let task = |token: &str| ActivityTask { task_token: token.into(), input: token.into() };
        let work = |token: &str| Work {
            effect: EffectId { visit: 1, ..EffectId::EXECUTION },
            activity: "arn".into(),
            state: "state".into(),
            iteration: None,
            input: token.into(),
            task_token: token.into(),
        };
        assert!(callbacks.schedule(work("lost")).is_err());
        callbacks.add_activity("arn".into());
        let (mailbox, open) = signals(1);
        callbacks.register(&"open".into(), open);
        callbacks.schedule(work("over")).unwrap();
        callbacks.schedule(work("open")).unwrap();
        assert_eq!(callbacks.activity_task("arn", Some("worker")).await, task("open"));
        let started = Outcome::Started { worker_name: Some("worker".into()) };
        let mut letters = Vec::new();
        mailbox.take(&mut letters);
        assert_eq!(letters, [(EffectId { visit: 1, ..EffectId::EXECUTION }, started)]);
        assert!(!format!("{:?}", task("secret")).contains("task_token"));
    }
}
