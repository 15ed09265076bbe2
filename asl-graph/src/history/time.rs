//! Times as they are printed.

use asl_language::timestamp::Timestamp;
use serde_json::Value;

/// As far from 1970 as a date can be for browsers, in milliseconds.
const FARTHEST: u64 = 8_640_000_000_000_000;

/// A time of a history in milliseconds since 1970: seconds since then as a number, or a date as the `aws` command writes it. Nothing if it is further
/// away than a date can be.
///
/// ```
/// use serde_json::json;
/// assert_eq!(asl_graph::history::milliseconds(&json!("1970-01-01T01:00:02+01:00")), Some(2_000));
/// assert_eq!(asl_graph::history::milliseconds(&json!(2.5)), Some(2_500));
/// assert_eq!(asl_graph::history::milliseconds(&json!(1e300)), None);
/// ```
#[must_use]
pub fn milliseconds(time: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "one that does not fit is too far, and refused")]
    let of_seconds = |seconds: f64| (seconds * 1000.0).round() as i64;
    let of_date = |text: &str| Timestamp::parse(text).map(Timestamp::milliseconds);
    let time = time.as_f64().map(of_seconds).or_else(|| of_date(time.as_str()?));
    time.filter(|time| time.unsigned_abs() <= FARTHEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn times_in_both_forms_are_the_same() {
        assert_eq!(milliseconds(&json!(1_763_845_322.25)), Some(1_763_845_322_250));
        assert_eq!(milliseconds(&json!("2025-11-22T23:02:02.250+02:00")), Some(1_763_845_322_250));
        assert_eq!(milliseconds(&json!("1970-01-01T00:00:00Z")), Some(0));
        assert_eq!(milliseconds(&json!("yesterday")), None);
        assert_eq!([json!(1e300), json!(-1e300), json!(8.65e12)].map(|time| milliseconds(&time)), [None; 3]);
    }
}
