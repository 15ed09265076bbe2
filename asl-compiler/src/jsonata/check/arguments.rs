//! Arguments of built-in functions that never fit.

use super::certain::{Letter, certain, word, words};
use super::{Finding, FindingKind, Known};
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::signature::{Occurs, Takes};
use crate::jsonata::tree::{Expression, Kind};
use crate::source::Span;

/// Calls with more arguments are not looked at.
const ARGUMENTS_LIMIT: usize = 16;

/// What is wrong with the arguments of a call, and what it is applied to, if it follows a `~>`.
pub(super) fn fault(
    expression: &Expression,
    first: Option<&Expression>,
    dialect: Dialect,
    is_bound: &dyn Fn(&str) -> bool,
    known: &dyn Known,
) -> Option<Finding> {
    let Kind::Call(call) = &expression.kind else { return None };
    let Kind::Variable(name) = &call.procedure.kind else { return None };
    let function = functions::find(name, dialect).filter(|_| !is_bound(name))?;
    let arguments: Vec<&Expression> = first.into_iter().chain(&call.arguments).collect();
    if arguments.len() > ARGUMENTS_LIMIT {
        return None;
    }
    let signature = function.takes()?;
    find_fault(name, call.procedure.span, &signature.parameters, &arguments, known)
}

/// `$fromMillis($now())`: what does not fit the first parameter is taken for the next, and the context is taken for the first. Where there
/// is no context, the function returns nothing.
pub(super) fn context_fault(
    expression: &Expression,
    first: Option<&Expression>,
    is_bound: &dyn Fn(&str) -> bool,
    known: &dyn Known,
) -> Option<Finding> {
    let Kind::Call(call) = &expression.kind else { return None };
    let Kind::Variable(name) = &call.procedure.kind else { return None };
    let signature = functions::find(name, Dialect::States).filter(|_| !is_bound(name))?.takes()?;
    let takes = signature.parameters.first().filter(|takes| takes.context)?;
    let argument = first.or_else(|| call.arguments.first())?;
    let found = known.letter(argument).filter(|found| !takes.types.contains(*found))?;
    let message = format!("argument 1 of `${name}` must be {}, not {}", words(&takes.types), word(found));
    Some(Finding::error(argument.span, FindingKind::WrongArguments, "T0410", message))
}

fn find_fault(
    name: &str,
    place: Span,
    parameters: &[Takes],
    arguments: &[&Expression],
    known: &dyn Known,
) -> Option<Finding> {
    let types: Vec<Option<Letter>> =
        arguments.iter().map(|argument| certain(argument).or_else(|| known.letter(argument))).collect();
    let error = |span, code, message| Some(Finding::error(span, FindingKind::WrongArguments, code, message));
    if fits(parameters, &types, false) {
        return items_fault(name, parameters, arguments, known);
    }
    let bad =
        (0..types.len()).find(|&index| !fits(parameters, types.get(..=index).unwrap_or_default(), true));
    let Some((index, argument)) = bad.and_then(|index| Some((index, arguments.get(index)?))) else {
        let least = parameters.iter().filter(|takes| takes.occurs != Occurs::Optional).count();
        let message = format!("`${name}` needs {}, not {}", count("at least ", least), arguments.len());
        return error(place, "T0410", message);
    };
    let most = parameters.len();
    if index >= most || types.get(index).copied().flatten().is_none() {
        let least = parameters.iter().filter(|takes| takes.occurs != Occurs::Optional).count();
        let bound = if least < most { "at most " } else { "" };
        return error(
            argument.span,
            "T0410",
            format!("`${name}` takes {}, not {}", count(bound, most), arguments.len()),
        );
    }
    let found = types.get(index).copied().flatten().map_or("", word);
    let wanted = parameters.get(index).filter(|takes| !takes.context).map(|takes| words(&takes.types));
    let number = index + 1;
    error(
        argument.span,
        "T0410",
        match wanted {
            Some(wanted) => format!("argument {number} of `${name}` must be {wanted}, not {found}"),
            None => format!("argument {number} of `${name}` cannot be {found}"),
        },
    )
}

fn count(bound: &str, number: usize) -> String {
    match number {
        0 => "no arguments".to_owned(),
        1 => format!("{bound}1 argument"),
        _ => format!("{bound}{number} arguments"),
    }
}

/// Whether arguments may fit, or the first of them if more may follow. A type that is not known fits.
fn fits(parameters: &[Takes], arguments: &[Option<Letter>], more: bool) -> bool {
    let Some((takes, others)) = parameters.split_first() else { return arguments.is_empty() };
    let Some((&argument, rest)) = arguments.split_first() else {
        return more || parameters.iter().all(|takes| takes.occurs == Occurs::Optional);
    };
    if takes.occurs == Occurs::Optional && fits(others, arguments, more) {
        return true;
    }
    let taken = argument.is_none_or(|letter| takes.types.contains(letter));
    taken && (fits(others, rest, more) || (takes.occurs == Occurs::Repeated && fits(parameters, rest, more)))
}

/// `$sum(["a"])`: the first parameter is an array of something that an item, or all there is, is not.
fn items_fault(
    name: &str,
    parameters: &[Takes],
    arguments: &[&Expression],
    known: &dyn Known,
) -> Option<Finding> {
    let subtype = parameters.first().filter(|takes| takes.array)?.subtype.as_ref()?.chars().next()?;
    let argument = arguments.first()?;
    let is_wrong = |found: &Letter| *found != 'a' && *found != subtype;
    let of = |item: &Expression| known.letter(item).or_else(|| certain(item)).filter(is_wrong);
    let (wrong, found) = if let (Kind::Array(array), Some(_)) = (&argument.kind, certain(argument)) {
        array.items.iter().find_map(|item| Some((item, of(item)?)))?
    } else {
        (*argument, of(argument).or_else(|| known.items(argument).filter(is_wrong))?)
    };
    let found = word(found);
    let message = format!("`${name}` takes an array of {}, not {found}", plural(subtype));
    Some(Finding::error(wrong.span, FindingKind::WrongArguments, "T0412", message))
}

const fn plural(letter: Letter) -> &'static str {
    match letter {
        's' => "strings",
        'n' => "numbers",
        'o' => "objects",
        _ => "values",
    }
}
