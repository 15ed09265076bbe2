//! Numbers as text and back, as ECMAScript has it, because `$string` and all that shows numbers do it so.
//!
//! In: numbers, or texts. Out: the other. Nothing here fails but what is not a number.

use std::fmt::Write;

/// Whole numbers below this have at most 15 digits.
const FIFTEEN_DIGITS: f64 = 1e15;

/// Writes a number as `$string` does: with the 15 digits that a 64-bit float surely has.
pub(crate) fn write_rounded(number: f64, out: &mut String) {
    if !write_small_integer(number, out) {
        let rounded = fifteen_digits(number);
        write(if rounded.is_finite() { rounded } else { number }, out);
    }
}

/// Writes a number as ECMAScript does: with as many digits as tell it from others, and an exponent from 10^21 and below 10^-6.
pub(crate) fn write(number: f64, out: &mut String) {
    let size = number.abs();
    // Writing to a string cannot fail.
    let _ = if write_small_integer(number, out) {
        Ok(())
    } else if number.is_nan() {
        out.write_str("NaN")
    } else if number.is_infinite() {
        out.write_str(if number > 0.0 { "Infinity" } else { "-Infinity" })
    } else if (1e-6..1e21).contains(&size) {
        write!(out, "{number}")
    } else if size < 1.0 {
        write!(out, "{number:e}")
    } else {
        let text = format!("{number:e}");
        out.write_str(&text.replace('e', "e+"))
    };
}

#[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
fn write_small_integer(number: f64, out: &mut String) -> bool {
    let fits = number.abs() < FIFTEEN_DIGITS && number.fract() == 0.0;
    if fits {
        // Writing to a string cannot fail.
        let _ = write!(out, "{}", number as i64);
    }
    fits
}

/// A number as ECMAScript shows it.
pub(crate) fn text(number: f64) -> String {
    let mut text = String::new();
    write(number, &mut text);
    text
}

/// The nearest number with 15 digits; halves go away from zero.
fn fifteen_digits(number: f64) -> f64 {
    let size = number.abs();
    let shortest = format!("{size:e}");
    let digits = shortest.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    if digits <= 15 {
        return number;
    }
    // Formatting takes halves to even; the next number above one is nearer to what is above.
    let nearest = if is_half(size) { size.next_up() } else { size };
    let rounded = format!("{nearest:.14e}").parse().unwrap_or(size);
    rounded * number.signum()
}

/// Whether a number lies in the middle between two of 15 digits: its decimal expansion ends in a 5 at the sixteenth digit.
fn is_half(size: f64) -> bool {
    let exact = format!("{size:.60e}");
    let digits = exact.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).skip(15);
    digits.enumerate().all(|(place, digit)| digit == if place == 0 { b'5' } else { b'0' })
}

/// The number that a text shows, as `$number` reads it: decimal, or after `0x`, `0o`, `0b` in another base.
pub(crate) fn parse(text: &str) -> Option<f64> {
    if is_decimal(text) {
        return text.parse().ok().filter(|number: &f64| number.is_finite());
    }
    let (prefix, digits) = text.split_at_checked(2)?;
    let base = match prefix {
        "0x" | "0X" => 16,
        "0o" | "0O" => 8,
        "0b" | "0B" => 2,
        _ => return None,
    };
    parse_digits(digits, base).filter(|number| number.is_finite())
}

/// `-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?`
fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    [whole, fraction, exponent.strip_prefix(['-', '+']).unwrap_or(exponent)].into_iter().all(is_digits)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[expect(clippy::cast_precision_loss, reason = "what does not fit is rounded")]
fn parse_digits(digits: &str, base: u32) -> Option<f64> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    let exact = u128::from_str_radix(digits, base).map(|number| number as f64);
    let add = |sum: f64, digit: char| sum * f64::from(base) + f64::from(digit.to_digit(base).unwrap_or(0));
    Some(exact.unwrap_or_else(|_| digits.chars().fold(0.0, add)))
}

/// The whole number that a text starts with, as ECMAScript's `parseInt` has it.
pub(crate) fn leading_integer(text: &str) -> Option<f64> {
    let text = text.trim_start_matches(asl_language::regex::is_space);
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(unsigned) => (-1.0, unsigned),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = unsigned.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(unsigned.len());
    let digits = unsigned.get(..end)?;
    if digits.is_empty() { None } else { digits.parse::<f64>().ok().map(|number| number * sign) }
}

/// Digits are exact below it, which is 2^120.
const EXACT: f64 = 1_329_227_995_784_915_872_903_807_060_280_344_576.0;

/// A whole number in another base (2 to 36); NaN and the infinities by their names.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a whole number in range")]
pub(crate) fn in_base(number: f64, base: u32) -> String {
    if base == 10 || !number.is_finite() {
        return text(number);
    }
    let mut digits = Vec::new();
    let mut size = number.abs();
    while size >= EXACT {
        size /= f64::from(base);
        digits.push('0');
    }
    let mut rest = size as u128;
    loop {
        let digit = u32::try_from(rest % u128::from(base)).unwrap_or_default();
        digits.extend(char::from_digit(digit, base));
        rest /= u128::from(base);
        if rest == 0 {
            break;
        }
    }
    digits.extend((number < 0.0).then_some('-'));
    digits.into_iter().rev().collect()
}

/// A number rounded to some decimal places (negative: to tens, hundreds, ..), halves to even.
pub(crate) fn round(number: f64, places: f64) -> f64 {
    if places.fract() != 0.0 {
        return f64::NAN;
    }
    if places == 0.0 {
        return round_half_even(number);
    }
    let shifted = shift(number, places);
    if shifted.is_infinite() {
        // So far to the right it has no digits.
        return number;
    }
    let rounded = shift(round_half_even(shifted), -places);
    // There is no negative zero in JSON.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// Halves to even, and never a negative zero.
pub(crate) fn round_half_even(number: f64) -> f64 {
    let rounded = number.round_ties_even();
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A number times a power of ten, without the errors of a multiplication.
#[expect(clippy::cast_possible_truncation, reason = "casts saturate, and so far out all is zero or infinite")]
fn shift(number: f64, places: f64) -> f64 {
    let text = format!("{number:e}");
    let Some((mantissa, exponent)) = text.split_once('e') else { return number };
    let exponent = exponent.parse::<i64>().unwrap_or(0).saturating_add(places as i64);
    format!("{mantissa}e{exponent}").parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(number: f64) -> String {
        let mut text = String::new();
        write_rounded(number, &mut text);
        text
    }

    #[test]
    fn numbers_are_shown_as_in_ecmascript() {
        for (number, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (-1.5e300, "-1.5e+300"),
            (1e-6, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (0.1 + 0.2, "0.30000000000000004"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(text(number), expected);
        }
    }

    #[test]
    fn strings_of_numbers_have_15_digits() {
        assert_eq!(rounded(0.1 + 0.2), "0.3");
        assert_eq!(rounded(22.0 / 7.0), "3.14285714285714");
        assert_eq!(rounded(1_000_000_000_000.125), "1000000000000.13");
        assert_eq!(rounded(-1_000_000_000_000.375), "-1000000000000.38");
        assert_eq!(rounded(1_234_567_890_123_456.0), "1234567890123460");
        assert_eq!(rounded(1e100 / 3.0), "3.33333333333333e+99");
        assert_eq!(rounded(f64::MAX), "1.7976931348623157e+308");
    }

    #[test]
    fn numbers_are_read_in_four_bases() {
        assert_eq!(parse("-12.5e2"), Some(-1250.0));
        assert_eq!(parse("0xFf"), Some(255.0));
        assert_eq!(parse("0o17"), Some(15.0));
        assert_eq!(parse("0B101"), Some(5.0));
        for wrong in ["", "+1", "1.", ".5", "1e", "1e999", " 1", "0x", "0xg", "-0x1", "1_000", "é12", "NaN"]
        {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_are_shown_in_any_base() {
        assert_eq!(in_base(255.0, 16), "ff");
        assert_eq!(in_base(-10.0, 2), "-1010");
        assert_eq!(in_base(0.0, 36), "0");
        assert_eq!([in_base(f64::NAN, 2), in_base(f64::NEG_INFINITY, 16)], ["NaN", "-Infinity"]);
        assert_eq!(in_base(1e21, 10), "1e+21");
    }

    #[test]
    fn halves_are_rounded_to_even_at_any_place() {
        assert_eq!(round(11.5, 0.0), 12.0);
        assert_eq!(round(12.5, 0.0), 12.0);
        assert_eq!(round(4.515, 2.0), 4.52);
        assert_eq!(round(4.525, 2.0), 4.52);
        assert_eq!(round(125.0, -1.0), 120.0);
        assert_eq!(round(1.5, 400.0), 1.5);
        assert!(round(-0.4, 0.0).is_sign_positive());
    }

    #[test]
    fn a_text_may_start_with_a_number() {
        assert_eq!(leading_integer(" -12x"), Some(-12.0));
        assert_eq!(leading_integer("+0530"), Some(530.0));
        assert_eq!(leading_integer("x"), None);
    }
}
