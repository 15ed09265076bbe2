//! The first turn of an execution, taken before there is anything that could be stored.

use super::advance::Came;
use super::lane::{Doing, Lane, LaneStep};
use super::{Execution, ROOT, Start};
use crate::Shared;
use crate::program::Program;
use crate::turn::{Pace, TRANSITIONS_AT_ONCE, Turn};
use asl_value::Value;

/// The number of the event with which an execution starts.
const STARTED: u64 = 1;

/// How far an execution came in its first turn.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::engine::{Execution, First, Pace, Start, program};
///
/// let start = Start::new(order::context(60), [1, 2]);
/// match Execution::first_turn(program::<order::Machine>(), start, &Pace::short()) {
///     First::Succeeded(output) => println!("{output}"),
///     // It has started and entered its first state, whose task has not begun yet.
///     First::GoesOn(execution) => assert_eq!(execution.events(), 2),
/// }
/// # }
/// ```
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is made")]
pub enum First {
    /// It has succeeded, and this is its output.
    Succeeded(Value),
    /// It goes on. It is to be [run](Execution::run) as one that was just started.
    GoesOn(Execution),
}

impl Execution {
    /// [Starts](Self::start) an execution and takes its first turn. An execution that succeeds in it, as one does whose states only work on data, never
    /// becomes a value with lanes and wants, which costs several times what such states do. Its result is that of the others.
    ///
    /// One that tells of itself is only started.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::engine::{Execution, First, Pace, Start, Want, program};
    ///
    /// let start = Start::new(order::context(60), [1, 2]);
    /// let now = start.context.start_time;
    /// let First::GoesOn(mut execution) = Execution::first_turn(program::<order::Machine>(), start, &Pace::short()) else {
    ///     panic!("its first state is a Task");
    /// };
    /// execution.run(now, &Pace::Endless);
    /// assert!(matches!(execution.next_want(), Some(Want::Perform(_))));
    /// # }
    /// ```
    #[must_use]
    pub fn first_turn(program: &'static dyn Program, start: Start, pace: &Pace<'_>) -> First {
        if start.tells.is_some() {
            return First::GoesOn(Self::start(program, start));
        }
        let (facts, begins) = start.taken_apart(program);
        let mut lane = Lane::root(begins.position(), facts.chance);
        let turn = Turn::new(&begins.context, &facts, pace, begins.context.start_time, STARTED)
            .of_lane(lane.seed)
            .at_most(TRANSITIONS_AT_ONCE);
        lane.doing = Doing::Nothing;
        let came = lane.advance(program, LaneStep::Enter, &turn);
        let (events, _) = turn.end();
        if let Came::Ended = came {
            // Its facts are not shared, and are dropped more cheaply like this.
            drop(Shared::try_unwrap(begins.context));
            return First::Succeeded(lane.at.data);
        }
        let mut execution = Self::begin(program, facts, begins);
        execution.events = events;
        execution.state = Some(lane.at.state);
        execution.came(ROOT, Box::new(lane), came);
        First::GoesOn(execution)
    }
}
