//! States that are tested alone, in workers.

use crate::actions::action_of;
use crate::machines::{self, Machines};
use crate::program::RuntimeArgument;
use asl_engine::trial::{Trial, Tried};
use asl_runtime::remote::Worker;
use asl_runtime::{BoxFuture, Exchange, Host, InMemory, Invocation, Task, TaskError, Value};
use asl_server::test_state::{Bench, BenchError, MachineCode};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use tokio::task::spawn_blocking;

/// So many workers are kept.
const KEPT: usize = 8;

/// A worker for each machine that was tested lately.
pub(super) struct Workbench {
    runtime: RuntimeArgument,
    /// So many bytes may a worker have.
    memory: u64,
    services: InMemory,
    /// The one that was asked last comes first.
    workers: Mutex<VecDeque<(MachineCode, Worker)>>,
}

impl Workbench {
    pub(super) fn new(runtime: RuntimeArgument, memory: u64, services: InMemory) -> Self {
        Self { runtime, memory, services, workers: Mutex::default() }
    }

    async fn worker(&self, code: &MachineCode) -> Result<Worker, String> {
        if let Some(worker) = self.kept(code) {
            return Ok(worker);
        }
        let (runtime, memory, wanted) = (self.runtime.clone(), self.memory, code.clone());
        let started = spawn_blocking(move || start(&wanted, &runtime, memory)).await;
        let worker = started.map_err(|error| format!("the compiler has a fault: {error}"))??;
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.push_front((code.clone(), worker.clone()));
        workers.truncate(KEPT);
        Ok(worker)
    }

    fn kept(&self, code: &MachineCode) -> Option<Worker> {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        let place = workers.iter().position(|(known, _)| known == code)?;
        let entry = workers.remove(place)?;
        let worker = entry.1.clone();
        workers.push_front(entry);
        Some(worker)
    }
}

fn start(code: &MachineCode, runtime: &RuntimeArgument, memory: u64) -> Result<Worker, String> {
    let mut machines = Machines::default();
    machines.add_code(&code.name, code.code.clone());
    machines::start_within(&machines.build("test-state", runtime)?, Some(memory))
}

impl Bench for Workbench {
    fn try_state<'b>(
        &'b self,
        code: &'b MachineCode,
        trial: Trial,
    ) -> BoxFuture<'b, Result<Tried, BenchError>> {
        Box::pin(async move {
            let worker = self.worker(code).await.map_err(BenchError::Build)?;
            worker.try_state(0, trial).await.map_err(BenchError::worker)
        })
    }

    fn perform(&self, task: Task, seen: Option<Exchange>) -> BoxFuture<'_, Result<Value, TaskError>> {
        let (action, job) = action_of(&task.resource);
        self.services.invoke(Invocation::alone(task).with_action(action, job).with_exchange(seen))
    }
}
