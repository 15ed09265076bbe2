//! Executions in this process, which are there as long as it is.
//!
//! Each is a task of tokio that waits for its machine and runs it on a host that keeps what is told: its [`book`].

mod book;
mod host;
mod map_runs;
mod record;

use super::tokens::{InMemoryTokens, Tokens};
use super::{
    AlreadyExists, Description, EventRange, Executions, Filter, MapRunDescription, NewExecution,
    Surroundings, Whose,
};
use crate::compile::Machines;
use crate::protocol::date::Date;
use asl_runtime::{BoxFuture, Event, Launch, Machine, Text};
use book::Book;
use host::Recorded;
use record::Record;
use std::sync::Arc;

/// Executions in memory.
#[derive(Clone, Debug)]
pub struct InMemory {
    book: Arc<Book>,
    host: Recorded,
    machines: Machines,
    tokens: InMemoryTokens,
}

impl InMemory {
    /// Executions in these surroundings; there are none yet.
    #[must_use]
    pub fn new(surroundings: Surroundings) -> Self {
        let Surroundings { host, machines, has_activity } = surroundings;
        let (book, tokens) = (Arc::new(Book::default()), InMemoryTokens::new(has_activity));
        let host = Recorded::new(host, Arc::clone(&book), tokens.clone());
        Self { book, host, machines, tokens }
    }

    /// Runs an execution to its end, and sees to it that it has one.
    fn run(&self, record: Arc<Record>) {
        let machine = self.machines.machine(&record.new.revision.settings.definition);
        let host = self.host.clone();
        let running = tokio::spawn({
            let record = Arc::clone(&record);
            async move {
                match machine.await {
                    Ok(machine) => {
                        let execution = launch(&record.new, &host, &*machine).core(&host);
                        let stop = Box::pin(record.stopped());
                        asl_runtime::drive(&host, execution, Some(stop)).await.err()
                    }
                    Err(reason) => {
                        let cause = format!("The machine could not be built: {reason}");
                        Some(asl_runtime::Error::runtime(cause).into())
                    }
                }
            }
        });
        tokio::spawn(async move {
            let error = running
                .await
                .unwrap_or_else(|_| Some(asl_runtime::Error::runtime("The execution panicked.").into()));
            record.end(error.as_ref());
        });
    }
}

/// An execution with the facts that it was started with.
fn launch<'m>(new: &NewExecution, host: &Recorded, machine: &'m dyn Machine) -> Launch<'m> {
    let (arn, name) = (Some(&*new.machine_arn), Some(new.name.clone()));
    Launch::new(host, machine, arn, new.input.clone(), name).change(|context| {
        context.id = new.arn.clone().into();
        context.role_arn = new.revision.settings.role_arn.as_str().into();
        context.start_time = new.start_date.timestamp();
        context.state_machine_name = new.machine_name.clone();
    })
}

impl Executions for InMemory {
    fn start(&self, new: NewExecution) -> Result<Arc<NewExecution>, AlreadyExists> {
        let (record, is_new) = self.book.add(new)?;
        let new = Arc::clone(&record.new);
        if is_new {
            self.run(record);
        }
        Ok(new)
    }

    fn find(&self, arn: &str) -> Option<Description> {
        self.book.record(arn).map(|record| record.describe())
    }

    fn list(&self, filter: &Filter, below: u64, count: usize) -> Vec<Description> {
        let (Whose::Machine(of)
        | Whose::Version { machine: of, .. }
        | Whose::Alias { machine: of, .. }
        | Whose::MapRun(of)) = &filter.of;
        self.book.newest(of, below, count, |record| Some(record.describe()).filter(|it| filter.takes(it)))
    }

    fn events(&self, arn: &str, range: &EventRange) -> Option<Vec<Event>> {
        self.book.record(arn).map(|record| record.events(range))
    }

    fn ended(&self, arn: &str) -> BoxFuture<'_, Option<Description>> {
        let record = self.book.record(arn);
        Box::pin(async move {
            let record = record?;
            record.ended().await;
            Some(record.describe())
        })
    }

    fn stop(&self, arn: &str, error: Option<Text>, cause: Option<String>) {
        if let Some(record) = self.book.record(arn) {
            record.stop(error, cause);
        }
    }

    fn redrive(&self, _arn: &str) -> Result<Date, String> {
        Err("Executions are kept in memory, without what is needed to go on with them".to_owned())
    }

    fn tokens(&self) -> &dyn Tokens {
        &self.tokens
    }

    fn map_run(&self, arn: &str) -> Option<MapRunDescription> {
        self.book.map_runs.find(arn)
    }

    fn map_runs(&self, execution_arn: &str) -> Vec<MapRunDescription> {
        self.book.map_runs.of(execution_arn)
    }
}
