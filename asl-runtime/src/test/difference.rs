//! Where what came differs from what was expected.

use asl_value::Value;
use std::fmt;

/// More differences than a reader needs.
const MOST: usize = 20;

/// One place that differs.
///
/// ```standalone_crate
/// # asl_runtime::asl_machine!("../../doc/order.asl.json");
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use asl_runtime::Value;
/// use asl_runtime::test::Case;
///
/// let case = Value::from_json(r#"{"mocks": {"Charge": {"result": "paid"}}, "expect": {"output": {"receipt": "open"}}}"#)?;
/// let (_, differences) = Case::from_json(&case)?.run::<order::Machine>().await?;
/// assert_eq!(differences[0].to_string(), r#"output.receipt: expected "open", found "paid""#);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The place: `output.items[0].price`.
    pub place: String,
    /// What was expected there, if anything.
    pub expected: Option<Value>,
    /// What is there, if anything.
    pub found: Option<Value>,
}

impl Difference {
    pub(super) fn new(place: impl Into<String>, expected: Option<Value>, found: Option<Value>) -> Self {
        Self { place: place.into(), expected, found }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text =
            |value: &Option<Value>| value.as_ref().map_or_else(|| String::from("nothing"), Value::to_string);
        write!(f, "{}: expected {}, found {}", self.place, text(&self.expected), text(&self.found))
    }
}

/// How much of a value counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    /// All of it.
    All,
    /// Only the fields of objects that are expected.
    Included,
}

/// Finds the innermost places where two values differ.
pub(super) fn compare(place: &str, expected: &Value, found: &Value, how: Compare) -> Vec<Difference> {
    let mut differences = Vec::new();
    collect(place, expected, found, how, &mut differences);
    differences
}

fn collect(place: &str, expected: &Value, found: &Value, how: Compare, differences: &mut Vec<Difference>) {
    if expected == found || differences.len() >= MOST {
        return;
    }
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, expected) in expected.iter() {
                let place = format!("{place}.{key}");
                match found.get(key) {
                    Some(found) => collect(&place, expected, found, how, differences),
                    None => differences.push(Difference::new(place, Some(expected.clone()), None)),
                }
            }
            for (key, found) in
                found.iter().filter(|(key, _)| how == Compare::All && expected.get(key).is_none())
            {
                differences.push(Difference::new(format!("{place}.{key}"), None, Some(found.clone())));
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            for place_in in 0..expected.len().max(found.len()) {
                let place = format!("{place}[{place_in}]");
                match (expected.get(place_in), found.get(place_in)) {
                    (Some(expected), Some(found)) => collect(&place, expected, found, how, differences),
                    (expected, found) => {
                        differences.push(Difference::new(place, expected.cloned(), found.cloned()));
                    }
                }
            }
        }
        (expected, found) => {
            differences.push(Difference::new(place, Some(expected.clone()), Some(found.clone())));
        }
    }
}
