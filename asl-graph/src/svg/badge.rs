//! What a state has done, in a few words at its edge.

use crate::measure::width;
use crate::summary::Ran;

/// How a badge is called: nothing if there is nothing to say.
pub(super) fn text(ran: &Ran) -> String {
    let mut parts = Vec::new();
    let iterations = &ran.iterations;
    if iterations.begun > 0 || iterations.items > 0 {
        parts.push(format!(
            "{} of {}",
            grouped(iterations.succeeded),
            grouped(iterations.items.max(iterations.begun))
        ));
        if iterations.failed > 0 {
            parts.push(format!("{} failed", grouped(iterations.failed)));
        }
    } else if ran.entered > 1 {
        parts.push(format!("{}\u{d7}", grouped(ran.entered)));
    }
    if ran.waiting > 0 && ran.active > ran.waiting {
        parts.push(format!(
            "{} {} to retry",
            grouped(ran.waiting),
            if ran.waiting == 1 { "waits" } else { "wait" }
        ));
    }
    if ran.retries > 0 {
        parts.push(format!(
            "{} {}",
            grouped(ran.retries),
            if ran.retries == 1 { "retry" } else { "retries" }
        ));
    }
    if ran.active == 0 && ran.milliseconds > 0 {
        parts.push(duration(ran.milliseconds));
    }
    parts.join(" \u{b7} ")
}

/// How wide it is.
pub(super) fn across(text: &str) -> f64 {
    if text.is_empty() { 0.0 } else { width(text, 10.0) + 12.0 }
}

/// A number with commas between its thousands: `12,345`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A length of time in its two largest units: `71 ms`, `4.8 s`, `9 m 12 s`, `2 d 5 h`.
///
/// ```
/// assert_eq!(asl_graph::duration(552_000), "9 m 12 s");
/// ```
#[must_use]
pub fn duration(milliseconds: i64) -> String {
    let seconds = milliseconds / 1000;
    match seconds {
        ..1 => format!("{milliseconds} ms"),
        1..60 => format!("{seconds}.{} s", milliseconds % 1000 / 100),
        60..3600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        3600..86400 => format!("{} h {:02} m", seconds / 3600, seconds / 60 % 60),
        86400.. => format!("{} d {} h", seconds / 86400, seconds / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_groups_and_times_their_two_largest_units() {
        assert_eq!(
            ["7", "999", "1,000", "1,234,567"],
            [7, 999, 1000, 1_234_567].map(grouped).each_ref().map(String::as_str)
        );
        let durations = [0, 71, 999, 4_805, 59_999, 552_000, 3_600_000, 190_800_000].map(duration);
        assert_eq!(
            durations,
            ["0 ms", "71 ms", "999 ms", "4.8 s", "59.9 s", "9 m 12 s", "1 h 00 m", "2 d 5 h"]
        );
    }
}
