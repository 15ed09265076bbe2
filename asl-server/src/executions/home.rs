//! Where executions are: what the API asks of whatever keeps them.

use super::{Description, MapRunDescription, NewExecution, NotStarted, TokenFault};
use crate::control::{Revision, State};
use crate::protocol::date::Date;
use crate::protocol::error::ApiError;
use asl_durable::{DurableError, Resumed, Started, Wanted};
use asl_engine::Outcome;
use asl_engine::history::Told;
use asl_engine::map_run::MapRunLimits;
use asl_runtime::{ActivityTask, BoxFuture, Status, Text, Timestamp};
use std::time::Duration;

/// An answer to come.
pub(crate) type Asked<'a, T, E = ApiError> = BoxFuture<'a, Result<T, E>>;

/// Keeps executions, and lets them go on.
pub(crate) trait Home: Send + Sync {
    /// Lets everything go on that had not ended: how many executions these are, and what has become of them.
    fn resume(&self) -> Asked<'_, (usize, BoxFuture<'static, Resumed>), DurableError>;

    /// The machines and activities that there are, where they are known here; otherwise they are those that the API was told.
    fn state(&self) -> Asked<'_, Option<State>> {
        Box::pin(async { Ok(None) })
    }

    /// Why an action cannot be done here, whatever it is asked.
    fn refuses(&self, _action: &str) -> Option<ApiError> {
        None
    }

    /// Whether the observers of the server receive events as they happen.
    fn is_observed(&self) -> bool {
        true
    }

    /// Starts an execution of a Standard machine: when it was. The same one, if it runs already, is that one.
    fn start<'a>(&'a self, new: &'a NewExecution) -> Asked<'a, Date, NotStarted>;

    /// What is known of an execution.
    fn find<'a>(&'a self, arn: &'a str) -> Asked<'a, Option<Description>>;

    /// Executions from the newest on.
    fn list<'a>(&'a self, wanted: &'a Wanted) -> Asked<'a, Vec<Description>>;

    /// How many executions of a machine were started in each of so many spans of time.
    fn started<'a>(
        &'a self,
        machine_arn: &'a str,
        from: Timestamp,
        span: Duration,
        spans: usize,
    ) -> Asked<'a, Vec<Started>>;

    /// What the machine of an execution was when that was started.
    fn revision<'a>(&'a self, arn: &'a str) -> Asked<'a, Revision>;

    /// What an execution tells as far as it has come.
    fn told<'a>(&'a self, execution: &'a Description) -> Asked<'a, Vec<Told>>;

    /// Good when an execution has ended, or is not there.
    fn until_end<'a>(&'a self, arn: &'a str) -> Asked<'a, ()>;

    /// Stops an execution, if it runs.
    fn stop<'a>(&'a self, arn: &'a str, error: Option<Text>, cause: Option<String>) -> Asked<'a, ()>;

    /// Lets an execution that has failed, timed out or was stopped go on with what failed in it: when that was. The same client token is the same
    /// redrive.
    fn redrive<'a>(&'a self, arn: &'a str, client_token: Option<&'a str>) -> Asked<'a, Date>;

    /// Why an execution can never be redriven here.
    fn never_redrives(&self) -> Option<&'static str> {
        None
    }

    /// Whether an execution of a machine has not ended.
    fn any_runs<'a>(&'a self, machine_arn: &'a str) -> Asked<'a, bool>;

    /// Good when no execution of a machine runs any more that can end here.
    fn idle(&self, machine_arn: Text) -> Asked<'static, ()>;

    /// Whether the task of a token can be ended.
    fn check_token<'a>(&'a self, token: &'a str) -> Asked<'a, (), TokenFault>;

    /// Tells the task of a token something: that it is alive, its result.
    fn signal<'a>(&'a self, token: &'a str, outcome: Outcome) -> Asked<'a, (), TokenFault>;

    /// Waits for work of an activity, and takes it.
    fn work<'a>(&'a self, activity: &'a str, worker_name: Option<&'a str>) -> Asked<'a, ActivityTask>;

    /// How many tasks wait for a worker of an activity.
    fn waiting_for<'a>(&'a self, activity: &'a str) -> Asked<'a, usize>;

    /// The execution that a Map Run is in.
    fn of_map_run<'a>(&'a self, arn: &'a str) -> Asked<'a, Option<Text>>;

    /// Changes what a Map Run may do: whether it still ran.
    fn limit_map_run<'a>(&'a self, run: &'a MapRunDescription, limits: MapRunLimits) -> Asked<'a, bool>;

    /// How the children of a Map Run stand, so many at most, in the order in which they were started.
    fn children<'a>(&'a self, map_run: &'a str, most: usize) -> Asked<'a, Vec<Status>>;

    /// The ARN of the child at a place in that order, from 0.
    fn child<'a>(&'a self, map_run: &'a str, place: usize) -> Asked<'a, Option<Text>>;
}
