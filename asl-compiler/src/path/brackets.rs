//! One part of a path in brackets: names, indexes, slices, computed indexes, filters.
//!
//! In: the part with its brackets. Out: what it selects or the first fault with its place. The first of the characters `?`, `'`, a digit, `:`,
//! `-` and `@` says what it is; what comes before it, and what comes after its end, is not looked at.

use super::cursor::Fault;
use super::doubt::Doubted;
use super::filter;
use super::parser::Reading;
use super::piece::Piece;
use crate::vocabulary::Selector;

/// Reads `[...]`.
pub(super) fn parse(part: Piece<'_>, reading: &mut Reading<'_>) -> Result<Selector, Fault> {
    if part.text == "[*]" {
        return Ok(Selector::Wildcard);
    }
    let is_first = |c: char| "?':-@".contains(c) || c.is_ascii_digit();
    let Some((first, c)) = part.text.char_indices().find(|(_, c)| is_first(*c)) else {
        return Err(nothing_in_it(part));
    };
    if part.at(1) == Some('"') && !matches!(c, '?' | '@') {
        reading.doubt(Doubted::DoubleQuotedName, part);
    }
    match c {
        '?' => filter::parse(part, first, reading).map(Selector::Filter),
        '\'' => names(part, first, reading),
        '@' => computed(part, first),
        _ => numbers(part, first, reading),
    }
}

fn nothing_in_it(part: Piece<'_>) -> Fault {
    if !part.text.ends_with(']') {
        return unclosed(part);
    }
    let inner = part.part(1..part.text.len() - 1);
    let fault = inner.fault_at(
        0,
        "it has no name, index or filter in brackets",
        "expected a quoted name or an index",
    );
    let name = inner.text.trim_matches(|c: char| c == '"' || c.is_whitespace());
    if inner.text.starts_with('"') {
        return fault.help(format!("AWS reads names in single quotes only: `['{name}']`"));
    }
    fault.help(format!("quote names in brackets: `['{}']`", if name.is_empty() { "name" } else { name }))
}

pub(super) fn unclosed(part: Piece<'_>) -> Fault {
    part.fault("it ends inside of brackets", "this `[` has no `]`")
}

/// A name without brackets. The library puts it into quotes and brackets first, so that a quote or a bracket in it ends it.
pub(super) fn plain_name(name: Piece<'_>, reading: &mut Reading<'_>) -> Selector {
    let names = quoted_names(&format!("'{}']", name.text)).map_or_else(Vec::new, |read| read.names);
    if names.first().is_none_or(|read| read != name.text) {
        reading.doubt(Doubted::NameCutShort, name);
    }
    selector(names)
}

/// Names in single quotes, whatever is between these.
fn names(part: Piece<'_>, first: usize, reading: &mut Reading<'_>) -> Result<Selector, Fault> {
    let inner = part.from(first);
    let Some(read) = quoted_names(inner.text) else {
        return Err(if inner.text.ends_with(']') {
            inner.fault("a quoted text does not end", "this quote is not closed")
        } else {
            unclosed(part)
        });
    };
    for _ in &read.names {
        reading.count(inner)?;
    }
    if !read.is_whole {
        reading.doubt(Doubted::NameCutShort, part);
    }
    Ok(selector(read.names))
}

/// Names in quotes.
struct Names {
    names: Vec<String>,
    /// There is nothing else than quoted names, commas and blanks.
    is_whole: bool,
}

/// The names in quotes up to a closing bracket, which may be in quotes itself.
fn quoted_names(text: &str) -> Option<Names> {
    let (mut names, mut open, mut is_whole) = (Vec::new(), None, true);
    for (at, c) in text.char_indices() {
        match (c, open) {
            (']', _) => {
                return Some(Names { names, is_whole: is_whole && open.is_none() && at + 1 == text.len() });
            }
            ('\'', Some(start)) => {
                names.push(text.get(start..at).unwrap_or_default().to_owned());
                open = None;
            }
            ('\'', None) => open = Some(at + 1),
            (',' | ' ', None) | (_, Some(_)) => {}
            (_, None) => is_whole = false,
        }
    }
    None
}

fn selector(mut names: Vec<String>) -> Selector {
    match (names.pop(), names.is_empty()) {
        (Some(only), true) => Selector::Name(only),
        (last, _) => {
            names.extend(last);
            Selector::Names(names)
        }
    }
}

/// `(@.length-1)`: the length of the array and what follows, which has to be a negative number.
fn computed(part: Piece<'_>, first: usize) -> Result<Selector, Fault> {
    let after = part.from(first).from(2);
    let minus = after.text.find('-').ok_or_else(|| computes_something_else(part))?;
    let function: String =
        after.text.chars().take_while(|c| *c != '-').filter(|c| !" ()".contains(*c)).collect();
    if !matches!(function.as_str(), "length" | "size") {
        return Err(computes_something_else(part));
    }
    let number = after.from(minus);
    let end = number.text.find(')').ok_or_else(|| computes_something_else(part))?;
    let number = number.part(0..end);
    let digits: String = number.text.chars().filter(|c| *c != ' ').collect();
    whole(&digits, number).map(Selector::FromEnd)
}

fn computes_something_else(part: Piece<'_>) -> Fault {
    part.fault("it computes an index", "only the length can be counted from, as in `[(@.length-1)]`")
}

/// Indexes and slices: `[0]`, `[0,2]`, `[1:3]`. Blanks are nothing, and the character after a slice is not looked at.
fn numbers(part: Piece<'_>, first: usize, reading: &mut Reading<'_>) -> Result<Selector, Fault> {
    let mut read = Numbers { part, at: first, digits: String::new(), found: Vec::new() };
    let (mut is_list, mut slice) = (false, None);
    loop {
        match part.at(read.at) {
            Some(' ') => read.at += 1,
            Some(c) if is_digit(c) => read.take_digits(),
            Some(',') => {
                reading.count(part)?;
                read.push()?;
                is_list = true;
                read.at += 1;
            }
            Some(':') => {
                slice = slice.max(Some(read.slice()?));
                match part.at(read.at) {
                    Some(':') => reading.doubt(Doubted::SliceStep, part),
                    Some(']') => break,
                    _ => {}
                }
                read.at += 1;
            }
            Some(_) => break,
            None => return Err(unclosed(part)),
        }
    }
    if !read.digits.is_empty() {
        read.push()?;
    }
    let selector = selected(std::mem::take(&mut read.found), is_list, slice)
        .ok_or_else(|| part.fault("an index is missing", "expected an index"))?;
    let before = part.text.get(1..first).unwrap_or_default();
    let is_alone = before.trim_matches([' ', '[']).is_empty() && part.from(read.at).text == "]";
    if !is_alone && !before.starts_with('"') {
        reading.doubt(Doubted::InBrackets, part);
    }
    notice(&selector, part, reading);
    Ok(selector)
}

/// What kind of slice it is. Where brackets hold several, the later of these wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slice {
    Between,
    To,
    From,
}

struct Numbers<'t> {
    part: Piece<'t>,
    at: usize,
    digits: String,
    found: Vec<i64>,
}

impl Numbers<'_> {
    fn take_digits(&mut self) {
        while let Some(c) = self.part.at(self.at).filter(|c| is_digit(*c) || *c == ' ') {
            self.digits.extend(Some(c).filter(|c| *c != ' '));
            self.at += c.len_utf8();
        }
    }

    fn push(&mut self) -> Result<(), Fault> {
        let end = self.part.part(0..self.at);
        let place = end.from(end.text.trim_end_matches(|c| is_digit(c) || c == ' ').len());
        self.found.push(whole(&std::mem::take(&mut self.digits), place)?);
        Ok(())
    }

    /// A colon and the numbers around it.
    fn slice(&mut self) -> Result<Slice, Fault> {
        let has_start = !self.digits.is_empty();
        if has_start {
            self.push()?;
        }
        self.at += 1;
        self.take_digits();
        if has_start && self.digits.is_empty() {
            return Ok(Slice::From);
        }
        self.push()?;
        Ok(if has_start { Slice::Between } else { Slice::To })
    }
}

const fn is_digit(c: char) -> bool {
    matches!(c, '0'..='9' | '-')
}

/// A number as Java's `int`.
fn whole(digits: &str, place: Piece<'_>) -> Result<i64, Fault> {
    digits.parse::<i32>().map(i64::from).map_err(|_| {
        let what = if digits.is_empty() {
            "an index is missing"
        } else {
            "an index is not a whole number that fits"
        };
        place.fault(what, "expected an index")
    })
}

fn selected(numbers: Vec<i64>, is_list: bool, slice: Option<Slice>) -> Option<Selector> {
    let of = |start, end| Selector::Slice { start, end };
    Some(match (numbers.as_slice(), is_list, slice) {
        ([], _, _) => return None,
        ([only], _, None | Some(Slice::Between)) => Selector::Index(*only),
        (_, true, _) => Selector::Indexes(numbers),
        ([first, ..], _, Some(Slice::From)) => of(Some(*first), None),
        ([first, ..], _, Some(Slice::To)) => of(None, Some(*first)),
        ([first, second, ..], _, _) => of(Some(*first), Some(*second)),
    })
}

fn notice(selector: &Selector, part: Piece<'_>, reading: &mut Reading<'_>) {
    if let Selector::Index(..0) = selector {
        reading.doubt(Doubted::NegativeIndex, part);
    }
    if let Selector::Indexes(_) = selector {
        reading.doubt(Doubted::IndexList, part);
    }
    if let Selector::Slice { start: Some(start), end: Some(end) } = selector
        && (*start).min(*end) < 0
    {
        reading.doubt(Doubted::NegativeSlice, part);
    }
}
