//! What the compiler knows of AWS: services, their actions, what these take and give, and the errors that they raise.
//!
//! In: names out of a definition. Out: [`Shape`]s and names. The facts about the APIs are in a table that `cargo xtask services` makes
//! of published models; what Step Functions has of its own is written here. Nothing is read before it is asked for.

mod asked;
mod bounds;
mod bytes;
mod call;
mod names;
mod optimised;
pub(crate) mod pattern;
mod retired;
mod shape;
mod table;
pub mod wire;
mod written;

pub use asked::{Asked, asked};
pub use bounds::Bounds;
pub use call::ActionCall;
pub(crate) use names::sdk_member;
pub use optimised::{Icon, Integration, OptimisedAction, Permission, Waiting};
pub use retired::retired;
pub use shape::{Member, Shape, ShapeKind};
pub use table::{Action, Service, Table};

use std::collections::HashSet;
use std::sync::LazyLock;

const BYTES: &[u8] = include_bytes!("services/table.bin");

static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| Table::read(BYTES));

/// The table of services that this compiler carries.
#[must_use]
pub fn table() -> Option<&'static Table> {
    TABLE.as_ref()
}

/// The service that tasks call as `arn:aws:states:::aws-sdk:NAME:action`.
#[must_use]
pub fn sdk(name: &str) -> Option<Service> {
    table()?.service(name)
}

/// The names of all services for `aws-sdk`, by the alphabet.
pub fn sdk_names() -> impl Iterator<Item = &'static str> {
    table().into_iter().flat_map(Table::services).map(|service| service.name())
}

/// Whether the names of the errors of any service begin with it, however the service is called: `DynamoDb`, `DynamoDB`.
#[must_use]
pub(crate) fn is_error_prefix(prefix: &str) -> bool {
    static PREFIXES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        let own = integrations().filter_map(Integration::error_prefix);
        own.chain(table().into_iter().flat_map(Table::error_prefixes)).collect()
    });
    PREFIXES.contains(prefix)
}

/// The integrations that Step Functions has of its own: `arn:aws:states:::NAME:action`.
pub fn integrations() -> impl Iterator<Item = &'static Integration> {
    optimised::INTEGRATIONS.iter().copied()
}

/// The integration of that name.
#[must_use]
pub fn integration(name: &str) -> Option<&'static Integration> {
    integrations().find(|integration| integration.name() == name)
}

/// What a task with this `Resource` yields; [`Shape::ANY`] where that is unknown. A structure has no other members than those named,
/// but each of them can be absent.
///
/// ```
/// use asl_compiler::services::{ShapeKind, result};
///
/// let item = result("arn:aws:states:::dynamodb:getItem").member("Item").unwrap().shape;
/// assert_eq!(item.kind(), ShapeKind::Map);
/// assert_eq!(result("arn:aws:lambda:us-east-1:123456789012:function:F").kind(), ShapeKind::Any);
/// ```
#[must_use]
pub fn result(resource: &str) -> Shape {
    ActionCall::of(resource).map_or(Shape::ANY, |call| call.result())
}

/// What a task with this `Resource` takes as its parameters; [`Shape::ANY`] where that is unknown.
#[must_use]
pub fn parameters(resource: &str) -> Shape {
    ActionCall::of(resource).map_or(Shape::ANY, |call| call.parameters())
}

/// Everything that a client needs to know to do a task: what generated code says as constants, as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// How the action is sent to its service.
    pub request: wire::Request,
    /// How the end of the job is waited for that it starts.
    pub job: Option<Waiting>,
}

/// How the task of that `Resource` is sent to its service, if it calls one whose protocol is known.
///
/// ```
/// use asl_compiler::services::sending;
///
/// let sending = sending("arn:aws:states:::batch:submitJob.sync").unwrap();
/// assert_eq!(sending.request.operation, "SubmitJob");
/// assert!(sending.job.is_some());
/// ```
#[must_use]
pub fn sending(resource: &str) -> Option<Sending> {
    ActionCall::of(resource)?.sending()
}

#[cfg(test)]
mod tests;
