//! Arguments that are written out and of the right type, with which a function always fails; and filters that are texts.

use super::arguments::named_call;
use super::{Finding, FindingKind};
use crate::json;
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::tree::{Expression, ExpressionKind, Stage};
use crate::source::SourceFile;
use crate::suggest::closest;
use std::ops::RangeInclusive;

const ALGORITHMS: [&str; 5] = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/// What is wrong with the arguments of a call, and what it is applied to, if it follows a `~>`.
pub(super) fn fault(
    expression: &Expression,
    first: Option<&Expression>,
    is_bound: &dyn Fn(&str) -> bool,
) -> Option<Finding> {
    let (name, _, arguments) = named_call(expression, first)?;
    functions::find(name, Dialect::States).filter(|_| !is_bound(name))?;
    match (name, arguments.as_slice()) {
        ("number", [text]) => unless(text, is_number, "D3030", "`$number` cannot read"),
        ("parse", [text]) => unless(text, is_json, "D3137", "`$parse` reads JSON, and this is none:"),
        ("toMillis", [text]) => unless(
            text,
            is_like_a_time,
            "D3110",
            "`$toMillis` reads times such as `2024-08-18T17:33:00Z`, not",
        ),
        ("hash", [_, algorithm]) => {
            let finding =
                unless(algorithm, |text| ALGORITHMS.contains(&text), "D3137", "`$hash` has no algorithm")?;
            let near = text_of(algorithm).and_then(|text| closest(text, ALGORITHMS));
            Some(match near {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding.help(format!("it has {}", ALGORITHMS.join(", "))),
            })
        }
        ("reduce", [_, function, ..]) => lacks_parameters(function, is_bound),
        ("formatBase", [_, radix]) => {
            out_of_range(radix, 2.0..=36.0, "D3100", "the base of `$formatBase` is from 2 to 36, not")
        }
        ("split", [_, _, limit]) => {
            out_of_range(limit, 0.0..=f64::MAX, "D3020", "the limit of `$split` is not negative, as is")
        }
        ("replace", [_, _, _, limit]) => {
            out_of_range(limit, 0.0..=f64::MAX, "D3011", "the limit of `$replace` is not negative, as is")
        }
        ("partition", [_, size]) => out_of_range(
            size,
            0.0..=f64::MAX,
            "D3137",
            "the size of the parts of `$partition` is not negative, as is",
        ),
        ("replace", [_, pattern, _]) if text_of(pattern) == Some("") => {
            let message = "`$replace` looks for something, and this text is empty".to_owned();
            Some(Finding::error(pattern.span, FindingKind::WrongArguments, "D3010", message))
        }
        ("formatNumber", [_, picture, ..]) => unless(
            picture,
            |picture| {
                picture.contains(|sign: char| "#.,".contains(sign) || sign.is_ascii_digit())
                    || arguments.len() > 2
            },
            "D3086",
            "a picture of `$formatNumber` has places for digits, such as `#,##0.00`, not",
        ),
        ("single", [array]) => not_one(array),
        ("sqrt", [number]) if is_negative(number) => {
            let message = "`$sqrt` has no root of a negative number".to_owned();
            Some(Finding::error(number.span, FindingKind::WrongArguments, "D3060", message))
        }
        _ => None,
    }
}

/// `-1`, with nothing around it.
fn is_negative(expression: &Expression) -> bool {
    number_of(expression).is_some_and(|number| number < 0.0)
}

/// Whether nothing is chosen from what an expression returns.
fn is_alone(expression: &Expression) -> bool {
    expression.predicates.is_empty() && expression.group.is_none() && !expression.keep_array
}

/// A number that is written out.
pub(super) fn number_of(expression: &Expression) -> Option<f64> {
    let value = if let ExpressionKind::Negate(value) = &expression.kind { Some(value) } else { None };
    let ExpressionKind::Number(number) = &value.map_or(expression, |value| value).kind else { return None };
    let is_alone = is_alone(expression) && value.is_none_or(|value| is_alone(value));
    is_alone.then_some(if value.is_some() { -number } else { *number })
}

/// A finding if an argument is a number outside of a range.
fn out_of_range(
    argument: &Expression,
    range: RangeInclusive<f64>,
    code: &'static str,
    message: &str,
) -> Option<Finding> {
    let number = number_of(argument).filter(|number| !range.contains(number))?;
    let message = format!("{message} {number}");
    Some(Finding::error(argument.span, FindingKind::WrongArguments, code, message))
}

/// `$single([1, 2])`: an array that is written out, of which each item is one.
fn not_one(expression: &Expression) -> Option<Finding> {
    let ExpressionKind::Array(array) = &expression.kind else { return None };
    let is_one = |item: &Expression| {
        is_alone(item)
            && matches!(
                item.kind,
                ExpressionKind::String(_)
                    | ExpressionKind::Number(_)
                    | ExpressionKind::Boolean(_)
                    | ExpressionKind::Null
            )
    };
    if array.items.len() == 1 || !is_alone(expression) || !array.items.iter().all(is_one) {
        return None;
    }
    let code = if array.items.is_empty() { "D3139" } else { "D3138" };
    let message = format!("`$single` wants one item, and here are {}", array.items.len());
    Some(Finding::error(expression.span, FindingKind::WrongArguments, code, message))
}

/// `$reduce` hands two values to its function.
fn lacks_parameters(function: &Expression, is_bound: &dyn Fn(&str) -> bool) -> Option<Finding> {
    let arity = if let ExpressionKind::Lambda(lambda) = &function.kind {
        lambda.parameters.len()
    } else if let ExpressionKind::Variable(name) = &function.kind
        && !is_bound(name)
    {
        functions::find(name, Dialect::States)?.arity
    } else {
        return None;
    };
    let message = "the function of `$reduce` takes what came before and an item".to_owned();
    (arity < 2).then(|| Finding::error(function.span, FindingKind::WrongArguments, "D3050", message))
}

/// A finding if an argument is a text that does not do.
fn unless(
    argument: &Expression,
    does: impl Fn(&str) -> bool,
    code: &'static str,
    message: &str,
) -> Option<Finding> {
    let text = text_of(argument).filter(|text| !does(text) && !text.contains("${"))?;
    let message = format!("{message} `{text}`");
    Some(Finding::error(argument.span, FindingKind::WrongArguments, code, message))
}

fn text_of(expression: &Expression) -> Option<&str> {
    if let ExpressionKind::String(text) = &expression.kind {
        Some(text).filter(|_| is_alone(expression)).map(String::as_str)
    } else {
        None
    }
}

/// As JSONata reads numbers in texts.
fn is_number(text: &str) -> bool {
    let is_of = |digits: &str, radix: u32| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    let prefixed = [("0x", 16), ("0X", 16), ("0o", 8), ("0O", 8), ("0b", 2), ("0B", 2)];
    if let Some((digits, radix)) =
        prefixed.iter().find_map(|(start, radix)| Some((text.strip_prefix(start)?, *radix)))
    {
        return is_of(digits, radix);
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    is_of(whole.strip_prefix('-').unwrap_or(whole), 10)
        && fraction.is_none_or(|fraction| is_of(fraction, 10))
        && exponent.is_none_or(|exponent| is_of(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10))
}

fn is_json(text: &str) -> bool {
    json::parse(&SourceFile::new("", text), &mut crate::diagnostic::Diagnostics::default()).is_some()
}

/// More than that is left to the function.
fn is_like_a_time(text: &str) -> bool {
    let has_year = text.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    has_year && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte))
}

/// `order['total']`: in JSONata brackets hold a condition or a number, and a text holds always.
pub(super) fn text_filters(expression: &Expression) -> Vec<Finding> {
    let mut filters: Vec<&Expression> = expression.predicates.iter().collect();
    if let ExpressionKind::Path(path) = &expression.kind {
        filters.extend(path.steps.iter().flat_map(|step| &step.stages).filter_map(|stage| match stage {
            Stage::Filter(filter) => Some(filter),
            Stage::Index(_) => None,
        }));
    }
    let texts = filters.into_iter().filter_map(|filter| Some((filter, text_of(filter)?)));
    let found = texts.map(|(filter, text)| {
        let message =
            format!("`['{text}']` chooses everything: a text in brackets is a condition that always holds");
        Finding::warning(filter.span, FindingKind::TextAsFilter, message)
            .help(format!("a field is written `.{text}`"))
    });
    found.collect()
}
