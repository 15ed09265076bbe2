//! The children of a Map Run that ended before its execution came back: the writer of its results takes them once more, because what it
//! had taken was lost with the process.

use crate::error::DurableError;
use crate::journal::Known;
use crate::keeper::Keeper;
use asl_engine::ChildEnd;
use asl_engine::context::ExecutionContext;
use asl_value::Text;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// The children, in the order of their ends. Some of them at a time are in memory.
pub(crate) struct Ended {
    keeper: Arc<Keeper>,
    parent: i64,
    map_run: Text,
    /// Their ends come to the writer in another way, because the execution has not heard of them.
    unheard: HashSet<Text>,
    /// The time of the end of the one that was read last, and its number.
    after: (i64, i64),
    /// What has begun later is not among them.
    last: i64,
    read: VecDeque<Known>,
}

impl Ended {
    pub(crate) fn new(keeper: Arc<Keeper>, parent: i64, map_run: Text, unheard: HashSet<Text>) -> Self {
        let last = keeper.journal().last();
        Self { keeper, parent, map_run, unheard, after: (i64::MIN, 0), last, read: VecDeque::new() }
    }

    fn read(&mut self) -> Result<Option<Known>, DurableError> {
        if self.read.is_empty() {
            let journal = self.keeper.journal();
            self.read = journal.ended_children(self.parent, &self.map_run, self.after, self.last)?.into();
        }
        let known = self.read.pop_front();
        if let Some(Known { execution, end: Some((moment, _)), .. }) = &known {
            self.after = (moment.milliseconds(), *execution);
        }
        Ok(known)
    }
}

impl Iterator for Ended {
    type Item = Result<(Arc<ExecutionContext>, ChildEnd), String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let known = match self.read() {
                Ok(known) => known?,
                Err(error) => return Some(Err(error.to_string())),
            };
            let context = known.begun.start.context;
            let (stop_date, result) = known.end?;
            if !self.unheard.contains(&*context.id) {
                // Whoever takes it does not ask for its place.
                let ended = ChildEnd { index: 0, result, stop_date, written: Ok(0) };
                return Some(Ok((context, ended)));
            }
        }
    }
}
