//! Values as Java prints them: that is what `States.Format` does with anything but a string (recorded from AWS).

use asl_value::Value;
use std::fmt::Write;

/// Appends a value: `{Arg1=1, Arg2=[]}`.
pub(super) fn print(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Number(number) if !number.is_integer() => out.push_str(&double(number.as_f64())),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Array(elements) => {
            out.push('[');
            print_all(elements.iter().map(|element| (None, element)), out);
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            print_all(fields.iter().map(|(key, value)| (Some(key), value)), out);
            out.push('}');
        }
    }
}

fn print_all<'v>(values: impl Iterator<Item = (Option<&'v str>, &'v Value)>, out: &mut String) {
    for (number, (key, value)) in values.enumerate() {
        if number > 0 {
            out.push_str(", ");
        }
        if let Some(key) = key {
            out.push_str(key);
            out.push('=');
        }
        print(value, out);
    }
}

/// `Double.toString`: plain from 10^-3 to below 10^7, else with an exponent, always with a digit after the point.
fn double(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude == 0.0 || (1e-3..1e7).contains(&magnitude) {
        return with_point(value.to_string());
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let mut text = with_point(mantissa.to_owned());
    let _ = write!(text, "E{exponent}");
    text
}

fn with_point(mut digits: String) -> String {
    if !digits.contains('.') {
        digits.push_str(".0");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_print_as_in_java() {
        for (json, java) in [
            (r#"{"Arg1":1,"Arg2":[],"c":[true,null,"x"]}"#, "{Arg1=1, Arg2=[], c=[true, null, x]}"),
            ("1.1", "1.1"),
            ("100.0", "100.0"),
            ("1e7", "1.0E7"),
            ("0.00012", "1.2E-4"),
            ("-0.5", "-0.5"),
            ("12345678901", "12345678901"),
        ] {
            let mut printed = String::new();
            print(&Value::from_json(json).unwrap(), &mut printed);
            assert_eq!(printed, java);
        }
    }
}
