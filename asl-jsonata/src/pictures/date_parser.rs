//! Reads dates and times that pictures describe. A picture becomes a regular expression with a group for each of its parts.

use super::date::{DAYS, MONTHS, Moment, days, no_name};
use super::date_picture::{Marker, PicturePart};
use super::integer::{IntegerPicture, Style, unsupported};
use super::words;
use crate::failure::{Failure, Result};
use crate::number_text::leading_integer;
use crate::regex::Regex;

/// What was read for each component: a number, or what is none.
type Components = Vec<(char, Option<f64>)>;

pub(super) fn parse(text: &str, parts: &[PicturePart], now: &Moment, steps: &mut u64) -> Result<Option<f64>> {
    let pattern = parts.iter().map(part_pattern).collect::<Result<String>>()?;
    let regex = Regex::new(&format!("^{pattern}$"), true, false).map_err(|_| Failure::out_of_memory())?;
    let found = regex.find(text, 0, steps).map_err(|_| Failure::timeout())?;
    let Some(found) = found else { return Ok(None) };
    let mut components = Components::new();
    for (part, group) in parts.iter().zip(&found.groups) {
        if let (PicturePart::Marker(marker), Some((start, end))) = (part, *group) {
            let value = read_part(text.get(start..end).unwrap_or_default(), marker)?;
            components.retain(|(component, _)| *component != marker.component);
            components.push((marker.component, value));
        }
    }
    if components.is_empty() { Ok(None) } else { moment(components, now) }
}

fn part_pattern(part: &PicturePart) -> Result<String> {
    Ok(match part {
        PicturePart::Literal(literal) => format!("({})", escaped(literal)),
        PicturePart::Marker(marker) => format!("({})", marker_pattern(marker)?),
    })
}

fn escaped(literal: &str) -> String {
    let mut pattern = String::new();
    for character in literal.chars() {
        pattern.extend(".*+?^${}()|[]\\".contains(character).then_some('\\'));
        pattern.push(character);
    }
    pattern
}

fn marker_pattern(marker: &Marker) -> Result<String> {
    if matches!(marker.component, 'Z' | 'z') {
        let prefix = if marker.component == 'z' { "GMT" } else { "" };
        let minutes =
            marker.offset_separator().map(|separator| format!("{}[0-9]+", escaped(&separator.to_string())));
        return Ok(format!("{prefix}[-+][0-9]+{}", minutes.unwrap_or_default()));
    }
    match &marker.integer {
        Some(integer) => integer_pattern(integer, marker.digits.unwrap_or(0)),
        None if matches!(marker.component, 'M' | 'x' | 'F' | 'P') => Ok("[a-zA-Z]+".to_owned()),
        None => Err(no_name(marker.component)),
    }
}

fn integer_pattern(integer: &IntegerPicture, width: usize) -> Result<String> {
    Ok(match &integer.style {
        Style::Letters => "[a-z]+".to_owned(),
        Style::Roman => "[mdclxvi]+".to_owned(),
        Style::Words => {
            let words: Vec<String> = words::number_words().map(|(word, _)| word).collect();
            format!("(?:{}|and|[\\-, ])+", words.join("|"))
        }
        Style::Decimal(decimal) => {
            let count = match (width, decimal.optional) {
                (0, _) => "+".to_owned(),
                (width, 0) => format!("{{{width}}}"),
                (width, optional) => format!("{{{},{width}}}", width.saturating_sub(optional)),
            };
            format!("[0-9]{count}{}", if integer.ordinal { "(?:th|st|nd|rd)" } else { "" })
        }
        Style::Sequence(picture) => return Err(unsupported(picture)),
    })
}

fn read_part(text: &str, marker: &Marker) -> Result<Option<f64>> {
    if matches!(marker.component, 'Z' | 'z') {
        let offset = if marker.component == 'z' { text.get(3..).unwrap_or_default() } else { text };
        return Ok(read_offset(offset, marker.offset_separator()));
    }
    if let Some(integer) = &marker.integer {
        return integer.read(text);
    }
    Ok(match marker.component {
        'F' => name_number(text, &DAYS, marker.max_width),
        'P' => match text {
            "am" | "AM" => Some(0.0),
            "pm" | "PM" => Some(1.0),
            _ => None,
        },
        _ => name_number(text, &MONTHS, marker.max_width),
    })
}

/// The number of a name, which may be cut to a width; the case must be right.
fn name_number(text: &str, names: &[&str], max_width: Option<usize>) -> Option<f64> {
    let width = max_width.filter(|width| *width > 0).unwrap_or(usize::MAX);
    let is_name = |name: &&str| name.get(..width.min(name.len())) == Some(text);
    names.iter().zip(1..).filter(|(name, _)| is_name(name)).last().map(|(_, number)| f64::from(number))
}

/// An offset in minutes. Without a separator the first two digits are hours.
fn read_offset(text: &str, separator: Option<char>) -> Option<f64> {
    let (hours, minutes) = match separator {
        Some(separator) => text.split_once(separator)?,
        None => text.split_at_checked(3).unwrap_or((text, "0")),
    };
    let minutes = if minutes.is_empty() { Some(0.0) } else { leading_integer(minutes) };
    Some(leading_integer(hours)? * 60.0 + minutes?)
}

/// The moment that the components make up. Those left out on the left are as they are now, those on the right are the least; there
/// must be no gap.
fn moment(components: Components, now: &Moment) -> Result<Option<f64>> {
    let given = |wanted: char| components.iter().find(|(component, _)| *component == wanted);
    let value = |wanted: char| given(wanted).and_then(|(_, value)| *value);
    // Zero counts as not given where the kind of date is told, as it does in the reference implementation.
    let is_set = |wanted: char| value(wanted).is_some_and(|value| value != 0.0);
    let is_kind = |all: &str, own: &str| {
        own.chars().any(is_set) && all.chars().filter(|part| !own.contains(*part)).all(|part| !is_set(part))
    };
    let is_date = |own: &str| is_kind("YXMxWwdD", own);
    let by_day_of_year = !is_date("YMD") && is_date("Yd");
    if is_date("XxwF") || is_date("Xxw") || is_date("XW") {
        return Err(missing());
    }
    let by_half_days = !is_kind("PHhmsf", "Hmsf") && is_kind("PHhmsf", "Phmsf");
    let order = match (by_day_of_year, by_half_days) {
        (true, true) => "YDPhmsf",
        (true, false) => "YDHmsf",
        (false, true) => "YMDPhmsf",
        (false, false) => "YMDHmsf",
    };
    let filled = fill(order, &value, now)?;
    let part =
        |wanted: char| filled.iter().find(|(part, _)| *part == wanted).map_or(0.0, |(_, value)| *value);
    let hours = match by_half_days {
        true => part('h') % 12.0 + part('P') * 12.0,
        false => part('H'),
    };
    let (month, day) = if by_day_of_year {
        (0.0, value('d').unwrap_or(1.0))
    } else {
        ((part('M') - 1.0).max(0.0), part('D'))
    };
    let time = ((hours * 60.0 + part('m')) * 60.0 + part('s')) * 1000.0 + part('f');
    let offset = value('Z').filter(|offset| *offset != 0.0).or_else(|| value('z')).unwrap_or(0.0);
    Ok(utc(part('Y'), month, day).map(|midnight| midnight + time - offset * 60_000.0))
}

/// Assigns every part of a date and time a value.
#[expect(clippy::cast_precision_loss, reason = "parts of a date are small")]
fn fill(order: &str, value: &dyn Fn(char) -> Option<f64>, now: &Moment) -> Result<Vec<(char, f64)>> {
    let (mut started, mut ended) = (false, false);
    let mut filled = Vec::new();
    for part in order.chars() {
        let number = match value(part) {
            Some(_) if ended => return Err(missing()),
            Some(given) => {
                started = true;
                given
            }
            None if started => {
                ended = true;
                if matches!(part, 'M' | 'D' | 'd') { 1.0 } else { 0.0 }
            }
            None => now.component(part).unwrap_or(0) as f64,
        };
        filled.push((part, number));
    }
    Ok(filled)
}

/// Midnight of a day, which may be beyond its month. Years before 100 are in the 20th century.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the range is checked")]
fn utc(year: f64, month: f64, day: f64) -> Option<f64> {
    if ![year, month, day].into_iter().all(|number| number.abs() < 1e8) {
        return None;
    }
    let year = if (0.0..100.0).contains(&year) { year + 1900.0 } else { year };
    let millis = days(year as i64, month as i64, day as i64) as f64 * 86_400_000.0;
    (millis.abs() <= 8.64e15).then_some(millis)
}

#[cold]
fn missing() -> Failure {
    let message = "The date/time picture string is missing specifiers required to parse the timestamp";
    Failure::new("D3136", message)
}

/// `2017`, `2017-10`, `2017-10-30`, each with a time, a fraction and an offset or without.
pub(super) fn parse_iso(text: &str) -> Option<f64> {
    let mut reader = Reader { rest: text };
    let year = reader.digits(4)?;
    let month =
        if reader.eat("-") { reader.digits(2).filter(|month| (1.0..13.0).contains(month))? } else { 1.0 };
    let day = if reader.eat("-") { reader.digits(2).filter(|day| (1.0..32.0).contains(day))? } else { 1.0 };
    let time = if reader.eat("T") { reader.time()? } else { 0.0 };
    let offset = reader.offset()?;
    // A four-digit year is what it is, also before 100.
    let millis = utc(year + 400.0, month - 1.0, day)? - 146_097.0 * 86_400_000.0;
    reader.rest.is_empty().then_some(millis + time - offset * 60_000.0)
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn eat(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    fn digits(&mut self, count: usize) -> Option<f64> {
        let (digits, rest) = self.rest.split_at_checked(count)?;
        let number = digits.bytes().all(|digit| digit.is_ascii_digit()).then_some(digits)?.parse().ok()?;
        self.rest = rest;
        Some(number)
    }

    /// Milliseconds of the day. Midnight may be 24:00.
    fn time(&mut self) -> Option<f64> {
        let hours = self.digits(2)?;
        let minutes = self.eat(":").then(|| self.digits(2))?.filter(|minutes| *minutes < 60.0)?;
        let seconds = self.eat(":").then(|| self.digits(2))?.filter(|seconds| *seconds < 60.0)?;
        let fraction = if self.eat(".") { self.fraction()? } else { 0.0 };
        let millis = ((hours * 60.0 + minutes) * 60.0 + seconds) * 1000.0 + fraction;
        (millis <= 86_400_000.0).then_some(millis)
    }

    fn fraction(&mut self) -> Option<f64> {
        let end = self.rest.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?;
        self.rest = rest;
        let digits: String = digits.chars().chain("000".chars()).take(3).collect();
        digits.parse().ok()
    }

    /// Minutes.
    fn offset(&mut self) -> Option<f64> {
        if self.rest.is_empty() || self.eat("Z") {
            return Some(0.0);
        }
        let sign = if self.eat("-") { -1.0 } else { self.eat("+").then_some(1.0)? };
        let hours = self.digits(2).filter(|hours| *hours < 24.0)?;
        self.eat(":");
        let minutes = self.digits(2).filter(|minutes| *minutes < 60.0)?;
        Some(sign * (hours * 60.0 + minutes))
    }
}
