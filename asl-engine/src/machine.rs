//! A compiled machine: pure functions over one flat enum of states.
//!
//! Generated code implements [`StateMachine`]. It transforms data and says what it wants from the world as an [`Effect`]; it
//! does no IO and never waits. The [execution](crate::execution) asks for effects and hands their results back.

use crate::codec::{record, variants};
use crate::context::Context;
use crate::error::Error;
use crate::map_run::{MapRun, Tolerance};
use crate::program::{Code, Program, StateId, state};
use crate::retry::{Catcher, Retrier};
use crate::task::Task;
pub use asl_language::state_type::StateType;
use asl_language::timestamp::Timestamp;
use asl_value::{Array, Value};
use serde_core::de::{Deserialize, Deserializer, Error as _};
use std::fmt;
use std::hash::Hash;
use std::time::Duration;

/// A compiled state machine.
///
/// `asl_machine!` implements it for the unit struct `Machine` of the module that it makes. The methods are the steps of the
/// machine, for hosts and for programs that drive it by hand.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{State, StateMachine};
///
/// /// What can be said of any machine.
/// fn describe<M: StateMachine>() -> String {
///     format!("{} has {} states, and starts at {}", M::NAME, M::State::ALL.len(), M::START_AT.name())
/// }
///
/// assert_eq!(describe::<order::Machine>(), "order has 2 states, and starts at Charge");
/// # }
/// ```
pub trait StateMachine: fmt::Debug + Send + Sync + 'static {
    /// All states, those of branches and item processors included.
    type State: State;

    /// What it is made of. The engine goes by this alone: what the other items say is read from it, and is not to be said otherwise.
    #[doc(hidden)]
    const CODE: &'static Code;

    /// The name of the machine: that of its module.
    const NAME: &'static str = Self::CODE.name;
    /// The state where an execution starts.
    #[expect(
        clippy::indexing_slicing,
        reason = "a constant of a machine without that state does not compile"
    )]
    const START_AT: Self::State = Self::State::ALL[Self::CODE.start_at as usize];
    /// `TimeoutSeconds` of the definition.
    const TIMEOUT: Option<Duration> = Self::CODE.timeout;
    /// The text of the definition, by which an execution that outlives its program is known to be of this machine.
    const DEFINITION: &'static str = Self::CODE.definition;

    /// Enters a state. `data` is the state's input; a state that asks for nothing (Pass, Choice, Succeed) turns it into
    /// its output, every other state leaves it as it is.
    ///
    /// # Errors
    /// What the state raises: a path that leads nowhere, or what a Fail state says.
    fn enter(
        state: Self::State,
        data: &mut Value,
        context: &Context<'_>,
    ) -> Result<Effect<Self::State>, Error> {
        Self::CODE.enter(state.id(), data, context)?.typed()
    }

    /// Goes on after an effect with its result, and turns `data`, the state's input, into its output.
    ///
    /// # Errors
    /// A path or the `ResultPath` cannot be applied; `data` is as it was.
    fn resume(
        state: Self::State,
        data: &mut Value,
        mut result: Value,
        context: &Context<'_>,
    ) -> Result<Transition<Self::State>, Error> {
        Self::CODE.resume(state.id(), data, &mut result, context)?.typed()
    }

    /// Goes on after an error that a catcher of the state caught, by the number of the catcher, and turns `data`, the state's
    /// input, into the input of the catcher's `Next`.
    ///
    /// # Errors
    /// The catcher's `ResultPath` cannot be applied.
    fn catch(
        state: Self::State,
        data: &mut Value,
        catcher: usize,
        error_output: Value,
        context: &Context<'_>,
    ) -> Result<Transition<Self::State>, Error> {
        Self::CODE.catch(state.id(), data, catcher, error_output, context)?.typed()
    }

    /// The input of one iteration of a Map state, by its `ItemSelector`. `input` is the effective input of the Map; the context
    /// knows the item.
    ///
    /// # Errors
    /// A path of the `ItemSelector` leads nowhere.
    fn select_item(
        state: Self::State,
        input: &Value,
        item: Value,
        context: &Context<'_>,
    ) -> Result<Value, Error> {
        Self::CODE.select_item(state.id(), input, item, context)
    }
}

/// The states of a machine: a flat enum.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{State, StateType};
///
/// assert_eq!(order::State::from_name("Pack"), Some(order::State::Pack));
/// assert_eq!(order::State::Pack.info().state_type, StateType::Wait);
/// assert_eq!(order::State::ALL.iter().map(|state| state.name()).collect::<Vec<_>>(), ["Charge", "Pack"]);
/// # }
/// ```
pub trait State: Copy + Eq + Hash + fmt::Debug + Send + Sync + 'static {
    /// Every state in the order of the definition; [`id`](Self::id) counts here.
    const ALL: &'static [Self];

    /// The place of the state in [`ALL`](Self::ALL).
    fn id(self) -> u16;

    /// What the definition says about the state.
    fn info(self) -> &'static StateInfo;

    /// The name in the definition.
    #[must_use]
    fn name(self) -> &'static str {
        self.info().name
    }

    /// The state with this name.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::State;
    ///
    /// assert_eq!(order::State::from_name("Charge"), Some(order::State::Charge));
    /// assert_eq!(order::State::from_name("charge"), None);
    /// # }
    /// ```
    #[must_use]
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.name() == name)
    }
}

/// What a definition says about a state that is not code.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::State;
///
/// let info = order::State::Charge.info();
/// assert_eq!((info.name, info.retry.len(), info.catch.len()), ("Charge", 0, 0));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StateInfo {
    /// The name in the definition.
    pub name: &'static str,
    /// `Type`
    pub state_type: StateType,
    /// `Retry`
    pub retry: &'static [Retrier],
    /// `Catch`
    pub catch: &'static [Catcher],
    /// Whether it may look at the context object, as each state may that evaluates expressions. Of other states it need not be known when they were entered, and
    /// their evaluations are never interrupted.
    pub asks_for_context: bool,
}

impl StateInfo {
    /// A state that says nothing of itself, and so may look at all that there is to know.
    pub const NOTHING: Self =
        Self { name: "", state_type: StateType::Succeed, retry: &[], catch: &[], asks_for_context: true };
}

/// Where a state leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition<S> {
    /// To a state, with the data as its input.
    Next(S),
    /// Nowhere: the data is the output of the execution, the branch or the iteration.
    End,
}

variants!(Transition<StateId> { 0 Next(state), 1 End });

impl Transition<StateId> {
    fn typed<S: State>(self) -> Result<Transition<S>, Error> {
        Ok(match self {
            Self::Next(next) => Transition::Next(state(next)?),
            Self::End => Transition::End,
        })
    }
}

/// What a state asks for when it is entered.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect<S> {
    /// Nothing: go on. The data is the state's output.
    Go(Transition<S>),
    /// Call a resource.
    Task(Box<Task>),
    /// Wait.
    Wait(Until),
    /// Run branches, each from its first state with the same input, and return the array of their outputs.
    Parallel {
        /// The first state of each branch.
        branches: Vec<S>,
        /// Their input.
        input: Value,
    },
    /// Run the processor for each item, and return the array of its outputs.
    Map(Box<Iterations<S>>),
    /// Run an execution of the processor for each item or batch, and return the array of the outputs or where they were written.
    MapRun(Box<MapRun<S>>),
}

impl<S> Effect<S> {
    /// Whether branches, iterations or child executions do it.
    pub(crate) const fn has_lanes(&self) -> bool {
        match self {
            Self::Parallel { .. } | Self::Map(_) | Self::MapRun(_) => true,
            Self::Go(_) | Self::Task(_) | Self::Wait(_) => false,
        }
    }
}

impl Effect<StateId> {
    fn typed<S: State>(self) -> Result<Effect<S>, Error> {
        Ok(match self {
            Self::Go(transition) => Effect::Go(transition.typed()?),
            Self::Task(task) => Effect::Task(task),
            Self::Wait(until) => Effect::Wait(until),
            Self::Parallel { branches, input } => Effect::Parallel {
                branches: branches.into_iter().map(state).collect::<Result<_, _>>()?,
                input,
            },
            Self::Map(iterations) => {
                let Iterations { processor, items, input, max_concurrency, tolerance } = *iterations;
                let processor = state(processor)?;
                Effect::Map(Box::new(Iterations { processor, items, input, max_concurrency, tolerance }))
            }
            Self::MapRun(run) => {
                let processor = state(run.processor)?;
                Effect::MapRun(Box::new(run.with_state(processor)))
            }
        })
    }
}

variants!(Effect<StateId> {
    0 Go(transition),
    1 Task(task),
    2 Wait(until),
    3 Parallel { branches, input },
    4 Map(iterations),
    5 MapRun(run),
});

/// Until when a Wait state waits.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{Timestamp, Until};
/// use std::time::Duration;
///
/// assert_ne!(Until::Elapsed(Duration::from_secs(60)), Until::Moment(Timestamp::new(60, 0)));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// For a time from now.
    Elapsed(Duration),
    /// Until a moment; one in the past is over at once.
    Moment(Timestamp),
}

variants!(Until { 0 Elapsed(duration), 1 Moment(moment) });

/// What a Map state asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Iterations<S> {
    /// The first state of the processor.
    pub processor: S,
    /// The items.
    pub items: Array,
    /// The effective input of the Map state, which the `ItemSelector` sees; null where there is none.
    pub input: Value,
    /// How many iterations run at once; `None` means no limit.
    pub max_concurrency: Option<usize>,
    /// How many iterations may fail, or why that could not be evaluated; `None` where the definition says nothing, and the Map
    /// fails with its first failed iteration.
    pub tolerance: Option<Result<Tolerance, Error>>,
}

record!(Iterations<StateId> { processor, items, input, max_concurrency, tolerance });

/// Reads a state from its name; generated `Deserialize` implementations call it.
///
/// # Errors
/// The text is the name of no state.
#[doc(hidden)]
pub fn deserialize_state<'de, S: State, D: Deserializer<'de>>(deserializer: D) -> Result<S, D::Error> {
    let name = String::deserialize(deserializer)?;
    S::from_name(&name).ok_or_else(|| D::Error::custom(format_args!("there is no state `{name}`")))
}
