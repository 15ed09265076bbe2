//! Executions that have begun, of which nothing is known yet.

use super::Start;
use crate::context::{ExecutionContext, Late};
use crate::limits::Limits;
use asl_language::timestamp::Timestamp;
use asl_value::Value;
use std::cell::OnceCell;
use std::fmt;

/// An execution that begins with nothing but its input: its name, its seed and its time are drawn when something first asks for them. Most of those that end
/// in their [first turn](super::Execution::first_turn) never do, and drawing them costs several times what their states do.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{Limits, Value};
/// use asl_runtime::engine::{Beginning, Start};
///
/// let draw = |input: Value| Start::new(order::context(input.as_i64().unwrap_or_default()), [1, 2]);
/// let beginning = Beginning::new(60.into(), Limits::none(), &draw);
/// assert_eq!(beginning.start().context.name.to_string(), "A-1");
/// # }
/// ```
pub struct Beginning<'a> {
    pub(super) input: Value,
    pub(super) limits: Limits,
    drawn: OnceCell<Start>,
    draw: &'a dyn Fn(Value) -> Start,
}

impl<'a> Beginning<'a> {
    /// An execution with this input. What `draw` returns for it has these limits, is a whole execution of its machine, and tells nothing.
    #[must_use]
    pub const fn new(input: Value, limits: Limits, draw: &'a dyn Fn(Value) -> Start) -> Self {
        Self { input, limits, drawn: OnceCell::new(), draw }
    }

    /// How it starts. It is drawn once.
    #[must_use]
    pub fn start(&self) -> &Start {
        self.drawn.get_or_init(|| (self.draw)(self.input.clone()))
    }

    /// The same, for who goes on with it. Nothing of use is left.
    pub(super) fn take_start(&mut self) -> Start {
        self.drawn.take().unwrap_or_else(|| (self.draw)(std::mem::take(&mut self.input)))
    }

    /// When it started: when that was first asked for.
    pub(super) fn time(&self) -> Timestamp {
        self.start().context.start_time
    }
}

impl Late for Beginning<'_> {
    fn context(&self) -> &ExecutionContext {
        &self.start().context
    }

    fn seed(&self) -> [u64; 2] {
        self.start().seed
    }
}

impl fmt::Debug for Beginning<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the input, which may hold secrets.
        f.debug_struct("Beginning").field("limits", &self.limits).finish_non_exhaustive()
    }
}
