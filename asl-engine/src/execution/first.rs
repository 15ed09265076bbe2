//! The first turn of an execution, taken before there is anything that could be stored.

use super::advance::Came;
use super::lane::{Doing, Lane, LaneStep};
use super::{Beginning, Execution, ROOT};
use crate::program::Program;
use crate::turn::{Facts, Moment, Pace, Position, Turn};
use asl_value::{Object, Value};

/// The number of the event with which an execution starts.
const STARTED: u64 = 1;

/// How far an execution came in its first turn.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{Limits, Value};
/// use asl_runtime::engine::{Beginning, Execution, First, Pace, Start, program};
///
/// let draw = |_: Value| Start::new(order::context(60), [1, 2]);
/// let mut beginning = Beginning::new(60.into(), Limits::none(), &draw);
/// match Execution::first_turn(program::<order::Machine>(), &mut beginning, &Pace::short()) {
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
    /// Takes the first turn of an execution that begins. An execution that succeeds in it, as one does whose states only work on data, never
    /// becomes a value with lanes and wants, which costs several times what such states do. Its result is that of the others.
    ///
    /// One that tells of itself has to be [started](Self::start). Nothing of use is left of the beginning.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::{Limits, Value};
    /// use asl_runtime::engine::{Beginning, Execution, First, Pace, Start, Want, program};
    ///
    /// let draw = |_: Value| Start::new(order::context(60), [1, 2]);
    /// let mut beginning = Beginning::new(60.into(), Limits::none(), &draw);
    /// let First::GoesOn(mut execution) = Execution::first_turn(program::<order::Machine>(), &mut beginning, &Pace::short()) else {
    ///     panic!("its first state is a Task");
    /// };
    /// execution.run(execution.context().start_time, &Pace::Endless);
    /// assert!(matches!(execution.next_want(), Some(Want::Perform(_))));
    /// # }
    /// ```
    #[must_use]
    pub fn first_turn(
        program: &'static dyn Program,
        beginning: &mut Beginning<'_>,
        pace: &Pace<'_>,
    ) -> First {
        let facts = Facts::of_first_turn(beginning.limits);
        let at = Position::new(program.start_at(), beginning.input.clone(), Object::new(), 0);
        let mut lane = Lane::root(at, 0);
        lane.doing = Doing::Nothing;
        let time = || beginning.time();
        let turn = Turn::first(&*beginning, &facts, pace, Moment::Late(&time), STARTED);
        let came = lane.advance(program, &mut LaneStep::Enter, &turn);
        let (events, _) = turn.end();
        if let Came::Ended = came {
            return First::Succeeded(lane.at.data);
        }
        let (facts, begins) = beginning.take_start().taken_apart(program);
        lane.seed = facts.chance;
        let mut execution = Self::begin(program, facts, begins);
        execution.events = events;
        execution.state = Some(lane.at.state);
        execution.came(ROOT, Box::new(lane), came);
        First::GoesOn(execution)
    }
}
