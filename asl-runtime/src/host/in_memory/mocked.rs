//! Tasks that mocks answer.

use super::InMemory;
use crate::host::Host;
use crate::test::MockedTask;
use asl_engine::error::TaskError;
use asl_value::{Text, Value};

impl InMemory {
    /// Waits as long as the mock takes, and answers. Where a task waits for its token, the mock is what comes in for it.
    pub(super) async fn mocked(&self, mocked: MockedTask, token: Option<Text>) -> Result<Value, TaskError> {
        let MockedTask { after, result } = mocked;
        self.clock().sleep(after).await;
        match token {
            Some(token) if !result.as_ref().is_err_and(TaskError::is_fatal) => {
                // The task may be over, because of its time limit.
                let _ = match result {
                    Ok(output) => self.inner().callbacks.send_task_success(&token, output),
                    Err(error) => self.inner().callbacks.send_task_failure(&token, error),
                };
                Ok(Value::Null)
            }
            _ => result,
        }
    }
}
