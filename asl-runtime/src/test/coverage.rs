//! What a run went through, counted.

use asl_value::{Array, Object, Text, Value};
use std::collections::BTreeMap;

/// How often each part of a machine was used; what was not is not in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// States, by name.
    pub states: BTreeMap<Text, u64>,
    /// Transitions from state to state, but for those of catchers.
    pub transitions: BTreeMap<(Text, Text), u64>,
    /// Choice rules, by state and number; `None` is the `Default`. Counted where the code was generated for it, as that of `asl test` is.
    pub rules: BTreeMap<(Text, Option<usize>), u64>,
    /// Retriers, by state and number.
    pub retriers: BTreeMap<(Text, usize), u64>,
    /// Catchers, by state and number.
    pub catchers: BTreeMap<(Text, usize), u64>,
}

impl Coverage {
    /// The same as JSON: an object of lists, and in them a list for each part that ends with its count.
    ///
    /// ```standalone_crate
    /// # asl_runtime::asl_machine!("../../doc/order.asl.json");
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let run = order::test().mock_error("Charge", "CardDeclined", "").run().await;
    /// let states = run.coverage().to_json().get("states").cloned();
    /// assert!(states.is_some_and(|states| !states.to_string().contains("Ship")));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> Value {
        let states = self.states.iter().map(|(state, count)| row([state.clone().into(), (*count).into()]));
        let transitions = self
            .transitions
            .iter()
            .map(|((from, to), count)| row([from.clone().into(), to.clone().into(), (*count).into()]));
        let rules = self
            .rules
            .iter()
            .map(|((state, rule), count)| row([state.clone().into(), number(*rule), (*count).into()]));
        let mut object = Object::new();
        object.insert("states", states.collect::<Array>());
        object.insert("transitions", transitions.collect::<Array>());
        object.insert("rules", rules.collect::<Array>());
        object.insert("retriers", numbered(&self.retriers));
        object.insert("catchers", numbered(&self.catchers));
        object.into()
    }
}

fn numbered(counts: &BTreeMap<(Text, usize), u64>) -> Array {
    counts
        .iter()
        .map(|((state, place), count)| row([state.clone().into(), number(Some(*place)), (*count).into()]))
        .collect()
}

fn row<const N: usize>(cells: [Value; N]) -> Value {
    Array::from(Vec::from(cells)).into()
}

fn number(number: Option<usize>) -> Value {
    number.and_then(|number| u64::try_from(number).ok()).map_or(Value::Null, Value::from)
}
