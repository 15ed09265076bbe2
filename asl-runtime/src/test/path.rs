//! The way through the states, as it was and as a test expects it.

use asl_value::{Array, Object, Text, Value};

/// A state that was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// The name of the state.
    pub state: Text,
    /// The ways through its branches or iterations, in the order in which they began; what was tried again is in here again.
    pub lanes: Vec<Vec<Self>>,
}

impl PathStep {
    /// `"Charge"`, or `{"Fulfil": [["Ship"], ["Notify"]]}`
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/prices.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = prices::test().object("shop", "items.json", "[1, 2]").mock("Price", Ok(0)).run().await;
    /// assert_eq!(run.steps()[0].to_json().to_string(), r#"{"EachItem":[["Price"],["Price"]]}"#);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        if self.lanes.is_empty() {
            return self.state.clone().into();
        }
        let lanes: Array = self.lanes.iter().map(|lane| steps_to_json(lane)).collect();
        Object::from_iter([(self.state.clone(), lanes)]).into()
    }
}

pub(super) fn steps_to_json(steps: &[PathStep]) -> Value {
    steps.iter().map(PathStep::to_json).collect::<Array>().into()
}

/// A step that is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepPattern {
    /// A state, whatever its branches or iterations did.
    State(String),
    /// A state with these branches or iterations.
    Lanes(String, Vec<Vec<Self>>),
}

impl StepPattern {
    /// Reads what [`PathStep::to_json`] writes.
    ///
    /// ```
    /// use asl_runtime::Value;
    /// use asl_runtime::test::StepPattern;
    ///
    /// assert_eq!(StepPattern::from_json(&Value::from("Charge")), Some(StepPattern::State("Charge".into())));
    /// assert_eq!(StepPattern::from_json(&Value::from(7)), None);
    /// ```
    #[must_use]
    pub fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::String(state) => Some(Self::State(state.to_string())),
            Value::Object(object) if object.len() == 1 => {
                let (state, lanes) = object.iter().next()?;
                let lanes = lanes.as_array()?.iter().map(patterns).collect::<Option<_>>()?;
                Some(Self::Lanes(state.to_owned(), lanes))
            }
            Value::Object(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
        }
    }

    fn fits(&self, step: &PathStep) -> bool {
        match self {
            Self::State(state) => *state == *step.state,
            Self::Lanes(state, lanes) => {
                *state == *step.state
                    && lanes.len() == step.lanes.len()
                    && lanes.iter().zip(&step.lanes).all(|(patterns, steps)| fit(patterns, steps))
            }
        }
    }

    /// The step as far as the pattern speaks about it.
    fn seen(&self, step: &PathStep) -> Value {
        match self {
            Self::State(_) => step.state.clone().into(),
            Self::Lanes(..) => step.to_json(),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::State(state) => state.as_str().into(),
            Self::Lanes(state, lanes) => {
                let lanes: Array = lanes.iter().map(|lane| patterns_to_json(lane)).collect();
                Object::from_iter([(state.as_str(), lanes)]).into()
            }
        }
    }
}

impl From<&str> for StepPattern {
    fn from(state: &str) -> Self {
        Self::State(state.to_owned())
    }
}

/// The steps of a path.
pub(super) fn patterns(value: &Value) -> Option<Vec<StepPattern>> {
    value.as_array()?.iter().map(StepPattern::from_json).collect()
}

pub(super) fn patterns_to_json(patterns: &[StepPattern]) -> Value {
    patterns.iter().map(StepPattern::to_json).collect::<Array>().into()
}

/// Whether the way is the one that is expected.
pub(super) fn fit(patterns: &[StepPattern], steps: &[PathStep]) -> bool {
    patterns.len() == steps.len() && patterns.iter().zip(steps).all(|(pattern, step)| pattern.fits(step))
}

/// The way, with as much detail as the patterns have.
pub(super) fn seen(patterns: &[StepPattern], steps: &[PathStep]) -> Value {
    let state = |step: &PathStep| Value::from(step.state.clone());
    let steps = steps.iter().enumerate();
    steps
        .map(|(place, step)| patterns.get(place).map_or_else(|| state(step), |pattern| pattern.seen(step)))
        .collect::<Array>()
        .into()
}
