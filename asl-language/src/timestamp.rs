//! Timestamps: the profile of RFC 3339 that the language uses (States Language, "Timestamps").

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

/// A moment in time, to the nanosecond.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp {
    seconds: i64,
    /// One more than there are, so that a moment that may be missing takes no more room than one that is there.
    nanoseconds: NonZeroU32,
}

const SECONDS_PER_DAY: i64 = 86_400;

impl Timestamp {
    /// A moment by its seconds since 1970-01-01T00:00:00Z and the nanoseconds (below 10^9, the rest is dropped) after that.
    #[must_use]
    pub const fn new(seconds: i64, nanoseconds: u32) -> Self {
        Self { seconds, nanoseconds: NonZeroU32::MIN.saturating_add(nanoseconds % 1_000_000_000) }
    }

    /// A moment by its milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_milliseconds(milliseconds: i64) -> Self {
        Self::new(milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000) as u32 * 1_000_000)
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`seconds`](Self::seconds).
    #[must_use]
    pub const fn nanoseconds(self) -> u32 {
        self.nanoseconds.get() - 1
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down.
    #[must_use]
    pub const fn milliseconds(self) -> i64 {
        self.seconds.saturating_mul(1000).saturating_add(self.nanoseconds() as i64 / 1_000_000)
    }

    /// The time from an earlier moment to this one; zero if it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let nanoseconds =
            |moment: Self| i128::from(moment.seconds) * 1_000_000_000 + i128::from(moment.nanoseconds());
        let difference = nanoseconds(self) - nanoseconds(earlier);
        Duration::from_nanos_u128(u128::try_from(difference).unwrap_or(0))
    }

    /// The moment so much later; the last one there is, where that is too late.
    ///
    /// ```
    /// use asl_language::timestamp::Timestamp;
    /// use std::time::Duration;
    ///
    /// let moment = Timestamp::new(10, 900_000_000).plus(Duration::from_millis(1200));
    /// assert_eq!(moment, Timestamp::new(12, 100_000_000));
    /// ```
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let nanoseconds = self.nanoseconds() + duration.subsec_nanos();
        let seconds = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        let seconds =
            self.seconds.saturating_add(seconds).saturating_add(i64::from(nanoseconds / 1_000_000_000));
        Self::new(seconds, nanoseconds)
    }

    /// Reads `2024-03-14T01:59:00Z`, `2024-03-14T01:59:00.123+02:00`: RFC 3339 with an uppercase `T`, and an uppercase `Z` or an
    /// offset. Fractions of any length count to the nanosecond; a leap second counts as the second after it.
    ///
    /// ```
    /// use asl_language::timestamp::Timestamp;
    /// assert_eq!(Timestamp::parse("1970-01-01T01:00:00.5+01:00"), Some(Timestamp::new(0, 500_000_000)));
    /// assert_eq!(Timestamp::parse("1970-01-01"), None);
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader { rest: text.as_bytes() };
        let days = reader.date()?;
        reader.expect(b'T')?;
        let (seconds_of_day, nanoseconds) = reader.time()?;
        let offset = reader.offset()?;
        reader
            .rest
            .is_empty()
            .then(|| Self::new(days * SECONDS_PER_DAY + seconds_of_day - offset, nanoseconds))
    }
}

impl Default for Timestamp {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timestamp")
            .field("seconds", &self.seconds)
            .field("nanoseconds", &self.nanoseconds())
            .finish()
    }
}

/// Prints UTC with three digits of a second, as AWS does: `2026-09-23T21:44:23.842Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.seconds.div_euclid(SECONDS_PER_DAY));
        let second = self.seconds.rem_euclid(SECONDS_PER_DAY);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
            second / 3600,
            second / 60 % 60,
            second % 60,
            self.nanoseconds() / 1_000_000
        )
    }
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl Reader<'_> {
    fn expect(&mut self, byte: u8) -> Option<()> {
        let (first, rest) = self.rest.split_first()?;
        (*first == byte).then(|| self.rest = rest)
    }

    fn digit(&mut self) -> Option<i64> {
        let (first, rest) = self.rest.split_first()?;
        first.is_ascii_digit().then(|| {
            self.rest = rest;
            i64::from(first - b'0')
        })
    }

    fn number(&mut self, digits: usize, most: i64) -> Option<i64> {
        let mut number = 0;
        for _ in 0..digits {
            number = number * 10 + self.digit()?;
        }
        (number <= most).then_some(number)
    }

    /// Days since 1970-01-01.
    fn date(&mut self) -> Option<i64> {
        let year = self.number(4, 9999)?;
        self.expect(b'-')?;
        let month = self.number(2, 12)?;
        self.expect(b'-')?;
        let day = self.number(2, 31)?;
        let exists = month >= 1 && day >= 1 && day <= days_in_month(year, month);
        exists.then(|| days_from_civil(year, month, day))
    }

    /// Seconds of the day, and nanoseconds.
    fn time(&mut self) -> Option<(i64, u32)> {
        let hour = self.number(2, 23)?;
        self.expect(b':')?;
        let minute = self.number(2, 59)?;
        self.expect(b':')?;
        let second = self.number(2, 60)?;
        Some((hour * 3600 + minute * 60 + second, self.fraction()?))
    }

    fn fraction(&mut self) -> Option<u32> {
        if self.expect(b'.').is_none() {
            return Some(0);
        }
        let (mut nanoseconds, mut unit) = (0, 100_000_000);
        let mut digit = self.digit()?;
        loop {
            nanoseconds += digit * unit;
            unit /= 10;
            match self.digit() {
                Some(next) => digit = next,
                None => return u32::try_from(nanoseconds).ok(),
            }
        }
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Option<i64> {
        if self.expect(b'Z').is_some() {
            return Some(0);
        }
        let sign = if self.expect(b'+').is_some() { 1 } else { self.expect(b'-').map(|()| -1)? };
        let hours = self.number(2, 23)?;
        self.expect(b':')?;
        Some(sign * (hours * 3600 + self.number(2, 59)? * 60))
    }
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that the leap day comes last.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + (month <= 2) as i64;
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_eight_hundred_years_comes_back() {
        let mut expected = days_from_civil(1600, 1, 1);
        for year in 1600..2400 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    assert_eq!(days_from_civil(year, month, day), expected);
                    assert_eq!(civil_from_days(expected), (year, month, day));
                    expected += 1;
                }
            }
        }
        assert_eq!(days_from_civil(1970, 1, 1), 0);
    }

    #[test]
    fn offsets_and_fractions_count() {
        let parse = |text| Timestamp::parse(text).unwrap();
        assert_eq!(parse("2016-08-18T17:33:00Z"), parse("2016-08-18T19:33:00+02:00"));
        assert!(parse("2016-08-18T17:33:00.1Z") > parse("2016-08-18T17:33:00.09999Z"));
        assert_eq!(parse("2016-08-18T17:33:00.1234567891234Z").nanoseconds(), 123_456_789);
    }

    #[test]
    fn milliseconds_are_rounded_down() {
        for (seconds, nanoseconds, milliseconds) in [
            (0, 0, 0),
            (1, 999_999, 1000),
            (1, 1_000_000, 1001),
            (1, 999_999_999, 1999),
            (-1, 999_999_999, -1),
        ] {
            assert_eq!(Timestamp::new(seconds, nanoseconds).milliseconds(), milliseconds);
        }
        assert_eq!(Timestamp::new(i64::MAX, 0).milliseconds(), i64::MAX);
    }

    #[test]
    fn printing_gives_utc_with_milliseconds() {
        let text = "2026-09-23T21:44:23.842Z";
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        assert_eq!(Timestamp::from_milliseconds(-1).to_string(), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn what_is_not_in_the_profile_is_refused() {
        for text in [
            "",
            "2016-08-18",
            "2016-08-18t17:33:00Z",
            "2016-08-18T17:33:00z",
            "2016-08-18 17:33:00Z",
            "2016-08-18T17:33Z",
            "2016-08-18T17:33:00",
            "2016-08-18T17:33:00.Z",
            "2016-02-30T17:33:00Z",
            "2016-00-10T17:33:00Z",
            "2016-08-18T24:00:00Z",
            "2016-08-18T17:33:00+0200",
            "2016-08-18T17:33:00Z ",
            "２016-08-18T17:33:00Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
