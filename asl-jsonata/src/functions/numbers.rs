//! Numbers: reading, rounding, calculating, and how they look.

use crate::text::shown;
use crate::{Arguments, Data, Evaluation, Failure, Result, View, number_text, pictures};

super::builtins! {
    NUMBER = number;
    ABS = abs;
    FLOOR = floor;
    CEIL = ceil;
    ROUND = round;
    SQRT = sqrt;
    POWER = power;
    FORMAT_NUMBER = format_number;
    FORMAT_BASE = format_base;
    FORMAT_INTEGER = format_integer;
    PARSE_INTEGER = parse_integer;
}

fn number(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let argument = arguments.get(0);
    if let Some(text) = argument.as_str() {
        return number_text::parse(text).map(Data::number).ok_or_else(|| no_number(argument));
    }
    Ok(argument
        .as_bool()
        .map_or_else(|| argument.to_data(), |value| Data::number(f64::from(u8::from(value)))))
}

#[cold]
fn no_number(argument: View<'_>) -> Failure {
    Failure::new("D3030", format!("Unable to cast value to a number: {}", shown(argument)))
}

/// The first argument, unless it is a fraction: then what becomes of it. So whole numbers stay exact.
fn of_fraction(arguments: Arguments<'_>, change: impl FnOnce(f64) -> f64) -> Data {
    let argument = arguments.get(0);
    if argument.as_number().is_some_and(|number| number.is_integer()) {
        return argument.to_data();
    }
    argument.as_f64().map(change).into()
}

fn abs(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    if arguments.number(0).is_some_and(|number| number >= 0.0) {
        return Ok(arguments.get(0).to_data());
    }
    Ok(arguments.number(0).map(f64::abs).into())
}

fn floor(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(of_fraction(arguments, f64::floor))
}

fn ceil(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    Ok(of_fraction(arguments, f64::ceil))
}

fn round(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let places = arguments.number(1).unwrap_or(0.0);
    if places >= 0.0 && places.fract() == 0.0 {
        return Ok(of_fraction(arguments, |number| number_text::round(number, places)));
    }
    Ok(arguments.number(0).map(|number| number_text::round(number, places)).into())
}

fn sqrt(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(number) = arguments.number(0) else { return Ok(Data::Nothing) };
    if number < 0.0 {
        let number = shown(arguments.get(0));
        let message = format!("The sqrt function cannot be applied to a negative number: {number}");
        return Err(Failure::new("D3060", message));
    }
    Ok(Data::number(number.sqrt()))
}

fn power(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(base) = arguments.number(0) else { return Ok(Data::Nothing) };
    let power = arguments.number(1).map_or(f64::NAN, |exponent| base.powf(exponent));
    if power.is_finite() {
        return Ok(Data::number(power));
    }
    Err(Failure::new(
        "D3061",
        format!(
            "The power function has resulted in a value that cannot be represented as a JSON number: base={}, exponent={}",
            shown(arguments.get(0)),
            shown(arguments.get(1))
        ),
    ))
}

fn format_number(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(number) = arguments.number(0) else { return Ok(Data::Nothing) };
    let picture = arguments.text(1).ok_or_else(|| Failure::undefined("split"))?;
    // A number is taken for its text.
    let text = |option: &View<'_>| match option.as_f64() {
        Some(number) => Some(number_text::text(number)),
        None => option.as_str().map(str::to_owned),
    };
    let members = arguments.get(2).members();
    let options: Vec<_> = members.iter().filter_map(|(name, option)| Some((*name, text(option)?))).collect();
    let options = options.iter().map(|(name, text)| (*name, text.as_str()));
    pictures::number::format(number, picture, options).map(Data::text)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
fn format_base(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(number) = arguments.number(0) else { return Ok(Data::Nothing) };
    let base = number_text::round_half_even(arguments.number(1).unwrap_or(10.0));
    if !(2.0..=36.0).contains(&base) {
        let message = "The radix of the formatBase function must be between 2 and 36.  It was given";
        return Err(Failure::new("D3100", format!("{message} {}", number_text::text(base))));
    }
    Ok(Data::text(number_text::in_base(number_text::round_half_even(number), base as u32)))
}

fn format_integer(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(number) = arguments.number(0) else { return Ok(Data::Nothing) };
    let picture = arguments.text(1).ok_or_else(no_picture)?;
    pictures::integer::format(number, picture).map(Data::text)
}

fn parse_integer(_: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data> {
    let Some(text) = arguments.text(0) else { return Ok(Data::Nothing) };
    let picture = arguments.text(1).ok_or_else(no_picture)?;
    let number = pictures::integer::parse(text, picture)?;
    Ok(Data::number(number.unwrap_or(f64::NAN)))
}

#[cold]
fn no_picture() -> Failure {
    Failure::undefined("lastIndexOf")
}
