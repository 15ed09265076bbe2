//! How an execution starts: what is known of it before its first state is entered.

#[cfg(doc)]
use super::Outcome;
use crate::Shared;
use crate::codec::record;
use crate::context::ExecutionContext;
use crate::history::Needs;
use crate::limits::Limits;
use crate::program::{Program, StateId};
use crate::turn::{Facts, Position};
use asl_value::{Object, Text};
use std::time::Duration;

/// How an execution starts.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::Needs;
/// use asl_runtime::engine::Start;
///
/// let start = Start { tells: Some(Needs::FAILURES), ..Start::new(order::context(60), [1, 2]) };
/// assert_eq!(start.context.name.to_string(), "A-1");
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Its ARN, name, input, role and start time, and its machine.
    pub context: Shared<ExecutionContext>,
    /// What it may do at most.
    pub limits: Limits,
    /// Where its chance begins, and its task tokens come from. The second number must be secret: the tokens can be guessed from it.
    pub seed: [u64; 2],
    /// What it tells of what happens, if anything; events have the same numbers either way.
    pub tells: Option<Needs>,
    /// What is run of the machine; without it, all of it.
    pub part: Option<StartPart>,
    /// Tasks that are refused before they are scheduled, as AWS refuses parameters that it cannot take: by the name of the state, and
    /// with the cause.
    pub refusals: Vec<(Text, String)>,
    /// Whether it keeps what is left of it when it ends without success, so that it can be [redriven](Outcome::Redriven).
    pub is_redrivable: bool,
}

/// What a child execution of a Map Run is of its machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartPart {
    /// The number of the first state.
    pub start_at: StateId,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

record!(Start { context, limits, seed, tells, part, refusals, is_redrivable });
record!(StartPart { start_at, timeout });

impl Start {
    /// A start without limits, events and refusals.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::Limits;
    /// use asl_runtime::engine::Start;
    ///
    /// // In earnest, the seed is drawn from a source that cannot be guessed, because task tokens come from it.
    /// let start = Start { limits: Limits::aws(), ..Start::new(order::context(60), [1, 2]) };
    /// assert_eq!((start.tells, start.is_redrivable), (None, false));
    /// # }
    /// ```
    #[must_use]
    pub fn new(context: impl Into<Shared<ExecutionContext>>, seed: [u64; 2]) -> Self {
        Self {
            context: context.into(),
            limits: Limits::none(),
            seed,
            tells: None,
            part: None,
            refusals: Vec::new(),
            is_redrivable: false,
        }
    }

    /// What all turns share, and what the execution begins with.
    pub(super) fn taken_apart(self, program: &dyn Program) -> (Facts, Begins) {
        let Self { context, limits, seed: [chance, tokens], tells, part, refusals, is_redrivable } = self;
        let limits = limits.boxed();
        let part =
            part.unwrap_or_else(|| StartPart { start_at: program.start_at(), timeout: program.timeout() });
        (Facts { limits, chance, tokens, tells, is_redrivable }, Begins { context, part, refusals })
    }
}

/// What an execution begins with.
pub(super) struct Begins {
    pub(super) context: Shared<ExecutionContext>,
    pub(super) part: StartPart,
    pub(super) refusals: Vec<(Text, String)>,
}

impl Begins {
    /// Where the first lane begins. Its first state follows no event, not even the start of the execution.
    pub(super) fn position(&self) -> Position {
        Position::new(self.part.start_at, self.context.input.clone(), Object::new(), 0)
    }
}
