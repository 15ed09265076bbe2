//! Times, sizes and statuses in words.

use super::frame::icon;
use super::story::Progress;
use asl_runtime::{Status, Timestamp};
use maud::{Markup, html};

impl From<Status> for Progress {
    fn from(status: Status) -> Self {
        match status {
            Status::Running => Self::Running,
            Status::Succeeded => Self::Succeeded,
            Status::Failed => Self::Failed,
            Status::TimedOut => Self::TimedOut,
            Status::Aborted => Self::Aborted,
        }
    }
}

impl Progress {
    /// The class, the symbol and the word of a status: never its colour alone.
    pub(crate) const fn shown(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Running => ("run", "run", "Running"),
            Self::Retrying => ("warn", "retry", "Waits to retry"),
            Self::Succeeded => ("ok", "ok", "Succeeded"),
            Self::Caught => ("warn", "warn", "Caught"),
            Self::Failed => ("bad", "bad", "Failed"),
            Self::TimedOut => ("bad", "time", "Timed out"),
            Self::Aborted => ("off", "off", "Stopped"),
        }
    }

    pub(crate) const fn class(self) -> &'static str {
        self.shown().0
    }

    pub(crate) const fn word(self) -> &'static str {
        self.shown().2
    }

    /// The symbol alone, for where the word is beside it.
    pub(crate) fn symbol(self) -> Markup {
        let (class, name, _) = self.shown();
        html! { span class=(class) { (icon(name)) } }
    }

    /// The symbol with the word.
    pub(crate) fn label(self) -> Markup {
        let (class, name, word) = self.shown();
        html! { span class={ "st " (class) } { (icon(name)) (word) } }
    }

    /// The same on its ground.
    pub(crate) fn pill(self) -> Markup {
        let (class, name, word) = self.shown();
        html! { span class={ "st pill " (class) } #status { (icon(name)) (word) } }
    }
}

/// `+27.343`
pub(crate) fn offset(milliseconds: i64) -> String {
    format!("+{}.{:03}", milliseconds / 1000, milliseconds.rem_euclid(1000))
}

/// `28 Nov 2026, 14:02:11.318 UTC`
pub(crate) fn moment(milliseconds: i64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let iso = iso(milliseconds);
    let part = |from: usize, to: usize| iso.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
    let (day, month) = (part(8, 10).trim_start_matches('0'), month.copied().unwrap_or_default());
    format!("{day} {month} {}, {} UTC", part(0, 4), clock(milliseconds))
}

/// `14:02:11.318`
pub(crate) fn clock(milliseconds: i64) -> String {
    iso(milliseconds).get(11..23).unwrap_or_default().to_owned()
}

/// `2026-11-28T14:02:11.318Z`, always with milliseconds.
fn iso(milliseconds: i64) -> String {
    let whole = Timestamp::from_milliseconds(milliseconds - milliseconds.rem_euclid(1000)).to_string();
    let seconds = whole.get(..19).unwrap_or_default();
    format!("{seconds}.{:03}Z", milliseconds.rem_euclid(1000))
}

/// `12 s ago`
pub(crate) fn ago(milliseconds: i64) -> String {
    let seconds = milliseconds.max(0) / 1000;
    match seconds {
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} m ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

pub(crate) use asl_graph::{duration, grouped as number};

/// `356 B`, `12.4 KiB`, `32.0 MiB`
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{}.{} KiB", bytes / 1024, bytes % 1024 * 10 / 1024),
        _ => format!("{}.{} MiB", bytes >> 20, ((bytes & 0xF_FFFF) * 10) >> 20),
    }
}

/// `1 event`, `2 events`
pub(crate) fn count(many: u64, one: &str) -> String {
    format!("{} {one}{}", number(many), if many == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_numbers_are_read_at_a_glance() {
        assert_eq!(moment(1_795_962_600_007), "29 Nov 2026, 14:30:00.007 UTC");
        assert_eq!(offset(27_343), "+27.343");
        assert_eq!([0, 999, 1_000, 9_412_000].map(number), ["0", "999", "1,000", "9,412,000"]);
        assert_eq!(
            [0, 1023, 1024, 1_588, 33_030_144].map(size),
            ["0 B", "1023 B", "1.0 KiB", "1.5 KiB", "31.5 MiB"]
        );
    }
}
