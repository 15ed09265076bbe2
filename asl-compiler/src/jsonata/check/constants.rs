//! Arguments that are written out and of the right type, with which a function fails whatever the others are; and filters that are texts.
//!
//! Where all arguments are known, the function itself says what becomes of them: see `evaluated`.

use super::arguments::named_call;
use super::{Finding, FindingKind};
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::tree::{Expression, ExpressionKind, Stage};
use crate::suggest::closest;
use asl_value::Value;
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
        _ => None,
    }
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

/// The value of an expression that is written out as such.
pub(super) fn literal(expression: &Expression) -> Option<Value> {
    if let Some(number) = number_of(expression) {
        return Some(Value::from(number));
    }
    if let ExpressionKind::Array(array) = &expression.kind {
        return array
            .items
            .iter()
            .map(literal)
            .collect::<Option<Vec<_>>>()
            .filter(|_| is_alone(expression))
            .map(Value::from);
    }
    text_of(expression).filter(|text| !text.contains("${")).map(Value::from)
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
