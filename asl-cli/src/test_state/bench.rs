//! What tests of states need: a worker with their machines, and a host that does tasks.

use super::Arguments;
use crate::actions::action_of;
use crate::executable::features_of;
use crate::machines::{self, Machines};
use asl_engine::trial::{Trial, Tried};
use asl_runtime::remote::Worker;
use asl_runtime::settings::Settings;
use asl_runtime::{BoxFuture, Exchange, Host, Invocation, Task, TaskError, Value};
use asl_server::test_state::{Bench, BenchError, MachineCode};
use std::collections::HashMap;
use std::time::Duration;

/// A worker with the machines of all tests.
pub(super) struct Workbench {
    worker: Worker,
    /// Their numbers.
    numbers: HashMap<MachineCode, usize>,
    time_limit: Duration,
    settings: Settings,
}

impl Workbench {
    /// Builds the worker, or finds it built, and starts it. Tests of the same machine share it.
    pub(super) fn start<'c>(
        arguments: &Arguments,
        codes: impl IntoIterator<Item = &'c MachineCode>,
    ) -> Result<Self, String> {
        let (mut machines, mut numbers) = (Machines::default(), HashMap::new());
        for code in codes {
            numbers.entry(code.clone()).or_insert_with(|| machines.add_code(&code.name, code.code.clone()));
        }
        let worker = machines::start(&machines.build("test-state", arguments.worker.runtime())?)?;
        let settings = arguments.settings.settings()?;
        Ok(Self { worker, numbers, time_limit: arguments.worker.time_limit(), settings })
    }

    /// Runs something that asks the worker.
    pub(super) fn within<T>(&self, work: impl Future<Output = T>) -> Result<T, String> {
        machines::limited(&self.worker, self.time_limit, work)
    }
}

impl Bench for Workbench {
    fn try_state<'b>(
        &'b self,
        code: &'b MachineCode,
        trial: Trial,
    ) -> BoxFuture<'b, Result<Tried, BenchError>> {
        Box::pin(async move {
            let missing = || BenchError::Build(String::from("the worker does not have the machine"));
            let number = self.numbers.get(code).ok_or_else(missing)?;
            self.worker.try_state(*number, trial).await.map_err(BenchError::worker)
        })
    }

    fn perform(&self, task: Task, seen: Option<Exchange>) -> BoxFuture<'_, Result<Value, TaskError>> {
        Box::pin(async move {
            let called = features_of(&task.resource);
            let host = self.settings.host(|service| called.contains(service)).await;
            let host = host.map_err(|error| TaskError::runtime(error.to_string()))?;
            let (action, job) = action_of(&task.resource);
            host.invoke(Invocation::alone(task).with_action(action, job).with_exchange(seen)).await
        })
    }
}
