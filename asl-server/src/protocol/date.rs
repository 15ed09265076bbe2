//! Moments in the form of the API: seconds since 1970, with milliseconds.

use asl_runtime::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

/// A moment, to the millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(i64);

impl Date {
    /// The moment of the system's clock.
    #[must_use]
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn milliseconds(self) -> i64 {
        self.0
    }

    /// The same as a timestamp of an execution.
    #[must_use]
    pub const fn timestamp(self) -> Timestamp {
        Timestamp::from_milliseconds(self.0)
    }
}

impl From<Timestamp> for Date {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.milliseconds())
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of any date in use fit into 53 bits")]
impl From<Date> for Value {
    fn from(date: Date) -> Self {
        (date.0 as f64 / 1000.0).into()
    }
}

/// Seconds since 1970 as text with milliseconds: `2026-11-29T14:30:00.123Z`.
#[expect(clippy::cast_possible_truncation, reason = "milliseconds of any date in use fit into 53 bits")]
pub(crate) fn iso(seconds: f64) -> String {
    Timestamp::from_milliseconds((seconds * 1000.0).round() as i64).to_string()
}

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A date of HTTP: `Sun, 29 Nov 2026 14:30:00 GMT`.
pub(crate) fn http(date: Date) -> String {
    let iso = date.timestamp().to_string();
    let part = |range| iso.get(range).unwrap_or_default();
    let day = usize::try_from(date.milliseconds().div_euclid(86_400_000).rem_euclid(7)).unwrap_or_default();
    let month = part(5..7).parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    let (day, month) = (DAYS.get(day).copied().unwrap_or_default(), month.copied().unwrap_or_default());
    format!("{day}, {} {month} {} {} GMT", part(8..10), part(0..4), part(11..19))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_in_all_forms() {
        let date = Date(1_795_962_600_123);
        assert_eq!(Value::from(date).to_string(), "1795962600.123");
        assert_eq!(iso(1_795_962_600.123), "2026-11-29T14:30:00.123Z");
        assert_eq!(http(date), "Sun, 29 Nov 2026 14:30:00 GMT");
    }
}
