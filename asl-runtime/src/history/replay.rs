//! A host that answers every task from a recording, on its own clock: the same execution again, in no time.

use super::recording::{Answer, RecordedTask, Recording};
use super::{History, links, tokens};
use crate::callback::{CallbackStore, Callbacks};
use crate::execution::Launch;
use crate::host::{Clock, Host, Identity, VirtualClock};
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use crate::map_run::store::{ObjectStore, Objects};
use crate::shell::{Compiled, Machine, Stop};
use asl_engine::context::ExecutionContext;
use asl_engine::error::{ExecutionError, TaskError};
use asl_engine::history::{Event, Observer};
use asl_engine::limits::Limits;
use asl_engine::machine::StateMachine;
use asl_engine::random::{STEP, mix, uuid_of};
use asl_engine::resource::Resource;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};
use futures_util::future::{Either, join_all, select};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::future::pending;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Longer than anything waits.
const NEVER: Duration = Duration::from_secs(100 * 366 * 86400);

/// Runs a machine as a recorded execution ran: its tasks get the recorded answers, at the recorded times.
///
/// An answer is found by the state that asks, the iteration around it and the parameters; where a state asks more than once, its
/// answers come in their order.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{Recorded, InMemory, Recording, Replay, Value, VirtualClock};
///
/// // An execution that was recorded here, or on AWS, whose `get-execution-history` prints the same.
/// let host = InMemory::with_clock(VirtualClock::default())
///     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async { Ok("paid") });
/// let host = Recorded::new(host);
/// order::run(&host, Value::empty_object()).await?;
/// let history = host.history().to_json(&host.history().executions()[0]);
///
/// let replayed = Replay::new(Recording::new(&history)).run::<order::Machine>().await;
/// assert_eq!(replayed.result?.to_string(), r#"{"receipt":"paid"}"#);
/// assert!(replayed.unanswered.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Replay {
    inner: Arc<Inner>,
    is_express: bool,
    is_synchronous: bool,
    execution_arn: Option<Text>,
}

struct Inner {
    recording: Recording,
    /// The tasks that nothing has asked for yet.
    open: Mutex<Vec<RecordedTask>>,
    /// The task tokens of now, with those that were recorded.
    tokens: Mutex<Vec<(Text, Text)>>,
    /// The states whose tasks have no answer in the recording.
    unanswered: Mutex<BTreeSet<Text>>,
    start: Timestamp,
    virtual_clock: VirtualClock,
    clock: Clock,
    identity: Identity,
    callbacks: Callbacks,
    history: History,
    objects: Objects,
    chance: AtomicU64,
}

/// What came of a replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// The output, or how the execution failed.
    pub result: Result<Value, ExecutionError>,
    /// What happened.
    pub events: Vec<Event>,
    /// The states whose tasks have no answer in the recording: those of child executions, which have separate histories. They got `null`.
    pub unanswered: Vec<Text>,
}

impl Replay {
    /// A host for one execution.
    #[must_use]
    pub fn new(recording: Recording) -> Self {
        let clock = recording.start.map_or_else(VirtualClock::default, VirtualClock::new);
        let inner = Inner {
            open: Mutex::new(recording.tasks.clone()),
            tokens: Mutex::default(),
            unanswered: Mutex::default(),
            start: clock.now(),
            clock: Clock::Virtual(clock.clone()),
            virtual_clock: clock,
            identity: identity(&recording),
            callbacks: Callbacks::with_all_activities(),
            history: History::default(),
            objects: Objects::new(),
            chance: AtomicU64::new(0),
            recording,
        };
        Self { inner: Arc::new(inner), is_express: false, is_synchronous: false, execution_arn: None }
    }

    /// The execution is an Express one, which shows in its ARN.
    #[must_use]
    pub fn express(mut self) -> Self {
        self.is_express = true;
        self
    }

    /// Its end was waited for by `StartSyncExecution`: it has no `$$.Execution.RedriveCount`.
    #[must_use]
    pub const fn synchronous(mut self) -> Self {
        self.is_synchronous = true;
        self
    }

    /// The ARN that the execution had, which a history does not hold: `$$.Execution` and `$$.StateMachine` are as they were then. What is
    /// no ARN of an execution changes nothing.
    #[must_use]
    pub fn execution_arn(mut self, arn: &str) -> Self {
        self.execution_arn = Some(arn.into());
        self
    }

    /// The objects that an `ItemReader` finds, and a `ResultWriter` writes. There are none at first: a history does not hold them.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/prices.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{Recording, Replay, Value};
    ///
    /// let replay = Replay::new(Recording::new(&Value::Null));
    /// replay.objects().insert("shop", "items.json", "[]");
    /// let replayed = replay.run::<prices::Machine>().await;
    /// assert_eq!(replayed.result?.to_string(), "[]");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn objects(&self) -> &Objects {
        &self.inner.objects
    }

    /// Runs the execution with the recorded input, and stops it if it was stopped when it was recorded.
    pub async fn run<M: StateMachine>(self) -> Replayed {
        self.run_on(&Compiled::of::<M>()).await
    }

    /// The same on a machine, wherever it runs.
    pub async fn run_on(self, machine: &dyn Machine) -> Replayed {
        let launch = Launch::new(&self, machine, None, self.inner.recording.input.clone(), None);
        let launch = launch.change(|context| self.name(context));
        let name = launch.context().name.clone();
        let execution = launch.shell(&self, Some(Box::pin(self.stopped())));
        let result = self.inner.virtual_clock.drive(self.beside_workers(execution)).await;
        let mut events = self.inner.history.take(&name);
        if let Some(recorded) = self.inner.recording.recorded {
            links::as_of(recorded, &mut events);
        }
        let tokens = self.inner.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        events.iter_mut().for_each(|event| tokens::put_back(&tokens, event));
        let unanswered = self.inner.unanswered.lock().unwrap_or_else(PoisonError::into_inner);
        Replayed { result, events, unanswered: unanswered.iter().cloned().collect() }
    }

    /// The names that the execution had.
    fn name(&self, context: &mut ExecutionContext) {
        context.is_synchronous = self.is_synchronous;
        if let Some(arn) = &self.execution_arn {
            name_by_arn(context, arn);
        } else if self.is_express {
            let Identity { region, account, .. } = &self.inner.identity;
            let id = uuid_of([self.chance(), self.chance()]);
            let (machine, name) = (&context.state_machine_name, &context.name);
            context.id = format!("arn:aws:states:{region}:{account}:express:{machine}:{name}:{id}").into();
        }
    }

    async fn beside_workers<T>(&self, execution: impl Future<Output = T>) -> T {
        let workers = async {
            self.work().await;
            pending::<Infallible>().await
        };
        match select(pin!(execution), pin!(workers)).await {
            Either::Left((output, _)) => output,
            Either::Right((never, _)) => match never {},
        }
    }

    async fn stopped(&self) -> Stop {
        let Some(aborted) = &self.inner.recording.aborted else { return pending().await };
        self.until(aborted.after).await;
        (aborted.error.clone(), aborted.cause.clone())
    }

    /// Waits for a moment by its distance from the start of the execution.
    async fn until(&self, after: Duration) {
        let passed = self.inner.virtual_clock.now().since(self.inner.start);
        self.inner.virtual_clock.sleep(after.saturating_sub(passed)).await;
    }

    /// Takes the recorded task that fits best: of the same state and iteration, with the same parameters if there is one.
    fn take(&self, task: &Invocation) -> Option<RecordedTask> {
        let mut open = self.inner.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_state = |recorded: &RecordedTask| {
            recorded
                .state
                .as_ref()
                .map_or_else(|| is_resource(recorded, task.resource()), |state| state == task.state())
        };
        let of_iteration =
            |recorded: &RecordedTask| recorded.state.is_none() || recorded.iteration == task.iteration();
        let same_parameters = |recorded: &RecordedTask| {
            recorded.parameters.as_ref().is_some_and(|parameters| match task.task_token() {
                Some(token) => tokens::same(task.parameters(), parameters, token),
                None => parameters == task.parameters(),
            })
        };
        let place = open
            .iter()
            .position(|recorded| of_state(recorded) && of_iteration(recorded) && same_parameters(recorded))
            .or_else(|| open.iter().position(|recorded| of_state(recorded) && of_iteration(recorded)))
            .or_else(|| open.iter().position(of_state))?;
        let recorded = open.remove(place);
        self.note_token(task, &recorded);
        Some(recorded)
    }

    /// Takes note of the token that a task had when it was recorded.
    fn note_token(&self, task: &Invocation, recorded: &RecordedTask) {
        let (Some(token), Some(parameters)) = (task.task_token(), &recorded.parameters) else { return };
        if let Some(other) = tokens::recorded(task.parameters(), parameters, token) {
            let mut tokens = self.inner.tokens.lock().unwrap_or_else(PoisonError::into_inner);
            tokens.push((token.clone(), other));
        }
    }

    /// What a task gets that was not recorded. The tasks of child executions are in their histories, not in this one: their result is null.
    fn not_recorded(&self, state: &str) -> Result<Value, TaskError> {
        let Recording { tasks, has_map_run, .. } = &self.inner.recording;
        let is_known = tasks.iter().any(|task| task.state.as_ref().is_none_or(|name| name == state));
        if *has_map_run && !is_known {
            let mut unanswered = self.inner.unanswered.lock().unwrap_or_else(PoisonError::into_inner);
            unanswered.insert(state.into());
            return Ok(Value::Null);
        }
        Err(TaskError::runtime("the recording has no answer for this task"))
    }

    /// Ends the task with this token as it was recorded. A task that timed out receives nothing.
    fn send(&self, token: &str, answer: Option<Answer>) {
        // What waited may have gone on without an answer, which shows in the events.
        let _ = match answer {
            Some(Answer::Succeeded(output)) => self.inner.callbacks.send_task_success(token, output),
            Some(Answer::Failed { error, cause }) => {
                self.inner.callbacks.send_task_failure(token, failure(error, cause))
            }
            Some(Answer::TimedOut) | None => Ok(()),
        };
    }

    async fn answer(&self, recorded: RecordedTask, token: Option<Text>) -> Result<Value, TaskError> {
        let RecordedTask { submitted, answer, after, .. } = recorded;
        self.until(after).await;
        if let (Some(submitted), Some(token)) = (submitted, token) {
            // The result comes in as soon as the task waits for it.
            self.send(&token, answer);
            return Ok(submitted);
        }
        match answer {
            Some(Answer::Succeeded(output)) => Ok(output),
            Some(Answer::Failed { error, cause }) => Err(failure(error, cause)),
            Some(Answer::TimedOut) | None => {
                self.inner.virtual_clock.sleep(NEVER).await;
                Err(TaskError::runtime("the recorded task had no end, and nothing ended it now"))
            }
        }
    }

    /// Does the work of all activities, as their workers did.
    async fn work(&self) {
        let arns: BTreeSet<&Text> = self
            .inner
            .recording
            .tasks
            .iter()
            .map(|task| &task.resource)
            .filter(|arn| is_activity(arn))
            .collect();
        join_all(arns.into_iter().map(|arn| self.work_on(arn))).await;
    }

    async fn work_on(&self, arn: &Text) {
        let recorded = self.inner.recording.tasks.iter().filter(|task| task.resource == *arn);
        for task in recorded.filter(|task| task.worker_name.is_some()) {
            let worker_name = task.worker_name.as_deref().filter(|name| !name.is_empty());
            let work = self.inner.callbacks.activity_task(arn, worker_name).await;
            self.until(task.after).await;
            self.send(&work.task_token, task.answer.clone());
        }
    }
}

/// Who the recorded execution was, as far as its history says so.
/// `arn:aws:states:us-east-1:123456789012:execution:Order:A-1`; an Express execution has its own number at the end.
fn name_by_arn(context: &mut ExecutionContext, arn: &str) {
    let parts: Vec<_> = arn.split(':').collect();
    let &["arn", partition, service, region, account, kind, machine, name, ..] = parts.as_slice() else {
        return;
    };
    if service != "states" || !matches!(kind, "execution" | "express") {
        return;
    }
    context.id = arn.into();
    context.name = name.into();
    context.state_machine_id =
        format!("arn:{partition}:states:{region}:{account}:stateMachine:{machine}").into();
    context.state_machine_name = machine.into();
}

fn identity(recording: &Recording) -> Identity {
    let mut identity = Identity::default();
    if let Some(region) = &recording.region {
        identity.region = region.clone();
    }
    if let Some(account) = &recording.account {
        identity.account = account.clone();
    }
    if let Some(role_arn) = &recording.role_arn {
        identity.role_arn = role_arn.clone();
    }
    identity
}

/// Whether a task that was recorded without its state used this resource.
fn is_resource(recorded: &RecordedTask, arn: &str) -> bool {
    match Resource::parse(arn) {
        Resource::Service { action, .. } => recorded.resource == action,
        Resource::Lambda | Resource::Activity | Resource::Other => recorded.resource == arn,
    }
}

fn is_activity(arn: &str) -> bool {
    arn.contains(":activity:")
}

fn failure(error: Text, cause: Option<String>) -> TaskError {
    match cause {
        Some(cause) => TaskError::new(error, cause),
        None => TaskError::named(error),
    }
}

impl Host for Replay {
    fn handle(&self) -> Arc<dyn Host> {
        Arc::new(self.clone())
    }

    fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        let recorded = self.take(&invocation);
        if let Some(answer) = recorded.as_ref().and_then(|recorded| recorded.submitted.clone()) {
            invocation.submitted(answer);
        }
        Box::pin(async move {
            match recorded {
                Some(recorded) => self.answer(recorded, invocation.task_token().cloned()).await,
                None => self.not_recorded(invocation.state()),
            }
        })
    }

    fn chance(&self) -> u64 {
        mix(self.inner.chance.fetch_add(STEP, Ordering::Relaxed))
    }

    /// Those of AWS, where the recording comes from.
    fn limits(&self) -> Limits {
        Limits::aws()
    }

    /// What AWS refused: a task of the state that ended the execution, when none was recorded for it.
    fn refusals(&self) -> Vec<(Text, String)> {
        let Recording { tasks, refused, .. } = &self.inner.recording;
        let is_known = |state: &Text| tasks.iter().any(|recorded| recorded.state.as_ref() == Some(state));
        let refused = refused.iter().filter(|refused| !is_known(&refused.state));
        refused.map(|refused| (refused.state.clone(), refused.reason.clone())).collect()
    }

    fn callback_store(&self) -> &dyn CallbackStore {
        &self.inner.callbacks
    }

    fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Some(&self.inner.history)
    }

    fn object_store(&self) -> Option<&dyn ObjectStore> {
        Some(&self.inner.objects)
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay").field("recording", &self.inner.recording).finish_non_exhaustive()
    }
}
