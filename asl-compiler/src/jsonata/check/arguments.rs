//! Arguments of built-in functions that never fit.

use super::certain::{Letter, certain, word, words};
use super::{Finding, FindingKind, Known};
use crate::jsonata::functions::{self, Dialect};
use crate::jsonata::tree::{Expression, ExpressionKind};
use crate::source::Span;
use asl_language::jsonata::signature::{Occurs, Parameter};

/// Calls of functions that take any number are not looked at with more arguments.
const ARGUMENTS_LIMIT: usize = 16;

/// What is wrong with the arguments of a call, and what it is applied to, if it follows a `~>`.
pub(super) fn fault(
    expression: &Expression,
    first: Option<&Expression>,
    dialect: Dialect,
    is_bound: &dyn Fn(&str) -> bool,
    known: &dyn Known,
) -> Option<Finding> {
    let (procedure, arguments) = called(expression, first)?;
    let ExpressionKind::Variable(name) = &procedure.kind else { return None };
    let function = functions::find(name, dialect).filter(|_| !is_bound(name))?;
    let parameters = function.parameters_in(dialect)?;
    let takes_any_number = parameters.iter().any(|takes| takes.occurs == Occurs::Repeated);
    if takes_any_number && arguments.len() > ARGUMENTS_LIMIT {
        return None;
    }
    find_fault(name, procedure.span, &parameters, &arguments, known)
}

/// What is called, and with which arguments: by a call, or without one, as in `text ~> $uppercase`.
fn called<'e>(
    expression: &'e Expression,
    first: Option<&'e Expression>,
) -> Option<(&'e Expression, Vec<&'e Expression>)> {
    if let ExpressionKind::Apply(sides) = &expression.kind {
        let [argument, function] = sides.as_ref();
        let is_alone = matches!(function.kind, ExpressionKind::Variable(_));
        return is_alone.then(|| (function, vec![argument]));
    }
    let ExpressionKind::Call(call) = &expression.kind else { return None };
    Some((&call.procedure, first.into_iter().chain(&call.arguments).collect()))
}

/// The name of a function that is called, where that is written, and the arguments, of which the first may come through a `~>`.
pub(super) fn named_call<'e>(
    expression: &'e Expression,
    first: Option<&'e Expression>,
) -> Option<(&'e str, Span, Vec<&'e Expression>)> {
    let ExpressionKind::Call(call) = &expression.kind else { return None };
    let ExpressionKind::Variable(name) = &call.procedure.kind else { return None };
    Some((name, call.procedure.span, first.into_iter().chain(&call.arguments).collect()))
}

/// `$fromMillis($now())`: what does not fit the first parameter is taken for the next, and the context is taken for the first. Where there
/// is not a context, the function returns nothing.
pub(super) fn context_fault(
    expression: &Expression,
    first: Option<&Expression>,
    is_bound: &dyn Fn(&str) -> bool,
    known: &dyn Known,
) -> Option<Finding> {
    let (name, place, arguments) = named_call(expression, first)?;
    let function = functions::find(name, Dialect::States).filter(|_| !is_bound(name))?;
    let mut parameters = function.parameters_in(Dialect::States)?;
    let takes = parameters.first_mut().filter(|takes| takes.context)?;
    takes.occurs = Occurs::Once;
    let types: Vec<_> = arguments.iter().map(|argument| types(argument, known)).collect();
    let Some(index) = first_misfit(&parameters, &types) else {
        return too_few(name, place, &parameters, &types);
    };
    let (argument, found) = (arguments.get(index)?, types.get(index)?.as_ref()?);
    let wanted = parameters.get(index)?.letters;
    let message =
        format!("argument {} of `${name}` must be {}, not {}", index + 1, words(wanted), words(found));
    Some(Finding::error(argument.span, FindingKind::WrongArguments, "T0410", message))
}

/// `$split(',')`: without a context there is nothing for the argument that is missing.
fn too_few(
    name: &str,
    place: Span,
    parameters: &[Parameter<'_>],
    types: &[Option<String>],
) -> Option<Finding> {
    if fits(parameters, types, false) {
        return None;
    }
    let least = parameters.iter().filter(|takes| takes.occurs != Occurs::Optional).count();
    let message = format!("`${name}` needs {} here, not {}", count("at least ", least), types.len());
    Some(Finding::error(place, FindingKind::WrongArguments, "T0410", message))
}

/// The types that an argument may be of.
fn types(argument: &Expression, known: &dyn Known) -> Option<String> {
    certain(argument).map(String::from).or_else(|| known.letters(argument)).filter(|types| !types.is_empty())
}

/// The argument that does not fit: the first with which, and with those before it, a call fits no longer. If that one fits its own parameter,
/// one before it was taken for a later parameter than it was meant for.
fn first_misfit(parameters: &[Parameter<'_>], types: &[Option<String>]) -> Option<usize> {
    let fails = |&index: &usize| !fits(parameters, types.get(..=index).unwrap_or_default(), true);
    let last = (0..types.len()).find(fails)?;
    let fits_its_own = |&index: &usize| {
        let given = types.get(index).and_then(Option::as_deref).unwrap_or_default();
        parameters.get(index).is_some_and(|takes| given.chars().all(|letter| takes.letters.contains(letter)))
    };
    let meant = Some(last).filter(fits_its_own).and_then(|last| (0..last).find(|index| !fits_its_own(index)));
    Some(meant.unwrap_or(last))
}

fn find_fault(
    name: &str,
    place: Span,
    parameters: &[Parameter<'_>],
    arguments: &[&Expression],
    known: &dyn Known,
) -> Option<Finding> {
    let types: Vec<_> = arguments.iter().map(|argument| types(argument, known)).collect();
    let error = |span, code, message| Some(Finding::error(span, FindingKind::WrongArguments, code, message));
    if fits(parameters, &types, false) {
        return items_fault(name, parameters, arguments, known)
            .or_else(|| order_fault(name, arguments, known));
    }
    let bad = first_misfit(parameters, &types);
    let Some((index, argument)) = bad.and_then(|index| Some((index, arguments.get(index)?))) else {
        let least = parameters.iter().filter(|takes| takes.occurs != Occurs::Optional).count();
        let message = format!("`${name}` needs {}, not {}", count("at least ", least), arguments.len());
        return error(place, "T0410", message);
    };
    let most = parameters.len();
    let Some(found) = types.get(index).and_then(Option::as_deref).filter(|_| index < most) else {
        let least = parameters.iter().filter(|takes| takes.occurs != Occurs::Optional).count();
        let bound = if least < most { "at most " } else { "" };
        let message = format!("`${name}` takes {}, not {}", count(bound, most), arguments.len());
        let finding = Finding::error(argument.span, FindingKind::WrongArguments, "T0410", message);
        return Some(match parameters {
            [only] if only.array => finding.help(format!("put them into one array: `${name}([ .. ])`")),
            _ => finding,
        });
    };
    let found = words(found);
    let wanted = parameters.get(index).filter(|takes| !takes.context).map(|takes| words(takes.letters));
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
fn fits(parameters: &[Parameter<'_>], arguments: &[Option<String>], more: bool) -> bool {
    let Some((takes, others)) = parameters.split_first() else { return arguments.is_empty() };
    let Some((argument, rest)) = arguments.split_first() else {
        return more || parameters.iter().all(|takes| takes.occurs == Occurs::Optional);
    };
    if takes.occurs == Occurs::Optional && fits(others, arguments, more) {
        return true;
    }
    let taken = argument.as_ref().is_none_or(|types| types.contains(|letter| takes.letters.contains(letter)));
    taken && (fits(others, rest, more) || (takes.occurs == Occurs::Repeated && fits(parameters, rest, more)))
}

/// `$sum(["a"])`: the first parameter is an array of something that an item, or all there is, is not.
fn items_fault(
    name: &str,
    parameters: &[Parameter<'_>],
    arguments: &[&Expression],
    known: &dyn Known,
) -> Option<Finding> {
    let subtype = parameters.first().filter(|takes| takes.array)?.elements.chars().next()?;
    let argument = arguments.first()?;
    let is_wrong = |found: &Letter| *found != 'a' && *found != subtype;
    let of = |item: &Expression| known.letter(item).or_else(|| certain(item)).filter(is_wrong);
    let (wrong, found) = if let (ExpressionKind::Array(array), Some(_)) = (&argument.kind, certain(argument))
    {
        // An item that gives an array gives its items, unless it is written as one.
        let spread = |item: &Expression| {
            let is_spread = known.has_several(item) && !matches!(item.kind, ExpressionKind::Array(_));
            known.item(item, &is_wrong).filter(|_| is_spread)
        };
        array.items.iter().find_map(|item| Some((item, of(item).or_else(|| spread(item))?)))?
    } else {
        (*argument, of(argument).or_else(|| known.item(argument, &is_wrong))?)
    };
    let found = word(found);
    let message = format!("`${name}` takes an array of {}, not {found}", plural(subtype));
    Some(Finding::error(wrong.span, FindingKind::WrongArguments, "T0412", message))
}

/// `$sort(objects)`: without a function only numbers and strings have an order.
fn order_fault(name: &str, arguments: &[&Expression], known: &dyn Known) -> Option<Finding> {
    let [array] = arguments else { return None };
    let item = known.items(array).filter(|item| name == "sort" && !"nsf".contains(*item))?;
    let message = format!("`$sort` does not know the order of items of which each is {}", word(item));
    let fault = Finding::error(array.span, FindingKind::WrongArguments, "D3070", message)
        .help("say which comes later: `$sort(array, function($a, $b) { $a.field > $b.field })`");
    // One item has an order.
    Some(if known.has_several(array) { fault } else { fault.into_warning() })
}

const fn plural(letter: Letter) -> &'static str {
    match letter {
        's' => "strings",
        'n' => "numbers",
        'o' => "objects",
        _ => "values",
    }
}
