//! Compiles definitions in the Amazon States Language, the JSON of AWS Step Functions, into your program, and runs them.
//!
//! ```standalone_crate
//! use asl_runtime::{InMemory, TaskError, Value, VirtualClock, asl_machine};
//! use serde::{Deserialize, Serialize};
//!
//! // Charges an order, waits for an hour, and ships it.
//! asl_machine!("../doc/order.asl.json");
//!
//! #[derive(Serialize, Deserialize)]
//! struct Order {
//!     id: String,
//!     total: u32,
//! }
//!
//! /// What the definition calls as `arn:aws:lambda:us-east-1:123456789012:function:Charge`.
//! async fn charge(input: Value) -> Result<String, TaskError> {
//!     let order: Order = input.to()?;
//!     Ok(format!("{} paid {}", order.id, order.total))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // On the system's clock it would take the hour: `InMemory::new()`.
//! let host = InMemory::with_clock(VirtualClock::default())
//!     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", charge);
//! let output = order::run(&host, Order { id: "A-1".into(), total: 60 }).await?;
//! assert_eq!(output.to_string(), r#"{"id":"A-1","total":60,"receipt":"A-1 paid 60"}"#);
//! # Ok(())
//! # }
//! ```
//!
//! [`asl_machine!`] makes a module of a definition: `State`, an enum of its states; `Machine`, the pure machine; and functions that run it. The
//! rest of this page is a guide to what a program does with them:
//!
//! - [Data in and out](#data-in-and-out)
//! - [Errors](#errors)
//! - [Hosts](#hosts)
//! - [Executions in the background](#executions-in-the-background)
//! - [Names for executions](#names-for-executions)
//! - [A registry of machines](#a-registry-of-machines)
//! - [Tests](#tests)
//! - [Stepping by hand](#stepping-by-hand)
//! - [Features](#features)
//!
//! # Data in and out
//!
//! A [`Value`] is the JSON in flight: cheap to clone, whatever its size. `run` and `start` take one, or any type that serde serializes; the output
//! is a `Value`, which [`Value::to`] converts to any type that serde deserializes. A schema of the input becomes the type `Input`:
//!
//! ```standalone_crate
//! use asl_runtime::{InMemory, Value, VirtualClock, asl_machine};
//!
//! asl_machine!("../doc/order.asl.json", input = "../doc/order.schema.json");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! #[derive(serde::Deserialize)]
//! struct Shipped {
//!     receipt: u32,
//! }
//!
//! let host = InMemory::with_clock(VirtualClock::default())
//!     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |order: Value| async move {
//!         let order: order::Input = order.to()?;
//!         Ok(order.total)
//!     });
//! let input = order::Input { id: "A-1".into(), total: 60, note: None };
//! let shipped: Shipped = order::run(&host, &input).await?.to()?;
//! assert_eq!(shipped.receipt, 60);
//! # Ok(())
//! # }
//! ```
//!
//! [`jsonata!`] makes a function of a JSONata expression, for use outside of machines: see [`jsonata`](mod@jsonata).
//!
//! # Errors
//!
//! A function that does a task returns a [`TaskError`], whose name the retriers and catchers of the definition look for; `?` turns any other error
//! into one that is named `States.TaskFailed`. An execution that does not succeed ends with an [`ExecutionError`]:
//!
//! ```standalone_crate
//! use asl_runtime::{InMemory, Status, TaskError, Value, asl_machine};
//!
//! asl_machine!("../doc/order.asl.json");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async {
//!     // A catcher of the definition leads from this error to the state `Refuse`.
//!     Err::<Value, _>(TaskError::new("CardDeclined", "expired"))
//! });
//! let error = order::run(&host, Value::empty_object()).await.unwrap_err();
//! assert_eq!((error.status(), error.error()), (Status::Failed, Some("OrderRefused")));
//! assert_eq!(error.to_string(), "execution FAILED: OrderRefused: the card was declined");
//! # }
//! ```
//!
//! # Hosts
//!
//! A [`Host`] performs what states ask for. [`InMemory`] serves tasks by functions and [integrations](Integration), on the system's clock or on a
//! [`VirtualClock`]; it keeps task tokens and activities in its [`Callbacks`], takes [`Limits`], and sends each [`Event`] to its observers. [`Around`]
//! adds to another host, and [`Recorded`] keeps the histories of executions. `asl-durable`, `asl-lambda` and `asl-restate` have hosts whose executions
//! outlive the process.
//!
//! # Executions in the background
//!
//! `start` returns an [`Execution`], a handle to watch, stop and await it. Dropping the handle lets the execution run on.
//!
//! ```standalone_crate
//! use asl_runtime::{InMemory, Status, Value, asl_machine};
//!
//! asl_machine!("../doc/order.asl.json");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let host = InMemory::new()
//!     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async { Ok("paid") });
//! let mut execution = order::start(&host, Value::empty_object());
//! while let Some(progress) = execution.watch().await {
//!     if progress.state == Some(order::State::Pack) {
//!         execution.stop(Some("Cancelled"), None);
//!     }
//! }
//! assert_eq!(execution.await.unwrap_err().status(), Status::Aborted);
//! # }
//! ```
//!
//! # Names for executions
//!
//! An execution gets a UUID as its name. A [`Launch`] is the long form of `run`: it takes a name, the ARN of the machine, and any other fact that
//! states see in their context object, and [`drive`] runs what comes of it.
//!
//! ```standalone_crate
//! use asl_runtime::{Compiled, InMemory, Launch, Value, VirtualClock, asl_machine, drive};
//!
//! asl_machine!("../doc/order.asl.json");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let host = InMemory::with_clock(VirtualClock::default())
//!     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async { Ok("paid") });
//! let machine = Compiled::of::<order::Machine>();
//! let launch = Launch::new(&host, &machine, None, Value::empty_object(), Some("A-1".into()));
//! assert!(launch.context().id.ends_with(":execution:order:A-1"));
//! assert_eq!(drive(&host, launch.core(&host), None).await?.to_string(), r#"{"receipt":"paid"}"#);
//! # Ok(())
//! # }
//! ```
//!
//! # A registry of machines
//!
//! A [`Machine`] is a machine without its type, so a program can hold many and choose one when it runs. A host that knows machines by their ARNs
//! ([`InMemory::state_machine`]) also runs them for tasks that call `states:startExecution`.
//!
//! ```standalone_crate
//! use asl_runtime::{Compiled, InMemory, Launch, Machine, TaskError, Value, VirtualClock, asl_machine, drive};
//! use std::collections::BTreeMap;
//!
//! asl_machine!("../doc/order.asl.json");
//! asl_machine!("../doc/approve.asl.json");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let machines = [Compiled::of::<order::Machine>(), Compiled::of::<approve::Machine>()];
//! let registry: BTreeMap<_, _> = machines.into_iter().map(|machine| (machine.name(), machine)).collect();
//!
//! let host = InMemory::with_clock(VirtualClock::default())
//!     .resource("arn:aws:lambda:us-east-1:123456789012:function:Charge", |_: Value| async { Ok("paid") });
//! let chosen = registry.get("order").ok_or("no such machine")?;
//! let execution = Launch::new(&host, chosen, None, Value::empty_object(), None).core(&host);
//! assert_eq!(drive(&host, execution, None).await?.to_string(), r#"{"receipt":"paid"}"#);
//! # Ok(())
//! # }
//! ```
//!
//! # Tests
//!
//! `order::test()` runs a machine with mocked tasks, on a virtual clock ([`test`](mod@test)):
//!
//! ```standalone_crate
//! # asl_runtime::asl_machine!("../doc/order.asl.json");
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let run = order::test()
//!     .mock_error("Charge", "GatewayBusy", "try again")
//!     .mock("Charge", Ok("paid"))
//!     .run()
//!     .await;
//! run.assert_path(["Charge", "Pack", "Ship"]);
//! // Two seconds before the second attempt, and an hour before the order is shipped.
//! assert_eq!((run.sent("Charge").len(), run.passed().as_secs()), (2, 3602));
//! # }
//! ```
//!
//! # Stepping by hand
//!
//! An execution is a value without IO, a clock or async ([`engine`]): it says what it wants, and receives what came of it. So it can be driven from a
//! queue, stored as a snapshot between two answers, and continued elsewhere.
//!
//! ```standalone_crate
//! use asl_runtime::engine::{Execution, Outcome, Pace, Start, Want};
//! use asl_runtime::{Compiled, InMemory, Launch, Value, asl_machine};
//! use std::time::Duration;
//!
//! asl_machine!("../doc/order.asl.json");
//!
//! # fn main() {
//! let (host, machine) = (InMemory::new(), Compiled::of::<order::Machine>());
//! let start: Start = Launch::new(&host, &machine, None, Value::empty_object(), None).start(&host);
//! let mut now = start.context.start_time;
//! let mut execution = Execution::start(machine.0, start);
//! let output = loop {
//!     execution.run(now, &Pace::Endless);
//!     match execution.next_want() {
//!         Some(Want::Perform(task)) => {
//!             assert_eq!(task.state, "Charge");
//!             execution.answer(&task.effect, Outcome::Ended(Ok("paid".into())), now);
//!         }
//!         Some(Want::Timer { effect, timer, due }) => {
//!             assert_eq!(due.since(now), Duration::from_secs(3600));
//!             now = due;
//!             execution.answer(&effect, Outcome::Fired(timer), now);
//!         }
//!         Some(Want::Ended(result)) => break result,
//!         other => unreachable!("this machine asks for nothing else: {other:?}"),
//!     }
//! };
//! assert_eq!(output.map(|output| output.to_string()).as_deref(), Ok(r#"{"receipt":"paid"}"#));
//! # }
//! ```
//!
//! One level below, a [`StateMachine`] is a set of pure functions: enter a state, look at the [`Effect`] that it asks for, resume it with a result.
//!
//! # Features
//!
//! | feature | what it serves |
//! | --- | --- |
//! | `http`, `dynamodb`, `lambda`, ... | what tasks call: each client of [`integrations`] is behind a feature of its name |
//! | `events`, `sns`, `sqs`, `states` | `aws`, by the names of services that it serves |
//! | `clients` | all of them |
//! | `zstandard` | items of distributed Maps that are packed with Zstandard |
//! | `parquet` | items of distributed Maps in Parquet files |
//! | `metrics` | metrics of Step Functions through the facade `metrics`, with exporters for CloudWatch and Prometheus |
//! | `tracing` | spans and events of `tracing`, and a layer that writes the logs of CloudWatch |
//! | `opentelemetry` | the context of a trace, passed on by `http:invoke` |
//!
//! With the feature `printer` there is a `Printer` that shows executions as they happen, and with `command` a `command::main` that makes a
//! program of a machine, as `asl build` does; what its tasks call is set up by `settings`.

mod callback;
#[cfg(feature = "command")]
pub mod command;
pub mod engine;
mod exchange;
mod execution;
mod history;
mod host;
mod integration;
pub mod integrations;
mod invocation;
pub mod jsonata;
mod map_run;
pub mod monitoring;
mod parameters;
#[cfg(feature = "printer")]
mod printer;
#[cfg(feature = "worker")]
#[doc(hidden)]
pub mod remote;
#[cfg(feature = "settings")]
pub mod settings;
mod shell;
pub mod test;
#[doc(hidden)]
pub mod typed;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use asl_engine::context::{Context, ContextField, ExecutionContext, ItemOrigin, MapItem, Sources};
pub use asl_engine::error::{Error, ExecutionError, Status, TaskError};
#[doc(hidden)]
pub use asl_engine::generated::action::Action;
#[doc(hidden)]
pub use asl_engine::generated::intrinsic;
pub use asl_engine::history::{Decision, Event, EventDetails, Needs, Observer, Told};
pub use asl_engine::limits::Limits;
pub use asl_engine::machine::{
    Effect, Iterations, State, StateInfo, StateMachine, StateType, Transition, Until,
};
pub use asl_engine::map_run::{
    Counts, ExecutionType, InputType, ItemBatcher, ItemReader, ItemSource, ManifestType, MapRun,
    MapRunLimits, MapRunProgress, MapRunSettings, ResultWriter, Tolerance, WriterTransformation,
};
pub use asl_engine::resource::{Pattern, Resource};
pub use asl_engine::retry::{Catcher, Retrier};
pub use asl_engine::task::Task;
pub use asl_language::timestamp::Timestamp;
pub use asl_macros::{asl_machine, jsonata};
pub use asl_value as value;
pub use asl_value::{Array, IntoValue, JsonError, Number, Object, Text, Value};
pub use callback::{ActivityTask, CallbackStore, Callbacks, TaskDoesNotExist};
#[doc(hidden)]
pub use exchange::{Exchange, HttpRequest, HttpResponse};
pub use execution::{Execution, Launch, Progress, Running, drive, run, run_json, start};
pub use history::{History, HistoryWriter, Recorded, Recording, Replay, Replayed};
#[doc(hidden)]
pub use host::Nested;
pub use host::{Around, Clock, Host, Identity, InMemory, VirtualClock};
pub use integration::{BoxFuture, Integration};
pub use invocation::Invocation;
pub use map_run::store::{
    Folders, ObjectBody, ObjectEnd, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, Objects,
    StoreError,
};
#[cfg(feature = "printer")]
pub use printer::Printer;
#[doc(hidden)]
pub use shell::driving::{Driven, Driving, Left};
#[doc(hidden)]
pub use shell::mailbox::Reports;
pub use shell::mailbox::Signals;
#[doc(hidden)]
pub use shell::{Called, EndedChildren, PANIC, panicked, read_some_items, write_all_results};
pub use shell::{Compiled, Core, Machine, Stop};
