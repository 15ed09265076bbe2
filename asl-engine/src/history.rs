//! What happens in an execution, event by event, in the words of AWS's `GetExecutionHistory`.

mod json;
mod moment;

#[doc(hidden)]
pub use moment::TaskMoment;

use crate::codec::{Decode, DecodeError, Decoder, Encode, Encoder, record, variants};
use crate::context::ExecutionContext;
use crate::execution::EffectId;
use crate::machine::StateType;
use crate::map_run::MapRunProgress;
use asl_language::timestamp::Timestamp;
use asl_value::{Object, Text, Value};
use std::time::Duration;

/// Something that happened in an execution.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::Needs;
/// use asl_runtime::engine::{Execution, Start, Told, program};
///
/// let start = Start { tells: Some(Needs::ALL), ..Start::new(order::context(60), [1, 2]) };
/// let mut execution = Execution::start(program::<order::Machine>(), start);
/// let Some(Told::Event(event)) = execution.told().pop() else { panic!("it has started") };
/// assert_eq!((event.id, event.previous_event_id), (1, 0));
/// assert_eq!(event.to_json().get("type").and_then(|name| name.as_str()), Some("ExecutionStarted"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Counts from 1 within the execution.
    pub id: u64,
    /// The event that led to this one, which in branches and iterations need not be the one before it; 0 for the first.
    pub previous_event_id: u64,
    /// When it happened.
    pub timestamp: Timestamp,
    /// What happened.
    pub details: EventDetails,
}

record!(Event { id, previous_event_id, timestamp, details });

impl Event {
    #[doc(hidden)]
    pub const fn new(id: u64, previous_event_id: u64, timestamp: Timestamp, details: EventDetails) -> Self {
        Self { id, previous_event_id, timestamp, details }
    }

    /// As its observers need it.
    pub(crate) fn needed(
        needs: Needs,
        id: u64,
        previous_event_id: u64,
        timestamp: Timestamp,
        details: EventDetails,
    ) -> Option<Self> {
        if !needs.successes && !details.is_failure() {
            return None;
        }
        let details = if needs.data { details } else { details.without_data() };
        Some(Self::new(id, previous_event_id, timestamp, details))
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventDetails {
    /// The execution began.
    ExecutionStarted {
        /// Its input.
        input: Value,
        /// The role that it runs as.
        role_arn: Text,
    },
    /// It ended with an output.
    ExecutionSucceeded {
        /// Its output.
        output: Value,
    },
    /// It ended with an error that nothing caught.
    ExecutionFailed {
        /// The error name.
        error: Option<Text>,
        /// The cause.
        cause: Option<String>,
    },
    /// It took longer than its machine allows.
    ExecutionTimedOut,
    /// It was stopped.
    ExecutionAborted {
        /// The error name that was given.
        error: Option<Text>,
        /// The cause that was given.
        cause: Option<String>,
    },
    /// It did not succeed, and goes on with what failed in it.
    ExecutionRedriven {
        /// How often that has been so, from 1.
        redrive_count: u32,
    },
    /// A state was entered.
    StateEntered {
        /// Its type: `PassStateEntered`, `TaskStateEntered`, ...
        state_type: StateType,
        /// Its name.
        name: Text,
        /// Its raw input.
        input: Value,
    },
    /// A state was left.
    StateExited {
        /// Its type.
        state_type: StateType,
        /// Its name.
        name: Text,
        /// Its output.
        output: Value,
        /// The variables that it assigned.
        assigned: Option<Object>,
    },
    /// A state was stopped, because a branch or an iteration beside it failed, or its execution was stopped.
    StateAborted {
        /// Its type.
        state_type: StateType,
    },
    /// The evaluation of a JSONata expression failed, or gave what its field cannot take.
    EvaluationFailed {
        /// The error name.
        error: Text,
        /// The cause.
        cause: Option<String>,
        /// The field: `Output/total`.
        location: Option<Text>,
        /// The name of the state.
        state: Text,
    },
    /// A task is to be done.
    TaskScheduled {
        /// Its name as an effect, by which the host is asked for it.
        effect: EffectId,
        /// `Resource` of the state.
        resource: Text,
        /// The AWS Region.
        region: Text,
        /// What the resource gets.
        parameters: Value,
        /// The role that it is done as, where `Credentials` names one.
        credentials: Option<Value>,
        /// How long it may take.
        timeout: Option<Duration>,
        /// How long it may be silent.
        heartbeat: Option<Duration>,
    },
    /// A task was passed to its resource, or a worker has taken it.
    TaskStarted {
        /// `Resource` of the state.
        resource: Text,
        /// The worker of an activity.
        worker_name: Option<Text>,
    },
    /// The resource has answered, and the task now waits for its job or its token.
    TaskSubmitted {
        /// `Resource` of the state.
        resource: Text,
        /// The answer.
        output: Value,
    },
    /// A task gave a result.
    TaskSucceeded {
        /// `Resource` of the state.
        resource: Text,
        /// The result.
        output: Value,
    },
    /// A task failed.
    TaskFailed {
        /// `Resource` of the state.
        resource: Text,
        /// The error name.
        error: Text,
        /// The cause.
        cause: Option<String>,
    },
    /// A task took too long.
    TaskTimedOut {
        /// `Resource` of the state.
        resource: Text,
    },
    /// The branches of a Parallel state begin.
    ParallelStateStarted,
    /// All branches have ended.
    ParallelStateSucceeded,
    /// A branch failed, and the others were stopped.
    ParallelStateFailed,
    /// The iterations of a Map state begin.
    MapStateStarted {
        /// The number of items.
        length: usize,
    },
    /// All iterations have ended.
    MapStateSucceeded,
    /// An iteration failed, and the others were stopped.
    MapStateFailed,
    /// The child executions of a distributed Map begin.
    MapRunStarted {
        /// The ARN of the Map Run.
        map_run_arn: Text,
    },
    /// A Map Run goes on with the child executions that did not succeed.
    MapRunRedriven {
        /// The ARN of the Map Run.
        map_run_arn: Text,
        /// How often the execution has been redriven, from 1.
        redrive_count: u32,
    },
    /// All child executions have ended, and no more of them failed than are tolerated.
    MapRunSucceeded,
    /// The items could not be read, the results could not be written, or too many child executions failed.
    MapRunFailed {
        /// The error name.
        error: Option<Text>,
        /// The cause.
        cause: Option<String>,
    },
    /// An iteration begins.
    MapIterationStarted {
        /// The name of the Map state.
        name: Text,
        /// The number of the iteration, from 0.
        index: usize,
    },
    /// An iteration has ended.
    MapIterationSucceeded {
        /// The name of the Map state.
        name: Text,
        /// The number of the iteration, from 0.
        index: usize,
    },
    /// An iteration failed.
    MapIterationFailed {
        /// The name of the Map state.
        name: Text,
        /// The number of the iteration, from 0.
        index: usize,
    },
    /// An iteration was stopped, because another one failed.
    MapIterationAborted {
        /// The name of the Map state.
        name: Text,
        /// The number of the iteration, from 0.
        index: usize,
    },
}

variants!(EventDetails {
    0 ExecutionStarted { input, role_arn },
    1 ExecutionSucceeded { output },
    2 ExecutionFailed { error, cause },
    3 ExecutionTimedOut,
    4 ExecutionAborted { error, cause },
    5 StateEntered { state_type, name, input },
    6 StateExited { state_type, name, output, assigned },
    7 StateAborted { state_type },
    8 EvaluationFailed { error, cause, location, state },
    9 TaskScheduled { effect, resource, region, parameters, credentials, timeout, heartbeat },
    10 TaskStarted { resource, worker_name },
    11 TaskSubmitted { resource, output },
    12 TaskSucceeded { resource, output },
    13 TaskFailed { resource, error, cause },
    14 TaskTimedOut { resource },
    15 ParallelStateStarted,
    16 ParallelStateSucceeded,
    17 ParallelStateFailed,
    18 MapStateStarted { length },
    19 MapStateSucceeded,
    20 MapStateFailed,
    21 MapRunStarted { map_run_arn },
    22 MapRunSucceeded,
    23 MapRunFailed { error, cause },
    24 MapIterationStarted { name, index },
    25 MapIterationSucceeded { name, index },
    26 MapIterationFailed { name, index },
    27 MapIterationAborted { name, index },
    28 ExecutionRedriven { redrive_count },
    29 MapRunRedriven { map_run_arn, redrive_count },
});

impl EventDetails {
    /// Whether something failed, timed out or was stopped; a Fail state that is entered counts as well.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::EventDetails;
    ///
    /// assert!(EventDetails::ExecutionTimedOut.is_failure());
    /// assert!(!EventDetails::ParallelStateStarted.is_failure());
    /// # }
    /// ```
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        match self {
            Self::ExecutionFailed { .. }
            | Self::ExecutionTimedOut
            | Self::ExecutionAborted { .. }
            | Self::StateAborted { .. }
            | Self::EvaluationFailed { .. }
            | Self::TaskFailed { .. }
            | Self::TaskTimedOut { .. }
            | Self::ParallelStateFailed
            | Self::MapStateFailed
            | Self::MapRunFailed { .. }
            | Self::MapIterationFailed { .. }
            | Self::MapIterationAborted { .. } => true,
            Self::StateEntered { state_type, .. } => matches!(state_type, StateType::Fail),
            Self::ExecutionStarted { .. }
            | Self::ExecutionSucceeded { .. }
            | Self::ExecutionRedriven { .. }
            | Self::StateExited { .. }
            | Self::TaskScheduled { .. }
            | Self::TaskStarted { .. }
            | Self::TaskSubmitted { .. }
            | Self::TaskSucceeded { .. }
            | Self::ParallelStateStarted
            | Self::ParallelStateSucceeded
            | Self::MapStateStarted { .. }
            | Self::MapStateSucceeded
            | Self::MapRunStarted { .. }
            | Self::MapRunRedriven { .. }
            | Self::MapRunSucceeded
            | Self::MapIterationStarted { .. }
            | Self::MapIterationSucceeded { .. } => false,
        }
    }

    /// The same without data.
    pub(crate) fn without_data(mut self) -> Self {
        match &mut self {
            Self::ExecutionStarted { input: data, .. }
            | Self::ExecutionSucceeded { output: data }
            | Self::StateEntered { input: data, .. }
            | Self::TaskSubmitted { output: data, .. }
            | Self::TaskSucceeded { output: data, .. } => *data = Value::Null,
            Self::StateExited { output, assigned, .. } => {
                *output = Value::Null;
                *assigned = None;
            }
            Self::TaskScheduled { parameters, credentials, .. } => {
                *parameters = Value::Null;
                *credentials = None;
            }
            Self::ExecutionFailed { .. }
            | Self::ExecutionTimedOut
            | Self::ExecutionAborted { .. }
            | Self::ExecutionRedriven { .. }
            | Self::StateAborted { .. }
            | Self::EvaluationFailed { .. }
            | Self::TaskStarted { .. }
            | Self::TaskFailed { .. }
            | Self::TaskTimedOut { .. }
            | Self::ParallelStateStarted
            | Self::ParallelStateSucceeded
            | Self::ParallelStateFailed
            | Self::MapStateStarted { .. }
            | Self::MapStateSucceeded
            | Self::MapStateFailed
            | Self::MapRunStarted { .. }
            | Self::MapRunRedriven { .. }
            | Self::MapRunSucceeded
            | Self::MapRunFailed { .. }
            | Self::MapIterationStarted { .. }
            | Self::MapIterationSucceeded { .. }
            | Self::MapIterationFailed { .. }
            | Self::MapIterationAborted { .. } => {}
        }
        self
    }
}

/// Which of several ways a state went, where its events do not say so.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decision {
    /// A Choice state took a rule. Only code that is generated for reports of coverage tells this.
    TookRule {
        /// The name of the state.
        state: Text,
        /// The number of the rule in `Choices`; `None` is the `Default`.
        rule: Option<usize>,
    },
    /// A state tries again after an error.
    Retried {
        /// The name of the state.
        state: Text,
        /// The number of the retrier in `Retry`.
        retrier: usize,
    },
    /// A state goes on after an error.
    Caught {
        /// The name of the state.
        state: Text,
        /// The number of the catcher in `Catch`.
        catcher: usize,
    },
}

variants!(Decision { 0 TookRule { state, rule }, 1 Retried { state, retrier }, 2 Caught { state, catcher } });

/// What an execution tells, in the order in which it happened.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Told {
    /// An event of its history.
    Event(Event),
    /// A decision that is not a separate event.
    Decision(Decision),
    /// A distributed Map has come further.
    MapRun(MapRunProgress),
}

variants!(Told { 0 Event(event), 1 Decision(decision), 2 MapRun(progress) });

impl Told {
    /// The event, if it is one.
    #[must_use]
    pub const fn as_event(&self) -> Option<&Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Decision(_) | Self::MapRun(_) => None,
        }
    }

    /// The event, if it is one.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Needs;
    /// use asl_runtime::engine::{Execution, Start, Told, program};
    ///
    /// let start = Start { tells: Some(Needs::EVENTS), ..Start::new(order::context(60), [1, 2]) };
    /// let mut execution = Execution::start(program::<order::Machine>(), start);
    /// let events: Vec<_> = execution.told().into_iter().filter_map(Told::into_event).collect();
    /// assert_eq!(events.len(), 1);
    /// # }
    /// ```
    #[must_use]
    pub fn into_event(self) -> Option<Event> {
        match self {
            Self::Event(event) => Some(event),
            Self::Decision(_) | Self::MapRun(_) => None,
        }
    }

    /// Tells an observer.
    #[doc(hidden)]
    pub fn tell(&self, observer: &dyn Observer, execution: &ExecutionContext) {
        match self {
            Self::Event(event) => observer.event(execution, event),
            Self::Decision(decision) => observer.decision(execution, decision),
            Self::MapRun(progress) => observer.map_run(execution, progress),
        }
    }
}

/// What observers need of what an execution reports. Nothing else is reported, so data that no observer reads is not kept, and does not leave a worker.
///
/// The numbers of events do not depend on it.
///
/// ```
/// use asl_engine::history::Needs;
///
/// let both = Needs::EVENTS.with(Needs { decisions: true, ..Needs::FAILURES });
/// assert_eq!(both, Needs { decisions: true, ..Needs::EVENTS });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Events of what goes well. Without them, only those of what fails, times out or is stopped are reported.
    pub successes: bool,
    /// Inputs, outputs, parameters, results and variables. Without them, there is `null` in their places.
    pub data: bool,
    /// [`Decision`]s.
    pub decisions: bool,
}

/// What goes well is a bit of the first byte that is set where it is not reported, so that what was written before there was a choice is read.
const NO_SUCCESSES: u8 = 2;

impl Encode for Needs {
    fn encode<'v>(&'v self, to: &mut Encoder<'v>) {
        to.byte(u8::from(self.data) | if self.successes { 0 } else { NO_SUCCESSES });
        to.byte(u8::from(self.decisions));
    }
}

impl Decode for Needs {
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        match (from.byte()?, from.byte()?) {
            (first @ 0..=3, decisions @ 0..=1) => Ok(Self {
                successes: first & NO_SUCCESSES == 0,
                data: first & 1 == 1,
                decisions: decisions == 1,
            }),
            _ => Err(from.invalid("what is reported of an execution has no such form")),
        }
    }
}

impl Needs {
    /// Events of failures, with the names, times and errors in them.
    pub const FAILURES: Self = Self { successes: false, data: false, decisions: false };
    /// All events, with the names, times and errors in them.
    pub const EVENTS: Self = Self { successes: true, ..Self::FAILURES };
    /// Everything that is reported.
    pub const ALL: Self = Self { successes: true, data: true, decisions: true };

    /// What two need together.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self {
            successes: self.successes || other.successes,
            data: self.data || other.data,
            decisions: self.decisions || other.decisions,
        }
    }
}

/// Hears about events as they happen.
///
/// It is called from within the execution, so it should be quick.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{Event, EventDetails, ExecutionContext, Needs, Observer};
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// /// Counts failed executions, and needs no data for that.
/// #[derive(Default)]
/// struct Failures(AtomicU64);
///
/// impl Observer for Failures {
///     fn event(&self, _: &ExecutionContext, event: &Event) {
///         if matches!(event.details, EventDetails::ExecutionFailed { .. }) {
///             self.0.fetch_add(1, Ordering::Relaxed);
///         }
///     }
///
///     fn needs(&self) -> Needs {
///         Needs::EVENTS
///     }
/// }
/// # }
/// ```
pub trait Observer: Send + Sync {
    /// Something happened in an execution.
    fn event(&self, execution: &ExecutionContext, event: &Event);

    /// A distributed Map in an execution has come further. The child executions of the Map have names, and tell events,
    /// of their own.
    fn map_run(&self, execution: &ExecutionContext, progress: &MapRunProgress) {
        if let Some(next) = self.next() {
            next.map_run(execution, progress);
        }
    }

    /// An execution has decided something that is not a separate event.
    fn decision(&self, execution: &ExecutionContext, decision: &Decision) {
        if let Some(next) = self.next() {
            next.decision(execution, decision);
        }
    }

    /// What it looks at: everything that is reported, unless it says otherwise. Asked once, when an execution starts.
    fn needs(&self) -> Needs {
        Needs::ALL
    }

    /// An observer that receives what this one receives too. Each method passes on its arguments.
    fn next(&self) -> Option<&dyn Observer> {
        None
    }
}

impl<F: Fn(&ExecutionContext, &Event) + Send + Sync> Observer for F {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        self(execution, event);
    }
}

impl<O: Observer + ?Sized> Observer for std::sync::Arc<O> {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        (**self).event(execution, event);
    }

    fn needs(&self) -> Needs {
        (**self).needs()
    }

    fn map_run(&self, execution: &ExecutionContext, progress: &MapRunProgress) {
        (**self).map_run(execution, progress);
    }

    fn decision(&self, execution: &ExecutionContext, decision: &Decision) {
        (**self).decision(execution, decision);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execution::tests::toy::Dice;
    use crate::execution::tests::world::start;
    use std::sync::{Arc, Mutex};

    /// Keeps the names of what it receives.
    #[derive(Default)]
    struct Heard(Mutex<Vec<&'static str>>);

    impl Heard {
        fn note(&self, what: &'static str) {
            self.0.lock().unwrap().push(what);
        }
    }

    impl Observer for Heard {
        fn event(&self, _: &ExecutionContext, _: &Event) {
            self.note("event");
        }

        fn map_run(&self, _: &ExecutionContext, _: &MapRunProgress) {
            self.note("map run");
        }

        fn decision(&self, _: &ExecutionContext, _: &Decision) {
            self.note("decision");
        }

        fn needs(&self) -> Needs {
            Needs::FAILURES
        }
    }

    /// Hears events itself, and leaves the rest to another.
    struct Before(Arc<Heard>);

    impl Observer for Before {
        fn event(&self, execution: &ExecutionContext, event: &Event) {
            self.0.event(execution, event);
        }

        fn next(&self) -> Option<&dyn Observer> {
            Some(&self.0)
        }
    }

    #[test]
    fn an_observer_that_is_shared_or_comes_second_hears_everything() {
        let execution = start(&mut Dice::new(1)).context;
        let details = EventDetails::ParallelStateStarted;
        let event = Event { id: 1, previous_event_id: 0, timestamp: execution.start_time, details };
        let decision = Decision::TookRule { state: "Choose".into(), rule: None };
        let shared = Arc::new(Heard::default());
        for observer in
            [&shared as &dyn Observer, &Before(Arc::clone(&shared)), &Arc::new(Arc::clone(&shared))]
        {
            observer.event(&execution, &event);
            observer.decision(&execution, &decision);
            assert_eq!(std::mem::take(&mut *shared.0.lock().unwrap()), ["event", "decision"]);
        }
        assert_eq!(Arc::clone(&shared).needs(), Needs::FAILURES);
    }
}
