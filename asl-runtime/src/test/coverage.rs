//! What a run went through, counted.

use asl_value::{Array, Object, Value};
use std::collections::BTreeMap;

/// How often each part of a machine was used; what was not is not in here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// States, by name.
    pub states: BTreeMap<&'static str, u64>,
    /// Transitions from state to state, but for those of catchers.
    pub transitions: BTreeMap<(&'static str, &'static str), u64>,
    /// Choice rules, by state and number; `None` is the `Default`. Counted where the code was generated for it, as that of `asl test` is.
    pub rules: BTreeMap<(&'static str, Option<usize>), u64>,
    /// Retriers, by state and number.
    pub retriers: BTreeMap<(&'static str, usize), u64>,
    /// Catchers, by state and number.
    pub catchers: BTreeMap<(&'static str, usize), u64>,
}

impl Coverage {
    /// The same as JSON: an object of lists, and in them a list for each part that ends with its count.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let states = self.states.iter().map(|(state, count)| row([(*state).into(), (*count).into()]));
        let transitions = self
            .transitions
            .iter()
            .map(|((from, to), count)| row([(*from).into(), (*to).into(), (*count).into()]));
        let rules = self
            .rules
            .iter()
            .map(|((state, rule), count)| row([(*state).into(), number(*rule), (*count).into()]));
        let mut object = Object::new();
        object.insert("states", states.collect::<Array>());
        object.insert("transitions", transitions.collect::<Array>());
        object.insert("rules", rules.collect::<Array>());
        object.insert("retriers", numbered(&self.retriers));
        object.insert("catchers", numbered(&self.catchers));
        object.into()
    }
}

fn numbered(counts: &BTreeMap<(&'static str, usize), u64>) -> Array {
    counts
        .iter()
        .map(|((state, place), count)| row([(*state).into(), number(Some(*place)), (*count).into()]))
        .collect()
}

fn row<const N: usize>(cells: [Value; N]) -> Value {
    Array::from(Vec::from(cells)).into()
}

fn number(number: Option<usize>) -> Value {
    number.and_then(|number| u64::try_from(number).ok()).map_or(Value::Null, Value::from)
}
