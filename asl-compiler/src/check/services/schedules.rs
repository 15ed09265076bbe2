//! Schedules as EventBridge reads them: `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2030-01-01T00:00:00)`.

const RATE: &str = "expected `rate(1 minute)`, `rate(5 minutes)`, or hours or days";
const CRON: &str = "expected six fields: minutes, hours, day of the month, month, day of the week, year";
const AT: &str = "expected `at(2030-01-01T00:00:00)`, without a time zone";

/// How the unit of a rate is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Units {
    /// One of a unit in the singular, and more in the plural, as the rules of EventBridge want it.
    Agreeing,
    /// In either form, as EventBridge Scheduler takes it.
    Any,
}

/// What is wrong with a schedule, and what is expected.
pub(super) fn fault(text: &str, units: Units) -> Option<(&'static str, &'static str)> {
    let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inner("rate") {
        return (!is_rate(rate, units)).then_some(("is not a rate", RATE));
    }
    if let Some(cron) = inner("cron") {
        return cron_fault(cron).map(|what| (what, CRON));
    }
    if let Some(at) = inner("at") {
        return (!is_time(at)).then_some(("is not a point in time", AT));
    }
    Some((
        "is not a schedule",
        "expected `rate(5 minutes)`, `cron(0 12 * * ? *)` or `at(2030-01-01T00:00:00)`",
    ))
}

fn is_rate(text: &str, units: Units) -> bool {
    const ONE: [&str; 3] = ["minute", "hour", "day"];
    const MORE: [&str; 3] = ["minutes", "hours", "days"];
    let mut words = text.split_whitespace();
    let (Some(number), Some(unit), None) = (words.next(), words.next(), words.next()) else { return false };
    match number.parse::<u64>() {
        Ok(0) | Err(_) => false,
        Ok(_) if units == Units::Any => ONE.contains(&unit) || MORE.contains(&unit),
        Ok(1) => ONE.contains(&unit),
        Ok(_) => MORE.contains(&unit),
    }
}

fn cron_fault(text: &str) -> Option<&'static str> {
    let fields: Vec<_> = text.split_whitespace().collect();
    let [_, _, day, _, weekday, _] = fields.as_slice() else { return Some("has not six fields") };
    // A day is said by its number or by its name, and the other is left open.
    let is_open = |field: &str| field == "?";
    (is_open(day) == is_open(weekday)).then_some("has not one `?`, for the day that the other field says")
}

fn is_time(text: &str) -> bool {
    let sample = "0000-00-00T00:00:00";
    text.len() == sample.len()
        && text
            .bytes()
            .zip(sample.bytes())
            .all(|(byte, like)| if like == b'0' { byte.is_ascii_digit() } else { byte == like })
}

#[cfg(test)]
mod tests {
    use super::{Units, fault};

    #[test]
    fn schedules_are_rates_crons_and_times() {
        for text in [
            "rate(1 minute)",
            "rate(5 minutes)",
            "rate(1 day)",
            "cron(0 12 * * ? *)",
            "cron(0/15 9-17 ? * MON-FRI *)",
            "cron(0 8 1 * ? 2030-2035)",
            "at(2030-01-01T00:00:00)",
        ] {
            assert_eq!(fault(text, Units::Agreeing), None, "{text}");
            assert_eq!(fault(text, Units::Any), None, "{text}");
        }
        for text in [
            "rate(0 minutes)",
            "rate(five minutes)",
            "rate(5 weeks)",
            "rate(5m)",
            "cron(0 12 * * *)",
            "cron(0 12 * * ?)",
            "cron(0 12 * * * *)",
            "cron(0 12 ? * ? *)",
            "at(2030-01-01)",
            "at(2030-01-01T00:00:00Z)",
            "every day",
            "rate 5 minutes",
        ] {
            assert!(fault(text, Units::Agreeing).is_some(), "{text}");
            assert!(fault(text, Units::Any).is_some(), "{text}");
        }
    }

    #[test]
    fn only_rules_tell_one_of_a_unit_from_more() {
        for text in ["rate(1 minutes)", "rate(1 hours)", "rate(5 minute)"] {
            assert!(fault(text, Units::Agreeing).is_some(), "{text}");
            assert_eq!(fault(text, Units::Any), None, "{text}");
        }
    }
}
