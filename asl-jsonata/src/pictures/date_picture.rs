//! Pictures of dates and times (section 9.8.4): literal text, and markers in brackets.

use super::integer::{Case, IntegerPicture, Separators};
use super::{check_length, fault};
use crate::failure::{Failure, Result};
use crate::number_text;
use asl_language::regex::is_space;

#[derive(Clone, Debug)]
pub(super) enum PicturePart {
    Literal(String),
    Marker(Marker),
}

#[derive(Clone, Debug)]
pub(super) struct Marker {
    /// The component: `Y`, `M`, ..
    pub(super) component: char,
    /// As a name, in this case.
    pub(super) names: Option<Case>,
    /// As a number.
    pub(super) integer: Option<IntegerPicture>,
    /// `t`: `Z` for no offset.
    pub(super) traditional: bool,
    pub(super) max_width: Option<usize>,
    /// How many digits years, months and days have, if that is known.
    pub(super) digits: Option<usize>,
}

/// The widest number that a picture can ask for.
const MAX_WIDTH: usize = 1000;

pub(super) fn parse(picture: &str) -> Result<Vec<PicturePart>> {
    check_length(picture)?;
    let mut parts = Vec::new();
    let mut rest = picture;
    while let Some((literal, after)) = rest.split_once('[') {
        push_literal(&mut parts, literal);
        if let Some(after) = after.strip_prefix('[') {
            parts.push(PicturePart::Literal("[".to_owned()));
            rest = after;
            continue;
        }
        let Some((marker, after)) = after.split_once(']') else {
            return Err(Failure::new("D3135", "No matching closing bracket ']' in date/time picture string"));
        };
        parts.push(PicturePart::Marker(parse_marker(marker)?));
        rest = after;
    }
    push_literal(&mut parts, rest);
    Ok(parts)
}

fn push_literal(parts: &mut Vec<PicturePart>, literal: &str) {
    if !literal.is_empty() {
        parts.push(PicturePart::Literal(literal.replace("]]", "]")));
    }
}

fn parse_marker(text: &str) -> Result<Marker> {
    let text: String = text.chars().filter(|character| !is_space(*character)).collect();
    let mut characters = text.chars();
    let component = characters.next();
    let (modifiers, width) = match characters.as_str().rsplit_once(',') {
        Some((modifiers, width)) => (modifiers, Some(width)),
        None => (characters.as_str(), None),
    };
    let (min_width, max_width) = width.map_or((None, None), parse_widths);
    let Some((component, default)) =
        component.and_then(|component| Some((component, default_of(component)?)))
    else {
        return unknown_component(component, modifiers, max_width);
    };
    let (presentation, second) = split_second(modifiers);
    let presentation = if modifiers.is_empty() { default } else { presentation };
    let mut marker = Marker {
        component,
        names: names_of(presentation),
        integer: None,
        traditional: second == Some('t'),
        max_width,
        digits: None,
    };
    if matches!(component, 'Z' | 'z') {
        marker.integer = Some(IntegerPicture::parse(presentation)?);
    } else if marker.names.is_none() && !matches!(component, 'P' | 'C' | 'E') {
        let ordinal = if second == Some('o') { ";o" } else { "" };
        let picture = IntegerPicture::parse(&format!("{presentation}{ordinal}"))?;
        set_digits(&mut marker, picture, min_width);
    }
    Ok(marker)
}

/// An unknown component is an error where it has no presentation; otherwise it shows nothing.
fn unknown_component(component: Option<char>, modifiers: &str, max_width: Option<usize>) -> Result<Marker> {
    let shown = component.map(String::from).unwrap_or_default();
    if modifiers.is_empty() {
        let before = "Unknown component specifier ";
        return Err(fault("D3132", before, &shown, " in date/time picture string"));
    }
    let component = component.unwrap_or(' ');
    Ok(Marker { component, names: None, integer: None, traditional: false, max_width, digits: None })
}

const fn default_of(component: char) -> Option<&'static str> {
    Some(match component {
        'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => "1",
        'm' | 's' => "01",
        'F' | 'P' | 'C' | 'E' => "n",
        'Z' | 'z' => "01:01",
        _ => return None,
    })
}

/// The first presentation modifier, and the second if there is one: `a`, `t`, `c`, `o` at the end of more than one character.
fn split_second(modifiers: &str) -> (&str, Option<char>) {
    let mut characters = modifiers.chars();
    match characters.next_back() {
        Some(last @ ('a' | 't' | 'c' | 'o')) if !characters.as_str().is_empty() => {
            (characters.as_str(), Some(last))
        }
        _ => (modifiers, None),
    }
}

fn names_of(presentation: &str) -> Option<Case> {
    if presentation.starts_with('n') {
        return Some(Case::Lower);
    }
    let rest = presentation.strip_prefix('N')?;
    Some(if rest.starts_with('n') { Case::Title } else { Case::Upper })
}

fn parse_widths(text: &str) -> (Option<usize>, Option<usize>) {
    let (min, max) = text.split_once('-').map_or((text, None), |(min, max)| (min, Some(max)));
    (parse_width(min), max.and_then(parse_width))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts saturate")]
fn parse_width(text: &str) -> Option<usize> {
    number_text::leading_integer(text).map(|width| (width as usize).min(MAX_WIDTH))
}

/// The number of digits that the width asks for (section 9.8.4.4 for years, which here holds for months and days too).
fn set_digits(marker: &mut Marker, mut picture: IntegerPicture, min_width: Option<usize>) {
    if let Some(decimal) = picture.decimal_mut() {
        decimal.mandatory = decimal.mandatory.max(min_width.unwrap_or(0));
        if matches!(marker.component, 'Y' | 'M' | 'D') {
            decimal.mandatory = marker.max_width.unwrap_or(decimal.mandatory);
            let width = decimal.mandatory + if marker.max_width.is_some() { 0 } else { decimal.optional };
            marker.digits = (marker.max_width.is_some() || width >= 2).then_some(width);
        }
    } else if matches!(marker.component, 'Y' | 'M' | 'D') {
        marker.digits = marker.max_width;
    }
    marker.integer = Some(picture);
}

impl Marker {
    /// The separator between hours and minutes of an offset, if it is a regular one.
    pub(super) fn offset_separator(&self) -> Option<char> {
        match &self.integer.as_ref()?.decimal()?.separators {
            Separators::Regular(_, separator) => Some(*separator),
            Separators::Irregular(_) => None,
        }
    }
}
