//! Expressions of DynamoDB: how they are written, the names and values that they use, and those that are given.
//!
//! In: the parameters of an action of DynamoDB. Out: expressions that the service cannot read, placeholders without a value, and values of
//! placeholders that are not used, all of which it refuses.

mod grammar;
mod keys;
mod reserved;
mod tokens;

use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::services::ActionCall;
use crate::suggest::closest;
use grammar::{Fault, Form};
use std::collections::HashSet;
use std::ops::Range;

/// The parameters that hold expressions.
const EXPRESSIONS: [&str; 5] = [
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
];

/// The placeholders of expressions: the parameter that says what they represent, and what they begin with.
const PLACEHOLDERS: [(&str, char); 2] =
    [("ExpressionAttributeValues", ':'), ("ExpressionAttributeNames", '#')];

/// What holds attributes by names that the user has chosen, of which nothing is a parameter.
const ATTRIBUTES: [&str; 10] = [
    "AttributeUpdates",
    "ExclusiveStartKey",
    "Expected",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "Item",
    "Key",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
];

/// Names that are compared with one that does not exist: a suggestion never takes long.
const COMPARED: usize = 100;

pub(super) fn check(call: &ActionCall, given: &Given<'_>, checker: &mut Checker<'_>) {
    if call.called().0 == "dynamodb" {
        check_inside(given, checker);
        check_query(call, given, checker);
    }
}

/// Objects with expressions may be elements of others, as in transactions.
fn check_inside(given: &Given<'_>, checker: &mut Checker<'_>) {
    if let What::Object(Some(members)) = &given.what {
        check_object(members, checker);
        keys::check(members, checker);
        for member in members.iter().filter(|member| !is_called(member, &ATTRIBUTES)) {
            if let ("RequestItems", What::Object(Some(tables))) = (&*member.name, &member.value.what) {
                tables.iter().for_each(|table| check_inside(&table.value, checker));
            } else {
                check_inside(&member.value, checker);
            }
        }
    } else if let What::List(Some(elements)) = &given.what {
        elements.iter().for_each(|element| check_inside(element, checker));
    }
}

fn check_object(members: &[GivenMember<'_>], checker: &mut Checker<'_>) {
    report_no_expression(members, checker);
    report_typed_names(members, checker);
    let mut texts: Vec<&Text> = Vec::new();
    let mut all_known = true;
    for member in members.iter().filter(|member| is_called(member, &EXPRESSIONS)) {
        if let What::Text(Some(text)) = &member.value.what {
            report_unreadable(&member.name, text, checker);
            if text.value.len() > grammar::LONGEST {
                all_known = false;
            } else {
                texts.push(text);
            }
        } else {
            all_known = false;
        }
    }
    if texts.is_empty() {
        return;
    }
    for (parameter, sign) in PLACEHOLDERS {
        let Some(known) = given_for(members, parameter) else { continue };
        for text in &texts {
            report_missing(text, sign, parameter, &known, checker);
        }
        report_unsigned(sign, parameter, &known, checker);
        if all_known {
            report_unused(&texts, sign, parameter, &known, checker);
        }
    }
}

/// Placeholders without an expression.
fn report_no_expression(members: &[GivenMember<'_>], checker: &mut Checker<'_>) {
    if members.iter().any(|member| member.name.contains("${") || member.name.ends_with("Expression"))
        || members.iter().any(|member| is_nearly(member, &EXPRESSIONS))
    {
        return;
    }
    for (parameter, _) in PLACEHOLDERS {
        for member in members.iter().filter(|member| is_called(member, &[parameter])) {
            let message = format!("`{parameter}` is there without an expression that uses it");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, member.key.span, message)
                    .label("DynamoDB refuses what is not used")
                    .help("add the expression, or leave the field out"),
            );
        }
    }
}

/// `{ "#s": { "S": "status" } }`: names have no type.
fn report_typed_names(members: &[GivenMember<'_>], checker: &mut Checker<'_>) {
    for member in members.iter().filter(|member| is_called(member, &["ExpressionAttributeNames"])) {
        let What::Object(Some(names)) = &member.value.what else { continue };
        for name in names.iter().filter(|name| name.value.text() == Some("")) {
            let message = format!("`{}` of `ExpressionAttributeNames` is empty", name.name);
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, name.value.span, message)
                    .label("expected the name of an attribute"),
            );
        }
        for name in names.iter().filter(|name| matches!(name.value.what, What::Object(_) | What::List(_))) {
            let message = format!("`{}` of `ExpressionAttributeNames` must be a string", name.name);
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, name.value.span, message)
                    .label("expected the name of an attribute; only values have a type"),
            );
        }
    }
}

/// Whether a parameter that was reported was probably meant to be one of these.
fn is_nearly(member: &GivenMember<'_>, names: &[&str]) -> bool {
    let is_start = |name: &&str| member.name.len() > 4 && name.starts_with(&*member.name);
    names.iter().any(is_start) || closest(&member.name, names.iter().copied()).is_some()
}

fn is_called(member: &GivenMember<'_>, names: &[&str]) -> bool {
    names.contains(&&*member.name)
}

/// The keys of a parameter; nothing if they are not known.
fn given_for<'g, 'a>(members: &'g [GivenMember<'a>], parameter: &str) -> Option<Vec<&'g GivenMember<'a>>> {
    let Some(member) = members.iter().find(|member| is_called(member, &[parameter])) else {
        return Some(Vec::new());
    };
    if let What::Object(Some(members)) = &member.value.what { Some(members.iter().collect()) } else { None }
}

/// The placeholders with that sign in an expression.
fn placeholders(text: &str, sign: char) -> Vec<Range<usize>> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let starts = text.match_indices(sign);
    let ranges = starts.map(|(at, _)| {
        let rest = text.get(at + 1..).unwrap_or_default();
        at..at + 1 + rest.find(|letter| !is_part(letter)).unwrap_or(rest.len())
    });
    ranges.filter(|range| range.len() > 1).collect()
}

fn report_missing(
    text: &Text,
    sign: char,
    parameter: &str,
    known: &[&GivenMember<'_>],
    checker: &mut Checker<'_>,
) {
    let given: HashSet<&str> = known.iter().map(|member| &*member.name).collect();
    if given.iter().any(|given| given.contains("${")) {
        return;
    }
    for place in placeholders(&text.value, sign) {
        let name = text.value.get(place.clone()).unwrap_or_default();
        // Without its sign it is reported as such.
        if given.contains(name) || name.strip_prefix(sign).is_some_and(|name| given.contains(name)) {
            continue;
        }
        let message = format!("the expression uses `{name}`, which `{parameter}` does not have");
        let diagnostic = Diagnostic::new(Code::InvalidParameter, text.span_of(place), message)
            .label(format!("expected `{name}` in `{parameter}`"));
        let names = known.iter().map(|member| &*member.name).filter(|known| known.starts_with(sign));
        let names = names.take(if known.len() > COMPARED { 0 } else { COMPARED });
        checker.report_accepted(match closest(name, names) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        });
    }
}

/// `state` for `:state`
fn report_unsigned(sign: char, parameter: &str, known: &[&GivenMember<'_>], checker: &mut Checker<'_>) {
    for member in known.iter().filter(|member| !member.name.starts_with([sign, '$'])) {
        let message = format!("`{}` of `{parameter}` does not start with `{sign}`", member.name);
        checker.report_accepted(
            Diagnostic::new(Code::InvalidParameter, member.key.span, message)
                .label(format!("every key of `{parameter}` starts with `{sign}`"))
                .help(format!("did you mean `{sign}{}`?", member.name.trim_start_matches([':', '#']))),
        );
    }
}

/// DynamoDB refuses what no expression uses.
fn report_unused(
    texts: &[&Text],
    sign: char,
    parameter: &str,
    known: &[&GivenMember<'_>],
    checker: &mut Checker<'_>,
) {
    if texts.iter().any(|text| text.value.contains("${")) {
        return;
    }
    let mut used: HashSet<&str> = HashSet::new();
    for text in texts {
        used.extend(placeholders(&text.value, sign).into_iter().filter_map(|place| text.value.get(place)));
    }
    let given: HashSet<&str> = known.iter().map(|member| &*member.name).collect();
    let is_complete = used.iter().all(|name| given.contains(name));
    let is_unused =
        |member: &&&GivenMember<'_>| member.name.starts_with(sign) && !used.contains(&*member.name);
    for member in known.iter().filter(is_unused) {
        let message = format!("no expression uses `{}` of `{parameter}`", member.name);
        let diagnostic = Diagnostic::new(Code::InvalidParameter, member.key.span, message)
            .label("DynamoDB refuses what is not used");
        // Where another placeholder has no value, this may be the value of that.
        checker.report_accepted(if is_complete {
            diagnostic.help("leave the field out")
        } else {
            diagnostic
        });
    }
}

/// An expression that is not written as DynamoDB reads it.
fn report_unreadable(parameter: &str, text: &Text, checker: &mut Checker<'_>) {
    if text.value.contains("${") {
        return;
    }
    let Some(Fault { place, message, label, help }) = grammar::fault(&text.value, Form::of(parameter)) else {
        return;
    };
    let span = if place.is_empty() { text.span } else { text.span_of(place) };
    let mut diagnostic = Diagnostic::new(Code::InvalidParameter, span, message).label(label);
    diagnostic.help.extend(help);
    checker.report_accepted(diagnostic);
}

/// A query says which items it wants.
fn check_query(call: &ActionCall, given: &Given<'_>, checker: &mut Checker<'_>) {
    let What::Object(Some(members)) = &given.what else { return };
    let has = |names: &[&str]| {
        members
            .iter()
            .any(|member| is_called(member, names) || is_nearly(member, names) || member.name.contains("${"))
    };
    if call.called().1 != "query" || has(&["KeyConditionExpression", "KeyConditions"]) {
        return;
    }
    let start = crate::source::Span::new(given.span.start, given.span.start.saturating_add(1));
    checker.report_accepted(
        Diagnostic::new(Code::InvalidParameter, start, "`dynamodb:query` does not say which items it wants")
            .label("expected `KeyConditionExpression` in here"),
    );
}
