//! Spans and events of the crate `tracing`.
//!
//! | span | fields |
//! | --- | --- |
//! | `execution` | `execution`, `state_machine`, `status` |
//! | `state` | `state`, `type` |
//! | `task` | `resource`, `attempt`, `error` |
//!
//! Within them is an event for each event of the history, with the target `asl_runtime::history` and the fields of a line of
//! CloudWatch's logs; those that tell of an error have the level `ERROR`. A state whose work is tried again has an event `retry`.

mod layer;

pub use layer::CloudWatchLayer;

use super::logs::{LogLevel, Record};
use crate::host::{Around, Host};
use crate::integration::BoxFuture;
use crate::invocation::Invocation;
use asl_engine::EffectId;
use asl_engine::context::ExecutionContext;
use asl_engine::error::TaskError;
use asl_engine::history::{Event, EventDetails, Observer, TaskMoment};
use asl_value::{Text, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tracing::{Instrument, Span};

/// The target of the events of the history.
pub const HISTORY: &str = "asl_runtime::history";

/// A host that does all that another one does, within spans.
///
/// ```
/// use asl_runtime::InMemory;
/// use asl_runtime::monitoring::traces::Traced;
///
/// let host = Traced::new(InMemory::new());
/// ```
#[derive(Clone)]
pub struct Traced<H> {
    host: H,
    include_execution_data: bool,
    /// What is open in each execution that has not ended.
    executions: Arc<Mutex<HashMap<Text, Open>>>,
}

/// The spans of an execution. What it takes grows with the number of its events, until it ends.
struct Open {
    execution: Span,
    states: HashMap<u64, OpenState>,
    /// The event of entering the state that each event belongs to.
    entered: HashMap<u64, u64>,
    /// The spans of the tasks that were scheduled and have not begun.
    tasks: HashMap<EffectId, Span>,
}

struct OpenState {
    span: Option<Span>,
    /// The event of entering the state around it.
    around: Option<u64>,
    task: Option<Span>,
    attempts: u32,
}

impl<H: Host> Traced<H> {
    /// Puts the executions that run on this host into spans.
    #[must_use]
    pub fn new(host: H) -> Self {
        Self { host, include_execution_data: false, executions: Arc::default() }
    }

    /// Lets the events of the history tell inputs, outputs, parameters and variables.
    #[must_use]
    pub fn include_execution_data(mut self) -> Self {
        self.include_execution_data = true;
        self
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Text, Open>> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The span of a task that is about to be done.
    fn span_of(&self, invocation: &Invocation) -> Option<Span> {
        let mut executions = self.lock();
        executions.get_mut(&*invocation.execution().name)?.tasks.remove(invocation.effect())
    }

    fn tell(&self, span: &Span, execution: &ExecutionContext, event: &Event) {
        let is_fine = LogLevel::of(event.type_name()) == LogLevel::All;
        let is_wanted = match is_fine {
            true => tracing::enabled!(target: HISTORY, tracing::Level::INFO),
            false => tracing::enabled!(target: HISTORY, tracing::Level::ERROR),
        };
        if !is_wanted {
            return;
        }
        let record = Record::new(execution, event, self.include_execution_data);
        let Record { id, r#type, details, previous_event_id, event_timestamp, execution_arn, .. } = &record;
        let execution_arn = execution_arn.as_str();
        // The level of an event is part of its place in the program.
        macro_rules! tell {
            ($level:ident) => {
                tracing::event!(
                    target: HISTORY, parent: span, tracing::Level::$level,
                    id, r#type, details, previous_event_id, event_timestamp, execution_arn
                )
            };
        }
        if is_fine { tell!(INFO) } else { tell!(ERROR) }
    }
}

impl Open {
    fn new(execution: &ExecutionContext) -> Self {
        let span = tracing::info_span!(
            "execution",
            execution = execution.name.as_str(),
            state_machine = execution.state_machine_name.as_str(),
            status = tracing::field::Empty,
        );
        Self { execution: span, states: HashMap::new(), entered: HashMap::new(), tasks: HashMap::new() }
    }

    /// Follows an event, and returns the span that it is in.
    fn follow(&mut self, event: &Event) -> Span {
        let before = self.entered.get(&event.previous_event_id).copied();
        if let EventDetails::StateEntered { state_type, name, .. } = &event.details {
            return self.enter(event.id, before, name, &state_type.to_string());
        }
        let Some(entered) = before else { return self.execution.clone() };
        self.entered.insert(event.id, entered);
        let Some(state) = self.states.get_mut(&entered) else { return self.execution.clone() };
        let span = state.span.clone().unwrap_or_else(|| self.execution.clone());
        if let EventDetails::StateExited { .. } | EventDetails::StateAborted { .. } = &event.details {
            state.span = None;
            state.task = None;
            return span;
        }
        match event.details.task() {
            Some((resource, moment)) => {
                let span = state.task_moment(resource, moment, &span).unwrap_or(span);
                if let EventDetails::TaskScheduled { effect, .. } = &event.details {
                    self.tasks.insert(effect.clone(), span.clone());
                }
                span
            }
            None => span,
        }
    }

    fn enter(&mut self, id: u64, before: Option<u64>, name: &str, r#type: &str) -> Span {
        // The event before is of a state that holds this one, or of one beside it that was left.
        let is_open = |id: &u64| self.states.get(id).is_some_and(|state| state.span.is_some());
        let around = before.filter(is_open).or_else(|| self.states.get(&before?)?.around);
        let parent = around.and_then(|around| self.states.get(&around)?.span.clone());
        let parent = parent.unwrap_or_else(|| self.execution.clone());
        let span = tracing::info_span!(parent: &parent, "state", state = name, r#type);
        self.entered.insert(id, id);
        self.states.insert(id, OpenState { span: Some(span.clone()), around, task: None, attempts: 0 });
        span
    }
}

impl OpenState {
    /// The span of the task.
    fn task_moment(&mut self, resource: &str, moment: TaskMoment<'_>, state: &Span) -> Option<Span> {
        let end = |task: Option<Span>, error: &str| {
            task.inspect(|task| {
                task.record("error", error);
            })
        };
        match moment {
            TaskMoment::Scheduled => {
                self.attempts += 1;
                let attempt = self.attempts;
                if attempt > 1 {
                    tracing::info!(parent: state, attempt, "retry");
                }
                let error = tracing::field::Empty;
                self.task = Some(tracing::info_span!(parent: state, "task", resource, attempt, error));
                self.task.clone()
            }
            TaskMoment::Started | TaskMoment::Submitted => self.task.clone(),
            TaskMoment::Succeeded => self.task.take(),
            TaskMoment::Failed(error) => end(self.task.take(), error),
            TaskMoment::TimedOut => end(self.task.take(), asl_language::errors::TIMEOUT),
        }
    }
}

/// Opens and closes spans, and informs the observer that the other host has.
impl<H: Host + Clone> Observer for Traced<H> {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        let span = {
            let mut executions = self.lock();
            let open = executions.entry(execution.name.clone()).or_insert_with(|| Open::new(execution));
            let span = open.follow(event);
            if let Some(status) = event.details.end() {
                open.execution.record("status", status.as_str());
                let open = executions.remove(&*execution.name);
                open.map_or(span, |open| open.execution)
            } else {
                span
            }
        };
        self.tell(&span, execution, event);
        if let Some(next) = self.next() {
            next.event(execution, event);
        }
    }

    fn next(&self) -> Option<&dyn Observer> {
        self.host.observer()
    }
}

impl<H: Host + Clone> Around for Traced<H> {
    type Host = H;

    fn host(&self) -> &H {
        &self.host
    }

    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Value, TaskError>> {
        let span = self.span_of(&invocation).unwrap_or_else(Span::none);
        Box::pin(self.host.invoke(invocation).instrument(span))
    }

    fn observer(&self) -> Option<&dyn Observer> {
        Some(self)
    }
}

impl<H: fmt::Debug> fmt::Debug for Traced<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Traced").field("host", &self.host).finish_non_exhaustive()
    }
}

/// The context of the current span, as the headers that pass it on (W3C, "Trace Context"); none where no propagator is installed.
#[cfg(feature = "opentelemetry")]
pub(crate) fn trace_headers() -> Vec<(String, String)> {
    use tracing_opentelemetry::OpenTelemetrySpanExt;

    struct Headers(Vec<(String, String)>);

    impl opentelemetry::propagation::Injector for Headers {
        fn set(&mut self, key: &str, value: String) {
            self.0.push((key.to_owned(), value));
        }
    }

    let context = Span::current().context();
    let mut headers = Headers(Vec::new());
    opentelemetry::global::get_text_map_propagator(|propagator| {
        propagator.inject_context(&context, &mut headers);
    });
    headers.0
}
