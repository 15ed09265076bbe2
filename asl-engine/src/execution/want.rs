//! What an execution says and receives: wants go out, answers come in.

use super::address::EffectId;
use super::map_run::{ChildEnd, ChildStart, MapRunStart};
use crate::Shared;
use crate::codec::{record, variants};
use crate::context::MapItem;
use crate::error::{ExecutionError, TaskError};
use crate::map_run::MapRunLimits;
use crate::map_run::item::Item;
use crate::resource::Pattern;
use crate::task::Task;
use asl_language::timestamp::Timestamp;
use asl_value::{Text, Value};

/// What an execution wants of the world. Its driver does these in their order.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::Want;
///
/// for want in order::started().wants() {
///     match want {
///         Want::Perform(task) => println!("do {} as {}", task.task.resource, task.effect),
///         Want::Timer { due, .. } => println!("come back at {due}"),
///         Want::Cancel { effect } => println!("forget {effect}"),
///         Want::Ended(result) => println!("it is over: {result:?}"),
///         // Tokens, activities and distributed Maps.
///         _ => {}
///     }
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Want {
    /// A task is to be done. It is answered with [`Outcome::Ended`], before that with any number of [`Outcome::Heartbeat`], and
    /// with [`Outcome::Submitted`] where a job was started whose end is waited for.
    Perform(Shared<Perform>),
    /// The holder of this token may end the effect, from now on and until it is cancelled: with [`Outcome::Signalled`], before that with
    /// any number of [`Outcome::Heartbeat`].
    Await {
        /// Which effect.
        effect: EffectId,
        /// The token. It is a secret.
        task_token: Text,
    },
    /// A worker of an activity is to do a task. It is answered with [`Outcome::Accepted`] at once, or with an [`Outcome::Ended`] if there
    /// is no such activity; then with [`Outcome::Started`] when a worker has it; its end comes in for its token.
    Work(Box<Work>),
    /// A time is to be waited for, and answered with [`Outcome::Fired`]. A timer of the same effect and kind is replaced. An answer
    /// before the time is ignored, so that timers that were replaced may be kept.
    Timer {
        /// Which effect.
        effect: EffectId,
        /// What for.
        timer: Timer,
        /// Until when. What is past is over at once.
        due: Timestamp,
    },
    /// A Map Run begins: its items are to be read when they are asked for.
    MapRun(Box<MapRunStart>),
    /// More items of a Map Run are wanted, and answered with [`Outcome::Items`].
    Read {
        /// Which Map Run.
        effect: EffectId,
    },
    /// A child execution of a Map Run is to be run, and its end answered with [`Outcome::ChildEnded`].
    Child(Shared<ChildStart>),
    /// A Map Run is over, and its results are to be written. It is answered with [`Outcome::Finished`].
    Finish {
        /// Which Map Run.
        effect: EffectId,
        /// Whether it has failed: then its children are to be stopped first, and their ends to be answered.
        failed: bool,
    },
    /// Nothing about this effect matters any more: its task is to be cancelled, its timers and its token to be forgotten.
    Cancel {
        /// Which effect.
        effect: EffectId,
    },
    /// The execution has ended, and with it all that it has asked for.
    Ended(Result<Value, ExecutionError>),
}

variants!(Want {
    0 Perform(perform),
    1 Await { effect, task_token },
    2 Work(work),
    3 Timer { effect, timer, due },
    4 MapRun(start),
    5 Read { effect },
    6 Child(child),
    7 Finish { effect, failed },
    8 Cancel { effect },
    9 Ended(result),
});

/// What a timer is for.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::Timer;
///
/// assert_eq!("Heartbeat".parse(), Ok(Timer::Heartbeat));
/// assert_eq!(Timer::Retry.to_string(), "Retry");
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// A Wait state.
    Wait,
    /// The delay before a state is tried again.
    Retry,
    /// `TimeoutSeconds`, of a task or of the execution.
    Timeout,
    /// `HeartbeatSeconds`
    Heartbeat,
}

variants!(Timer { 0 Wait, 1 Retry, 2 Timeout, 3 Heartbeat });

/// A task, and what is to be known to do it.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::Want;
///
/// let Some(Want::Perform(task)) = order::started().next_want() else { panic!("it asks for a task") };
/// assert_eq!((task.state.as_str(), task.effect.to_string().as_str()), ("Charge", "1#0"));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Perform {
    /// Its name.
    pub effect: EffectId,
    /// The number of the state in its machine.
    pub state_id: u16,
    /// The name of the state that asks for it.
    pub state: Text,
    /// The number of the iteration of the Map around it, from 0.
    pub iteration: Option<usize>,
    /// What is to be done.
    pub task: Task,
    /// When it is over.
    pub pattern: Pattern,
    /// The token that ends it, where the pattern is `.waitForTaskToken`. It is a secret.
    pub task_token: Option<Text>,
    /// What the service answered when the job was started, where that was before a crash: the end of that job is to be waited for, and
    /// none is to be started.
    pub submitted: Option<Value>,
}

record!(Perform { effect, state_id, state, iteration, task, pattern, task_token, submitted });

/// A task for a worker of an activity.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Its name.
    pub effect: EffectId,
    /// The ARN of the activity.
    pub activity: Text,
    /// The name of the state that asks for it.
    pub state: Text,
    /// The number of the iteration of the Map around it, from 0.
    pub iteration: Option<usize>,
    /// What the worker gets.
    pub input: Value,
    /// The token that ends it. It is a secret.
    pub task_token: Text,
}

record!(Work { effect, activity, state, iteration, input, task_token });

/// What came of an effect.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::TaskError;
/// use asl_runtime::engine::{Outcome, Value};
///
/// let failed = Outcome::Ended(Err(TaskError::new("GatewayBusy", "try again")));
/// // A journal can keep outcomes as JSON.
/// let json = Value::from_serialize(&failed)?;
/// assert_eq!(json.to_string(), r#"{"Ended":{"Err":{"Error":"GatewayBusy","Cause":"try again"}}}"#);
/// assert_eq!(json.to::<Outcome>()?, failed);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A task is over: its result, or its error.
    Ended(Result<Value, TaskError>),
    /// A job was started, and this is what the service answered.
    Submitted(Value),
    /// A task is alive.
    Heartbeat,
    /// A result, or an error, for the token of an effect.
    Signalled(Result<Value, TaskError>),
    /// The activity exists, and its workers can see the task.
    Accepted,
    /// A worker has the task.
    Started {
        /// How the worker calls itself.
        worker_name: Option<Text>,
    },
    /// The time of a timer has come.
    Fired(Timer),
    /// Items of a Map Run, or why there are none.
    Items(Result<Items, TaskError>),
    /// A child execution of a Map Run has ended.
    ChildEnded(Box<ChildEnd>),
    /// The results of a Map Run are written, or are nowhere to be written to.
    Finished(Result<Option<Value>, TaskError>),
    /// A Map Run may do this at most from now on, as far as this says anything.
    Limited(MapRunLimits),
    /// The execution is to stop: an outcome of [`EffectId::EXECUTION`].
    Stopped {
        /// The error name to end with.
        error: Option<Text>,
        /// The cause to end with.
        cause: Option<String>,
    },
    /// The execution, which has ended without success, is to go on with what failed in it: an outcome of [`EffectId::EXECUTION`].
    Redriven,
}

variants!(Outcome {
    0 Ended(result),
    1 Submitted(output),
    2 Heartbeat,
    3 Signalled(result),
    4 Accepted,
    5 Started { worker_name },
    6 Fired(timer),
    7 Items(items),
    8 ChildEnded(end),
    9 Finished(result),
    10 Stopped { error, cause },
    11 Redriven,
    12 Limited(limits),
});

/// Some of the items that a Map Run reads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    /// The items.
    pub items: Vec<Item>,
    /// There are no more.
    pub is_end: bool,
}

record!(Items { items, is_end });

/// The item of the iteration around a lane, if there is one.
pub(super) fn iteration(item: Option<&MapItem>) -> Option<usize> {
    item.map(|item| item.index)
}
