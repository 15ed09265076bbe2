//! The children of a Map Run that ended before its execution came back or was redriven: the writer of its results takes them once more, because
//! what it had taken was lost with the process, or with the end of the execution.

use crate::error::DurableError;
use crate::journal::Known;
use crate::keeper::Keeper;
use asl_engine::context::ExecutionContext;
use asl_engine::{ChildEnd, Timestamp};
use asl_runtime::engine::Shared;
use asl_value::Text;
use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

/// The children, in the order of their ends. Some of them at a time are in memory.
pub(crate) struct Ended {
    keeper: Arc<Keeper>,
    parent: i64,
    map_run: Text,
    unheard: Unheard,
    /// When the execution was redriven, if it was: children that had failed by then run again.
    redriven: Option<Timestamp>,
    /// The time of the end of the one that was read last, and its number.
    after: (i64, i64),
    /// What has begun later is not among them.
    last: i64,
    read: VecDeque<Known>,
}

/// Which ends come to the writer in another way, because the execution has not heard of them.
pub(crate) enum Unheard {
    /// Those of these children.
    Of(HashSet<Text>),
    /// Those of all children that run again, because the execution has just been redriven.
    Redriven,
}

impl Ended {
    pub(crate) fn new(
        keeper: Arc<Keeper>,
        parent: i64,
        map_run: Text,
        unheard: Unheard,
        redriven: Option<Timestamp>,
    ) -> Self {
        let last = keeper.journal().last();
        Self { keeper, parent, map_run, unheard, redriven, after: (i64::MIN, 0), last, read: VecDeque::new() }
    }

    /// Whether the writer has heard of the end of a child, or of its failure, in another way, or will.
    fn is_heard_elsewhere(&self, child: &Known) -> bool {
        self.redriven.is_some_and(|redriven| child.runs_again(redriven))
            || match &self.unheard {
                Unheard::Of(children) => children.contains(&*child.begun.start.context.id),
                Unheard::Redriven => self.redriven.is_some_and(|redriven| child.has_run_again(redriven)),
            }
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
    type Item = Result<(Shared<ExecutionContext>, ChildEnd), String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let known = match self.read() {
                Ok(known) => known?,
                Err(error) => return Some(Err(error.to_string())),
            };
            let is_heard_elsewhere = self.is_heard_elsewhere(&known);
            let context = known.context();
            let (stop_date, result) = known.end?;
            if !is_heard_elsewhere {
                // Its taker does not ask for its place.
                let ended = ChildEnd { index: 0, result, stop_date, written: Ok(0) };
                return Some(Ok((context, ended)));
            }
        }
    }
}
