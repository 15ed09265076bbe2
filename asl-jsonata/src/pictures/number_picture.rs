//! Pictures of `$formatNumber`: their symbols, their parts, what is wrong with them, and what they say.

use super::grouping::regular_distance;
use crate::failure::{Failure, Result};

/// The characters that have a meaning in a picture. Options can change them.
#[derive(Clone, Debug)]
pub(super) struct Symbols {
    pub(super) decimal: char,
    pub(super) grouping: char,
    pub(super) exponent: char,
    pub(super) percent: char,
    pub(super) per_mille: char,
    pub(super) zero: char,
    digit: char,
    pattern: char,
    pub(super) minus: String,
}

impl Symbols {
    pub(super) fn new<'o>(options: impl Iterator<Item = (&'o str, &'o str)>) -> Self {
        let mut symbols = Self {
            decimal: '.',
            grouping: ',',
            exponent: 'e',
            percent: '%',
            per_mille: '\u{2030}',
            zero: '0',
            digit: '#',
            pattern: ';',
            minus: "-".to_owned(),
        };
        options.for_each(|(name, text)| symbols.set(name, text));
        symbols
    }

    fn set(&mut self, name: &str, text: &str) {
        let place = match name {
            "decimal-separator" => &mut self.decimal,
            "grouping-separator" => &mut self.grouping,
            "exponent-separator" => &mut self.exponent,
            "percent" => &mut self.percent,
            "per-mille" => &mut self.per_mille,
            "zero-digit" => &mut self.zero,
            "digit" => &mut self.digit,
            "pattern-separator" => &mut self.pattern,
            "minus-sign" => return text.clone_into(&mut self.minus),
            _ => return,
        };
        *place = text.chars().next().unwrap_or(*place);
    }

    /// A digit of the family that the zero starts.
    pub(super) fn family_digit(&self, digit: u32) -> char {
        char::from_u32(u32::from(self.zero) + digit).unwrap_or(self.zero)
    }

    fn is_family(&self, character: char) -> bool {
        (u32::from(self.zero)..u32::from(self.zero) + 10).contains(&u32::from(character))
    }

    fn is_digit(&self, character: char) -> bool {
        self.is_family(character) || character == self.digit
    }

    fn is_active(&self, character: char) -> bool {
        self.is_digit(character)
            || [self.decimal, self.exponent, self.grouping, self.pattern].contains(&character)
    }

    fn count_family(&self, part: &[char]) -> usize {
        part.iter().filter(|character| self.is_family(**character)).count()
    }

    fn count_digits(&self, part: &[char]) -> usize {
        part.iter().filter(|character| self.is_digit(**character)).count()
    }
}

/// What a sub-picture says.
#[derive(Clone, Debug)]
pub(super) struct SubPicture {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) has_percent: bool,
    pub(super) has_per_mille: bool,
    pub(super) has_decimal: bool,
    /// Distance of the separators of the integer part, if they are regular.
    pub(super) regular: Option<usize>,
    /// How many digits are to the right of each separator of the integer part.
    pub(super) integer_groups: Vec<usize>,
    /// How many digits are to the left of each separator of the fractional part.
    pub(super) fraction_groups: Vec<usize>,
    pub(super) min_integer: usize,
    pub(super) scaling: usize,
    pub(super) min_fraction: usize,
    pub(super) max_fraction: usize,
    pub(super) min_exponent: usize,
}

/// Reads a picture: one sub-picture, or two of which the second is for negative numbers.
pub(super) fn parse(picture: &str, symbols: &Symbols) -> Result<(SubPicture, Option<SubPicture>)> {
    let texts: Vec<Vec<char>> = picture.split(symbols.pattern).map(|text| text.chars().collect()).collect();
    if texts.len() > 2 {
        return Err(refused("D3080"));
    }
    // Both are checked before either is looked at in detail.
    let parts = texts.iter().map(|text| Parts::new(text, symbols)).collect::<Result<Vec<_>>>()?;
    parts.iter().try_for_each(|parts| parts.check(symbols))?;
    let mut pictures = parts.iter().map(|parts| parts.analyse(symbols));
    let positive = pictures.next().ok_or_else(|| refused("D3085"))?;
    Ok((positive, pictures.next()))
}

/// The parts of a sub-picture.
struct Parts<'p> {
    whole: &'p [char],
    prefix: &'p [char],
    suffix: &'p [char],
    active: &'p [char],
    mantissa: &'p [char],
    exponent: Option<&'p [char]>,
    integer: &'p [char],
    fraction: &'p [char],
}

impl<'p> Parts<'p> {
    fn new(whole: &'p [char], symbols: &Symbols) -> Result<Self> {
        let is_core = |character: &char| symbols.is_active(*character) && *character != symbols.exponent;
        let (Some(start), Some(last)) = (whole.iter().position(is_core), whole.iter().rposition(is_core))
        else {
            // The reference implementation breaks here, and AWS says this (measured there).
            return Err(refused("D3086"));
        };
        let (prefix, suffix) = (part(whole, 0, start), part(whole, last + 1, whole.len()));
        let active = part(whole, start, last + 1);
        let exponent = find(part(whole, start, whole.len()), symbols.exponent)
            .map(|position| position + start)
            .filter(|position| *position <= last + 1);
        // The reference implementation counts from the start of the sub-picture here, prefix included.
        let mantissa = exponent.map_or(active, |position| part(active, 0, position));
        let exponent = exponent.map(|position| part(active, position + 1, active.len()));
        let decimal = find(mantissa, symbols.decimal);
        let integer = decimal.map_or(mantissa, |position| part(mantissa, 0, position));
        let fraction = decimal.map_or(suffix, |position| part(mantissa, position + 1, mantissa.len()));
        Ok(Self { whole, prefix, suffix, active, mantissa, exponent, integer, fraction })
    }

    /// The rules of section 4.7.3, in its order; of those that are broken, the last counts.
    fn check(&self, symbols: &Symbols) -> Result<()> {
        let count = |wanted: char| self.whole.iter().filter(|character| **character == wanted).count();
        let (percents, per_milles) = (count(symbols.percent), count(symbols.per_mille));
        let has_exponent = self.exponent.is_some_and(|exponent| !exponent.is_empty());
        let rules = [
            ("D3081", count(symbols.decimal) > 1),
            ("D3082", percents > 1),
            ("D3083", per_milles > 1),
            ("D3084", percents > 0 && per_milles > 0),
            ("D3085", symbols.count_digits(self.mantissa) == 0),
            ("D3086", self.active.iter().any(|character| !symbols.is_active(*character))),
            ("D3087", self.groups_at_decimal(symbols)),
            ("D3088", count(symbols.decimal) == 0 && self.integer.last() == Some(&symbols.grouping)),
            ("D3089", self.whole.windows(2).any(|pair| pair == [symbols.grouping; 2])),
            ("D3090", self.has_digit_before_optional(symbols)),
            ("D3091", self.has_digit_after_optional(symbols)),
            ("D3092", has_exponent && percents + per_milles > 0),
            ("D3093", self.exponent.is_some_and(|exponent| is_no_exponent(exponent, symbols))),
        ];
        rules.iter().rfind(|(_, broken)| *broken).map_or(Ok(()), |(code, _)| Err(refused(code)))
    }

    fn groups_at_decimal(&self, symbols: &Symbols) -> bool {
        let Some(decimal) = find(self.whole, symbols.decimal) else { return false };
        let before = decimal.checked_sub(1).and_then(|before| self.whole.get(before));
        [before, self.whole.get(decimal + 1)].contains(&Some(&symbols.grouping))
    }

    fn has_digit_before_optional(&self, symbols: &Symbols) -> bool {
        find(self.integer, symbols.digit)
            .is_some_and(|optional| symbols.count_family(part(self.integer, 0, optional)) > 0)
    }

    fn has_digit_after_optional(&self, symbols: &Symbols) -> bool {
        let optional = self.fraction.iter().rposition(|character| *character == symbols.digit);
        optional.is_some_and(|optional| {
            symbols.count_family(part(self.fraction, optional, self.fraction.len())) > 0
        })
    }

    /// Section 4.7.4.
    fn analyse(&self, symbols: &Symbols) -> SubPicture {
        let integer_groups = self.group_positions(self.integer, false, symbols);
        let scaling = symbols.count_family(self.integer);
        let (mut min_integer, mut min_fraction) = (scaling, symbols.count_family(self.fraction));
        let mut max_fraction = symbols.count_digits(self.fraction);
        if min_integer == 0 && max_fraction == 0 {
            if self.exponent.is_some() {
                (min_fraction, max_fraction) = (1, 1);
            } else {
                min_integer = 1;
            }
        }
        if self.exponent.is_some() && min_integer == 0 && self.integer.contains(&symbols.digit) {
            min_integer = 1;
        }
        if min_integer == 0 && min_fraction == 0 {
            min_fraction = 1;
        }
        SubPicture {
            prefix: self.prefix.iter().collect(),
            suffix: self.suffix.iter().collect(),
            has_percent: self.whole.contains(&symbols.percent),
            has_per_mille: self.whole.contains(&symbols.per_mille),
            has_decimal: self.whole.contains(&symbols.decimal),
            regular: regular_distance(&integer_groups),
            integer_groups,
            fraction_groups: self.group_positions(self.fraction, true, symbols),
            min_integer,
            scaling,
            min_fraction,
            max_fraction,
            min_exponent: self.exponent.map_or(0, |exponent| symbols.count_family(exponent)),
        }
    }

    /// The number of digits on one side of each separator. The reference implementation looks for the second and later separators of
    /// the fractional part in the integer part.
    fn group_positions(&self, text: &[char], to_left: bool, symbols: &Symbols) -> Vec<usize> {
        let mut positions = Vec::new();
        let mut separator = find(text, symbols.grouping);
        while let Some(at) = separator {
            let (start, end) = if to_left { (0, at) } else { (at, text.len()) };
            positions.push(symbols.count_digits(part(text, start, end.min(text.len()))));
            let rest = part(self.integer, at + 1, self.integer.len());
            separator = find(rest, symbols.grouping).map(|next| next + at + 1);
        }
        positions
    }
}

fn is_no_exponent(exponent: &[char], symbols: &Symbols) -> bool {
    exponent.is_empty() || exponent.iter().any(|character| !symbols.is_family(*character))
}

fn find(text: &[char], wanted: char) -> Option<usize> {
    text.iter().position(|character| *character == wanted)
}

/// The characters between two places, as far as there are any.
fn part(text: &[char], start: usize, end: usize) -> &[char] {
    text.get(start.min(text.len())..end.min(text.len())).unwrap_or_default()
}

fn refused(code: &'static str) -> Failure {
    let message = match code {
        "D3080" => "The picture string must only contain a maximum of two sub-pictures",
        "D3081" => {
            "The sub-picture must not contain more than one instance of the 'decimal-separator' character"
        }
        "D3082" => "The sub-picture must not contain more than one instance of the 'percent' character",
        "D3083" => "The sub-picture must not contain more than one instance of the 'per-mille' character",
        "D3084" => "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
        "D3085" => {
            "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit character' or a member of the 'decimal digit family'"
        }
        "D3086" => {
            "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character"
        }
        "D3087" => {
            "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a 'decimal-separator' character"
        }
        "D3088" => "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
        "D3089" => {
            "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character"
        }
        "D3090" => {
            "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by an instance of the 'optional digit character'"
        }
        "D3091" => {
            "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is followed by a member of the 'decimal digit family'"
        }
        "D3092" => {
            "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an 'exponent-separator'"
        }
        _ => {
            "The exponent part of the sub-picture must comprise only of one or more characters that are members of the 'decimal digit family'"
        }
    };
    Failure::new(code, message)
}
