//! What a host is asked to do: a task, and all that is known about it.

use crate::exchange::Exchange;
use crate::shell::mailbox::Reports;
use asl_engine::context::ExecutionContext;
use asl_engine::generated::action::{Action, Job};
use asl_engine::resource::Pattern;
use asl_engine::task::Task;
use asl_engine::{EffectId, LaneAddress, Outcome, Perform, Shared, Work};
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use std::sync::Arc;
use std::time::Duration;

/// A task that a host is asked to do. A clone is the same task.
///
/// ```
/// use asl_runtime::{Invocation, Value};
///
/// let invocation = Invocation::new("arn:aws:states:::sqs:sendMessage", Value::from(7));
/// assert_eq!(invocation.resource(), "arn:aws:states:::sqs:sendMessage");
/// assert_eq!(invocation.parameters(), &Value::from(7));
/// ```
#[derive(Clone)]
pub struct Invocation {
    execution: Shared<ExecutionContext>,
    perform: Shared<Perform>,
    action: Option<&'static Action>,
    job: Option<&'static Job>,
    reports: Option<Arc<dyn Reports>>,
    exchange: Option<Exchange>,
}

impl Invocation {
    /// A task without an execution that waits for it: for tests of what does tasks.
    #[must_use]
    pub fn new(resource: impl Into<Text>, parameters: impl Into<Value>) -> Self {
        Self::alone(Task::new(resource, parameters.into()))
    }

    /// A task for a worker of an activity.
    pub(crate) fn of_work(work: &Work) -> Self {
        let Self { execution, perform, .. } = Self::new(work.activity.clone(), work.input.clone());
        let perform = Perform {
            effect: work.effect.clone(),
            state: work.state.clone(),
            iteration: work.iteration,
            task_token: Some(work.task_token.clone()),
            ..Perform::clone(&perform)
        };
        Self::of(execution, Shared::new(perform))
    }

    /// A task by itself, as [`new`](Self::new).
    #[doc(hidden)]
    #[must_use]
    pub fn alone(task: Task) -> Self {
        let pattern = asl_engine::resource::Resource::parse(&task.resource).pattern();
        let execution = ExecutionContext {
            id: Text::new_static("arn:aws:states:local:000000000000:execution:alone:alone").into(),
            name: Text::new_static("alone").into(),
            input: Value::Null,
            role_arn: Text::new_static("arn:aws:iam::000000000000:role/local"),
            start_time: Timestamp::new(0, 0),
            state_machine_id: Text::new_static("arn:aws:states:local:000000000000:stateMachine:alone"),
            state_machine_name: Text::new_static("alone"),
            redrive: None,
            is_synchronous: false,
        };
        let perform = Perform {
            effect: EffectId { lane: LaneAddress::ROOT, visit: 1, attempt: 0 },
            state_id: 0,
            state: Text::new_static("alone"),
            iteration: None,
            task,
            pattern,
            task_token: None,
            submitted: None,
        };
        Self::of(Shared::new(execution), Shared::new(perform))
    }

    /// A task that an execution wants to be done. What it says of itself while it is done, [`reports`](Self::reporting_to) take.
    #[doc(hidden)]
    #[must_use]
    pub const fn of(execution: Shared<ExecutionContext>, perform: Shared<Perform>) -> Self {
        Self { execution, perform, action: None, job: None, reports: None, exchange: None }
    }

    /// The same with a receiver for the start of its job and its heartbeats.
    #[doc(hidden)]
    #[must_use]
    pub fn reporting_to(mut self, reports: Arc<dyn Reports>) -> Self {
        self.reports = Some(reports);
        self
    }

    fn report(&self, outcome: Outcome) {
        if let Some(reports) = &self.reports {
            reports.report(self.effect(), outcome);
        }
    }

    /// The same with how the action is sent that its resource names, and how its job is waited for.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_action(mut self, action: Option<&'static Action>, job: Option<&'static Job>) -> Self {
        self.action = action;
        self.job = job;
        self
    }

    /// The same with a recorder of what is sent and received, if it is an HTTP task.
    #[doc(hidden)]
    #[must_use]
    pub fn with_exchange(mut self, exchange: Option<Exchange>) -> Self {
        self.exchange = exchange;
        self
    }

    /// Who sees what is sent and what comes.
    #[cfg(feature = "http")]
    pub(crate) const fn exchange(&self) -> Option<&Exchange> {
        self.exchange.as_ref()
    }

    /// Whose task it is.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Invocation, Value, VirtualClock};
    ///
    /// let host = InMemory::with_clock(VirtualClock::default()).function(
    ///     "arn:aws:lambda:us-east-1:123456789012:function:Charge",
    ///     |invocation: Invocation| async move { Ok(invocation.execution().state_machine_name.clone()) },
    /// );
    /// assert_eq!(order::run(&host, Value::empty_object()).await?.to_string(), r#"{"receipt":"order"}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn execution(&self) -> &ExecutionContext {
        &self.execution
    }

    /// Its name within the execution, the same in every replay.
    #[must_use]
    pub fn effect(&self) -> &EffectId {
        &self.perform.effect
    }

    /// How often the state has been tried again, from 0.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Invocation, TaskError, Value, VirtualClock};
    ///
    /// let host = InMemory::with_clock(VirtualClock::default()).function(
    ///     "arn:aws:lambda:us-east-1:123456789012:function:Charge",
    ///     |invocation: Invocation| async move {
    ///         match invocation.attempt() {
    ///             0 => Err(TaskError::new("GatewayBusy", "try again")),
    ///             attempt => Ok(attempt),
    ///         }
    ///     },
    /// );
    /// assert_eq!(order::run(&host, Value::empty_object()).await?.to_string(), r#"{"receipt":1}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.perform.effect.attempt
    }

    /// The name of the state that asks for it.
    #[must_use]
    pub fn state(&self) -> &Text {
        &self.perform.state
    }

    /// The number of the iteration of the Map around it, from 0.
    #[must_use]
    pub fn iteration(&self) -> Option<usize> {
        self.perform.iteration
    }

    /// `Resource`, as written in the definition.
    ///
    /// ```
    /// use asl_runtime::Invocation;
    ///
    /// let invocation = Invocation::new("arn:aws:states:::sqs:sendMessage", ());
    /// assert!(invocation.resource().ends_with(":sendMessage"));
    /// ```
    #[must_use]
    pub fn resource(&self) -> &Text {
        &self.perform.task.resource
    }

    /// What `Parameters` or `Arguments` gave, or the effective input where there are none.
    ///
    /// ```
    /// use asl_runtime::{Invocation, Value};
    ///
    /// let invocation = Invocation::new("arn:aws:states:::sqs:sendMessage", Value::from("hello"));
    /// assert_eq!(invocation.parameters().as_str(), Some("hello"));
    /// ```
    #[must_use]
    pub fn parameters(&self) -> &Value {
        &self.perform.task.parameters
    }

    /// How long it may take. The execution sees to it.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.perform.task.timeout
    }

    /// How long it may be silent. The execution sees to it; [`heartbeat`](Self::heartbeat) says that it is alive.
    #[must_use]
    pub fn heartbeat_interval(&self) -> Option<Duration> {
        self.perform.task.heartbeat
    }

    /// What `Credentials` gave.
    #[must_use]
    pub fn credentials(&self) -> Option<&Value> {
        self.perform.task.credentials.as_ref()
    }

    /// When it is over.
    ///
    /// ```
    /// use asl_runtime::{Invocation, Pattern};
    ///
    /// let invocation = Invocation::new("arn:aws:states:::glue:startJobRun.sync", ());
    /// assert_eq!(invocation.pattern(), Pattern::Sync);
    /// ```
    #[must_use]
    pub fn pattern(&self) -> Pattern {
        self.perform.pattern
    }

    /// The token that ends it, where the pattern is `.waitForTaskToken`. It is a secret.
    ///
    /// ```
    /// use asl_runtime::Invocation;
    ///
    /// // Only a task whose resource ends in `.waitForTaskToken` has one.
    /// assert_eq!(Invocation::new("arn:aws:states:::sqs:sendMessage", ()).task_token(), None);
    /// ```
    #[must_use]
    pub fn task_token(&self) -> Option<&Text> {
        self.perform.task_token.as_ref()
    }

    /// How the action is sent that the resource names, if it is one of an AWS service.
    #[doc(hidden)]
    #[must_use]
    pub const fn action(&self) -> Option<&'static Action> {
        self.action
    }

    /// How the end of the job is waited for that the action starts, if the pattern is `.sync`.
    #[doc(hidden)]
    #[must_use]
    pub const fn job(&self) -> Option<&'static Job> {
        self.job
    }

    /// What the service answered when the job was started, where that was before a crash: the end of that job is to be waited for, and
    /// none is to be started.
    #[must_use]
    pub fn submitted_before(&self) -> Option<&Value> {
        self.perform.submitted.as_ref()
    }

    /// A name that is the same whenever this attempt is done again, and that of no other: for services that do the same thing once.
    ///
    /// It has 64 hexadecimal digits.
    ///
    /// ```
    /// use asl_runtime::Invocation;
    ///
    /// let invocation = Invocation::new("arn:aws:states:::http:invoke", ());
    /// assert_eq!(invocation.idempotency_key().len(), 64);
    /// assert_eq!(invocation.idempotency_key(), invocation.clone().idempotency_key());
    /// ```
    #[must_use]
    pub fn idempotency_key(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.execution.id.as_bytes());
        hash.update([0]);
        hash.update(self.perform.effect.to_string().as_bytes());
        let mut key = String::with_capacity(64);
        for byte in hash.finalize() {
            // Writing to a text does not fail.
            let _ = write!(key, "{byte:02x}");
        }
        key
    }

    /// The same as a UUID, for services that want one.
    ///
    /// ```
    /// use asl_runtime::Invocation;
    ///
    /// assert_eq!(Invocation::new("arn:aws:states:::http:invoke", ()).idempotency_uuid().len(), 36);
    /// ```
    #[must_use]
    pub fn idempotency_uuid(&self) -> Text {
        let key = self.idempotency_key();
        let number = |place: usize| {
            let digits = key.get(place..place + 16).unwrap_or_default();
            u64::from_str_radix(digits, 16).unwrap_or_default()
        };
        asl_engine::random::uuid_of([number(0), number(16)])
    }

    /// Says that a job was started, and what the service answered, before it has ended: the pattern `.sync`.
    pub fn submitted(&self, answer: Value) {
        self.report(Outcome::Submitted(answer));
    }

    /// Says that the task is alive.
    ///
    /// ```
    /// use asl_runtime::{InMemory, Invocation, TaskError};
    ///
    /// async fn copy(invocation: Invocation) -> Result<u32, TaskError> {
    ///     let mut pieces = 0;
    ///     while pieces < 10 {
    ///         pieces += 1;
    ///         // Without it, a task with `HeartbeatSeconds` would time out.
    ///         invocation.heartbeat();
    ///     }
    ///     Ok(pieces)
    /// }
    ///
    /// let host = InMemory::new().function("arn:aws:lambda:us-east-1:123456789012:function:Copy", copy);
    /// ```
    pub fn heartbeat(&self) {
        self.report(Outcome::Heartbeat);
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither parameters nor tokens, which may be secrets.
        f.debug_struct("Invocation")
            .field("execution", &self.execution.name)
            .field("effect", &format_args!("{}", self.perform.effect))
            .field("state", &self.perform.state)
            .field("resource", &self.perform.task.resource)
            .finish_non_exhaustive()
    }
}
