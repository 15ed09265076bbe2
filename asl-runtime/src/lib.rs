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
//! - [`test`] runs a machine with mocked tasks: `machine::test().mock("Charge", Ok(..)).run().await`.
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
//! program of a machine, as `asl build` does.

mod action;
mod callback;
mod choice;
#[cfg(feature = "command")]
pub mod command;
mod context;
mod driver;
mod error;
mod execution;
mod history;
mod host;
#[cfg(any(feature = "dynamodb", feature = "http"))]
pub mod integrations;
#[doc(hidden)]
pub mod intrinsic;
pub mod jsonata;
mod limits;
mod machine;
mod map_run;
pub mod monitoring;
mod nodes;
mod path;
#[cfg(feature = "printer")]
mod printer;
mod program;
mod query;
mod random;
mod resource;
mod retry;
mod state;
mod task;
mod template;
pub mod test;
pub mod value;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use action::Action;
pub use asl_language::timestamp::Timestamp;
pub use asl_macros::{asl_machine, jsonata};
pub use callback::{ActivityTask, Callbacks, TaskDoesNotExist};
pub use context::{Context, ContextField, ExecutionContext, ItemOrigin, MapItem, Sources};
pub use error::{Error, ExecutionError, Status, TaskError};
pub use execution::{Execution, Progress, run, run_json, start};
pub use history::{Decision, Event, EventDetails, History, Observer, Recorded, Recording, Replay, Replayed};
pub use host::{Around, Clock, Host, Identity, InMemory, SystemClock, VirtualClock};
pub use limits::Limits;
pub use machine::{Effect, Iterations, State, StateInfo, StateMachine, StateType, Transition, Until};
pub use map_run::store::{
    Folders, ObjectBody, ObjectListing, ObjectLocation, ObjectStore, ObjectSummary, Objects, StoreError,
};
pub use map_run::{
    Counts, ExecutionType, InputType, ItemBatcher, ItemReader, ItemSource, ManifestType, MapRun,
    MapRunProgress, MapRunSettings, ResultWriter, Tolerance, WriterTransformation,
};
#[cfg(feature = "printer")]
pub use printer::Printer;
pub use resource::{Pattern, Resource};
pub use retry::{Catcher, Retrier};
pub use task::{BoxFuture, Caller, Integration, Task};
pub use value::{Array, JsonError, Number, Object, Text, Value};
