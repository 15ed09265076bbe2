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
        if units == Units::Agreeing {
            return Some((
                "has a point in time, which only EventBridge Scheduler takes",
                "expected `rate(5 minutes)` or `cron(0 12 * * ? *)`",
            ));
        }
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
    if is_open(day) == is_open(weekday) {
        return Some("has not one `?`, for the day that the other field says");
    }
    fields.iter().zip(FIELDS).find(|(text, field)| !field.has(text)).map(|(_, field)| field.fault)
}

/// A field of a cron expression.
struct Field {
    range: std::ops::RangeInclusive<u32>,
    names: &'static [&'static str],
    /// Signs that only it has.
    signs: &'static [char],
    fault: &'static str,
}

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: [Field; 6] = [
    Field { range: 0..=59, names: &[], signs: &[], fault: "has minutes that are not from 0 to 59" },
    Field { range: 0..=23, names: &[], signs: &[], fault: "has hours that are not from 0 to 23" },
    Field {
        range: 1..=31,
        names: &[],
        signs: &['L', 'W'],
        fault: "has a day of the month that is not from 1 to 31",
    },
    Field {
        range: 1..=12,
        names: MONTHS,
        signs: &[],
        fault: "has a month that is not from 1 to 12, or JAN to DEC",
    },
    Field {
        range: 1..=7,
        names: WEEKDAYS,
        signs: &['L', '#'],
        fault: "has a day of the week that is not from 1 to 7, or SUN to SAT",
    },
    Field { range: 1970..=2199, names: &[], signs: &[], fault: "has a year that is not from 1970 to 2199" },
];

impl Field {
    /// Whether a text is of this field: values, ranges, lists and steps.
    fn has(&self, text: &str) -> bool {
        text.split(',').all(|item| {
            let (range, step) =
                item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
            step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0))
                && (matches!(range, "*" | "?" | "") && (!range.is_empty() || step.is_some())
                    || range.split('-').all(|value| self.has_value(value)))
        })
    }

    fn has_value(&self, text: &str) -> bool {
        let text = text.to_ascii_uppercase();
        if text.contains(self.signs) {
            // `L`, `LW`, `5L`, `15W`, `2#1`
            let rest = text.trim_matches(|c: char| self.signs.contains(&c));
            return rest.split('#').all(|part| part.is_empty() || self.has_value(part));
        }
        self.names.contains(&text.as_str()) || text.parse().is_ok_and(|number| self.range.contains(&number))
    }
}

fn is_time(text: &str) -> bool {
    let sample = "0000-00-00T00:00:00";
    let has_day = || {
        let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u32>().ok();
        let (Some(year), Some(month), Some(day)) = (part(0..4), part(5..7), part(8..10)) else {
            return false;
        };
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return false,
        };
        (1..=days).contains(&day)
            && part(11..13) < Some(24)
            && part(14..16) < Some(60)
            && part(17..19) < Some(60)
    };
    text.len() == sample.len()
        && has_day()
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
            "cron(0/5 8-17 ? * 2#1 *)",
            "cron(15 10 L * ? *)",
            "cron(0 0 LW JAN,JUN ? 2030/2)",
            "cron(0 9 ? * 5L *)",
        ] {
            assert_eq!(fault(text, Units::Agreeing), None, "{text}");
            assert_eq!(fault(text, Units::Any), None, "{text}");
        }
        assert_eq!(fault("at(2030-01-01T00:00:00)", Units::Any), None);
        assert!(fault("at(2030-01-01T00:00:00)", Units::Agreeing).is_some());
        for text in [
            "rate(0 minutes)",
            "rate(five minutes)",
            "rate(5 weeks)",
            "rate(5m)",
            "cron(0 12 * * *)",
            "cron(0 12 * * ?)",
            "cron(0 12 * * * *)",
            "cron(0 12 ? * ? *)",
            "cron(60 12 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 12 32 * ? *)",
            "cron(0 12 0 * ? *)",
            "cron(0 12 * JANUARY ? *)",
            "cron(0 12 ? * 0 *)",
            "cron(0 12 ? * MONDAY *)",
            "cron(a 12 * * ? *)",
            "cron(0/0 12 * * ? *)",
            "cron(0 12 * * ? 1900)",
            "at(2030-01-01)",
            "at(2030-01-01T00:00:00Z)",
            "at(2030-02-30T00:00:00)",
            "at(2030-01-01T25:00:00)",
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
