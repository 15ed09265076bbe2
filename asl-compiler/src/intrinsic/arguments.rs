//! Whether the arguments of intrinsic functions fit, as far as that is known before the machine runs.
//!
//! In: a [`WrittenCall`]. Out: only diagnostics. What paths lead to is not known here, and never a fault.

use super::functions::{Gives, Row, row_of};
use super::{Argument, WrittenCall};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{self, Text};
use crate::source::{SourceFile, Span};
use crate::vocabulary::{Constant, Function, Number};
use std::cmp::Ordering;

/// The longest array that `States.ArrayRange` makes.
const LONGEST_RANGE: f64 = 1000.0;

const ALGORITHMS: &[&str] = &["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/// Whether the call and those in its arguments can give a value.
pub(super) fn check(call: &WrittenCall, text: &Text, diagnostics: &mut Diagnostics) -> bool {
    let mut checker = Checker { text, diagnostics, fits: true };
    checker.call(call);
    checker.fits
}

/// What is wrong with a call for values that its arguments are known to have; nothing is said of those that are written out.
pub(crate) fn faults_of_values(call: &WrittenCall, values: &[Option<Constant>]) -> Vec<Diagnostic> {
    let mut is_new = false;
    let argument = |(argument, value): (&Argument, &Option<Constant>)| match value {
        Some(value) if !matches!(argument, Argument::Constant(..)) => {
            is_new = true;
            Argument::Constant(argument.span(), value.clone())
        }
        _ => argument.clone(),
    };
    let arguments = call.arguments.iter().zip(values).map(argument).collect();
    let (Some(row), true) = (row_of(call.function), is_new) else { return Vec::new() };
    let text = Text::empty_at(call.span);
    let mut diagnostics = Diagnostics::default();
    let mut checker = Checker { text: &text, diagnostics: &mut diagnostics, fits: true };
    checker.values(&WrittenCall { arguments, ..call.clone() }, row);
    diagnostics.into_sorted()
}

struct Checker<'a> {
    text: &'a Text,
    diagnostics: &'a mut Diagnostics,
    fits: bool,
}

impl Checker<'_> {
    fn report(&mut self, span: Span, message: String, label: impl Into<String>) {
        self.fits = false;
        self.diagnostics.push(Diagnostic::new(Code::InvalidIntrinsic, span, message).label(label));
    }

    fn call(&mut self, call: &WrittenCall) {
        for argument in &call.arguments {
            if let Argument::Call(inner) = argument {
                self.call(inner);
            }
        }
        let Some(row) = row_of(call.function) else { return };
        if !self.number_fits(call, row) {
            return;
        }
        for ((argument, wanted), number) in call.arguments.iter().zip(row.takes).zip(1..) {
            self.type_fits(row, argument, *wanted, number);
        }
        self.values(call, row);
    }

    fn number_fits(&mut self, call: &WrittenCall, row: &Row) -> bool {
        let (most, found) = (row.takes.len(), call.arguments.len());
        let least = most - row.optional;
        if found >= least && (found <= most || row.any_more) {
            return true;
        }
        let wanted = match (row.any_more, row.optional) {
            (true, _) => format!("at least {}", arguments(least)),
            (false, 0) => arguments(most),
            (false, _) => format!("{least} or {}", arguments(most)),
        };
        let given = if found == 1 { "is" } else { "are" };
        let message = format!("`{}` takes {wanted}, but {found} {given} given", row.name);
        let span = call.arguments.get(most).map_or(call.name_span, Argument::span);
        self.report(span, message, format!("expected {wanted}"));
        false
    }

    fn type_fits(&mut self, row: &Row, argument: &Argument, wanted: Gives, number: usize) {
        let found = kind(argument);
        if wanted != Gives::Any && found != Gives::Any && found != wanted {
            let message = format!(
                "argument {number} of `{}` must be {}, not {}",
                row.name,
                wanted.name(),
                found.name()
            );
            self.report(argument.span(), message, format!("expected {}", wanted.name()));
        }
    }

    /// What single functions want of the values of literals.
    fn values(&mut self, call: &WrittenCall, row: &Row) {
        match (call.function, call.arguments.as_slice()) {
            (Function::Format, [Argument::Constant(span, Constant::String(template)), values @ ..]) => {
                self.template(*span, template, values.len());
            }
            (Function::Hash, [_, Argument::Constant(span, Constant::String(algorithm))]) => {
                self.algorithm(*span, algorithm);
            }
            (Function::JsonMerge, [_, _, Argument::Constant(span, Constant::Bool(true))]) => {
                let message = "`States.JsonMerge` merges only the outermost level".to_owned();
                self.report(*span, message, "expected `false`");
            }
            (Function::ArrayRange, [_, _, Argument::Constant(span, Constant::Number(step))])
                if sign(*step) == Ordering::Equal =>
            {
                self.report(*span, format!("the step of `{}` is zero", row.name), "expected another number");
            }
            (
                Function::ArrayRange,
                [
                    Argument::Constant(first, Constant::Number(from)),
                    Argument::Constant(last, Constant::Number(to)),
                    Argument::Constant(_, Constant::Number(step)),
                ],
            ) if (float(*to) - float(*from)) / float(*step) >= LONGEST_RANGE => {
                let message = format!("`{}` makes no array of more than 1,000 numbers", row.name);
                let span = Span::new(first.start, last.end);
                self.report(span, message, "there are more from the first to the last");
            }
            (Function::Base64Decode, [Argument::Constant(span, Constant::String(text))])
                if !is_base64(text) && !text.contains("${") =>
            {
                self.report(*span, format!("the text of `{}` is not Base64", row.name), "expected Base64");
            }
            (Function::StringToJson, [Argument::Constant(span, Constant::String(text))])
                if !is_json(text) && !text.contains("${") && !text.starts_with('$') =>
            {
                self.report(*span, format!("the text of `{}` is not JSON", row.name), "expected JSON");
            }
            (Function::ArrayPartition, [_, Argument::Constant(span, Constant::Number(size))])
                if sign(*size) != Ordering::Greater =>
            {
                let message = format!("the size of the parts of `{}` is not above zero", row.name);
                self.report(*span, message, "expected a whole number from 1");
            }
            (Function::ArrayGetItem, [_, Argument::Constant(span, Constant::Number(index))])
                if float(*index) <= -1.0 =>
            {
                let message = format!("the index of `{}` is below zero", row.name);
                self.report(*span, message, "expected a whole number from 0");
            }
            (Function::MathAdd | Function::MathRandom, arguments) => {
                self.numbers(call.function, row, arguments)
            }
            _ => {}
        }
    }

    fn numbers(&mut self, function: Function, row: &Row, arguments: &[Argument]) {
        match (function, arguments) {
            (
                Function::MathRandom,
                [
                    Argument::Constant(_, Constant::Number(from)),
                    Argument::Constant(span, Constant::Number(to)),
                    ..,
                ],
            ) if float(*to) <= float(*from) - 1.0 => {
                let message = format!("the end of `{}` is not above its start", row.name);
                self.report(*span, message, "expected a larger number");
            }
            (Function::MathAdd, arguments) => {
                for argument in arguments {
                    let Argument::Constant(span, Constant::Number(number)) = argument else { continue };
                    if float(*number).abs() > f64::from(u32::MAX / 2 + 1) {
                        let message = format!("`{}` adds numbers of 32 bits", row.name);
                        self.report(*span, message, "expected a number from -2147483648 to 2147483647");
                    }
                }
            }
            _ => {}
        }
    }

    fn template(&mut self, span: Span, template: &str, values: usize) {
        // It is not known what a placeholder will bring.
        if template.contains("${") {
            return;
        }
        match places(template) {
            Some(places) if places == values => {}
            Some(places) => {
                let message = format!(
                    "the template of `States.Format` has {places} `{{}}`, but {} after it",
                    match values {
                        1 => "1 argument comes".to_owned(),
                        values => format!("{} come", arguments(values)),
                    }
                );
                self.report(span, message, "expected one `{}` for each argument");
            }
            None => {
                let message =
                    "the template of `States.Format` has a brace that belongs to no `{}`".to_owned();
                let label = r"write a literal brace as `\{` or `\}`, in JSON `\\{` or `\\}`";
                self.report(span, message, label);
            }
        }
    }

    fn algorithm(&mut self, span: Span, algorithm: &str) {
        if !ALGORITHMS.contains(&algorithm) && !self.text.value.contains("${") {
            let message = format!("`States.Hash` has no algorithm `{algorithm}`");
            self.report(span, message, format!("expected one of {}", ALGORITHMS.join(", ")));
        }
    }
}

fn arguments(number: usize) -> String {
    match number {
        0 => "no arguments".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{number} arguments"),
    }
}

/// What an argument is, as far as that is known.
fn kind(argument: &Argument) -> Gives {
    match argument {
        Argument::Path(path) if path.is_definite() => Gives::Any,
        Argument::Path(_) => Gives::Array,
        Argument::Call(call) => row_of(call.function).map_or(Gives::Any, |row| row.gives),
        Argument::Constant(_, constant) => match constant {
            Constant::Null => Gives::Null,
            Constant::Bool(_) => Gives::Boolean,
            Constant::Number(_) => Gives::Number,
            Constant::String(_) => Gives::Text,
            Constant::Array(_) => Gives::Array,
            Constant::Object(_) => Gives::Object,
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "only the size matters")]
const fn float(number: Number) -> f64 {
    match number {
        Number::Int(int) => int as f64,
        Number::Uint(uint) => uint as f64,
        Number::Float(float) => float,
    }
}

/// Letters of the alphabet in groups of four, of which the last is filled up with `=`.
fn is_base64(text: &str) -> bool {
    let letters = text.trim_end_matches('=');
    text.len().is_multiple_of(4)
        && text.len() - letters.len() <= 2
        && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

fn is_json(text: &str) -> bool {
    json::parse(&SourceFile::new("", text), &mut Diagnostics::default()).is_some()
}

fn sign(number: Number) -> Ordering {
    match number {
        Number::Int(int) => int.cmp(&0),
        Number::Uint(_) => Ordering::Greater,
        Number::Float(float) => float.partial_cmp(&0.0).unwrap_or(Ordering::Equal),
    }
}

/// How many arguments a template takes; nothing if a brace is alone.
fn places(template: &str) -> Option<usize> {
    let mut places = 0;
    let mut characters = template.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                characters.next();
            }
            '{' if characters.next() == Some('}') => places += 1,
            '{' | '}' => return None,
            _ => {}
        }
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intrinsic::parse;
    use crate::path::PathPlace;

    fn messages(call: &str) -> Vec<String> {
        let text = Text { value: call.to_owned(), span: Span::new(0, 2 + call.len()), escapes: Vec::new() };
        let mut diagnostics = Diagnostics::default();
        let parsed = parse(&text, PathPlace::default(), &mut diagnostics);
        let messages: Vec<_> = diagnostics.into_sorted().into_iter().map(|found| found.message).collect();
        assert_eq!(parsed.is_none(), !messages.is_empty(), "{call}");
        messages
    }

    #[test]
    fn arguments_that_fit_are_no_fault() {
        for call in [
            r"States.Format('\{{}\} {} \\', $.a, 'b')",
            "States.Format($.template, 1, 2)",
            "States.Format('s3://${Bucket}/{}', $.key)",
            "States.ArrayContains($.list[*].id, 5)",
            "States.MathRandom(1, 10)",
            "States.MathRandom(1, 10, $.seed)",
            "States.MathAdd(States.ArrayLength(States.StringSplit($.a, ',')), -1)",
            "States.JsonMerge(States.StringToJson('{}'), $.b, false)",
            "States.Hash(1, 'SHA-256')",
            "States.ArrayRange(1, 1000, 1)",
            "States.ArrayRange(9, 1, -1)",
            "States.Base64Decode('YXNsIQ==')",
            "States.Base64Decode('')",
        ] {
            assert_eq!(messages(call), [] as [&str; 0], "{call}");
        }
    }

    #[test]
    fn arguments_that_do_not_fit_are() {
        for (call, message) in [
            ("States.UUID(1)", "`States.UUID` takes no arguments, but 1 is given"),
            ("States.ArrayLength()", "`States.ArrayLength` takes 1 argument, but 0 are given"),
            ("States.Format()", "`States.Format` takes at least 1 argument, but 0 are given"),
            ("States.MathRandom(1)", "`States.MathRandom` takes 2 or 3 arguments, but 1 is given"),
            ("States.MathAdd(1,'-1')", "argument 2 of `States.MathAdd` must be a number, not a string"),
            (
                "States.ArrayLength(States.UUID())",
                "argument 1 of `States.ArrayLength` must be an array, not a string",
            ),
            (
                "States.StringToJson($.list[*])",
                "argument 1 of `States.StringToJson` must be a string, not an array",
            ),
            (
                "States.Format('{} {}', 1)",
                "the template of `States.Format` has 2 `{}`, but 1 argument comes after it",
            ),
            (
                "States.Format('{x}', 1)",
                "the template of `States.Format` has a brace that belongs to no `{}`",
            ),
            ("States.Hash($.a, 'SHA1')", "`States.Hash` has no algorithm `SHA1`"),
            ("States.JsonMerge($.a, $.b, true)", "`States.JsonMerge` merges only the outermost level"),
            ("States.ArrayRange(1, 5, 0)", "the step of `States.ArrayRange` is zero"),
            (
                "States.ArrayRange(0, 1000, 1)",
                "`States.ArrayRange` makes no array of more than 1,000 numbers",
            ),
            (
                "States.ArrayRange(0, -5000, -2)",
                "`States.ArrayRange` makes no array of more than 1,000 numbers",
            ),
            ("States.StringToJson('not this')", "the text of `States.StringToJson` is not JSON"),
            ("States.Base64Decode('not this')", "the text of `States.Base64Decode` is not Base64"),
            (
                "States.ArrayPartition($.a, 0)",
                "the size of the parts of `States.ArrayPartition` is not above zero",
            ),
        ] {
            assert_eq!(messages(call), [message], "{call}");
        }
    }
}
