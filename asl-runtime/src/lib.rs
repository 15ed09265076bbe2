//! Compiles definitions in the Amazon States Language, the JSON of AWS Step Functions, into your program, and runs them.
//!
//! ```ignore
//! use asl_runtime::{InMemory, Value, asl_machine};
//!
//! asl_machine!("machine.json");
//!
//! let host = InMemory::new().resource("arn:aws:lambda:us-east-1:123456789012:function:Greet", |input: Value| async move {
//!     Ok(format!("hello {input}"))
//! });
//! let output = machine::run_json(&host, r#"{ "name": "Ana" }"#).await?;
//! ```
//!
//! - [`asl_machine!`] makes a module of a definition: an enum of its states, the pure machine, and functions that run it.
//! - A [`Host`] performs what states ask for. [`InMemory`] serves tasks by functions and [integrations](Integration), on the system's
//!   clock or on a [`VirtualClock`], for tests in which an hour takes no time.
//! - [`jsonata!`] makes a function of a JSONata expression, for use outside of machines: see [`jsonata`](mod@jsonata).
//! - [`Value`] is the JSON in flight: cheap to clone, whatever its size.
//! - [`test`](mod@test) runs a machine with mocked tasks: `machine::test().mock("Charge", Ok(..)).run().await`.
//! - A [`StateMachine`] can be driven by hand: enter a state, look at the [`Effect`] that it asks for, resume it with a result.
//!
//! | feature | what it serves |
//! | --- | --- |
//! | `http` | `arn:aws:states:::http:invoke`, by `integrations::http::HttpInvoke` |
//! | `dynamodb` | `arn:aws:states:::dynamodb:getItem`, `putItem`, `updateItem`, `deleteItem`, by `integrations::dynamodb::DynamoDb` |
//! | `lambda` | functions on AWS: `arn:aws:lambda:...` and `arn:aws:states:::lambda:invoke`, by `integrations::lambda::Lambda` |
//! | `sqs`, `sns`, `events`, `states`, `aws` | `sqs:sendMessage`, `sns:publish`, `events:putEvents`, `states:startExecution`, every other optimised integration and `aws-sdk:*`, by `integrations::aws::Aws`; each of these names switches on all of it, because it is one client, and a program has in it only the actions that its machines call |
//! | `api-gateway` | `arn:aws:states:::apigateway:invoke`, by `integrations::api_gateway::ApiGateway` |
//! | `s3` | the buckets of distributed Maps, by `integrations::s3::S3` |
//! | `metrics` | metrics of Step Functions through the facade `metrics`, with exporters for CloudWatch and Prometheus |
//! | `tracing` | spans and events of `tracing`, and a layer that writes the logs of CloudWatch |
//! | `opentelemetry` | the context of a trace, passed on by `http:invoke` |
//!
//! With the feature `printer` there is a `Printer` that shows executions as they happen, and with `command` a `command::main` that makes a
//! program of a machine, as `asl build` does; what its tasks call is set up by `settings`. With `worker`, the machines of another process are like those of the program (`remote`).

mod callback;
#[cfg(feature = "command")]
pub mod command;
pub mod engine;
mod exchange;
mod execution;
mod history;
mod host;
mod integration;
#[cfg(any(feature = "dynamodb", feature = "http"))]
pub mod integrations;
mod invocation;
pub mod jsonata;
mod map_run;
pub mod monitoring;
mod parameters;
#[cfg(feature = "printer")]
mod printer;
#[cfg(feature = "worker")]
pub mod remote;
#[cfg(feature = "settings")]
pub mod settings;
mod shell;
pub mod test;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use asl_engine::context::{Context, ContextField, ExecutionContext, ItemOrigin, MapItem, Sources};
pub use asl_engine::error::{Error, ExecutionError, Status, TaskError};
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
pub use asl_value::{Array, JsonError, Number, Object, Text, Value};
pub use callback::{ActivityTask, CallbackStore, Callbacks, TaskDoesNotExist};
#[doc(hidden)]
pub use exchange::{Exchange, HttpRequest, HttpResponse};
pub use execution::{Execution, Launch, Progress, drive, run, run_json, start};
pub use history::{History, Recorded, Recording, Replay, Replayed};
pub use host::{Around, Clock, Host, Identity, InMemory, Nested, VirtualClock};
pub use integration::{BoxFuture, Integration};
pub use invocation::Invocation;
pub use map_run::store::{
    Folders, ObjectBody, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, Objects, StoreError,
};
#[cfg(feature = "printer")]
pub use printer::Printer;
pub use shell::driving::{Driven, Driving, Left};
pub use shell::mailbox::{Reports, Signals};
pub use shell::{
    Called, Compiled, Core, EndedChildren, Machine, PANIC, Stop, panicked, read_some_items, write_all_results,
};
