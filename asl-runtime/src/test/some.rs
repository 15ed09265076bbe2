//! Mocks for some tasks of an execution whose other tasks are done for real.
//!
//! In: the mocks of a case, and a task. Out: its answer, if its state is mocked. Time passes as it does.

use super::case::{Case, CaseError};
use super::mocks::{Answered, Mocks};
use crate::invocation::Invocation;
use asl_engine::error::TaskError;
use asl_value::Value;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The mocks of one execution. A clone is the same: each call of a state is counted once.
#[derive(Clone)]
pub struct SomeMocks {
    mocks: Arc<Mutex<Mocks>>,
}

/// What a mock answers.
#[derive(Clone, Debug, PartialEq)]
pub struct MockedTask {
    /// How long the task takes.
    pub after: Duration,
    /// The result of the task, or of what waits for its token.
    pub result: Result<Value, TaskError>,
}

impl SomeMocks {
    /// The mocks of a case: `{"mocks": {"State": ..}}` (`docs/testing.md`).
    ///
    /// # Errors
    /// They are not written as they should be.
    pub fn of_case(case: &Case) -> Result<Self, CaseError> {
        let mut mocks = Mocks::default();
        for (state, mock) in case.mocks()? {
            mocks.push(state, mock);
        }
        Ok(Self { mocks: Arc::new(Mutex::new(mocks)) })
    }

    /// The answer to a task, if its state has mocks.
    ///
    /// ```
    /// use asl_runtime::test::{Case, SomeMocks};
    /// use asl_runtime::{Invocation, Value};
    ///
    /// let case = Value::from_json(r#"{"mocks": {"Charge": {"result": 1}}}"#)?;
    /// let mocks = SomeMocks::of_case(&Case::from_json(&case)?)?;
    /// // A task of another state has no mock.
    /// assert_eq!(mocks.answer(&Invocation::new("arn:aws:states:::sqs:sendMessage", ())), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn answer(&self, task: &Invocation) -> Option<MockedTask> {
        let mut mocks = self.mocks.lock().unwrap_or_else(PoisonError::into_inner);
        let Answered { after, result } = mocks.has(task).then(|| mocks.answer(task))?;
        Some(MockedTask { after, result })
    }
}

impl fmt::Debug for SomeMocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SomeMocks").finish_non_exhaustive()
    }
}
