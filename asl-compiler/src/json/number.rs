//! Stage 1: JSON numbers.
//!
//! In: the parser at the first character of something like a number. Out: a [`Number`] that is exactly what is written, or
//! a problem. Never rounds a whole number.

use super::parser::{Parser, Stop};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::vocabulary::Number;

/// Reads a number. A number that is out of range is reported, and replaced by the next best.
pub(super) fn parse_number(parser: &mut Parser<'_, '_>) -> Result<Number, Stop> {
    let start = parser.offset();
    // All that belongs together is taken at once, so that `1.2.3` and `0x1F` are one wrong number and not a right one
    // with something behind it.
    let word =
        parser.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_'));
    let span = Span::new(start, parser.offset());
    match fault_of(word) {
        None => {}
        Some(help) => {
            let diagnostic =
                Diagnostic::new(Code::InvalidJson, span, format!("`{word}` is not a JSON number"));
            return Err(parser.stop(match help {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }));
        }
    }
    let (number, exact) = convert(word);
    if !exact {
        parser.report(out_of_range(word, span));
    }
    Ok(number)
}

/// What is wrong with the form of the number, with or without a hint.
fn fault_of(word: &str) -> Option<Option<String>> {
    let digits = word.strip_prefix('-').unwrap_or(word);
    if word.starts_with('+') {
        return Some(Some("leave out the `+`".to_owned()));
    }
    if digits.starts_with('.') {
        return Some(Some("write a `0` before the point".to_owned()));
    }
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (digits.get(..at).unwrap_or_default(), digits.get(at + 1..)),
        None => (digits, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    let numeric = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction == Some("") && numeric(whole) {
        return Some(Some("write a digit after the point".to_owned()));
    }
    if !numeric(whole)
        || fraction.is_some_and(|text| !numeric(text))
        || exponent.is_some_and(|text| !numeric(text))
    {
        return Some(None);
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Some(Some("a number does not start with zeros: leave them out".to_owned()));
    }
    None
}

/// The number, and whether it is exactly what is written.
pub(crate) fn convert(word: &str) -> (Number, bool) {
    let whole = !word.contains(['.', 'e', 'E']);
    // `-0` is a zero with a sign, which only a float has.
    if whole && word != "-0" {
        if let Ok(number) = word.parse() {
            return (Number::Int(number), true);
        }
        if let Ok(number) = word.parse() {
            return (Number::Uint(number), true);
        }
    }
    let float: f64 = word.parse().unwrap_or(f64::INFINITY);
    if float.is_infinite() {
        return (Number::Float(f64::MAX.copysign(float)), false);
    }
    (Number::Float(float), !whole || format!("{float:.0}") == word)
}

pub(crate) fn out_of_range(word: &str, span: Span) -> Diagnostic {
    // A number may have a million digits, and it should not be read twice.
    let shown =
        if word.len() <= 40 { format!("`{word}`") } else { format!("a number of {} digits", word.len()) };
    Diagnostic::new(Code::NumberOutOfRange, span, format!("{shown} cannot be kept exactly"))
        .label("this number would change")
        .help("if it is a name of something, such as an account number, write it as a string")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::json::parse;
    use crate::source::SourceFile;

    fn number(text: &str) -> (Option<Number>, Vec<Diagnostic>) {
        let source = SourceFile::new("t", text);
        let mut diagnostics = Diagnostics::default();
        let value = parse(&source, &mut diagnostics);
        (value.and_then(|value| value.as_number()), diagnostics.into_sorted())
    }

    #[test]
    fn numbers_are_kept_exactly() {
        let cases = [
            ("0", Number::Int(0)),
            ("-1", Number::Int(-1)),
            ("9223372036854775807", Number::Int(i64::MAX)),
            ("-9223372036854775808", Number::Int(i64::MIN)),
            ("9223372036854775808", Number::Uint(1 << 63)),
            ("18446744073709551615", Number::Uint(u64::MAX)),
            ("18446744073709551616", Number::Float(18_446_744_073_709_551_616.0)),
            ("1.0", Number::Float(1.0)),
            ("0.1", Number::Float(0.1)),
            ("1e3", Number::Float(1000.0)),
            ("-1.5E-3", Number::Float(-0.0015)),
            ("2E+2", Number::Float(200.0)),
        ];
        for (text, expected) in cases {
            let (found, diagnostics) = number(text);
            assert_eq!(found, Some(expected), "{text}");
            assert_eq!(diagnostics, [], "{text}");
        }
    }

    #[test]
    fn numbers_out_of_range_are_reported() {
        let long = "1".repeat(1_000_000);
        for text in ["18446744073709551617", "-9223372036854775809", "1e400", "-1e400", &long] {
            let (found, diagnostics) = number(text);
            assert!(found.is_some());
            assert_eq!(diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::NumberOutOfRange]);
        }
    }

    #[test]
    fn other_notations_are_errors_with_hints() {
        let cases = [
            ("01", Some("zeros")),
            ("-007", Some("zeros")),
            ("+1", Some("`+`")),
            (".5", Some("before the point")),
            ("-.5", Some("before the point")),
            ("1.", Some("after the point")),
            ("1.e3", Some("after the point")),
            ("-", None),
            ("1e", None),
            ("1e+", None),
            ("0x1F", None),
            ("1_000", None),
            ("1.2.3", None),
            ("12abc", None),
            ("1e2.5", None),
        ];
        for (text, hint) in cases {
            let (found, diagnostics) = number(text);
            assert_eq!(found, None, "{text}");
            let [diagnostic] = diagnostics.as_slice() else { panic!("{text}: {diagnostics:?}") };
            assert_eq!(diagnostic.message, format!("`{text}` is not a JSON number"));
            assert_eq!(diagnostic.span, Span::new(0, text.len()));
            match hint {
                Some(hint) => assert!(diagnostic.help.iter().any(|help| help.contains(hint)), "{text}"),
                None => assert!(diagnostic.help.is_empty(), "{text}"),
            }
        }
    }
}
