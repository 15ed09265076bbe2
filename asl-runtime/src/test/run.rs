//! What came of a test, and assertions about it.

use super::coverage::Coverage;
use super::difference::{Compare, Difference, compare};
use super::expectation::{Expectation, check_path};
use super::path::{PathStep, StepPattern};
use super::trace::Traced;
use super::{complain, converted};
use asl_engine::error::{ExecutionError, Status};
use asl_value::{Array, IntoValue, Text, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// An execution that has ended.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let run = order::test().mock("Charge", Ok("paid")).run().await;
/// run.assert_path(["Charge", "Pack", "Ship"]);
/// assert_eq!((run.sent("Charge").len(), run.passed().as_secs()), (1, 3600));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TestRun {
    result: Result<Value, ExecutionError>,
    traced: Traced,
    passed: Duration,
}

impl TestRun {
    pub(super) const fn new(result: Result<Value, ExecutionError>, traced: Traced, passed: Duration) -> Self {
        Self { result, traced, passed }
    }

    /// The output, or how the execution failed.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock_error("Charge", "CardDeclined", "expired").run().await;
    /// assert_eq!(run.result().unwrap_err().to_string(), "execution FAILED: OrderRefused: the card was declined");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The execution failed or timed out.
    pub const fn result(&self) -> Result<&Value, &ExecutionError> {
        self.result.as_ref()
    }

    /// The output, if the execution succeeded.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock("Charge", Ok("paid")).run().await;
    /// assert_eq!(run.output().map(ToString::to_string).as_deref(), Some(r#"{"receipt":"paid"}"#));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn output(&self) -> Option<&Value> {
        self.result.as_ref().ok()
    }

    /// Why the execution failed, if it did.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock_error("Charge", "CardDeclined", "").run().await;
    /// assert_eq!(run.error().and_then(|error| error.error()), Some("OrderRefused"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<&ExecutionError> {
        self.result.as_ref().err()
    }

    /// How the execution ended.
    #[must_use]
    pub fn status(&self) -> Status {
        self.result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded)
    }

    /// The names of the states in the order in which they were entered, without those of branches and iterations.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock("Charge", Ok(1)).run().await;
    /// assert_eq!(run.path(), ["Charge", "Pack", "Ship"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn path(&self) -> Vec<&str> {
        self.traced.steps.iter().map(|step| step.state.as_str()).collect()
    }

    /// The states in the order in which they were entered, with those of branches and iterations.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock("Charge", Ok("paid")).run().await;
    /// // A state with branches or iterations has a lane of steps for each.
    /// assert!(run.steps().iter().all(|step| step.lanes.is_empty()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn steps(&self) -> &[PathStep] {
        &self.traced.steps
    }

    /// The parameters of each call of a state's task.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().input(7).mock_error("Charge", "CardDeclined", "").run().await;
    /// assert_eq!(run.sent("Charge")[0].as_i64(), Some(7));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn sent(&self, state: &str) -> &[Value] {
        self.traced.sent.get(state).map_or(&[], Vec::as_slice)
    }

    /// The parameters of all calls, by state.
    #[must_use]
    pub const fn all_sent(&self) -> &BTreeMap<Text, Vec<Value>> {
        &self.traced.sent
    }

    /// How often a state was tried again.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock_error("Charge", "GatewayBusy", "").run().await;
    /// // Three retries, and then nothing catches the error.
    /// assert_eq!((run.retries("Charge"), run.sent("Charge").len()), (3, 4));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn retries(&self, state: &str) -> u64 {
        let retriers = self.traced.coverage.retriers.iter();
        retriers.filter(|((name, _), _)| name == state).map(|(_, count)| count).sum()
    }

    /// How long the execution took, on its own clock.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock("Charge", Ok(1)).run().await;
    /// assert_eq!(run.passed().as_secs(), 3600);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn passed(&self) -> Duration {
        self.passed
    }

    /// What the run went through.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock_error("Charge", "CardDeclined", "").run().await;
    /// let coverage = run.coverage();
    /// assert_eq!(coverage.catchers.values().sum::<u64>(), 1);
    /// assert!(!coverage.states.contains_key("Ship"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub const fn coverage(&self) -> &Coverage {
        &self.traced.coverage
    }

    /// The execution succeeded with this output.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde_json::json;
    ///
    /// order::test().mock("Charge", Ok("paid")).run().await.assert_output(json!({ "receipt": "paid" }));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// It did not.
    #[track_caller]
    pub fn assert_output(&self, expected: impl IntoValue) -> &Self {
        self.assert(&Expectation { output: Some(converted(expected)), ..Expectation::default() })
    }

    /// The execution failed with this error.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// order::test().mock_error("Charge", "GatewayBusy", "").run().await.assert_error("GatewayBusy");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// It did not.
    #[track_caller]
    pub fn assert_error(&self, name: &str) -> &Self {
        self.assert(&Expectation { error: Some(name.to_owned()), ..Expectation::default() })
    }

    /// The states were entered in this order, those of branches and iterations left aside, however the execution ended.
    ///
    /// # Panics
    /// They were not.
    #[track_caller]
    pub fn assert_path<'a>(&self, states: impl IntoIterator<Item = &'a str>) -> &Self {
        let path: Vec<_> = states.into_iter().map(StepPattern::from).collect();
        self.report(&check_path(&path, self))
    }

    /// The task of a state was called with these parameters, call by call.
    ///
    /// # Panics
    /// It was not.
    #[track_caller]
    pub fn assert_sent<V: IntoValue>(&self, state: &str, calls: impl IntoIterator<Item = V>) -> &Self {
        let calls: Array = calls.into_iter().map(converted).collect();
        let found: Array = self.sent(state).iter().cloned().collect();
        let place = format!("sent.{state}");
        self.report(&compare(&place, &calls.into(), &found.into(), Compare::All))
    }

    #[track_caller]
    fn assert(&self, expectation: &Expectation) -> &Self {
        self.report(&expectation.check(self))
    }

    #[track_caller]
    fn report(&self, differences: &[Difference]) -> &Self {
        if !differences.is_empty() {
            let mut text = String::from("the execution is not as expected\n");
            for difference in differences {
                let _ = writeln!(text, "  {difference}");
            }
            let _ = write!(text, "  it went through {}", self.path().join(", "));
            complain(&text);
        }
        self
    }
}
