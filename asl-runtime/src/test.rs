//! Tests of machines: tasks are answered by mocks, and waiting takes no time.
//!
//! In: a compiled machine, an input and mocked results. Out: a [`TestRun`], which knows the output or the error, the way through the states,
//! what each task was sent, and what the run covered. Never calls anything outside of the program.
//!
//! ```standalone_crate
//! use asl_runtime::asl_machine;
//! use serde_json::json;
//!
//! asl_machine!("../doc/order.asl.json");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! // In a function that has the attribute `#[tokio::test]`:
//! let run = order::test()
//!     .input(json!({ "id": "A-1" }))
//!     .mock_error("Charge", "GatewayBusy", "try again")
//!     .mock("Charge", Ok(json!({ "amount": 12 })))
//!     .run()
//!     .await;
//! run.assert_output(json!({ "id": "A-1", "receipt": { "amount": 12 } }));
//! assert_eq!(run.sent("Charge").len(), 2);
//! # }
//! ```

mod case;
mod coverage;
mod difference;
mod expectation;
mod host;
mod mock_config;
mod mocks;
mod path;
mod run;
mod some;
mod trace;

pub use case::{Case, CaseError};
pub use coverage::Coverage;
pub use difference::Difference;
#[doc(hidden)]
pub use mock_config::{MockConfig, MockConfigError};
pub use path::{PathStep, StepPattern};
pub use run::TestRun;
pub use some::{MockedTask, SomeMocks};

use crate::execution::Launch;
use crate::host::{Observers, VirtualClock};
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use crate::map_run::store::Objects;
use crate::shell::{Compiled, Machine, Stop};
use asl_engine::error::TaskError;
use asl_engine::history::Observer;
use asl_engine::limits::Limits;
use asl_engine::machine::StateMachine;
use asl_engine::program::program;
use asl_language::timestamp::Timestamp;
use asl_value::{IntoValue, Text, Value};
use host::Mocked;
use mocks::{Answer, Mock, Mocks};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A test of a machine that has not run yet.
pub struct Test {
    machine: Arc<dyn Machine>,
    input: Value,
    mocks: Mocks,
    start: Option<Timestamp>,
    objects: Objects,
    limits: Limits,
    name: Option<Text>,
    observers: Observers,
    stop: Option<BoxFuture<'static, Stop>>,
}

impl Test {
    /// A test of a compiled machine, with the input `{}` and no mocks.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::test::Test;
    ///
    /// // The same as `order::test()`.
    /// let run = Test::of::<order::Machine>().mock("Charge", Ok("paid")).run().await;
    /// assert_eq!(run.path(), ["Charge", "Pack", "Ship"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn of<M: StateMachine>() -> Self {
        Self::new(Arc::new(Compiled(program::<M>())))
    }

    /// A test of a machine, wherever it runs, with the input `{}` and no mocks.
    #[must_use]
    pub fn new(machine: Arc<dyn Machine>) -> Self {
        Self {
            machine,
            input: Value::empty_object(),
            mocks: Mocks::default(),
            start: None,
            objects: Objects::new(),
            limits: Limits::none(),
            name: None,
            observers: Observers::default(),
            stop: None,
        }
    }

    /// Sets the input of the execution.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde::Serialize;
    ///
    /// #[derive(Serialize)]
    /// struct Order {
    ///     id: &'static str,
    /// }
    ///
    /// let run = order::test().input(Order { id: "A-1" }).mock("Charge", Ok(60)).run().await;
    /// run.assert_sent("Charge", [Order { id: "A-1" }]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The input cannot be converted to JSON.
    #[must_use]
    #[track_caller]
    pub fn input(mut self, input: impl IntoValue) -> Self {
        self.input = converted(input);
        self
    }

    /// Answers the task of a state. Where a state has several mocks, each answers one call, in their order, and the last one all further
    /// calls.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::TaskError;
    ///
    /// let run = order::test()
    ///     .mock("Charge", Err::<(), _>(TaskError::new("GatewayBusy", "")))
    ///     .mock("Charge", Ok("paid"))
    ///     .run()
    ///     .await;
    /// assert_eq!(run.retries("Charge"), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The machine has no such state.
    #[must_use]
    #[track_caller]
    pub fn mock<V: IntoValue>(self, state: &str, result: Result<V, TaskError>) -> Self {
        self.with_mock(state, Mock::new(answer(result)))
    }

    /// Fails the task of a state with an error, as [`mock`](Self::mock) answers it.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock_error("Charge", "CardDeclined", "expired").run().await;
    /// run.assert_error("OrderRefused").assert_path(["Charge", "Refuse"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The machine has no such state.
    #[must_use]
    #[track_caller]
    pub fn mock_error(self, state: &str, error: &str, cause: &str) -> Self {
        self.with_mock(state, Mock::new(Answer::Error(TaskError::new(error, cause))))
    }

    /// Answers the task of a state in one iteration of the Map around it, counted from 0.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/prices.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = prices::test()
    ///     .object("shop", "items.json", r#"["apple", "pear"]"#)
    ///     .mock_iteration("Price", 1, Ok(40))
    ///     .mock("Price", Ok(30))
    ///     .run()
    ///     .await;
    /// assert_eq!(run.sent("Price").len(), 2);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The machine has no such state.
    #[must_use]
    #[track_caller]
    pub fn mock_iteration<V: IntoValue>(
        self,
        state: &str,
        iteration: usize,
        result: Result<V, TaskError>,
    ) -> Self {
        let mock = Mock::new(answer(result));
        self.with_mock(state, Mock { iteration: Some(iteration), ..mock })
    }

    /// Answers the task of a state by a function of what it asks for.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::Value;
    /// use serde_json::json;
    ///
    /// let run = order::test()
    ///     .input(json!({ "total": 60 }))
    ///     .mock_with("Charge", |task| Ok(task.parameters().get("total").cloned()))
    ///     .run()
    ///     .await;
    /// run.assert_output(json!({ "total": 60, "receipt": 60 }));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The machine has no such state.
    #[must_use]
    #[track_caller]
    pub fn mock_with<V, F>(self, state: &str, function: F) -> Self
    where
        V: IntoValue,
        F: Fn(&Invocation) -> Result<V, TaskError> + Send + Sync + 'static,
    {
        self.with_mock(state, Mock::new(Answer::function(move |task| Ok(function(task)?.into_value()?))))
    }

    /// Answers the task of a state after a while, on the clock of the test.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::time::Duration;
    ///
    /// let run = order::test().mock_after("Charge", Duration::from_secs(30), Ok("paid")).run().await;
    /// assert_eq!(run.passed().as_secs(), 3630);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// The machine has no such state.
    #[must_use]
    #[track_caller]
    pub fn mock_after<V: IntoValue>(
        self,
        state: &str,
        after: Duration,
        result: Result<V, TaskError>,
    ) -> Self {
        let mock = Mock::new(answer(result));
        self.with_mock(state, Mock { after, ..mock })
    }

    /// Sets when the execution starts.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::Timestamp;
    ///
    /// let run = order::test().start(Timestamp::new(1_700_000_000, 0)).mock("Charge", Ok(1)).run().await;
    /// assert!(run.output().is_some());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn start(mut self, start: Timestamp) -> Self {
        self.start = Some(start);
        self
    }

    /// Puts an object into a bucket, where the `ItemReader` of a distributed Map finds it.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/prices.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = prices::test()
    ///     .object("shop", "items.json", r#"["apple", "pear"]"#)
    ///     .mock("Price", Ok(30))
    ///     .run()
    ///     .await;
    /// run.assert_output([30, 30]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn object(self, bucket: &str, key: &str, body: impl Into<Vec<u8>>) -> Self {
        self.objects.insert(bucket, key, body);
        self
    }

    /// Sets limits on the execution; without them there are none.
    #[must_use]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the name of the execution, which is a new one otherwise.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::{Event, ExecutionContext};
    ///
    /// let run = order::test()
    ///     .name("A-1")
    ///     .observe(|execution: &ExecutionContext, _: &Event| assert_eq!(&*execution.name, "A-1"))
    ///     .mock("Charge", Ok(1))
    ///     .run()
    ///     .await;
    /// assert!(run.result().is_ok());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Adds an observer of all events, such as a `Printer`.
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.add(observer);
        self
    }

    /// Stops the execution as soon as something says so.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use asl_runtime::Status;
    ///
    /// let stop = Box::pin(async { (Some("Cancelled".into()), None) });
    /// let run = order::test().mock("Charge", Ok(1)).until(stop).run().await;
    /// assert_eq!(run.status(), Status::Aborted);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn until(mut self, stop: BoxFuture<'static, Stop>) -> Self {
        self.stop = Some(stop);
        self
    }

    /// Runs the execution to its end.
    pub async fn run(self) -> TestRun {
        let clock = self.start.map_or_else(VirtualClock::default, VirtualClock::new);
        let start = clock.now();
        let host = Mocked::new(clock.clone(), self.mocks, self.objects, self.limits, self.observers);
        let launch = Launch::new(&host, &*self.machine, None, self.input, self.name);
        host.trace().begin(&launch.context().name);
        let result = launch.run(&host, self.stop).await;
        TestRun::new(result, host.trace().take(), clock.now().since(start))
    }

    #[track_caller]
    fn with_mock(mut self, state: &str, mock: Mock) -> Self {
        if let Err(reason) = known(&*self.machine, state) {
            complain(&reason);
        }
        self.mocks.push(state, mock);
        self
    }
}

#[track_caller]
fn answer<V: IntoValue>(result: Result<V, TaskError>) -> Answer {
    match result {
        Ok(value) => Answer::Result(converted(value)),
        Err(error) => Answer::Error(error),
    }
}

#[track_caller]
fn converted(value: impl IntoValue) -> Value {
    match value.into_value() {
        Ok(value) => value,
        Err(error) => complain(&format_args!("a value of the test cannot be converted to JSON: {error}")),
    }
}

/// A state that the machine has.
fn known(machine: &dyn Machine, state: &str) -> Result<(), String> {
    let states = machine.states();
    if states.iter().any(|name| name == state) {
        return Ok(());
    }
    let names: Vec<_> = states.iter().map(|state| format!("`{state}`")).collect();
    Err(format!("the machine has no state `{state}`; it has {}", names.join(", ")))
}

/// Ends a test that makes no sense, or whose machine does something else than is expected.
#[track_caller]
#[expect(clippy::panic, reason = "this is how a test says that it fails")]
fn complain(reason: &dyn fmt::Display) -> ! {
    panic!("{reason}");
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Test")
            .field("machine", &self.machine.name())
            .field("input", &self.input)
            .field("mocks", &self.mocks)
            .finish_non_exhaustive()
    }
}
