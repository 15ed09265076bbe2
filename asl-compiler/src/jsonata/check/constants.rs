//! Arguments that are written out and of the right type, with which a function always fails; and filters that are texts.

use super::{Finding, FindingKind};
use crate::json;
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::tree::{Expression, ExpressionKind, Stage};
use crate::source::SourceFile;
use crate::suggest::closest;

const ALGORITHMS: [&str; 5] = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/// What is wrong with the arguments of a call, and what it is applied to, if it follows a `~>`.
pub(super) fn fault(
    expression: &Expression,
    first: Option<&Expression>,
    is_bound: &dyn Fn(&str) -> bool,
) -> Option<Finding> {
    let ExpressionKind::Call(call) = &expression.kind else { return None };
    let ExpressionKind::Variable(name) = &call.procedure.kind else { return None };
    functions::find(name, Dialect::States).filter(|_| !is_bound(name))?;
    let arguments: Vec<&Expression> = first.into_iter().chain(&call.arguments).collect();
    match (name.as_str(), arguments.as_slice()) {
        ("number", [text]) => unless(text, is_number, "D3030", "`$number` cannot read"),
        ("parse", [text]) => unless(text, is_json, "D3137", "`$parse` reads JSON, and this is none:"),
        ("toMillis", [text]) => unless(
            text,
            starts_with_year,
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
        ("reduce", [_, function, ..]) => lacks_parameters(function),
        ("sqrt", [number]) if is_negative(number) => {
            let message = "`$sqrt` has no root of a negative number".to_owned();
            Some(Finding::error(number.span, FindingKind::WrongArguments, "D3060", message))
        }
        _ => None,
    }
}

/// `-1`, with nothing around it.
fn is_negative(expression: &Expression) -> bool {
    let is_alone = expression.predicates.is_empty() && expression.group.is_none() && !expression.keep_array;
    let value = if let ExpressionKind::Negate(value) = &expression.kind { Some(&value.kind) } else { None };
    let written =
        if let ExpressionKind::Number(number) = value.unwrap_or(&expression.kind) { *number } else { 0.0 };
    is_alone && if value.is_some() { written > 0.0 } else { written < 0.0 }
}

/// `$reduce` hands two values to its function.
fn lacks_parameters(function: &Expression) -> Option<Finding> {
    let ExpressionKind::Lambda(lambda) = &function.kind else { return None };
    let message = "the function of `$reduce` takes what came before and an item".to_owned();
    (lambda.parameters.len() < 2)
        .then(|| Finding::error(function.span, FindingKind::WrongArguments, "D3050", message))
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
    let is_alone = expression.predicates.is_empty() && expression.group.is_none() && !expression.keep_array;
    if let ExpressionKind::String(text) = &expression.kind {
        Some(text).filter(|_| is_alone).map(String::as_str)
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
fn starts_with_year(text: &str) -> bool {
    text.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
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
