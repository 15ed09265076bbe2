//! Scalars: which JSON value a word, a quoted string or a block of text is, by the core schema of YAML 1.2.
//!
//! In: a scalar as the parser returns it. Out: a [`Value`]. What YAML 1.1 reads as something else is a warning, because many programs still
//! read YAML 1.1.

use super::place::places;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Text, Value, number};
use crate::source::{SourceFile, Span};
use crate::vocabulary::Number;
use granit_parser::{ScalarStyle, Tag};

/// A scalar in the text.
pub(super) struct Scalar<'a> {
    pub(super) text: &'a str,
    pub(super) style: ScalarStyle,
    pub(super) tag: Option<&'a Tag>,
    pub(super) span: Span,
}

impl Scalar<'_> {
    /// The value; a key is always a string.
    pub(super) fn read(
        &self,
        source: &SourceFile,
        is_key: bool,
        report: &mut impl FnMut(Diagnostic),
    ) -> Result<Value, Box<Diagnostic>> {
        let tag = self.tag.and_then(Tag::core_suffix);
        let plain = self.style == ScalarStyle::Plain && self.tag.is_none();
        if plain {
            self.check_ambiguity(is_key, report);
        }
        if is_key || tag == Some("str") || !(plain || tag.is_some()) {
            return Ok(self.string(source));
        }
        let kind = self.resolve(report)?;
        // An empty scalar is nowhere; a message about it points at where it would be.
        Ok(kind.map_or_else(|| self.string(source), |kind| Value { span: self.span, kind }))
    }

    fn string(&self, source: &SourceFile) -> Value {
        let (span, escapes) = places(self.text, self.style, self.span, source);
        Value { span, kind: Kind::String(Text { value: self.text.to_owned(), span, escapes }) }
    }

    /// What a word is, if it is not a string.
    fn resolve(&self, report: &mut impl FnMut(Diagnostic)) -> Result<Option<Kind>, Box<Diagnostic>> {
        Ok(Some(match self.text {
            "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
            "true" | "True" | "TRUE" => Kind::Bool(true),
            "false" | "False" | "FALSE" => Kind::Bool(false),
            text if is_infinite(text) => return Err(Box::new(self.not_finite())),
            text => match self.number(text, report) {
                Some(number) => Kind::Number(number),
                None => return Ok(None),
            },
        }))
    }

    fn number(&self, text: &str, report: &mut impl FnMut(Diagnostic)) -> Option<Number> {
        if let Some(digits) = text.strip_prefix("0x") {
            return u64::from_str_radix(digits, 16).ok().map(whole);
        }
        if let Some(digits) = text.strip_prefix("0o") {
            return u64::from_str_radix(digits, 8).ok().map(whole);
        }
        let decimal = decimal(text)?;
        let (number, exact) = number::convert(&decimal);
        if !exact {
            report(number::out_of_range(text, self.span));
        }
        Some(number)
    }

    fn not_finite(&self) -> Diagnostic {
        let message = format!("`{}` is not a JSON number", self.text);
        Diagnostic::new(Code::InvalidYaml, self.span, message).label("expected a number")
    }

    /// Words that mean one thing in YAML 1.1 and another in YAML 1.2.
    fn check_ambiguity(&self, is_key: bool, report: &mut impl FnMut(Diagnostic)) {
        let folded = self.text.to_ascii_lowercase();
        let (older, newer) = if ["yes", "no", "on", "off"].contains(&folded.as_str()) {
            ("a boolean", "a string")
        } else if !is_key && is_octal(self.text) {
            ("an octal number", "a decimal one")
        } else {
            return;
        };
        let message = format!("`{}` is {older} in YAML 1.1 and {newer} in YAML 1.2", self.text);
        report(
            Diagnostic::new(Code::AmbiguousYaml, self.span, message)
                .label(format!("here it is {newer}"))
                .help("write a string in quotes, a boolean as `true` or `false`, and a number without zeros before it"),
        );
    }
}

fn whole(number: u64) -> Number {
    i64::try_from(number).map_or(Number::Uint(number), Number::Int)
}

fn is_infinite(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(&unsigned)
}

fn is_octal(text: &str) -> bool {
    text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| (b'0'..=b'7').contains(&byte))
}

/// The number as JSON writes it, if the core schema has it.
fn decimal(text: &str) -> Option<String> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => ("-", text.get(1..)?),
        b'+' => ("", text.get(1..)?),
        _ => ("", text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (rest.get(..at)?, Some(rest.get(at + 1..)?)),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_digits = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    let written = !whole.is_empty() || fraction.is_some_and(|fraction| !fraction.is_empty());
    if !written
        || !digits(whole)
        || !fraction.is_none_or(digits)
        || exponent_digits.is_some_and(|text| text.is_empty() || !digits(text))
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let mut number = format!("{sign}{}", if whole.is_empty() { "0" } else { whole });
    if let Some(fraction) = fraction {
        number.push_str(&format!(".{}", if fraction.is_empty() { "0" } else { fraction }));
    }
    if let Some(exponent) = exponent {
        number.push_str(&format!("e{exponent}"));
    }
    Some(number)
}
