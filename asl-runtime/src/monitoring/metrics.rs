//! Metrics with the names and dimensions of the namespace `AWS/States` (AWS, "Monitoring Step Functions metrics using CloudWatch"), through
//! the facade of the crate `metrics`: whatever recorder the program installs gets them. Two exporters are here: [`EmbeddedMetrics`] writes
//! CloudWatch's Embedded Metric Format, [`Prometheus`] the text that a Prometheus server reads.
//!
//! | what | metrics | dimension |
//! | --- | --- | --- |
//! | executions | `ExecutionsStarted`, `ExecutionsSucceeded`, `ExecutionsFailed`, `ExecutionsTimedOut`, `ExecutionsAborted`, `ExecutionTime` | `StateMachineArn` |
//! | functions | `LambdaFunctionsScheduled`, `...Started`, `...Succeeded`, `...Failed`, `...TimedOut`, `LambdaFunctionScheduleTime`, `LambdaFunctionRunTime`, `LambdaFunctionTime` | `LambdaFunctionArn` |
//! | service integrations | `ServiceIntegrationsScheduled`, ..., `ServiceIntegrationTime` | `ServiceIntegrationResourceArn` |
//! | activities | `ActivitiesScheduled`, ..., `ActivityTime` | `ActivityArn` |
//!
//! Times are in milliseconds.

mod embedded;
mod prometheus;
mod registry;

pub use embedded::EmbeddedMetrics;
pub use prometheus::Prometheus;

use asl_engine::context::ExecutionContext;
use asl_engine::error::Status;
use asl_engine::history::{Event, EventDetails, Needs, Observer, TaskMoment};
use asl_engine::resource::Resource;
use asl_language::timestamp::Timestamp;
use asl_value::Text;
use metrics::{Label, counter, histogram};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts and times executions and their tasks.
///
/// ```
/// use asl_runtime::InMemory;
/// use asl_runtime::monitoring::metrics::{Metrics, Prometheus};
///
/// let prometheus = Prometheus::default();
/// // Once in the program; libraries never install a recorder.
/// metrics::set_global_recorder(prometheus.clone()).expect("no other recorder");
/// let host = InMemory::new().observe(Metrics::default());
/// // ... and when a Prometheus server asks:
/// let text = prometheus.render();
/// ```
#[derive(Default)]
pub struct Metrics {
    executions: Mutex<HashMap<Text, Running>>,
}

/// An execution that has not ended.
struct Running {
    started: Timestamp,
    /// By the last event of each.
    tasks: HashMap<u64, TaskTimes>,
}

#[derive(Clone, Copy)]
struct TaskTimes {
    scheduled: Timestamp,
    started: Option<Timestamp>,
}

impl Observer for Metrics {
    fn needs(&self) -> Needs {
        Needs::EVENTS
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        if let EventDetails::ExecutionStarted { .. } = &event.details {
            counter!("ExecutionsStarted", vec![machine(execution)]).increment(1);
            let running = Running { started: event.timestamp, tasks: HashMap::new() };
            self.lock().insert(execution.name.clone(), running);
        } else if let Some(status) = event.details.end() {
            self.end(execution, event, status);
        } else if let Some((resource, moment)) = event.details.task() {
            self.task(execution, event, &Family::of(resource), moment);
        }
    }
}

fn machine(execution: &ExecutionContext) -> Label {
    Label::new("StateMachineArn", execution.state_machine_id.to_string())
}

impl Metrics {
    fn lock(&self) -> MutexGuard<'_, HashMap<Text, Running>> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, execution: &ExecutionContext, event: &Event, status: Status) {
        let name = match status {
            Status::Running => return,
            Status::Succeeded => "ExecutionsSucceeded",
            Status::Failed => "ExecutionsFailed",
            Status::TimedOut => "ExecutionsTimedOut",
            Status::Aborted => "ExecutionsAborted",
        };
        counter!(name, vec![machine(execution)]).increment(1);
        if let Some(running) = self.lock().remove(&*execution.name) {
            let time = milliseconds(running.started, event.timestamp);
            histogram!("ExecutionTime", vec![machine(execution)]).record(time);
        }
    }

    fn task(&self, execution: &ExecutionContext, event: &Event, family: &Family<'_>, moment: TaskMoment<'_>) {
        family.count(match moment {
            TaskMoment::Scheduled => "Scheduled",
            TaskMoment::Started => "Started",
            TaskMoment::Submitted => "Submitted",
            TaskMoment::Succeeded => "Succeeded",
            TaskMoment::Failed(_) => "Failed",
            TaskMoment::TimedOut => "TimedOut",
        });
        let Some(times) = self.follow(execution, event, moment) else { return };
        match moment {
            TaskMoment::Scheduled | TaskMoment::Submitted => {}
            TaskMoment::Started => family.time("ScheduleTime", times.scheduled, event.timestamp),
            TaskMoment::Succeeded | TaskMoment::Failed(_) | TaskMoment::TimedOut => {
                family.time("Time", times.scheduled, event.timestamp);
                if let Some(started) = times.started {
                    family.time("RunTime", started, event.timestamp);
                }
            }
        }
    }

    /// The times of the task that an event is about, which from now on is known by this event, unless it is the last.
    fn follow(
        &self,
        execution: &ExecutionContext,
        event: &Event,
        moment: TaskMoment<'_>,
    ) -> Option<TaskTimes> {
        let mut executions = self.lock();
        let tasks = &mut executions.get_mut(&*execution.name)?.tasks;
        let before = tasks.remove(&event.previous_event_id);
        let times = match moment {
            TaskMoment::Scheduled => TaskTimes { scheduled: event.timestamp, started: None },
            TaskMoment::Started => TaskTimes { started: Some(event.timestamp), ..before? },
            TaskMoment::Submitted => before?,
            TaskMoment::Succeeded | TaskMoment::Failed(_) | TaskMoment::TimedOut => return before,
        };
        tasks.insert(event.id, times);
        Some(times)
    }
}

/// How the metrics of a kind of resource are called.
struct Family<'a> {
    many: &'static str,
    one: &'static str,
    dimension: &'static str,
    resource: &'a str,
}

impl<'a> Family<'a> {
    fn of(resource: &'a str) -> Self {
        let (many, one, dimension) = match Resource::parse(resource) {
            Resource::Lambda => ("LambdaFunctions", "LambdaFunction", "LambdaFunctionArn"),
            Resource::Activity => ("Activities", "Activity", "ActivityArn"),
            Resource::Service { .. } | Resource::Other => {
                ("ServiceIntegrations", "ServiceIntegration", "ServiceIntegrationResourceArn")
            }
        };
        Self { many, one, dimension, resource }
    }

    fn label(&self) -> Label {
        Label::new(self.dimension, self.resource.to_owned())
    }

    fn count(&self, what: &str) {
        counter!(format!("{}{what}", self.many), vec![self.label()]).increment(1);
    }

    fn time(&self, what: &str, from: Timestamp, to: Timestamp) {
        histogram!(format!("{}{what}", self.one), vec![self.label()]).record(milliseconds(from, to));
    }
}

fn milliseconds(from: Timestamp, to: Timestamp) -> f64 {
    to.since(from).as_secs_f64() * 1000.0
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("running", &self.lock().len()).finish_non_exhaustive()
    }
}
