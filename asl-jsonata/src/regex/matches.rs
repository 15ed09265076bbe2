//! Regular expressions as data, and the matches of anything that is called like one: a function that takes a text and yields an object
//! with `match`, `start`, `end`, `groups` and `next`.

use super::{Match, Regex};
use crate::{Arguments, Data, Evaluation, Failure, Function, Outcome, Result, View};
use asl_language::regex::RegexFault;
use asl_value::{Text, Value};
use std::any::Any;
use std::rc::Rc;
use std::sync::OnceLock;

/// A regular expression of a program, made ready when it is first used.
#[derive(Debug)]
pub struct Pattern {
    source: &'static str,
    ignore_case: bool,
    multiline: bool,
    regex: OnceLock<std::result::Result<Regex, RegexFault>>,
}

/// How many steps the search for a match may take: about a second.
const STEPS: u64 = 50_000_000;

impl Pattern {
    /// From the text between the slashes, and the flags after them.
    #[must_use]
    pub const fn new(source: &'static str, ignore_case: bool, multiline: bool) -> Self {
        Self { source, ignore_case, multiline, regex: OnceLock::new() }
    }

    /// The regular expression as data: a function.
    ///
    /// # Errors
    /// There is something wrong with the expression.
    pub fn function(&'static self) -> Result<Data> {
        self.regex()?;
        Ok(Data::Function(Function::matcher(Rc::new(self), call)))
    }

    /// Whether there is a match in a text; nothing where that takes too long to find out, or the expression is wrong.
    #[must_use]
    pub fn is_match(&self, text: &str) -> Option<bool> {
        let found = self.regex().ok()?.find(text, 0, &mut { STEPS }).ok()?;
        Some(found.is_some())
    }

    fn regex(&self) -> Result<&Regex> {
        let regex = self.regex.get_or_init(|| Regex::new(self.source, self.ignore_case, self.multiline));
        regex.as_ref().map_err(|fault| self.invalid(fault.message))
    }

    fn find(&self, evaluation: &Evaluation<'_>, text: &str, from: usize) -> Result<Option<Found>> {
        let mut steps = STEPS;
        let found = self.regex()?.find(text, from, &mut steps).map_err(|_| Failure::timeout())?;
        // Steps of a search are smaller than those of an evaluation.
        for _ in 0..(STEPS - steps) / 1024 {
            evaluation.step()?;
        }
        Ok(found.map(Found::from))
    }

    /// The match after one that ended at a place. None starts where the text ends.
    fn find_next(&self, evaluation: &Evaluation<'_>, text: &str, end: usize) -> Result<Option<Found>> {
        if end >= text.len() {
            return Ok(None);
        }
        let found = self.find(evaluation, text, end)?;
        if found.as_ref().is_some_and(|found| found.start == found.end) {
            return Err(Failure::new("D1004", "Regular expression matches zero length string"));
        }
        Ok(found)
    }

    #[cold]
    fn invalid(&self, message: &str) -> Failure {
        Failure::bound(format!("Invalid regular expression: /{}/: {message}", self.source))
    }
}

/// A regular expression that is called like a function: its first match from a place on, with a function `next`.
fn call(matcher: &Rc<dyn Any>, evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let pattern = matcher.downcast_ref::<&'static Pattern>().copied();
    let (Some(pattern), Some(text)) = (pattern, arguments.get(0).as_str()) else { return Ok(Data::Nothing) };
    let from = arguments.get(1).as_f64();
    if from.is_some_and(|from| from > Units::default().before(text, text.len())) {
        return Ok(Data::Nothing);
    }
    let found = pattern.find(evaluation, text, byte_place(text, from))?;
    let text: Rc<str> = text.into();
    Ok(found.map_or(Data::Nothing, |found| with_next(pattern, &found, text, Units::default())))
}

/// A match, with a function for the next one, which knows how far places have been counted.
fn with_next(pattern: &'static Pattern, found: &Found, text: Rc<str>, mut units: Units) -> Data {
    let mut members = found.members(&text, &mut units, &["match", "start", "end", "groups"]);
    let end = found.end;
    let next = Function::lambda(0, move |evaluation, _| {
        let found = pattern.find_next(evaluation, &text, end)?;
        let data = found.map_or(Data::Nothing, |found| with_next(pattern, &found, Rc::clone(&text), units));
        Ok(Outcome::Data(data))
    });
    members.push(("next".into(), Data::Function(next)));
    Data::object(members)
}

/// A match in a text.
pub(crate) struct Found {
    /// Where it starts, in bytes.
    pub(crate) start: usize,
    /// Where it ends.
    pub(crate) end: usize,
    what: What,
}

enum What {
    /// The places of groups.
    Places(Vec<Option<(usize, usize)>>),
    /// What a function said.
    Data(Data),
}

impl From<Match> for Found {
    fn from(found: Match) -> Self {
        Self { start: found.start, end: found.end, what: What::Places(found.groups) }
    }
}

impl Found {
    /// The text that matched.
    pub(crate) fn text<'a>(&'a self, text: &'a str) -> &'a str {
        match &self.what {
            What::Places(_) => text.get(self.start..self.end).unwrap_or_default(),
            What::Data(data) => data.view().member("match").as_str().unwrap_or_default(),
        }
    }

    /// The texts of the groups.
    pub(crate) fn groups<'a>(&'a self, text: &'a str) -> Vec<Option<&'a str>> {
        match &self.what {
            What::Places(places) => {
                places.iter().map(|place| place.and_then(|(start, end)| text.get(start..end))).collect()
            }
            What::Data(data) => data.view().member("groups").elements().map(View::as_str).collect(),
        }
    }

    /// As an object with some of the members `match`, `start` (also called `index`), `end` and `groups`.
    pub(crate) fn to_data(&self, text: &str, units: &mut Units, members: &[&'static str]) -> Data {
        Data::object(self.members(text, units, members))
    }

    fn members(&self, text: &str, units: &mut Units, members: &[&'static str]) -> Vec<(Text, Data)> {
        let mut member = |name: &&'static str| {
            let data = match (&self.what, *name) {
                (What::Data(data), "index") => data.view().member("start").to_data(),
                (What::Data(data), name) => data.view().member(name).to_data(),
                (What::Places(_), "match") => Data::text(self.text(text)),
                (What::Places(_), "end") => Data::number(units.before(text, self.end)),
                (What::Places(_), "groups") => group_array(&self.groups(text)),
                (What::Places(_), _) => Data::number(units.before(text, self.start)),
            };
            (Text::new_static(name), data)
        };
        members.iter().map(&mut member).collect()
    }
}

fn group_array(groups: &[Option<&str>]) -> Data {
    Data::array(groups.iter().map(|group| group.map_or(Value::Null, Value::from)).collect())
}

/// What the function that replaces a match is called with.
pub(crate) fn match_object(found: &Found, text: &str, units: &mut Units) -> Data {
    match &found.what {
        What::Places(_) => found.to_data(text, units, &["match", "start", "end", "groups"]),
        What::Data(data) => data.clone(),
    }
}

/// How far a text has been counted in UTF-16 units, which is how places are given: matches come in the order of the text, and each
/// part of it is counted once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Units {
    /// The bytes that are counted.
    bytes: usize,
    /// The units of these.
    units: usize,
}

impl Units {
    /// How many units are before a byte.
    #[expect(clippy::cast_precision_loss, reason = "no text is that long")]
    fn before(&mut self, text: &str, end: usize) -> f64 {
        if end < self.bytes {
            *self = Self::default();
        }
        let part = text.get(self.bytes..end).unwrap_or_default();
        self.units += if part.is_ascii() { part.len() } else { part.encode_utf16().count() };
        self.bytes = end;
        self.units as f64
    }
}

/// The byte at a place that is counted in UTF-16 units.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
fn byte_place(text: &str, place: Option<f64>) -> usize {
    let place = place.unwrap_or(0.0) as usize;
    if text.is_ascii() {
        return place.min(text.len());
    }
    let mut units = 0;
    let after = text.char_indices().find(|(_, character)| {
        let is_there = units >= place;
        units += character.len_utf16();
        is_there
    });
    after.map_or(text.len(), |(byte, _)| byte)
}

/// The matches of a regular expression, or of a function that is called like one, one after the other.
pub(crate) struct Matches<'a> {
    function: &'a Function,
    text: &'a str,
    /// Where the last match of a regular expression ended.
    end: Option<usize>,
    /// The last match of another function.
    last: Option<Data>,
}

impl<'a> Matches<'a> {
    pub(crate) const fn new(function: &'a Function, text: &'a str) -> Self {
        Self { function, text, end: None, last: None }
    }

    /// The next match.
    ///
    /// # Errors
    /// `D1004`: it is not the first and empty. `T1010`: the function returns no match.
    pub(crate) fn next(&mut self, evaluation: &Evaluation<'_>) -> Result<Option<Found>> {
        evaluation.step()?;
        let Some(pattern) = self.function.as_matcher::<&'static Pattern>() else {
            return self.next_of_function(evaluation);
        };
        let found = match self.end {
            None => pattern.find(evaluation, self.text, 0),
            Some(end) => pattern.find_next(evaluation, self.text, end),
        }?;
        self.end = found.as_ref().map(|found| found.end);
        Ok(found)
    }

    fn next_of_function(&mut self, evaluation: &Evaluation<'_>) -> Result<Option<Found>> {
        let result = match &self.last {
            None => self.function.call(evaluation, &[Data::text(self.text)])?,
            Some(last) => match last.view().member("next").as_function() {
                Some(next) => next.call(evaluation, &[])?,
                None => return Ok(None),
            },
        };
        let view = result.view();
        if view.is_nothing() {
            return Ok(None);
        }
        let number = |name| view.member(name).as_f64();
        let has_next = view.member("next").as_function().is_some();
        let is_match = number("start").is_some() || number("end").is_some() || has_next;
        if view.holds() && !is_match && !view.member("groups").is_array() {
            return Err(no_match());
        }
        let (start, end) = (byte_place(self.text, number("start")), byte_place(self.text, number("end")));
        self.last = Some(result.clone());
        Ok(Some(Found { start, end, what: What::Data(result) }))
    }
}

#[cold]
fn no_match() -> Failure {
    let message =
        "The matcher function argument passed to function does not return the correct object structure";
    Failure::new("T1010", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::function::Outcome;
    use crate::test_world::evaluating;
    use asl_value::Value;

    #[test]
    fn units_are_counted_from_place_to_place_and_back() {
        let (text, mut units) = ("a😀é😀b", Units::default());
        let all = |units: &mut Units, places: &[usize]| -> Vec<f64> {
            places.iter().map(|place| units.before(text, *place)).collect()
        };
        assert_eq!(all(&mut units, &[0, 1, 5, 7, 11, 12]), [0.0, 1.0, 3.0, 4.0, 6.0, 7.0]);
        assert_eq!(all(&mut units, &[5, 5, 0, 12]), [3.0, 3.0, 0.0, 7.0]);
    }

    #[test]
    fn a_function_gives_a_match_by_any_field_of_one() {
        let first = |json: &str| {
            let given = Value::from_json(json).unwrap();
            let function = Function::lambda(1, move |_, _| Ok(Outcome::Data(Data::Value(given.clone()))));
            let found = evaluating(|evaluation| Matches::new(&function, "abc").next(evaluation));
            found.map(|found| found.map(|found| (found.start, found.end))).map_err(|failure| failure.code())
        };
        assert_eq!(first(r#"{"start":1,"end":2}"#), Ok(Some((1, 2))));
        assert_eq!(first(r#"{"start":1}"#), Ok(Some((1, 0))));
        assert_eq!(first(r#"{"end":2}"#), Ok(Some((0, 2))));
        assert_eq!(first(r#"{"groups":[]}"#), Ok(Some((0, 0))));
        assert_eq!(first("{}"), Ok(Some((0, 0))), "what counts as false is not looked at");
        for other in [r#"{"match":"a"}"#, "true", r#""a""#, "3"] {
            assert_eq!(first(other), Err(Some("T1010")), "{other}");
        }
    }

    #[test]
    fn a_place_that_a_function_names_is_that_of_a_character() {
        let places = |text| [0.0, 1.0, 2.0, 3.0, 4.0, 99.0].map(|place| byte_place(text, Some(place)));
        assert_eq!(places("a😀éb"), [0, 1, 5, 5, 7, 8]);
        assert_eq!(places("abcd"), [0, 1, 2, 3, 4, 4]);
        assert_eq!(
            (byte_place("é", None), byte_place("é", Some(-1.0)), byte_place("", Some(1.0))),
            (0, 0, 0)
        );
    }
}
