//! What tests have used of a definition, in the form of a summary, so that it is drawn like what happened in an execution.
//!
//! In: the parts of the definition with their counts, as `asl test --coverage --format json` writes them. Out: states that were entered as states that
//! succeeded, and the transitions that were taken.

use super::Summary;
use serde_json::Value;

impl Summary {
    /// Makes it of the coverage of a definition: an object with `parts`.
    ///
    /// ```
    /// use asl_graph::{Status, Summary};
    /// use serde_json::json;
    ///
    /// let parts = json!([
    ///     { "kind": "states", "state": "A", "count": 2 },
    ///     { "kind": "transitions", "state": "A", "to": "B", "count": 2 },
    ///     { "kind": "states", "state": "B", "count": 2 },
    ///     { "kind": "states", "state": "C", "count": 0 },
    /// ]);
    /// let covered = Summary::of_coverage(&json!({ "parts": parts })).unwrap();
    /// assert!(covered.taken("A", Some("B"), false).is_some());
    /// assert_eq!(["B", "C"].map(|state| covered.status(state)), [Status::Succeeded, Status::Untouched]);
    /// ```
    #[must_use]
    pub fn of_coverage(coverage: &Value) -> Option<Self> {
        let mut summary = Self::default();
        for part in coverage.get("parts")?.as_array()? {
            let text = |name: &str| part.get(name).and_then(Value::as_str);
            let count = part.get("count").and_then(Value::as_u64)?;
            if count > 0 {
                summary.uses(text("kind")?, text("state")?, text("to"), count);
            }
        }
        Some(summary)
    }

    /// Takes note of a part that was used.
    fn uses(&mut self, kind: &str, state: &str, to: Option<&str>, count: u64) {
        let from = self.number(state);
        if let Some(to) = to.map(|to| self.number(to)) {
            self.taken.insert((from, to, kind == "catchers"), FIRST);
        }
        let Some(ran) = self.states.get_mut(from) else { return };
        match kind {
            "states" => {
                (ran.entered, ran.succeeded, ran.first_event) = (count, count, FIRST);
                // Nothing says how a state without a transition was left; it is drawn as if that was at its end.
                self.left.insert(from, FIRST);
            }
            "retriers" => ran.retries += count,
            _ => {}
        }
    }
}

/// There are no events that could be numbered.
const FIRST: u64 = 1;
