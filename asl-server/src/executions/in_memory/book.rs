//! All executions that there are, and what is told of them.

use super::map_runs::MapRuns;
use super::record::Record;
use crate::executions::{AlreadyExists, NewExecution};
use asl_runtime::{Event, EventDetails, ExecutionContext, MapRunProgress, Observer, Text};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Executions by their ARNs, and in the order in which they were started.
#[derive(Debug, Default)]
pub(super) struct Book {
    entries: RwLock<Entries>,
    pub(super) map_runs: MapRuns,
}

#[derive(Debug, Default)]
struct Entries {
    by_arn: HashMap<Text, Arc<Record>>,
    /// By the ARN of the machine; children of Map Runs by that of the Map Run. The newest comes last.
    in_order: HashMap<Text, Vec<Arc<Record>>>,
}

impl Entries {
    fn add(&mut self, new: Arc<NewExecution>) -> Arc<Record> {
        let of = new.map_run_arn.as_ref().unwrap_or(&new.machine_arn).clone();
        let list = self.in_order.entry(of).or_default();
        let number = list.last().map_or(1, |newest| newest.number + 1);
        let record = Arc::new(Record::new(Arc::clone(&new), number));
        list.push(Arc::clone(&record));
        self.by_arn.insert(new.arn.clone(), Arc::clone(&record));
        record
    }
}

impl Book {
    fn read(&self) -> RwLockReadGuard<'_, Entries> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Entries> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an execution, or finds the same one while it runs; `true` if it is a new one.
    pub(super) fn add(&self, new: NewExecution) -> Result<(Arc<Record>, bool), AlreadyExists> {
        let mut entries = self.write();
        if let Some(known) = entries.by_arn.get(&new.arn) {
            let is_same = known.is_running() && known.new.input == new.input;
            return if is_same { Ok((Arc::clone(known), false)) } else { Err(AlreadyExists) };
        }
        Ok((entries.add(Arc::new(new)), true))
    }

    pub(super) fn record(&self, arn: &str) -> Option<Arc<Record>> {
        self.read().by_arn.get(arn).cloned()
    }

    /// What is wanted of the executions of a machine or Map Run, from the newest on, below a number.
    pub(super) fn newest<T>(
        &self,
        of: &Text,
        below: u64,
        count: usize,
        wanted: impl Fn(&Record) -> Option<T>,
    ) -> Vec<T> {
        let entries = self.read();
        let list = entries.in_order.get(of).map_or(&[][..], Vec::as_slice);
        let end = list.partition_point(|record| record.number < below);
        list.iter().take(end).rev().filter_map(|record| wanted(record)).take(count).collect()
    }

    /// The execution that something is told of: a known one, or a new child of a Map Run.
    fn told(&self, execution: &ExecutionContext) -> Option<Arc<Record>> {
        self.record(&execution.id).or_else(|| {
            let new = self.map_runs.child(execution)?;
            let mut entries = self.write();
            let known = entries.by_arn.get(&new.arn).cloned();
            Some(known.unwrap_or_else(|| entries.add(Arc::new(new))))
        })
    }
}

impl Observer for Book {
    fn event(&self, execution: &ExecutionContext, event: &Event) {
        let Some(record) = self.told(execution) else { return };
        if let EventDetails::MapRunStarted { map_run_arn } = &event.details {
            self.map_runs.begin(map_run_arn, &record, record.state_before(event).as_deref(), event.timestamp);
        }
        self.map_runs.event(execution, event);
        record.event(event);
    }

    fn map_run(&self, _execution: &ExecutionContext, progress: &MapRunProgress) {
        self.map_runs.progress(progress);
    }
}
