//! Executions whose tasks are answered by mocks, some or all: those of a test case.
//!
//! In: `StartExecution` with `#TestCase` behind the ARN of a machine, as Step Functions Local takes it, and the tasks of that execution. Out: the
//! answers of its mocks. Tasks without a mock are done for real.

use crate::executions::NewExecution;
use crate::server::Inner;
use asl_runtime::test::{MockedTask, SomeMocks};
use asl_runtime::{Event, ExecutionContext, Invocation, Needs, Observer, TaskError, Text, Value};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Knows the mocks of test cases.
pub trait TestCases: Send + Sync + 'static {
    /// The mocks of a test case of a machine with this definition; without a case, those that all its executions have, if there are any.
    ///
    /// # Errors
    /// There is no such test case, or it makes no sense.
    fn mocks(&self, machine: &str, case: Option<&str>, definition: &str)
    -> Result<Option<SomeMocks>, String>;
}

/// The mocks of executions that run.
pub(crate) struct Mocking {
    cases: Box<dyn TestCases>,
    /// By the ARN of the execution; nothing where it has none.
    running: Mutex<HashMap<Text, Option<SomeMocks>>>,
}

impl Mocking {
    pub(crate) fn new(cases: Box<dyn TestCases>) -> Self {
        Self { cases, running: Mutex::default() }
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Text, Option<SomeMocks>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gets the mocks of an execution that begins.
    ///
    /// # Errors
    /// It is none of a test case of its machine.
    pub(crate) fn begin(&self, new: &NewExecution) -> Result<(), String> {
        let definition = &new.revision.settings.definition;
        self.know(&new.arn, &new.machine_name, new.test_case.as_deref(), definition).map(drop)
    }

    fn know(
        &self,
        arn: &Text,
        machine: &str,
        case: Option<&str>,
        definition: &str,
    ) -> Result<Option<SomeMocks>, String> {
        let mocks = self.cases.mocks(machine, case, definition)?;
        // One that has begun before goes on counting.
        Ok(self.running().entry(arn.clone()).or_insert(mocks).clone())
    }
}

impl Observer for Mocking {
    fn needs(&self) -> Needs {
        Needs::EVENTS
    }

    fn event(&self, execution: &ExecutionContext, event: &Event) {
        if event.details.end().is_some() {
            self.running().remove(&*execution.id);
        }
    }
}

impl Inner {
    /// The answer to a task, if a mock answers it.
    pub(crate) async fn mocked(&self, task: &Invocation) -> Option<Result<Value, TaskError>> {
        let mocking = self.mocking.as_ref()?;
        let arn = &*task.execution().id;
        let known = mocking.running().get(arn).cloned();
        let mocks = match known {
            Some(known) => known,
            None => self.begin_again(mocking, arn).await,
        };
        let answer = mocks?.answer(task)?;
        Some(self.answer(answer, task.task_token()).await)
    }

    /// The mocks of an execution that did not begin here: one that goes on after a restart, or a child of a Map Run, which has those of the
    /// execution that the Map Run is in.
    async fn begin_again(&self, mocking: &Mocking, arn: &Text) -> Option<SomeMocks> {
        let mut root = self.executions.find(arn).await.ok()??;
        while let Some(run) = root.map_run_arn.clone() {
            let run = self.executions.map_run(&run).await.ok()??;
            root = self.executions.find(&run.execution_arn).await.ok()??;
        }
        let revision = self.executions.revision(&root.arn).await.ok()?;
        let definition = &revision.settings.definition;
        // What is wrong with them was said when the execution was started.
        let mocks =
            mocking.know(&root.arn, &root.machine_name, root.test_case.as_deref(), definition).ok()?;
        mocking.running().insert(arn.clone(), mocks.clone());
        mocks
    }

    /// Where a task waits for its token, the mock is what comes in for it.
    async fn answer(&self, mocked: MockedTask, token: Option<&Text>) -> Result<Value, TaskError> {
        let MockedTask { after, result } = mocked;
        self.services.clock().sleep(after).await;
        match token {
            Some(token) if !result.as_ref().is_err_and(TaskError::is_fatal) => {
                // The task may be over, because of its time limit.
                let _ = self.executions.end_task(token, result).await;
                Ok(Value::Null)
            }
            _ => result,
        }
    }
}

impl fmt::Debug for Mocking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mocking").finish_non_exhaustive()
    }
}
