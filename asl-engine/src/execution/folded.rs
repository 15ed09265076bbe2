//! An execution that waits for a time, in as little memory as that takes.

use super::lane::Doing;
use super::{Execution, ROOT, SnapshotError};
use crate::Shared;
use crate::codec::{Decoder, Encoder};
use crate::context::ExecutionContext;
use crate::program::{Program, StateId};
use std::fmt;

/// What weighs more is mostly memory that is shared, to which bytes would only add.
const LIGHT: u32 = 16;

/// An execution that waits for a time and does nothing else, folded up: its facts as they are, and the rest as bytes.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::engine::{Outcome, Pace};
///
/// // Its first state is a Task: there is more to keep than a time.
/// let mut execution = order::started();
/// assert!(execution.fold().is_none());
///
/// // The second is a Wait.
/// let (task, now) = (execution.wants(), execution.context().start_time);
/// let [asl_runtime::engine::Want::Perform(task)] = &task[..] else { panic!("it wants a task") };
/// execution.answer(&task.effect, Outcome::Ended(Ok("paid".into())), now);
/// execution.run(now, &Pace::Endless);
/// assert_eq!(execution.wants().len(), 1);
/// let folded = execution.fold().ok_or("it waits for a time")?;
/// assert_eq!(folded.unfold()?.snapshot(), execution.snapshot());
/// # Ok(())
/// # }
/// ```
pub struct Folded {
    program: &'static dyn Program,
    context: Shared<ExecutionContext>,
    events: u64,
    state: Option<StateId>,
    bytes: Box<[u8]>,
}

impl Execution {
    /// The same, folded up; nothing where it does more than wait for a time, or has wants or news that were not taken.
    ///
    /// A state that waits for an hour is worth it, one that waits for a second is not: [unfolding](Folded::unfold) takes microseconds.
    #[must_use]
    pub fn fold(&self) -> Option<Folded> {
        let has_news = !(self.wants.is_empty() && self.told.is_empty() && self.ready.is_empty());
        let root = self.lanes.get(ROOT).filter(|_| !has_news && self.lanes.len() == 1)?;
        let weight = root.at.data.size().with(root.at.variables.size()).weight;
        if !matches!(root.doing, Doing::Timer { .. }) || root.remains.is_some() || weight > LIGHT {
            return None;
        }
        let mut encoder = Encoder::new();
        self.encode_progress(&mut encoder);
        Some(Folded {
            program: self.program,
            context: Shared::clone(&self.context),
            events: self.events,
            state: self.state,
            bytes: encoder.finish().into_boxed_slice(),
        })
    }
}

impl Folded {
    /// The execution, which goes on as if nothing had been.
    ///
    /// # Errors
    /// The bytes are damaged, which only the memory of the machine can have done.
    pub fn unfold(&self) -> Result<Execution, SnapshotError> {
        let mut decoder = Decoder::new(&self.bytes)?;
        let context = Shared::clone(&self.context);
        let execution =
            Execution::decode_progress(self.program, context, &self.program.states(), &mut decoder)?;
        decoder.finish()?;
        Ok(execution)
    }

    /// The facts of the execution that do not change.
    #[must_use]
    pub const fn context(&self) -> &Shared<ExecutionContext> {
        &self.context
    }

    /// The machine.
    #[must_use]
    pub fn program(&self) -> &'static dyn Program {
        self.program
    }

    /// The number of the state that was entered last.
    #[must_use]
    pub const fn state(&self) -> Option<StateId> {
        self.state
    }

    /// The number of the last event.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.events
    }
}

impl fmt::Debug for Folded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No data, which may hold secrets.
        f.debug_struct("Folded").field("execution", &self.context.id).finish_non_exhaustive()
    }
}
