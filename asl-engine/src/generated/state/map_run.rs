//! What a distributed Map state asks for.

use super::{Entered, integer, plain};
use crate::error::Error;
use crate::machine::Effect;
use crate::map_run::{MapRun, MapRunSettings};
use crate::program::StateId;
use asl_value::Value;

/// A distributed Map state asks for its Map Run. `settings` are the fields that AWS looks at after it has told that the Map has started.
///
/// # Errors
/// None; all that states ask for looks alike.
pub fn map_run(
    processor: StateId,
    items: Option<Value>,
    input: Value,
    max_concurrency: Option<usize>,
    settings: &dyn Fn() -> Result<MapRunSettings, Error>,
) -> Entered {
    Ok(Effect::MapRun(Box::new(MapRun { processor, items, input, max_concurrency, settings: settings() })))
}

/// The items in the input: an array, or an object whose fields are the items.
///
/// # Errors
/// `States.Runtime`: they are neither.
pub fn map_items(items: &Value, items_path: &'static str) -> Result<Option<Value>, Error> {
    match items {
        Value::Array(_) | Value::Object(_) => Ok(Some(items.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Err(Error::runtime(format!("Reference path \"{items_path}\" must point to array.")))
        }
    }
}

/// `ToleratedFailureCountPath`
///
/// # Errors
/// `States.Runtime` in AWS's words.
pub fn tolerated_failure_count_path(value: &Value, path: &'static str) -> Result<Option<u64>, Error> {
    let count = number(value, "ToleratedFailureCountPath", path)?;
    u64::try_from(count).map(Some).map_err(|_| Error::runtime("ToleratedFailureCount cannot be negative."))
}

/// `ToleratedFailurePercentagePath`
///
/// # Errors
/// `States.Runtime` in AWS's words.
pub fn tolerated_failure_percentage_path(value: &Value, path: &'static str) -> Result<Option<f64>, Error> {
    let percentage = match value {
        Value::Number(number) => Some(number.as_f64()),
        Value::String(text) => text.parse::<f64>().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match percentage {
        None => Err(invalid(value, "ToleratedFailurePercentagePath", "float", path)),
        Some(percentage) if (0.0..=100.0).contains(&percentage) => Ok(Some(percentage)),
        Some(_) => Err(Error::runtime("ToleratedFailurePercentage must be between 0 and 100.")),
    }
}

/// `MaxItemsPath`. A negative number is not refused here, but by the reader.
///
/// # Errors
/// `States.Runtime` in AWS's words.
pub fn max_items_path(value: &Value, path: &'static str) -> Result<Option<i64>, Error> {
    number(value, "MaxItemsPath", path).map(Some)
}

/// `MaxItemsPerBatchPath` or `MaxInputBytesPerBatchPath`
///
/// # Errors
/// `States.Runtime`: the value is not a whole number above zero.
pub fn batch_limit_path(
    value: &Value,
    field: &'static str,
    path: &'static str,
) -> Result<Option<u64>, Error> {
    let limit = number(value, field, path)?;
    let limit = u64::try_from(limit).ok().filter(|limit| *limit > 0);
    let name = field.strip_suffix("Path").unwrap_or(field);
    limit.map(Some).ok_or_else(|| Error::runtime(format!("{name} must be positive.")))
}

fn number(value: &Value, field: &str, path: &str) -> Result<i64, Error> {
    integer(value).ok_or_else(|| invalid(value, field, "integer", path))
}

#[cold]
fn invalid(value: &Value, field: &str, kind: &str, path: &str) -> Error {
    Error::runtime(format!(
        "The {field} field refers to value \"{}\" which is not a valid {kind}: {path}",
        plain(value)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause<T>(result: Result<T, Error>) -> Option<String> {
        result.err().and_then(|error| error.cause().map(str::to_owned))
    }

    #[test]
    fn numbers_may_be_texts() {
        assert_eq!(tolerated_failure_count_path(&"1".into(), "$n"), Ok(Some(1)));
        assert_eq!(tolerated_failure_percentage_path(&"1.5".into(), "$n"), Ok(Some(1.5)));
        assert_eq!(tolerated_failure_percentage_path(&1.into(), "$n"), Ok(Some(1.0)));
        assert_eq!(batch_limit_path(&"15000".into(), "MaxInputBytesPerBatchPath", "$n"), Ok(Some(15000)));
    }

    #[test]
    fn other_values_are_refused_in_the_words_of_aws() {
        let refused = |field: &str, value: &str, kind: &str| {
            Some(format!("The {field} field refers to value \"{value}\" which is not a valid {kind}: $.n"))
        };
        let object = Value::empty_object();
        assert_eq!(
            cause(tolerated_failure_count_path(&object, "$.n")),
            refused("ToleratedFailureCountPath", "{}", "integer")
        );
        assert_eq!(
            cause(tolerated_failure_percentage_path(&"NoNumber".into(), "$.n")),
            refused("ToleratedFailurePercentagePath", "NoNumber", "float")
        );
        assert_eq!(cause(max_items_path(&1.5.into(), "$.n")), refused("MaxItemsPath", "1.5", "integer"));
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            cause(tolerated_failure_count_path(&(-1).into(), "$")),
            text("ToleratedFailureCount cannot be negative.")
        );
        let percentage = tolerated_failure_percentage_path(&100.5.into(), "$");
        assert_eq!(cause(percentage), text("ToleratedFailurePercentage must be between 0 and 100."));
        assert_eq!(max_items_path(&(-1).into(), "$"), Ok(Some(-1)), "the reader refuses it");
        assert_eq!(
            cause(batch_limit_path(&0.into(), "MaxItemsPerBatchPath", "$")),
            text("MaxItemsPerBatch must be positive.")
        );
    }
}
