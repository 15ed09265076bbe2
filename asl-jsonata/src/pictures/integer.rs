//! `$formatInteger` and `$parseInteger` (section 4.6).

use super::grouping::{insert_regularly, regular_distance};
use super::{check_length, fault, words};
use crate::failure::{Failure, Result};
use crate::number_text;

/// How a whole number looks.
#[derive(Clone, Debug)]
pub(super) struct IntegerPicture {
    pub(super) style: Style,
    pub(super) case: Case,
    pub(super) ordinal: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Style {
    Letters,
    Roman,
    Words,
    Decimal(Decimal),
    /// An unknown numbering: the picture.
    Sequence(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

#[derive(Clone, Debug)]
pub(super) struct Decimal {
    /// The zero of the family of digits.
    zero: char,
    pub(super) mandatory: usize,
    pub(super) optional: usize,
    pub(super) separators: Separators,
}

#[derive(Clone, Debug)]
pub(super) enum Separators {
    /// The same one after every so many digits.
    Regular(usize, char),
    /// Each with the number of digits to its right, from the right.
    Irregular(Vec<(usize, char)>),
}

/// The zeros of the families of digits that are known.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50,
    0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

/// The largest number in Roman numerals: longer ones would only fill memory.
const MAX_ROMAN: u32 = 10_000_000;

/// A number as a picture shows it.
///
/// # Errors
/// `D3130`, `D3131`: the picture is wrong.
pub(crate) fn format(number: f64, picture: &str) -> Result<String> {
    IntegerPicture::parse(picture)?.format(number.floor())
}

/// The number that a text shows in the way of a picture; nothing if there is none.
///
/// # Errors
/// `D3130`, `D3131`: the picture is wrong.
pub(crate) fn parse(text: &str, picture: &str) -> Result<Option<f64>> {
    IntegerPicture::parse(picture)?.read(text)
}

impl IntegerPicture {
    pub(super) fn parse(picture: &str) -> Result<Self> {
        check_length(picture)?;
        let (primary, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let (style, case) = match primary {
            "A" => (Style::Letters, Case::Upper),
            "a" => (Style::Letters, Case::Lower),
            "I" => (Style::Roman, Case::Upper),
            "i" => (Style::Roman, Case::Lower),
            "W" => (Style::Words, Case::Upper),
            "Ww" => (Style::Words, Case::Title),
            "w" => (Style::Words, Case::Lower),
            _ => (parse_decimal(primary)?, Case::Lower),
        };
        Ok(Self { style, case, ordinal: modifier.starts_with('o') })
    }

    pub(super) fn decimal(&self) -> Option<&Decimal> {
        if let Style::Decimal(decimal) = &self.style { Some(decimal) } else { None }
    }

    pub(super) fn decimal_mut(&mut self) -> Option<&mut Decimal> {
        if let Style::Decimal(decimal) = &mut self.style { Some(decimal) } else { None }
    }

    /// A whole number in this style.
    pub(super) fn format(&self, number: f64) -> Result<String> {
        let size = number.abs();
        let text = match &self.style {
            Style::Letters => words::in_letters(size),
            Style::Roman => words::in_roman(roman_size(size)?),
            Style::Words => words::in_words(size, self.ordinal),
            Style::Decimal(decimal) => decimal.format(size, self.ordinal),
            Style::Sequence(picture) => return Err(unsupported(picture)),
        };
        let text = match (&self.style, self.case) {
            (Style::Decimal(_), _) | (_, Case::Title) => text,
            (_, Case::Upper) => text.to_uppercase(),
            (_, Case::Lower) => text.to_lowercase(),
        };
        Ok(if number < 0.0 { format!("-{text}") } else { text })
    }

    /// The number that a text shows in this style.
    pub(super) fn read(&self, text: &str) -> Result<Option<f64>> {
        Ok(match &self.style {
            Style::Letters => {
                Some(words::from_letters(text, if self.case == Case::Upper { 'A' } else { 'a' }))
            }
            Style::Roman if self.case == Case::Upper => words::from_roman(text),
            Style::Roman => words::from_roman(&text.to_uppercase()),
            Style::Words => words::from_words(text),
            Style::Decimal(decimal) => decimal.read(text, self.ordinal),
            Style::Sequence(picture) => return Err(unsupported(picture)),
        })
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
fn roman_size(size: f64) -> Result<u32> {
    if size > f64::from(MAX_ROMAN) { Err(Failure::out_of_memory()) } else { Ok(size as u32) }
}

#[cold]
pub(super) fn unsupported(picture: &str) -> Failure {
    let before = "Formatting or parsing an integer as a sequence starting with ";
    fault("D3130", before, picture, " is not supported by this implementation")
}

fn parse_decimal(primary: &str) -> Result<Style> {
    let (mut zero, mut mandatory, mut optional) = (None, 0, 0);
    let mut separators = Vec::new();
    for character in primary.chars().rev() {
        if let Some(family) = family_of(character) {
            if *zero.get_or_insert(family) != family {
                let message = "In a decimal digit pattern, all digits must be from the same decimal group";
                return Err(Failure::new("D3131", message));
            }
            mandatory += 1;
        } else if character == '#' {
            optional += 1;
        } else {
            separators.push((mandatory + optional, character));
        }
    }
    Ok(match zero {
        Some(zero) => {
            Style::Decimal(Decimal { zero, mandatory, optional, separators: Separators::new(separators) })
        }
        None => Style::Sequence(primary.to_owned()),
    })
}

/// The zero of the family of a digit.
fn family_of(character: char) -> Option<char> {
    let code = u32::from(character);
    ZEROS.into_iter().find(|zero| (*zero..*zero + 10).contains(&code)).and_then(char::from_u32)
}

impl Separators {
    fn new(separators: Vec<(usize, char)>) -> Self {
        let positions: Vec<usize> = separators.iter().map(|(position, _)| *position).collect();
        match (regular_distance(&positions), separators.first()) {
            (Some(distance), Some((_, first))) if separators.iter().all(|(_, other)| other == first) => {
                Self::Regular(distance, *first)
            }
            _ => Self::Irregular(separators),
        }
    }
}

impl Decimal {
    fn format(&self, size: f64, ordinal: bool) -> String {
        let shift = |digit: u32| char::from_u32(u32::from(self.zero) + digit);
        let text = number_text::text(size);
        let mut digits: Vec<char> =
            text.chars().map(|c| c.to_digit(10).and_then(shift).unwrap_or(c)).collect();
        let missing = self.mandatory.saturating_sub(digits.len());
        digits.splice(0..0, std::iter::repeat_n(self.zero, missing));
        match &self.separators {
            Separators::Regular(distance, separator) => {
                let end = digits.len();
                insert_regularly(&mut digits, end, *distance, *separator);
            }
            Separators::Irregular(separators) => {
                separators.iter().rev().for_each(|(position, separator)| {
                    insert_from_end(&mut digits, *position, *separator);
                });
            }
        }
        let mut text: String = digits.iter().collect();
        text.push_str(if ordinal { ordinal_suffix(&digits) } else { "" });
        text
    }

    fn read(&self, text: &str, ordinal: bool) -> Option<f64> {
        let text = if ordinal { without_suffix(text) } else { text };
        let is_separator = |character: char| match &self.separators {
            // The reference implementation takes out commas, whatever the separator is.
            Separators::Regular(..) => character == ',',
            Separators::Irregular(separators) => separators.iter().any(|(_, other)| *other == character),
        };
        let to_ascii = |character: char| {
            let digit = u32::from(character).checked_sub(u32::from(self.zero)).filter(|digit| *digit < 10);
            digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(character)
        };
        let digits: String = text.chars().filter(|c| !is_separator(*c)).map(to_ascii).collect();
        number_text::leading_integer(&digits)
    }
}

/// Inserts a separator with so many digits to its right. Where there are fewer, the reference implementation puts it in front and
/// keeps as many characters as are missing.
fn insert_from_end(digits: &mut Vec<char>, position: usize, separator: char) {
    match digits.len().checked_sub(position) {
        Some(place) => digits.insert(place, separator),
        None => {
            let kept = (position - digits.len()).min(digits.len());
            digits.splice(..digits.len() - kept, [separator]);
        }
    }
}

fn ordinal_suffix(digits: &[char]) -> &'static str {
    match digits {
        [.., '1', _] => "th",
        [.., '1'] => "st",
        [.., '2'] => "nd",
        [.., '3'] => "rd",
        _ => "th",
    }
}

/// The text without its last two characters.
fn without_suffix(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next_back();
    characters.next_back();
    characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_get_digits_and_separators() {
        for (number, picture, expected) in [
            (1234567.0, "#,##0", "1,234,567"),
            (7.0, "000", "007"),
            (-7.5, "1", "-8"),
            (1234567.0, "#'###0,00", "1'2345,67"),
            (12.0, "1;o", "12th"),
            (123.0, "1;o", "123rd"),
            (42.0, "\u{661}", "\u{664}\u{662}"),
            (1999.0, "I", "MCMXCIX"),
            (28.0, "a", "ab"),
            (12.0, "W;o", "TWELFTH"),
        ] {
            assert_eq!(format(number, picture).unwrap(), expected, "{picture}");
        }
    }

    /// What the reference implementation does where there are too few digits.
    #[test]
    fn a_separator_before_all_digits_keeps_as_many_as_are_missing() {
        for (position, expected) in
            [(2, "1'23"), (3, "'123"), (4, "'3"), (5, "'23"), (6, "'123"), (9, "'123")]
        {
            let mut digits = vec!['1', '2', '3'];
            insert_from_end(&mut digits, position, '\'');
            assert_eq!(digits.into_iter().collect::<String>(), expected, "{position}");
        }
    }

    #[test]
    fn numbers_are_read_in_the_same_style() {
        for (text, picture, expected) in [
            ("1,234", "#,##0", Some(1234.0)),
            ("12th", "1;o", Some(12.0)),
            ("\u{664}\u{662}", "\u{661}", Some(42.0)),
            ("mcmxcix", "i", Some(1999.0)),
            ("AB", "A", Some(28.0)),
            ("twelve thousand and one", "w", Some(12001.0)),
            ("x", "1", None),
        ] {
            assert_eq!(parse(text, picture).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn wrong_pictures_are_refused() {
        assert_eq!(format(1.0, "x").unwrap_err().code(), Some("D3130"));
        assert_eq!(format(1.0, "1\u{661}").unwrap_err().code(), Some("D3131"));
        assert_eq!(format(1e300, "I").unwrap_err().code(), None);
        assert!(format(1e300, "Ww").is_ok());
    }
}
