//! `$fromMillis` and `$toMillis`: moments as pictures or ISO 8601 show them (section 9.8).

use super::date_parser;
use super::date_picture::{self, Marker, PicturePart};
use super::fault;
use super::integer::{self, Case};
use crate::failure::{Failure, Result};
use crate::number_text;
use crate::regex::Regex;

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
pub(super) const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const DAY: i64 = 86_400_000;

/// The last moment that ECMAScript has, and minus it the first.
const MAX_MILLIS: f64 = 8.64e15;

/// The picture of ISO 8601.
const ISO_8601: &str = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]";

/// The years 0 to 9999, which have four digits.
const MIN_ISO_MILLIS: f64 = -62_167_219_200_000.0;
const MAX_ISO_MILLIS: f64 = 253_402_300_800_000.0;

/// A moment, in milliseconds since 1970, as a picture shows it; without one as ISO 8601 has it. Nothing if there is no such moment.
///
/// # Errors
/// The picture is wrong: `D3130` to `D3135`.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
pub(crate) fn format(millis: f64, picture: Option<&str>, timezone: Option<&str>) -> Result<Option<String>> {
    if picture.is_none() && timezone.is_none() && (MIN_ISO_MILLIS..MAX_ISO_MILLIS).contains(&millis) {
        return Ok(Some(Moment::new(millis.trunc() as i64).iso_8601()));
    }
    let parts = date_picture::parse(picture.unwrap_or(ISO_8601))?;
    let Some(offset) = timezone.map_or(Some(0.0), number_text::leading_integer) else { return Ok(None) };
    let offset = Offset { hours: (offset / 100.0).floor() as i64, minutes: (offset % 100.0) as i64 };
    let shift = (60 * i128::from(offset.hours) + i128::from(offset.minutes)) * 60_000;
    let local = millis.trunc() + shift as f64;
    if local.is_nan() || local.abs() > MAX_MILLIS {
        return Ok(None);
    }
    let moment = Moment::new(local as i64);
    let mut text = String::new();
    for part in &parts {
        match part {
            PicturePart::Literal(literal) => text.push_str(literal),
            PicturePart::Marker(marker) => text.push_str(&show(&moment, marker, offset)?),
        }
    }
    Ok(Some(text))
}

/// The moment that a text shows in the way of a picture, or of ISO 8601 without one. What is left out on the left is as it is `now`.
///
/// # Errors
/// `D3110`: the text is not an ISO 8601; or the picture is wrong.
pub(crate) fn parse(text: &str, picture: Option<&str>, now: i64, steps: &mut u64) -> Result<Option<f64>> {
    match picture {
        Some(picture) => date_parser::parse(text, &date_picture::parse(picture)?, &Moment::new(now), steps),
        None => match date_parser::parse_iso(text) {
            Some(millis) => Ok(Some(millis)),
            None if looks_like_iso(text, steps) => Ok(Some(f64::NAN)),
            None => Err(fault("D3110", NO_ISO, text, "")),
        },
    }
}

const NO_ISO: &str = "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given ";

/// Whether a text that is not a moment has the form of one: the 13th month, say.
fn looks_like_iso(text: &str, steps: &mut u64) -> bool {
    const FORM: &str =
        "^\\d{4}(-[01]\\d)*(-[0-3]\\d)*(T[0-2]\\d:[0-5]\\d:[0-5]\\d)*(\\.\\d+)?([+-][0-2]\\d:?[0-5]\\d|Z)?$";
    Regex::new(FORM, false, false).is_ok_and(|form| matches!(form.find(text, 0, steps), Ok(Some(_))))
}

/// An offset from UTC, as the reference implementation splits it: hours rounded down, minutes with their sign.
#[derive(Clone, Copy)]
struct Offset {
    hours: i64,
    minutes: i64,
}

/// A moment with the parts of its date.
pub(super) struct Moment {
    millis: i64,
    year: i64,
    /// 0 to 11
    month: i64,
    day: i64,
}

impl Moment {
    pub(super) fn new(millis: i64) -> Self {
        let (year, month, day) = civil(millis.div_euclid(DAY));
        Self { millis, year, month, day }
    }

    /// Of the day, in units of so many milliseconds.
    const fn time(&self, unit: i64, count: i64) -> i64 {
        self.millis.rem_euclid(DAY) / unit % count
    }

    const fn today(&self) -> i64 {
        self.millis - self.millis.rem_euclid(DAY)
    }

    /// What the picture of ISO 8601 yields, made without a picture because it is what is asked for most.
    fn iso_8601(&self) -> String {
        let (hour, minute) = (self.time(3_600_000, 24), self.time(60_000, 60));
        let (second, millis) = (self.time(1000, 60), self.time(1, 1000));
        let (year, month, day) = (self.year, self.month + 1, self.day);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }

    /// The number that a component has; nothing if it has none.
    pub(super) fn component(&self, component: char) -> Option<i64> {
        Some(match component {
            'Y' => self.year,
            'M' => self.month + 1,
            'D' => self.day,
            'd' => (self.today() - month_start(self.year, 0)) / DAY + 1,
            'F' => weekday(self.millis),
            'W' => self.week((self.year, 0), (self.year + 1, 0), (self.year - 1, 0), 52),
            'w' => self.week((self.year, self.month), self.next_month(), self.previous_month(), 4),
            'X' => self.week_year(),
            'x' => self.week_month(),
            'H' => self.time(3_600_000, 24),
            'h' => (self.time(3_600_000, 24) + 11) % 12 + 1,
            'm' => self.time(60_000, 60),
            's' => self.time(1000, 60),
            'f' => self.time(1, 1000),
            'P' => self.time(43_200_000, 2),
            _ => return None,
        })
    }

    const fn next_month(&self) -> (i64, i64) {
        if self.month == 11 { (self.year + 1, 0) } else { (self.year, self.month + 1) }
    }

    const fn previous_month(&self) -> (i64, i64) {
        if self.month == 0 { (self.year - 1, 11) } else { (self.year, self.month - 1) }
    }

    /// The number of the week in a period, which is a year or a month, given by its first month like its neighbours.
    fn week(&self, this: (i64, i64), next: (i64, i64), previous: (i64, i64), least: i64) -> i64 {
        let today = self.today();
        let number = |start: i64| (today - start).div_euclid(7 * DAY) + 1;
        let days = |start: i64| today - start;
        let start = first_week(this);
        if days(start) > (least - 1) * 7 * DAY && today >= first_week(next) {
            return 1;
        }
        if today < start { number(first_week(previous)) } else { number(start) }
    }

    fn week_year(&self) -> i64 {
        if self.millis < first_week((self.year, 0)) {
            self.year - 1
        } else if self.millis >= first_week((self.year + 1, 0)) {
            self.year + 1
        } else {
            self.year
        }
    }

    fn week_month(&self) -> i64 {
        if self.millis < first_week((self.year, self.month)) {
            self.previous_month().1 + 1
        } else if self.millis >= first_week(self.next_month()) {
            self.next_month().1 + 1
        } else {
            self.month + 1
        }
    }
}

/// 1 for Monday to 7 for Sunday.
const fn weekday(millis: i64) -> i64 {
    (millis.div_euclid(DAY) + 3).rem_euclid(7) + 1
}

/// The Monday of the first week of a year or month: the one with its first Thursday.
fn first_week((year, month): (i64, i64)) -> i64 {
    let first = month_start(year, month);
    let weekday = weekday(first);
    if weekday > 4 { first + (8 - weekday) * DAY } else { first - (weekday - 1) * DAY }
}

/// Midnight of the first day of a month. Years before 100 are in the 20th century, as ECMAScript's `Date.UTC` has it.
fn month_start(year: i64, month: i64) -> i64 {
    days(if (0..100).contains(&year) { year + 1900 } else { year }, month, 1) * DAY
}

/// Days from 1970-01-01 to a day of a month (0 to 11, or beyond) of the Gregorian calendar.
pub(super) const fn days(year: i64, month: i64, day: i64) -> i64 {
    // Years start in March here, so that the leap day is their last.
    let months = year * 12 + month - 2;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let century = year.div_euclid(100);
    year * 365 + year.div_euclid(4) - century + century.div_euclid(4) + (month * 153 + 2) / 5 + day - 719_469
}

/// Year, month (0 to 11) and day of a day since 1970-01-01.
const fn civil(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let after_december = month >= 10;
    let year = era * 400 + year + if after_december { 1 } else { 0 };
    (year, if after_december { month - 10 } else { month + 2 }, of_month)
}

fn show(moment: &Moment, marker: &Marker, offset: Offset) -> Result<String> {
    match marker.component {
        'Z' | 'z' => show_offset(offset, marker),
        'C' | 'E' => Ok("ISO".to_owned()),
        'P' => {
            let half = if moment.component('P') == Some(1) { "pm" } else { "am" };
            Ok(if marker.names == Some(Case::Upper) { half.to_uppercase() } else { half.to_owned() })
        }
        component => match moment.component(component) {
            Some(value) => show_number(component, value, marker),
            None => Ok("undefined".to_owned()),
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "parts of a date are small")]
fn show_number(component: char, value: i64, marker: &Marker) -> Result<String> {
    if let Some(case) = marker.names {
        return show_name(component, value, case, marker.max_width);
    }
    let Some(integer) = &marker.integer else { return Err(no_name(component)) };
    let value = value as f64;
    // More than 15 digits are all digits of a year.
    let digits = marker.digits.filter(|digits| component == 'Y' && *digits < 16);
    integer.format(digits.map_or(value, |digits| value % 10_f64.powi(i32::try_from(digits).unwrap_or(15))))
}

fn show_name(component: char, value: i64, case: Case, max_width: Option<usize>) -> Result<String> {
    let names: &[&str] = match component {
        'M' | 'x' => &MONTHS,
        'F' => &DAYS,
        _ => return Err(no_name(component)),
    };
    let index = usize::try_from(value - 1).unwrap_or(usize::MAX);
    let name = names.get(index).copied().unwrap_or_default();
    let name: String = name.chars().take(max_width.unwrap_or(usize::MAX)).collect();
    Ok(match case {
        Case::Upper => name.to_uppercase(),
        Case::Lower => name.to_lowercase(),
        Case::Title => name,
    })
}

#[cold]
pub(super) fn no_name(component: char) -> Failure {
    let before =
        "The 'name' modifier can only be applied to months and days in the date/time picture string, not ";
    fault("D3133", before, &component.to_string(), "")
}

#[expect(clippy::cast_precision_loss, reason = "offsets are small, or wrong anyhow")]
fn show_offset(offset: Offset, marker: &Marker) -> Result<String> {
    let number = offset.hours.saturating_mul(100).saturating_add(offset.minutes);
    if number == 0 && marker.traditional {
        return Ok("Z".to_owned());
    }
    let decimal = marker.integer.as_ref().and_then(|integer| Some((integer, integer.decimal()?)));
    let Some((integer, decimal)) = decimal else { return Err(too_many_digits()) };
    let text = match (marker.offset_separator(), decimal.mandatory) {
        (Some(_), _) | (None, 3 | 4) => integer.format(number as f64)?,
        (None, 1 | 2) => {
            let hours = integer.format(offset.hours as f64)?;
            let minutes = integer::format(offset.minutes as f64, "00")?;
            if offset.minutes == 0 { hours } else { format!("{hours}:{minutes}") }
        }
        (None, _) => return Err(too_many_digits()),
    };
    let sign = if number >= 0 { "+" } else { "" };
    let prefix = if marker.component == 'z' { "GMT" } else { "" };
    Ok(format!("{prefix}{sign}{text}"))
}

#[cold]
fn too_many_digits() -> Failure {
    Failure::new("D3134", "The timezone integer format specifier cannot have more than four digits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(millis: f64, picture: &str, timezone: Option<&str>) -> String {
        format(millis, Some(picture), timezone).unwrap().unwrap()
    }

    #[test]
    fn moments_are_shown_in_pictures() {
        let moment = 1_509_380_732_935.0;
        assert_eq!(format(moment, None, None).unwrap().as_deref(), Some("2017-10-30T16:25:32.935Z"));
        for millis in [MIN_ISO_MILLIS, -1.0, 0.5, moment, MAX_ISO_MILLIS - 1.0] {
            assert_eq!(format(millis, None, None).unwrap(), format(millis, Some(ISO_8601), None).unwrap());
        }
        assert_eq!(shown(moment, "[M01]/[D01]/[Y0001] [h#1]:[m01][P]", None), "10/30/2017 4:25pm");
        assert_eq!(shown(moment, "[FNn], [D1o] [MNn] [Y]", None), "Monday, 30th October 2017");
        assert_eq!(shown(moment, "[H01]:[m01] [z]", Some("+0530")), "21:55 GMT+05:30");
        assert_eq!(shown(moment, "[[[Y,2-2]]] W[W] d[d]", None), "[17] W44 d303");
        assert_eq!(shown(-1.0, "[Y]-[M]-[D] [H]:[m]:[s].[f]", None), "1969-12-31 23:59:59.999");
        assert_eq!(shown(1_104_537_600_000.0, "[X]-W[W01]-[F1]", None), "2004-W53-6");
        assert_eq!(format(1e20, None, None).unwrap(), None);
    }

    /// A week belongs to the year and the month of its Thursday.
    #[test]
    fn weeks_are_those_of_their_thursdays() {
        for day in 12_300..14_200 {
            let millis = (day * DAY) as f64;
            let thursday = ((day + 4 - weekday(day * DAY)) * DAY) as f64;
            let number = |picture| shown(thursday, picture, None).parse::<i64>().unwrap();
            let week = |day: i64| (day - 1) / 7 + 1;
            let expected = [number("[Y]"), number("[M]"), week(number("[d]")), week(number("[D]"))];
            let found = ["[X]", "[x]", "[W]", "[w]"].map(|picture| shown(millis, picture, None));
            assert_eq!(
                found,
                expected.map(|number| number.to_string()),
                "{}",
                shown(millis, "[Y]-[M]-[D]", None)
            );
        }
    }

    #[test]
    fn texts_are_read_in_pictures() {
        let read = |text, picture| parse(text, Some(picture), 1_509_380_732_935, &mut 1_000_000).unwrap();
        assert_eq!(read("10/30/2017 4:25pm", "[M]/[D]/[Y] [h]:[m][P]"), Some(1_509_380_700_000.0));
        assert_eq!(read("30 October 2017", "[D] [MNn] [Y0001]"), Some(1_509_321_600_000.0));
        for (text, hour) in
            [("4:25am", 4), ("4:25AM", 4), ("4:25pm", 16), ("4:25PM", 16), ("12:25am", 0), ("12:25pm", 12)]
        {
            let midnight = 1_509_321_600_000.0;
            assert_eq!(
                read(text, "[h]:[m][P]"),
                Some(midnight + f64::from(hour * 60 + 25) * 60_000.0),
                "{text}"
            );
        }
        assert_eq!(read("20171030", "[Y0001][M01][D01]"), Some(1_509_321_600_000.0));
        assert_eq!(read("12:30", "[H]:[m]"), Some(1_509_366_600_000.0));
        assert_eq!(read("2017-303", "[Y]-[d]"), Some(1_509_321_600_000.0));
        assert_eq!(read("2017-10-30 10:00 +05:30", "[Y]-[M]-[D] [H]:[m] [Z]"), Some(1_509_337_800_000.0));
        assert_eq!(read("nonsense", "[Y]"), None);
    }

    #[test]
    fn iso_8601_is_read_without_a_picture() {
        let read = |text| parse(text, None, 0, &mut 1000).map_err(|failure| failure.code());
        assert_eq!(read("2017-10-30T16:25:32.935Z"), Ok(Some(1_509_380_732_935.0)));
        assert_eq!(read("2017-10-30T16:25:32.935+0100"), Ok(Some(1_509_377_132_935.0)));
        assert_eq!(read("2017"), Ok(Some(1_483_228_800_000.0)));
        assert!(matches!(read("2017-13"), Ok(Some(number)) if number.is_nan()));
        assert_eq!(read("tomorrow"), Err(Some("D3110")));
    }

    #[test]
    fn wrong_pictures_are_refused() {
        let code = |picture| format(0.0, Some(picture), None).unwrap_err().code();
        assert_eq!(code("[Y"), Some("D3135"));
        assert_eq!(code("[q]"), Some("D3132"));
        assert_eq!(code("[YN]"), Some("D3133"));
        assert_eq!(code("[Z12345]"), Some("D3134"));
    }
}
