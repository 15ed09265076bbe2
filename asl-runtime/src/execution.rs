//! Starting executions, and the handle to one that runs.

use crate::host::{Clock, Host};
use crate::integration::BoxFuture;
use crate::shell::{Compiled, Core, Local, Machine, Shell, Stop};
use asl_engine::Shared;
use asl_engine::context::{ExecutionContext, Name};
use asl_engine::error::{ExecutionError, Status};
use asl_engine::machine::{State, StateMachine};
use asl_engine::program::{Program, program};
use asl_engine::turn::Pace;
use asl_engine::{Beginning, First, Start};
use asl_value::{IntoValue, JsonError, Text, Value};
use std::fmt;
use std::future::{Future, IntoFuture, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

/// An execution that is about to start: the one way to start any, of a machine that is compiled into this program or not.
///
/// Where the machine is known when a program is compiled, [`run`] and [`start`] are shorter.
///
/// ```
/// # async fn pay<M: asl_runtime::StateMachine>(host: &asl_runtime::InMemory) -> Result<(), asl_runtime::ExecutionError> {
/// use asl_runtime::{Compiled, Launch, Value, drive};
///
/// let machine = Compiled::of::<M>();
/// let launch = Launch::new(host, &machine, None, Value::from(7), Some("first".into()));
/// assert!(launch.context().id.ends_with(":first"));
/// let execution = launch.core(host);
/// println!("{}", drive(host, execution, None).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Launch<'m> {
    machine: &'m dyn Machine,
    context: Shared<ExecutionContext>,
}

impl<'m> Launch<'m> {
    /// An execution of a machine on a host. Without an ARN the machine gets one by its name; without a name the execution gets a new one.
    #[must_use]
    pub fn new(
        host: &dyn Host,
        machine: &'m dyn Machine,
        arn: Option<&str>,
        input: Value,
        name: Option<Text>,
    ) -> Self {
        Self { machine, context: Shared::new(new_context(host, machine.name(), arn, input, name)) }
    }

    /// An execution of a machine with these facts.
    pub(crate) fn of(machine: &'m dyn Machine, context: ExecutionContext) -> Self {
        Self { machine, context: Shared::new(context) }
    }

    /// The facts of the execution.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # fn main() {
    /// use asl_runtime::{Compiled, InMemory, Launch, Value};
    ///
    /// let (host, machine) = (InMemory::new(), Compiled::of::<order::Machine>());
    /// let launch = Launch::new(&host, &machine, None, Value::Null, Some("A-1".into()));
    /// assert_eq!(launch.context().id.to_string(), "arn:aws:states:local:000000000000:execution:order:A-1");
    /// # }
    /// ```
    #[must_use]
    pub fn context(&self) -> &ExecutionContext {
        &self.context
    }

    /// The same with other facts.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # fn main() {
    /// use asl_runtime::{Compiled, InMemory, Launch, Timestamp, Value};
    ///
    /// let (host, machine) = (InMemory::new(), Compiled::of::<order::Machine>());
    /// let launch = Launch::new(&host, &machine, None, Value::Null, None)
    ///     .change(|facts| facts.start_time = Timestamp::new(1_700_000_000, 0));
    /// assert_eq!(launch.context().start_time.to_string(), "2023-11-14T22:13:20.000Z");
    /// # }
    /// ```
    #[must_use]
    pub fn change(mut self, change: impl FnOnce(&mut ExecutionContext)) -> Self {
        change(Shared::make_mut(&mut self.context));
        self
    }

    /// How the execution starts on a host, for callers that begin it themselves.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # fn main() {
    /// use asl_runtime::engine::{Execution, Pace};
    /// use asl_runtime::{Compiled, InMemory, Launch, Value};
    ///
    /// let (host, machine) = (InMemory::new(), Compiled::of::<order::Machine>());
    /// let start = Launch::new(&host, &machine, None, Value::Null, None).start(&host);
    /// let now = start.context.start_time;
    /// let mut execution = Execution::start(machine.0, start);
    /// execution.run(now, &Pace::Endless);
    /// // It wants the task of its first state to be done.
    /// assert_eq!(execution.wants().len(), 1);
    /// # }
    /// ```
    #[must_use]
    pub fn start(self, host: &dyn Host) -> Start {
        start_of(host, self.context)
    }

    /// The execution, for callers that [`drive`] it.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # fn main() {
    /// use asl_runtime::{Compiled, Core, InMemory, Launch, Value};
    ///
    /// let (host, machine) = (InMemory::new(), Compiled::of::<order::Machine>());
    /// let execution = Launch::new(&host, &machine, None, Value::Null, Some("A-1".into())).core(&host);
    /// assert_eq!((execution.context().name.to_string().as_str(), execution.state()), ("A-1", None));
    /// # }
    /// ```
    #[must_use]
    pub fn core(self, host: &dyn Host) -> Box<dyn Core> {
        host.begin(self.machine, start_of(host, self.context), None)
    }

    /// The execution on the host. `stop` ends it.
    pub(crate) fn shell<'h>(self, host: &'h dyn Host, stop: Option<BoxFuture<'h, Stop>>) -> Shell<'h> {
        Shell::new(host, self.core(host)).until(stop)
    }

    /// Runs the execution to its end.
    pub(crate) async fn run(
        self,
        host: &dyn Host,
        stop: Option<BoxFuture<'_, Stop>>,
    ) -> Result<Value, ExecutionError> {
        let execution = self.core(host);
        drive(host, execution, stop).await
    }
}

impl fmt::Debug for Launch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Launch").field("execution", &self.context.id).finish_non_exhaustive()
    }
}

/// Drives an execution to its end: does what it wants, on a host. `stop` ends it before that.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{Compiled, InMemory, Launch, Status, Value, drive};
///
/// let (host, machine) = (InMemory::new(), Compiled::of::<order::Machine>());
/// let execution = Launch::new(&host, &machine, None, Value::Null, None).core(&host);
/// // Something that stops it, such as a signal of the operating system: here at once.
/// let stop = Box::pin(async { (Some("Cancelled".into()), None) });
/// let error = drive(&host, execution, Some(stop)).await.unwrap_err();
/// assert_eq!((error.status(), error.error()), (Status::Aborted, Some("Cancelled")));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The execution failed, timed out or was stopped.
pub async fn drive(
    host: &dyn Host,
    execution: Box<dyn Core>,
    stop: Option<BoxFuture<'_, Stop>>,
) -> Result<Value, ExecutionError> {
    // A future that is passed on takes room wherever it passes through.
    let mut shell = Shell::new(host, execution).until(stop);
    host.clock().drive(&mut shell).await
}

/// How an execution with these facts starts on a host.
pub(crate) fn start_of(host: &dyn Host, context: impl Into<Shared<ExecutionContext>>) -> Start {
    Start {
        limits: host.limits(),
        tells: host.observer().map(asl_engine::history::Observer::needs),
        refusals: host.refusals(),
        ..Start::new(context, host.seed_of_execution())
    }
}

/// The context of a new execution.
fn new_context(
    host: &dyn Host,
    machine: Text,
    arn: Option<&str>,
    input: Value,
    name: Option<Text>,
) -> ExecutionContext {
    let identity = host.identity();
    let (id, name) = match name {
        Some(name) => (identity.arn_of("execution", &[&machine, &name]).into(), name.into()),
        None => {
            let numbers = host.chances();
            (Name::of_chance(numbers).after(host.execution_arns(&machine)), Name::of_chance(numbers))
        }
    };
    ExecutionContext {
        id,
        name,
        input,
        role_arn: identity.role_arn.clone(),
        start_time: host.clock().now(),
        state_machine_id: arn.map_or_else(|| host.state_machine_arn(&machine), Text::from),
        state_machine_name: machine,
        redrive: None,
        is_synchronous: false,
    }
}

/// Runs an execution of a machine without its type, from when it is first polled. It is not an `async fn`, which would keep what it starts
/// with beside what it has started, as long as the execution waits. What is large is behind pointers without types, and so compiled here and
/// not in each program.
enum Run<'h> {
    New {
        host: &'h dyn Host,
        program: &'static dyn Program,
        input: Value,
    },
    /// It has succeeded in its first turn.
    Succeeded(Value),
    /// It waits for something, or its input could not be converted.
    GoesOn(BoxFuture<'h, Result<Value, ExecutionError>>),
}

impl<'h> Run<'h> {
    fn start(host: &'h dyn Host, program: &'static dyn Program, input: Value) -> Self {
        let machine = Compiled(program);
        let clock = host.clock();
        if clock.is_system() && host.observer().is_none() && !host.keeps_executions() {
            let draw = |input| start_of(host, new_context(host, machine.name(), None, input, None));
            let mut beginning = Beginning::new(input, host.limits(), &draw);
            if !host.draws_late() {
                let _ = beginning.start();
            }
            return match asl_engine::Execution::first_turn(program, &mut beginning, &Pace::short()) {
                First::Succeeded(output) => Self::Succeeded(output),
                First::GoesOn(execution) => {
                    Self::GoesOn(Box::pin(Shell::new(host, Box::new(Local::of(execution)))))
                }
            };
        }
        let shell = Launch::new(host, &machine, None, input, None).shell(host, None);
        Self::GoesOn(match clock {
            Clock::System => Box::pin(shell),
            // By a clock that has to know when nothing can happen.
            Clock::Virtual(_) => Box::pin(clock.drive(shell)),
        })
    }
}

impl Future for Run<'_> {
    type Output = Result<Value, ExecutionError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if let Self::New { host, program, input } = &mut *self {
            *self = Self::start(*host, *program, std::mem::take(input));
        }
        match &mut *self {
            Self::New { .. } => Poll::Pending,
            Self::Succeeded(output) => Poll::Ready(Ok(std::mem::take(output))),
            Self::GoesOn(execution) => execution.as_mut().poll(context),
        }
    }
}

/// Runs an execution to its end. The input is a `Value`, or of any type that serde serializes.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{InMemory, Value, VirtualClock, run};
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Order {
///     id: &'static str,
///     total: u32,
/// }
///
/// let host = InMemory::with_clock(VirtualClock::default())
///     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |order: Value| async move {
///         Ok(order.get("total").cloned())
///     });
/// // What `order::run(&host, &input)` is short for.
/// let output = run::<order::Machine>(&host, &Order { id: "A-1", total: 60 }).await?;
/// assert_eq!(output.to_string(), r#"{"id":"A-1","total":60,"receipt":60}"#);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The input cannot be converted (`InvalidExecutionInput`), or the execution failed or timed out.
pub fn run<'h, M: StateMachine>(host: &'h impl Host, input: impl IntoValue) -> Running<'h> {
    run_converted(host, program::<M>(), input.into_value())
}

fn run_converted<'h>(
    host: &'h dyn Host,
    program: &'static dyn Program,
    input: Result<Value, JsonError>,
) -> Running<'h> {
    Running(match converted(input) {
        Ok(input) => Run::New { host, program, input },
        Err(error) => Run::GoesOn(Box::pin(ready(Err(error)))),
    })
}

/// An execution that goes on while it is awaited, and ends with its output: what [`run`] returns.
#[must_use = "an execution does nothing unless it is awaited"]
pub struct Running<'h>(Run<'h>);

impl Future for Running<'_> {
    type Output = Result<Value, ExecutionError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context)
    }
}

impl fmt::Debug for Running<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

fn converted(input: Result<Value, JsonError>) -> Result<Value, ExecutionError> {
    input.map_err(|error| ExecutionError::invalid_input(&error))
}

/// Runs an execution whose input is JSON text.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{InMemory, run_json};
///
/// let error = run_json::<order::Machine>(&InMemory::new(), "{").await.unwrap_err();
/// assert_eq!(error.error(), Some("InvalidExecutionInput"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The text is not JSON (`InvalidExecutionInput`), or the execution failed or timed out.
pub fn run_json<'h, M: StateMachine>(host: &'h impl Host, input: &str) -> Running<'h> {
    run_converted(host, program::<M>(), Value::from_json(input))
}

/// Starts an execution in the background, on the tokio runtime that this is called in. An input that cannot be converted makes the
/// execution fail, with the error `InvalidExecutionInput`.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{InMemory, TaskError, Value, start};
///
/// let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async {
///     Err::<Value, _>(TaskError::new("CardDeclined", "expired"))
/// });
/// let execution = start::<order::Machine>(&host, ());
/// println!("{} has started", execution.name());
/// assert_eq!(execution.await.unwrap_err().error(), Some("OrderRefused"));
/// # Ok(())
/// # }
/// ```
///
/// # Panics
/// As `tokio::spawn`: this is called outside of a tokio runtime.
pub fn start<M: StateMachine>(host: &impl Host, input: impl IntoValue) -> Execution<M::State> {
    let Started { context, task, watch, stop } = start_converted(host, program::<M>(), input.into_value());
    Execution { context, task, watch, stop: Some(stop), states: PhantomData }
}

fn start_converted(
    host: &dyn Host,
    program: &'static dyn Program,
    input: Result<Value, JsonError>,
) -> Started {
    match converted(input) {
        Ok(input) => start_program(host, program, input),
        Err(error) => refuse(host, program, error),
    }
}

/// An execution that was started, without the type of its states.
struct Started {
    context: Shared<ExecutionContext>,
    task: JoinHandle<Result<Value, ExecutionError>>,
    watch: watch::Receiver<Far>,
    stop: oneshot::Sender<Stop>,
}

/// How far an execution is.
#[derive(Clone, Copy, Debug)]
struct Far {
    status: Status,
    state: Option<u16>,
}

fn start_program(host: &dyn Host, program: &'static dyn Program, input: Value) -> Started {
    let machine = Compiled(program);
    let launch = Launch::new(host, &machine, None, input, None);
    let context = Shared::clone(&launch.context);
    let core = launch.core(host);
    let (progress, watch) = watch::channel(Far { status: Status::Running, state: None });
    let (stop, stopped) = oneshot::channel();
    let host = host.handle();
    let task = tokio::spawn(async move {
        let states = progress.clone();
        let mut shell = Shell::new(&*host, core).until(Some(Box::pin(stop_signal(stopped)))).with_progress(
            Box::new(move |state| {
                states.send_if_modified(|far| std::mem::replace(&mut far.state, state) != state);
            }),
        );
        let result = host.clock().drive(&mut shell).await;
        let status = result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded);
        progress.send_modify(|far| far.status = status);
        result
    });
    Started { context, task, watch, stop }
}

/// An execution that fails before its first state.
fn refuse(host: &dyn Host, program: &'static dyn Program, error: ExecutionError) -> Started {
    let machine = Compiled(program);
    let context = Launch::new(host, &machine, None, Value::Null, None).context;
    let (_, watch) = watch::channel(Far { status: error.status(), state: None });
    let (stop, _) = oneshot::channel();
    Started { context, task: tokio::spawn(ready(Err(error))), watch, stop }
}

/// An execution that runs in the background. Awaiting it returns its output; dropping it lets it run on.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{InMemory, Status, Value};
///
/// let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async { Ok(1) });
/// let mut execution = order::start(&host, Value::empty_object());
/// while let Some(progress) = execution.watch().await {
///     if progress.state == Some(order::State::Pack) {
///         execution.stop(Some("Cancelled"), Some("the customer called"));
///     }
/// }
/// assert_eq!(execution.progress().status, Status::Aborted);
/// assert_eq!(execution.await.unwrap_err().cause(), Some("the customer called"));
/// # Ok(())
/// # }
/// ```
pub struct Execution<S> {
    context: Shared<ExecutionContext>,
    task: JoinHandle<Result<Value, ExecutionError>>,
    watch: watch::Receiver<Far>,
    stop: Option<oneshot::Sender<Stop>>,
    states: PhantomData<fn() -> S>,
}

/// How far an execution is.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::{InMemory, Status};
///
/// let mut execution = order::start(&InMemory::new(), ());
/// let mut seen = Vec::new();
/// while let Some(progress) = execution.watch().await {
///     seen.extend(progress.state);
/// }
/// assert_eq!(execution.progress().status, Status::Failed);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<S> {
    /// Its status.
    pub status: Status,
    /// The state that was entered last, in whatever branch; `None` before the first.
    pub state: Option<S>,
}

impl<S: State> Execution<S> {
    /// `$$.Execution.Name`
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::InMemory;
    ///
    /// let execution = order::start(&InMemory::new(), ());
    /// // A UUID, unless it was started with a name by a `Launch`.
    /// assert_eq!(execution.name().len(), 36);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.context.name
    }

    /// How far it is now.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Status};
    ///
    /// let execution = order::start(&InMemory::new(), ());
    /// assert_eq!((execution.progress().status, execution.progress().state), (Status::Running, None));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn progress(&self) -> Progress<S> {
        progress(*self.watch.borrow())
    }

    /// Waits until it has come further since this was last called, and says how far. Steps that follow each other faster than they
    /// are watched are passed over; an observer of the host receives all of them. `None` when it has ended and that was reported.
    pub async fn watch(&mut self) -> Option<Progress<S>> {
        self.watch.changed().await.ok()?;
        Some(progress(*self.watch.borrow_and_update()))
    }

    /// Stops it: whatever its tasks do is cancelled, and it ends with [`Status::Aborted`] and this error and cause. Does nothing
    /// if it has ended.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{InMemory, Status};
    ///
    /// let mut execution = order::start(&InMemory::new(), ());
    /// execution.stop(None, None);
    /// assert_eq!(execution.await.unwrap_err().status(), Status::Aborted);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stop(&mut self, error: Option<&str>, cause: Option<&str>) {
        if let Some(stop) = self.stop.take() {
            // An execution that has ended does not listen any more, which is fine.
            let _ = stop.send((error.map(Text::from), cause.map(str::to_owned)));
        }
    }
}

impl<S> fmt::Debug for Execution<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Execution").field("name", &self.context.name).finish_non_exhaustive()
    }
}

fn progress<S: State>(far: Far) -> Progress<S> {
    let state = far.state.and_then(|state| S::ALL.get(usize::from(state)).copied());
    Progress { status: far.status, state }
}

impl<S: State> IntoFuture for Execution<S> {
    type Output = Result<Value, ExecutionError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            // The stop channel stays open while the execution is awaited.
            let Self { task, stop, .. } = self;
            let result = task.await;
            drop(stop);
            result.unwrap_or_else(|error| match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(ExecutionError::aborted(None, Some(String::from("the runtime was shut down")))),
            })
        })
    }
}

async fn stop_signal(stopped: oneshot::Receiver<Stop>) -> Stop {
    match stopped.await {
        Ok(stop) => stop,
        // The handle was dropped: the execution runs on.
        Err(_) => std::future::pending().await,
    }
}
