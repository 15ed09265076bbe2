//! Times as they are printed.

use serde_json::Value;

/// As far from 1970 as a date can be for browsers, in milliseconds.
const FARTHEST: u64 = 8_640_000_000_000_000;

/// A time as milliseconds: seconds since 1970 as a number, or a text in ISO 8601.
pub(super) fn milliseconds(time: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "one that does not fit is too far, and refused")]
    let of_seconds = |seconds: f64| (seconds * 1000.0).round() as i64;
    let time = time.as_f64().map(of_seconds).or_else(|| from_iso(time.as_str()?));
    time.filter(|time| time.unsigned_abs() <= FARTHEST)
}

fn from_iso(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let rest = text.get(19..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at_checked(rest.find(|c: char| !c.is_ascii_digit())?)?,
        None => ("", rest),
    };
    let thousandths = format!("{fraction:0<3}").get(0..3)?.parse::<i64>().ok()?;
    let offset = match zone.split_at_checked(1) {
        Some((sign @ ("+" | "-"), zone)) => {
            let minutes = zone.get(0..2)?.parse::<i64>().ok()? * 60
                + zone.get(zone.len().checked_sub(2)?..)?.parse::<i64>().ok()?;
            if sign == "+" { minutes } else { -minutes }
        }
        _ => 0,
    };
    // Days since 1970, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day - 719_469;
    Some((((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1000 + thousandths)
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
