//! The host whose executions outlive the process.

use crate::error::DurableError;
use crate::executions::{self, Description, Filter, Listed};
use crate::folder::Folder;
use crate::journal::Journal;
use crate::keeper::Keeper;
use crate::parked::Parked;
use crate::redrive;
use crate::replay;
use crate::resume::{Resumed, resume};
use asl_engine::history::{Event, Told};
use asl_engine::{EffectId, Outcome, Timestamp};
use asl_runtime::{
    Around, Compiled, ExecutionError, Host, InMemory, Launch, Machine, StateMachine, TaskDoesNotExist,
    TaskError,
};
use asl_value::{Text, Value};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::AbortHandle;

/// Runs executions so that they outlive the process: a host in the place of [`InMemory`].
///
/// A clone is the same host. It has a separate folder, in which everything is written that executions are told, before anything follows
/// from it. When a program is started again it opens the folder, makes its machines and functions known, and lets everything go on with
/// [`resume`](Self::resume).
///
/// - A state's result is never lost once a later effect has begun, and a task whose result was written down never runs again.
/// - A task that was under way when the process died runs again with the same
///   [idempotency key](asl_runtime::Invocation::idempotency_key); or, where [`once`](Self::once) says so, fails with
///   [`Task.Interrupted`](crate::INTERRUPTED), which `Retry` and `Catch` see.
/// - Waits and retries end at their moment, or at once if that has passed. Tokens that were handed out are still good, and jobs that were
///   submitted are waited for and not started again.
///
/// ```no_run
/// # async fn pay<Pay: asl_runtime::StateMachine>() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_durable::Durable;
/// use asl_runtime::Value;
///
/// let host = Durable::open("data")?
///     .with(|host| host.resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |card: Value| async { Ok(card) }))
///     .machine::<Pay>();
/// let resumed = host.resume().await?;
/// println!("{} executions go on", resumed.running);
/// let output = asl_runtime::run::<Pay>(&host, Value::from(7)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Durable {
    host: InMemory,
    keeper: Arc<Keeper>,
    parked: Arc<Parked>,
    retention: Duration,
    /// What goes on in the background.
    watch: Arc<Mutex<Option<AbortHandle>>>,
}

impl Durable {
    /// Opens a folder, which is made if it is not there. No other process can have it at the same time.
    ///
    /// # Errors
    /// Another process has it, it is of a newer version, or it cannot be read or written.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, DurableError> {
        Self::over(InMemory::new(), folder)
    }

    /// The same, with a host that does the tasks.
    ///
    /// # Errors
    /// As those of [`open`](Self::open).
    pub fn over(host: InMemory, folder: impl Into<PathBuf>) -> Result<Self, DurableError> {
        Ok(Self::on(host, Journal::open(&folder.into())?))
    }

    /// Opens a folder to look at what is in it, even if another process has it: nothing can be started, resumed or stopped.
    ///
    /// # Errors
    /// There is no such folder, or it cannot be read.
    pub fn look(folder: impl Into<PathBuf>) -> Result<Self, DurableError> {
        Ok(Self::on(InMemory::new(), Journal::look(&folder.into())?))
    }

    fn on(host: InMemory, journal: Journal) -> Self {
        let keeper = Arc::new(Keeper::new(journal));
        let begins = Arc::clone(&keeper);
        let host = host.begins(move |host, machine, start, by| begins.start(host, machine, start, by));
        let parked = Arc::new(Parked::new(Arc::clone(&keeper)));
        Self { host, keeper, parked, retention: Folder::RETENTION, watch: Arc::default() }
    }

    /// Changes the host that does tasks: functions, integrations, observers, limits.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(InMemory) -> InMemory) -> Self {
        self.host = change(self.host);
        self
    }

    /// Makes a machine known, so that its executions go on. Machines of older definitions can be known beside the newest.
    #[must_use]
    pub fn machine<M: StateMachine>(self) -> Self {
        self.machine_of(&Compiled::of::<M>())
    }

    /// The same for a machine without its type.
    #[must_use]
    pub fn machine_of(self, machine: &dyn Machine) -> Self {
        self.keeper.know(machine);
        self
    }

    /// A task of this resource, exactly as a definition writes it, is not done again if the process died while it was under way: it fails
    /// with [`Task.Interrupted`](crate::INTERRUPTED).
    #[must_use]
    pub fn once(self, resource: impl Into<String>) -> Self {
        self.keeper.do_once(resource.into());
        self
    }

    /// The same for the tasks of all resources.
    #[must_use]
    pub fn all_once(self) -> Self {
        self.keeper.do_all_once();
        self
    }

    /// An execution that has only waited for so long, for a time or a token, leaves memory until that comes; five seconds by default. It takes less
    /// memory then, and the time to make it again of what is on the disk. None leaves before [`resume`](Self::resume) was called.
    #[must_use]
    pub fn leave_memory_after(self, patience: Duration) -> Self {
        self.parked.set_patience(patience);
        self
    }

    /// For how long executions that have ended are kept; 90 days by default.
    #[must_use]
    pub const fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention;
        self
    }

    /// Lets everything go on that had not ended when the folder was last in use. Called once, when all machines and functions are known.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn resume(&self) -> Result<Resumed, DurableError> {
        let horizon = i64::try_from(self.retention.as_secs()).unwrap_or(i64::MAX);
        let since = Timestamp::new(self.host.clock().now().seconds().saturating_sub(horizon), 0);
        let host: Arc<dyn Host> = Arc::new(self.clone());
        let (_, coming) = resume(&self.keeper, &self.parked, &host, since).await?;
        let resumed = coming.await;
        let watch = tokio::spawn(Arc::clone(&self.parked).watch(host)).abort_handle();
        let before = self.watch.lock().unwrap_or_else(PoisonError::into_inner).replace(watch);
        if let Some(before) = before {
            before.abort();
        }
        Ok(resumed)
    }

    /// Starts an execution in the background: its ARN. The same name and input give the execution that runs already.
    ///
    /// # Errors
    /// There is an execution of this name with another input, or one that has ended; or it cannot be written down.
    pub async fn start_execution(
        &self,
        machine: &dyn Machine,
        arn: Option<&str>,
        name: Option<Text>,
        input: Value,
    ) -> Result<Text, DurableError> {
        let launch = Launch::new(self, machine, arn, input, name);
        let id = launch.context().id.clone();
        if let Some(before) = self.find(&id).await?
            && (before.end.is_some() || before.execution.input != launch.context().input)
        {
            return Err(DurableError::ExecutionAlreadyExists(id));
        }
        if self.keeper.end_of(&id).is_none() {
            self.parked.drive(Arc::new(self.clone()), launch.core(self));
        }
        self.keeper.journal().begun(&id).await?;
        Ok(id)
    }

    /// How an execution ended, once it has.
    ///
    /// # Errors
    /// There is no such execution, or the journal cannot be read.
    pub async fn end(&self, arn: &str) -> Result<Result<Value, ExecutionError>, DurableError> {
        if let Some(end) = self.keeper.end_of(arn) {
            return Ok(end.await);
        }
        match self.describe(arn).await? {
            Description { end: Some((_, result)), .. } => Ok(result),
            Description { end: None, .. } => Err(DurableError::DefinitionUnknown(arn.into())),
        }
    }

    /// Stops an execution (`StopExecution`). One that has ended stays as it is.
    ///
    /// # Errors
    /// There is no such execution, or the journal cannot be read.
    pub async fn stop(
        &self,
        arn: &str,
        error: Option<Text>,
        cause: Option<String>,
    ) -> Result<(), DurableError> {
        let outcome = Outcome::Stopped { error, cause };
        if self.tell(arn, EffectId::EXECUTION, outcome).await.is_none() {
            return self.describe(arn).await.map(drop);
        }
        self.end(arn).await.map(drop)
    }

    /// Lets an execution that has failed, timed out or been stopped go on with what failed in it, and with nothing else (`RedriveExecution`):
    /// when that was. When it is answered, it is on the disk. What it has waited for in vain is done again under another
    /// [idempotency key](asl_runtime::Invocation::idempotency_key).
    ///
    /// # Errors
    /// There is no such execution, or no machine is known that has its definition; it runs, has succeeded, or has ended more than 14 days
    /// ago; it has as many events as it may have; or the journal cannot be read or written.
    pub async fn redrive(&self, arn: &str) -> Result<Timestamp, DurableError> {
        let host: Arc<dyn Host> = Arc::new(self.clone());
        redrive::redrive(&self.keeper, &self.parked, &host, arn, None).await
    }

    /// Ends the task of a token with a result (`SendTaskSuccess`). When that is answered it is on the disk.
    ///
    /// # Errors
    /// There is no such task.
    pub async fn send_task_success(
        &self,
        task_token: &str,
        output: impl Into<Value>,
    ) -> Result<(), TaskDoesNotExist> {
        self.signal(task_token, Outcome::Signalled(Ok(output.into()))).await
    }

    /// Ends the task of a token with an error (`SendTaskFailure`). When that is answered it is on the disk.
    ///
    /// # Errors
    /// There is no such task.
    pub async fn send_task_failure(
        &self,
        task_token: &str,
        error: TaskError,
    ) -> Result<(), TaskDoesNotExist> {
        self.signal(task_token, Outcome::Signalled(Err(error))).await
    }

    /// Says that the task of a token is alive (`SendTaskHeartbeat`).
    ///
    /// # Errors
    /// There is no such task.
    pub async fn send_task_heartbeat(&self, task_token: &str) -> Result<(), TaskDoesNotExist> {
        self.signal(task_token, Outcome::Heartbeat).await
    }

    async fn signal(&self, task_token: &str, outcome: Outcome) -> Result<(), TaskDoesNotExist> {
        let (arn, effect) = self.keeper.find_token(task_token).await.ok_or(TaskDoesNotExist)?;
        if self.tell(&arn, effect, outcome).await == Some(true) { Ok(()) } else { Err(TaskDoesNotExist) }
    }

    /// Tells an execution something: whether it waited for that, if it runs.
    async fn tell(&self, arn: &str, effect: EffectId, outcome: Outcome) -> Option<bool> {
        let host: Arc<dyn Host> = Arc::new(self.clone());
        self.parked.tell(&host, arn, effect, outcome).await
    }

    /// What is known of an execution (`DescribeExecution`).
    ///
    /// # Errors
    /// There is no such execution, or the journal cannot be read.
    pub async fn describe(&self, arn: &str) -> Result<Description, DurableError> {
        self.find(arn).await?.ok_or_else(|| DurableError::ExecutionDoesNotExist(arn.into()))
    }

    async fn find(&self, arn: &str) -> Result<Option<Description>, DurableError> {
        self.settle().await;
        Ok(self.keeper.journal().find(arn)?.map(Description::of))
    }

    /// The executions there are (`ListExecutions`), the newest first, without the children of Map Runs.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn list(&self, filter: &Filter) -> Result<Vec<Listed>, DurableError> {
        self.settle().await;
        executions::list(self.keeper.journal(), filter)
    }

    /// The text of the definition that an execution began with (`DescribeStateMachineForExecution`).
    ///
    /// # Errors
    /// There is no such execution, or the journal cannot be read.
    pub async fn definition(&self, arn: &str) -> Result<Text, DurableError> {
        self.settle().await;
        let text = executions::definition(self.keeper.journal(), arn)?;
        text.ok_or_else(|| DurableError::ExecutionDoesNotExist(arn.into()))
    }

    /// The names and texts of the definitions that executions began with which have not ended, or `of_all` executions.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn definitions(&self, of_all: bool) -> Result<Vec<(Text, Text)>, DurableError> {
        self.settle().await;
        executions::definitions(self.keeper.journal(), of_all)
    }

    /// The ARNs of the executions that have not ended, and began with another definition of a machine than this: a program that has only
    /// this one lets them wait for their version.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn stranded(&self, machine: &str, definition: &str) -> Result<Vec<Text>, DurableError> {
        self.settle().await;
        executions::stranded(self.keeper.journal(), machine, definition)
    }

    /// What has happened in an execution (`GetExecutionHistory`), computed from what it was told. Of one that is longer than AWS allows
    /// the oldest events are gone.
    ///
    /// # Errors
    /// There is no such execution, no machine is known that has its definition, or the journal cannot be read.
    pub async fn history(&self, arn: &str) -> Result<Vec<Event>, DurableError> {
        self.settle().await;
        let known = self.keeper.journal().find(arn)?;
        let known = known.ok_or_else(|| DurableError::ExecutionDoesNotExist(arn.into()))?;
        let told = replay::history(&self.keeper, known).await?;
        Ok(told.into_iter().filter_map(Told::into_event).collect())
    }

    /// Where results of callbacks are sent to, and workers ask for the tasks of activities.
    #[must_use]
    pub fn callbacks(&self) -> &asl_runtime::Callbacks {
        self.host.callbacks()
    }

    /// The host that does the tasks. What is started on it is kept as well.
    #[must_use]
    pub const fn in_memory(&self) -> &InMemory {
        &self.host
    }

    /// How many executions run here now, those that wait included.
    #[must_use]
    pub fn running(&self) -> usize {
        self.keeper.running().0
    }

    /// How many of them do more than wait for a time or a token.
    #[must_use]
    pub fn at_work(&self) -> usize {
        self.keeper.running().1
    }

    /// How many executions wait of which nothing is in memory.
    #[must_use]
    pub fn parked(&self) -> usize {
        self.parked.len()
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.keeper.journal().folder()
    }

    /// Why nothing can be written at the moment, if that is so: executions wait until it can.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        self.keeper.journal().fault()
    }

    /// Lets everything be written that was said before. While that cannot be, what is on the disk already can still be read.
    async fn settle(&self) {
        drop(self.synced().await);
    }

    /// Good when everything is on the disk that was said before.
    ///
    /// # Errors
    /// It cannot be written.
    pub async fn synced(&self) -> Result<(), DurableError> {
        self.keeper.journal().sync().await
    }
}

impl Around for Durable {
    type Host = InMemory;

    fn host(&self) -> &InMemory {
        &self.host
    }
}

impl std::fmt::Debug for Durable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Durable").field("folder", &self.folder()).finish_non_exhaustive()
    }
}
