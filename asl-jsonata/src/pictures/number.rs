//! `$formatNumber` (section 4.7).

use super::check_length;
use super::grouping::insert_regularly;
use super::number_picture::{SubPicture, Symbols, parse};
use crate::failure::Result;
use crate::number_text;

/// A number as a picture shows it.
///
/// # Errors
/// The picture is wrong: `D3080` to `D3093`.
pub(crate) fn format<'o>(
    number: f64,
    picture: &str,
    options: impl Iterator<Item = (&'o str, &'o str)>,
) -> Result<String> {
    check_length(picture)?;
    let symbols = Symbols::new(options);
    let (positive, negative) = parse(picture, &symbols)?;
    if number >= 0.0 {
        return Ok(write(number, &positive, &symbols));
    }
    let negative = negative.unwrap_or_else(|| {
        let prefix = format!("{}{}", symbols.minus, positive.prefix);
        SubPicture { prefix, ..positive }
    });
    Ok(write(number, &negative, &symbols))
}

fn write(number: f64, picture: &SubPicture, symbols: &Symbols) -> String {
    let scale = match (picture.has_percent, picture.has_per_mille) {
        (true, _) => 100.0,
        (false, true) => 1000.0,
        (false, false) => 1.0,
    };
    let (mantissa, exponent) = split_exponent(number * scale, picture);
    let mut digits = mantissa_digits(mantissa, picture, symbols);
    let mut decimal = digits.iter().position(|digit| *digit == symbols.decimal).unwrap_or(digits.len());
    pad(&mut digits, &mut decimal, picture, symbols);
    group(&mut digits, decimal, picture, symbols);
    if !picture.has_decimal || digits.last() == Some(&symbols.decimal) {
        digits.pop();
    }
    let exponent = exponent.map(|exponent| exponent_text(exponent, picture, symbols)).unwrap_or_default();
    let digits: String = digits.into_iter().collect();
    format!("{}{digits}{exponent}{}", picture.prefix, picture.suffix)
}

/// The number as a mantissa of the size that the picture wants, and a power of ten.
#[expect(clippy::cast_precision_loss, reason = "it is the number of digits of a picture")]
fn split_exponent(number: f64, picture: &SubPicture) -> (f64, Option<i32>) {
    if picture.min_exponent == 0 {
        return (number, None);
    }
    let (mut mantissa, mut exponent) = (number.abs(), 0);
    let max = 10_f64.powf(picture.scaling as f64);
    let min = 10_f64.powf(picture.scaling as f64 - 1.0);
    while mantissa < min && mantissa > 0.0 && exponent > -2000 {
        mantissa *= 10.0;
        exponent -= 1;
    }
    while mantissa > max && exponent < 2000 {
        mantissa /= 10.0;
        exponent += 1;
    }
    (mantissa, Some(exponent))
}

/// The digits with a decimal separator, without zeros at the ends.
#[expect(clippy::cast_precision_loss, reason = "it is the number of digits of a picture")]
fn mantissa_digits(mantissa: f64, picture: &SubPicture, symbols: &Symbols) -> Vec<char> {
    // No number has more decimal places, and formatting does not take more than 65,535.
    let places = picture.max_fraction.min(1100);
    let rounded = number_text::round(mantissa, places as f64).abs();
    let text = if rounded < 1e21 { format!("{rounded:.places$}") } else { number_text::text(rounded) };
    let mut digits: Vec<char> = text.chars().map(|character| in_family(character, symbols)).collect();
    if !text.contains('.') {
        digits.push(symbols.decimal);
    }
    let zeros = digits.iter().take_while(|digit| **digit == symbols.zero).count();
    digits.drain(..zeros);
    while digits.last() == Some(&symbols.zero) {
        digits.pop();
    }
    digits
}

fn in_family(character: char, symbols: &Symbols) -> char {
    if character == '.' {
        return symbols.decimal;
    }
    character.to_digit(10).map_or(character, |digit| symbols.family_digit(digit))
}

/// Adds zeros up to the least numbers of digits.
fn pad(digits: &mut Vec<char>, decimal: &mut usize, picture: &SubPicture, symbols: &Symbols) {
    let before = picture.min_integer.saturating_sub(*decimal);
    let after = picture.min_fraction.saturating_sub(digits.len().saturating_sub(*decimal + 1));
    digits.splice(0..0, std::iter::repeat_n(symbols.zero, before));
    digits.extend(std::iter::repeat_n(symbols.zero, after));
    *decimal += before;
}

fn group(digits: &mut Vec<char>, decimal: usize, picture: &SubPicture, symbols: &Symbols) {
    if let Some(distance) = picture.regular {
        insert_regularly(digits, decimal, distance, symbols.grouping);
    } else {
        for (inserted, position) in picture.integer_groups.iter().enumerate() {
            // Where a number is too short the reference implementation counts from its end.
            let place = (decimal + inserted).checked_sub(*position);
            let beyond = position.saturating_sub(decimal + inserted);
            let place = place.unwrap_or_else(|| digits.len().saturating_sub(beyond));
            digits.insert(place.min(digits.len()), symbols.grouping);
        }
    }
    let decimal = digits.iter().position(|digit| *digit == symbols.decimal).unwrap_or(digits.len());
    for position in &picture.fraction_groups {
        digits.insert((position + decimal + 1).min(digits.len()), symbols.grouping);
    }
}

fn exponent_text(exponent: i32, picture: &SubPicture, symbols: &Symbols) -> String {
    let digits = exponent.unsigned_abs().to_string();
    let zeros = std::iter::repeat_n('0', picture.min_exponent.saturating_sub(digits.len()));
    let digits: String = zeros.chain(digits.chars()).map(|digit| in_family(digit, symbols)).collect();
    let sign = if exponent < 0 { symbols.minus.as_str() } else { "" };
    format!("{}{sign}{digits}", symbols.exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: f64, picture: &str) -> String {
        format(number, picture, std::iter::empty()).unwrap()
    }

    #[test]
    fn numbers_get_digits_separators_signs_and_exponents() {
        assert_eq!(shown(1234567.891, "#,##0.00"), "1,234,567.89");
        assert_eq!(shown(-5.0, "000"), "-005");
        assert_eq!(shown(-5.0, "0;(0)"), "(5)");
        assert_eq!(shown(0.256, "#0.0%"), "25.6%");
        assert_eq!(shown(0.256, "0\u{2030}"), "256\u{2030}");
        assert_eq!(shown(1234.5, "0.00e00"), "1.23e03");
        assert_eq!(shown(0.5, ".00"), ".50");
        assert_eq!(shown(0.0, "#.##"), ".0");
        assert_eq!(shown(12345678.0, "#,##,##,000"), "1,23,45,678");
    }

    /// As in the reference implementation, which takes them for digits.
    #[test]
    fn what_has_no_digits_has_places_all_the_same() {
        assert_eq!(shown(f64::NAN, "00.0e0"), "-NaN.0e0");
        assert_eq!(shown(f64::NAN, "0"), "-NaN");
        assert_eq!(shown(1.5e21, "0.0"), "1.5e+21");
        assert_eq!(shown(1e21, "0.0"), "1e+21.0");
        assert_eq!(shown(1.5e21, "0"), "1.5e+2");
    }

    #[test]
    fn zero_has_an_exponent_too() {
        assert_eq!(shown(0.0, "0.0e0"), "0.0e0");
        assert_eq!(shown(0.00123, "0.00e0"), "1.23e-3");
        assert_eq!(shown(-1234.0, "0.0e0"), "-1.2e3");
    }

    #[test]
    fn pictures_may_be_long() {
        let zeros = "0".repeat(4000);
        assert_eq!(shown(1.5, &format!("0.{zeros}e{zeros}")).len(), 2 + 4000 + 1 + 4000);
        assert!(format(1.0, &"0".repeat(20_000), std::iter::empty()).is_err());
    }

    #[test]
    fn options_change_symbols() {
        let options = [("decimal-separator", ","), ("grouping-separator", "."), ("zero-digit", "\u{660}")];
        let text = format(1234.5, "#.\u{660}\u{660}\u{660},\u{660}", options.into_iter()).unwrap();
        assert_eq!(text, "\u{661}.\u{662}\u{663}\u{664},\u{665}");
    }

    #[test]
    fn wrong_pictures_are_refused() {
        let mut messages = std::collections::BTreeSet::new();
        let cases = [
            ("0;0;0", "D3080"),
            ("0.0.0", "D3081"),
            ("0%%", "D3082"),
            ("0\u{2030}\u{2030}", "D3083"),
            ("0%\u{2030}", "D3084"),
            (".%", "D3085"),
            ("0a0", "D3086"),
            ("0,.0", "D3087"),
            ("0.,0", "D3087"),
            ("0,", "D3088"),
            ("0,,0", "D3089"),
            ("0#", "D3090"),
            ("0.#0", "D3091"),
            ("0e0%", "D3092"),
            ("0e#", "D3093"),
        ];
        for (picture, code) in cases {
            let failure = format(1.0, picture, std::iter::empty()).unwrap_err();
            assert_eq!(failure.code(), Some(code), "{picture}");
            messages.insert(failure.message().to_owned());
        }
        assert_eq!(messages.len(), cases.len() - 1, "each code has words of its own: {messages:?}");
        assert_eq!(format(1.0, "abc", std::iter::empty()).unwrap_err().code(), Some("D3086"));
    }
}
