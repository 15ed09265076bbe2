//! Executions: what the API asks of them, whoever runs and keeps them.
//!
//! In: executions to start, tokens with results, questions. Out: what the API tells of executions. [`InMemory`](in_memory::InMemory) keeps them as
//! long as the process lives; whatever keeps them longer is another [`Executions`].

pub(crate) mod history;
pub(crate) mod in_memory;
pub(crate) mod tokens;

pub use in_memory::InMemory;
pub use tokens::{TokenFault, Tokens};

use crate::compile::Machines;
use crate::control::Revision;
use crate::protocol::date::Date;
use asl_runtime::{BoxFuture, Counts, Event, Host, Status, Text, Value};
use std::fmt;
use std::sync::Arc;

/// Starts executions, and knows what came of them.
pub trait Executions: Send + Sync {
    /// Starts an execution. One of the same ARN, with the same input, that still runs is the same execution.
    ///
    /// # Errors
    /// The ARN is that of another one.
    fn start(&self, new: NewExecution) -> Result<Arc<NewExecution>, AlreadyExists>;

    /// What is known of an execution.
    fn find(&self, arn: &str) -> Option<Description>;

    /// Executions from the newest on: those with a number less than `below`, at most `count` of them.
    fn list(&self, filter: &Filter, below: u64, count: usize) -> Vec<Description>;

    /// The events of an execution as far as it has come.
    fn events(&self, arn: &str, range: &EventRange) -> Option<Vec<Event>>;

    /// Waits until an execution has ended, and says how. `None` if there is no such execution.
    fn ended(&self, arn: &str) -> BoxFuture<'_, Option<Description>>;

    /// Stops an execution, if it runs.
    fn stop(&self, arn: &str, error: Option<Text>, cause: Option<String>);

    /// Lets an execution that has failed, timed out or was stopped go on from where it failed.
    ///
    /// # Errors
    /// It cannot, for this reason.
    fn redrive(&self, arn: &str) -> Result<Date, String>;

    /// The tokens of tasks that wait for a result, and the work of activities.
    fn tokens(&self) -> &dyn Tokens;

    /// A Map Run.
    fn map_run(&self, arn: &str) -> Option<MapRunDescription>;

    /// The Map Runs of an execution, from the first on.
    fn map_runs(&self, execution_arn: &str) -> Vec<MapRunDescription>;
}

/// What executions need of the server.
#[derive(Clone)]
pub struct Surroundings {
    /// Does their tasks, and gives time and chance. Who runs executions has its own callback store, and its own observer, which hands on what it
    /// hears to the one of this host.
    pub host: Arc<dyn Host>,
    /// Compiles and keeps machines, by their definitions.
    pub machines: Machines,
    /// Whether there is an activity with this ARN.
    pub has_activity: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").field("machines", &self.machines).finish_non_exhaustive()
    }
}

/// An execution, with what does not change.
#[derive(Clone, Debug)]
pub struct NewExecution {
    /// Its ARN.
    pub arn: Text,
    /// Its name.
    pub name: Text,
    /// The name of its machine.
    pub machine_name: Text,
    /// The ARN of its machine, without a version or an alias.
    pub machine_arn: Text,
    /// The ARN of the version, if it was started by one or by an alias.
    pub version_arn: Option<Text>,
    /// The ARN of the alias, if it was started by one.
    pub alias_arn: Option<Text>,
    /// The Map Run that it is a child of.
    pub map_run_arn: Option<Text>,
    /// The test case whose mocks answer some of its tasks.
    pub test_case: Option<Text>,
    /// It is one of an Express machine: nothing is told of it, and its name is free at once.
    pub is_express: bool,
    /// Its input, as it was written.
    pub input_text: String,
    /// Its input.
    pub input: Value,
    /// `traceHeader`
    pub trace_header: Option<String>,
    /// When it was started.
    pub start_date: Date,
    /// What its machine was then.
    pub revision: Revision,
}

/// There is another execution with this ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlreadyExists;

/// What is known of an execution.
#[derive(Clone, Debug)]
pub struct Description {
    /// What does not change.
    pub new: Arc<NewExecution>,
    /// Counts the executions of a machine, or of a Map Run: the newest has the largest.
    pub number: u64,
    /// Its status.
    pub status: Status,
    /// When it ended.
    pub stop_date: Option<Date>,
    /// Its output.
    pub output: Option<Value>,
    /// The name of the error that it ended with.
    pub error: Option<String>,
    /// The cause of that.
    pub cause: Option<String>,
    /// How often it was redriven.
    pub redrive_count: u64,
    /// When it was redriven last.
    pub redrive_date: Option<Date>,
}

/// Whose executions are listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Whose.
    pub of: Whose,
    /// Only those with this status.
    pub status: Option<String>,
    /// Only those that were redriven, or were not.
    pub redriven: Option<bool>,
}

/// Executions that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of a machine.
    Machine(Text),
    /// Those of a machine that were started by an ARN of a version.
    Version {
        /// The machine.
        machine: Text,
        /// The version.
        version: Text,
    },
    /// Those of a machine that were started by an alias.
    Alias {
        /// The machine.
        machine: Text,
        /// The alias.
        alias: Text,
    },
    /// The children of a Map Run.
    MapRun(Text),
}

impl Filter {
    /// Whether an execution of the machine or Map Run is one of those.
    #[must_use]
    pub fn takes(&self, execution: &Description) -> bool {
        let is_of = match &self.of {
            Whose::Machine(_) | Whose::MapRun(_) => true,
            Whose::Version { version, .. } => execution.new.version_arn.as_ref() == Some(version),
            Whose::Alias { alias, .. } => execution.new.alias_arn.as_ref() == Some(alias),
        };
        is_of
            && self.status.as_ref().is_none_or(|status| status == execution.status.as_str())
            && self.redriven.is_none_or(|redriven| redriven == (execution.redrive_count > 0))
    }
}

/// Which events of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRange {
    /// From the newest on.
    pub reversed: bool,
    /// So many are passed over.
    pub skip: usize,
    /// So many at most.
    pub count: usize,
}

/// What is known of a Map Run.
#[derive(Clone, Debug)]
pub struct MapRunDescription {
    /// Its ARN.
    pub arn: Text,
    /// The execution that it is in.
    pub execution_arn: Text,
    /// The machine of that.
    pub machine_arn: Text,
    /// Its status.
    pub status: Status,
    /// When it began.
    pub start_date: Date,
    /// When it ended.
    pub stop_date: Option<Date>,
    /// How many children run at once.
    pub max_concurrency: u64,
    /// Of a hundred items so many may fail.
    pub tolerated_failure_percentage: f64,
    /// So many items may fail.
    pub tolerated_failure_count: u64,
    /// What has become of the items.
    pub items: Counts,
    /// What has become of the children.
    pub executions: Counts,
}

impl MapRunDescription {
    /// How many items a child with this input has: one, unless items come in batches.
    #[must_use]
    pub fn items_of(&self, input: &Value) -> usize {
        let batch = input
            .get("Items")
            .and_then(Value::as_array)
            .filter(|_| self.items.total() != self.executions.total());
        batch.map_or(1, |items| items.len())
    }
}
