//! Attribute values of the DynamoDB integration, which AWS takes in more ways than the model says, and refuses in others.

use super::parameters::{is_boolean, wrong_type};
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::services::Member;
use crate::suggest::closest;
use crate::vocabulary::Number;
use std::collections::HashSet;

/// The types of attribute values, each with what its value must be.
const TYPES: &[(&str, &str)] = &[
    ("S", "a string"),
    ("N", "a string"),
    ("B", "a string"),
    ("SS", "an array"),
    ("NS", "an array"),
    ("BS", "an array"),
    ("M", "an object"),
    ("L", "an array"),
    ("NULL", "a boolean"),
    ("BOOL", "a boolean"),
];

/// Whether a structure with these members is an attribute value.
pub(super) fn is_attribute(members: &[Member]) -> bool {
    members.len() == TYPES.len()
        && members.iter().all(|member| TYPES.iter().any(|(name, _)| *name == member.name))
}

/// An attribute value: an object with exactly one type.
pub(super) fn check(attribute: &str, given: &Given<'_>, checker: &mut Checker<'_>) {
    let What::Object(members) = &given.what else {
        report_untyped(attribute, given, checker);
        return;
    };
    match members.as_deref() {
        None => {}
        Some([member]) => check_typed(attribute, member, checker),
        Some([]) => checker.diagnostics.push(
            Diagnostic::new(
                Code::InvalidParameter,
                given.span,
                format!("attribute `{attribute}` has no value"),
            )
            .label("expected an object with one type, such as `{ \"S\": \"text\" }`"),
        ),
        Some(members) => {
            let Some(second) = members.iter().filter(|member| member.is_always).nth(1) else { return };
            let message = format!("attribute `{attribute}` has more than one type");
            checker.diagnostics.push(
                Diagnostic::new(Code::InvalidParameter, second.key.span, message)
                    .label("an attribute value has exactly one type"),
            );
        }
    }
}

/// An attribute value by the names that it has in tasks of `aws-sdk`, whose types were compared with the model.
pub(super) fn check_values(attribute: &str, members: &[GivenMember<'_>], checker: &mut Checker<'_>) {
    for member in members {
        match (&*member.name, &member.value.what) {
            ("N", What::Text(_)) => check_number(attribute, "N", &member.value, checker),
            ("Ss" | "Ns" | "Bs", What::List(Some(elements))) => {
                check_twice(attribute, elements, checker);
                if member.name == "Ns" {
                    elements.iter().for_each(|element| check_number(attribute, "Ns", element, checker));
                }
            }
            _ => {}
        }
    }
}

/// AWS takes a plain string as one of type `S`, and `null`, with which the attribute has no value.
fn report_untyped(attribute: &str, given: &Given<'_>, checker: &mut Checker<'_>) {
    let Some(found) = given.type_name() else { return };
    if ["a string", "null"].contains(&found) {
        return;
    }
    let message = format!("attribute `{attribute}` is {found} without its DynamoDB type");
    let diagnostic = Diagnostic::new(Code::InvalidParameter, given.span, message)
        .label("expected an object with one type, such as `{ \"S\": \"text\" }`");
    checker.diagnostics.push(match found {
        "a number" => diagnostic.help("a number is written as `{ \"N\": \"5\" }`"),
        "an array" => diagnostic.help("an array is written as `{ \"L\": [...] }`"),
        "a boolean" => diagnostic.help("a boolean is written as `{ \"BOOL\": true }`"),
        _ => diagnostic,
    });
}

fn check_typed(attribute: &str, member: &GivenMember<'_>, checker: &mut Checker<'_>) {
    let Some((letter, wanted)) = TYPES.iter().find(|(letter, _)| *letter == member.name) else {
        report_no_type(attribute, member, checker);
        return;
    };
    match (&member.value.what, *letter) {
        (What::Object(members), "M") => {
            members.iter().flatten().for_each(|inner| check(&inner.name, &inner.value, checker));
        }
        (What::List(elements), "L") => {
            elements.iter().flatten().for_each(|element| check(attribute, element, checker));
        }
        (What::Text(_), "N") => check_number(attribute, "N", &member.value, checker),
        (What::List(Some(elements)), "SS" | "NS" | "BS") if elements.is_empty() => {
            let message = format!("the set of attribute `{attribute}` is empty");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, member.value.span, message)
                    .label("DynamoDB has no empty sets")
                    .help("leave the attribute out, or make it a list: `{ \"L\": [] }`"),
            );
        }
        (What::List(elements), "SS" | "NS" | "BS") => {
            check_twice(attribute, elements.as_deref().unwrap_or_default(), checker);
            elements.iter().flatten().for_each(|element| check_element(attribute, letter, element, checker));
        }
        (What::Boolean(Some(false)), "NULL") => {
            let message = format!("`NULL` of attribute `{attribute}` is `false`");
            checker.report_accepted(
                Diagnostic::new(Code::InvalidParameter, member.value.span, message)
                    .label("expected `true`: there is no other null"),
            );
        }
        (What::Text(_), "BOOL" | "NULL") if !member.value.may_be(is_boolean) => {
            wrong_type(&format!("`{letter}` of attribute `{attribute}`"), wanted, &member.value, checker);
        }
        (What::Number(Some(number)), "S" | "N") if !member.value.is_computed => {
            report_number(attribute, letter, *number, member, checker)
        }
        _ if member.value.type_name().is_some_and(|found| !fits(found, wanted)) => {
            wrong_type(&format!("`{letter}` of attribute `{attribute}`"), wanted, &member.value, checker);
        }
        _ => {}
    }
}

/// A number that is written out where a string is wanted.
fn report_number(
    attribute: &str,
    letter: &str,
    number: Number,
    member: &GivenMember<'_>,
    checker: &mut Checker<'_>,
) {
    let message = format!("`{letter}` of attribute `{attribute}` must be a string, not a number");
    let diagnostic = Diagnostic::new(Code::InvalidParameter, member.value.span, message);
    let text = match number {
        Number::Int(number) => number.to_string(),
        Number::Uint(number) => number.to_string(),
        Number::Float(number) => number.to_string(),
    };
    checker
        .diagnostics
        .push(diagnostic.label("expected a string").help(format!("write `\"{letter}\": \"{text}\"`")));
}

/// An element of a set, which is a string, and of `NS` a number in a string.
fn check_element(attribute: &str, letter: &str, element: &Given<'_>, checker: &mut Checker<'_>) {
    if element.type_name().is_some_and(|found| !fits(found, "a string")) {
        let what = format!("an element of `{letter}` of attribute `{attribute}`");
        wrong_type(&what, "a string", element, checker);
    } else if letter == "NS" {
        check_number(attribute, letter, element, checker);
    }
}

/// What is in a set is there once.
fn check_twice(attribute: &str, elements: &[Given<'_>], checker: &mut Checker<'_>) {
    let mut seen = HashSet::new();
    if let Some(element) =
        elements.iter().find(|element| element.text().is_some_and(|text| !seen.insert(text)))
    {
        let message =
            format!("the set of attribute `{attribute}` has `{}` twice", element.text().unwrap_or_default());
        checker.report_accepted(
            Diagnostic::new(Code::InvalidParameter, element.span, message)
                .label("DynamoDB refuses sets with duplicates"),
        );
    }
}

/// DynamoDB has numbers of up to 125 places before the point, and nothing that is not one.
fn is_number(text: &str) -> bool {
    const GREATEST: f64 = 1e126;
    text.trim().parse::<f64>().is_ok_and(|number| number.abs() < GREATEST)
}

fn check_number(attribute: &str, letter: &str, given: &Given<'_>, checker: &mut Checker<'_>) {
    if given.may_be(is_number) {
        return;
    }
    let mut message = format!("`{letter}` of attribute `{attribute}` is not a number");
    if let What::Text(Some(text)) = &given.what {
        message = format!("{message}: `{}`", text.value);
    }
    checker.report_accepted(
        Diagnostic::new(Code::InvalidParameter, given.span, message)
            .label("expected a number in a string, such as `\"5\"`"),
    );
}

fn report_no_type(attribute: &str, member: &GivenMember<'_>, checker: &mut Checker<'_>) {
    let message =
        format!("attribute `{attribute}` has the type `{}`, which DynamoDB does not have", member.name);
    let diagnostic = Diagnostic::new(Code::InvalidParameter, member.key.span, message)
        .label("expected one of S, N, B, SS, NS, BS, M, L, NULL, BOOL");
    checker.diagnostics.push(match closest(&member.name, TYPES.iter().map(|(letter, _)| *letter)) {
        Some(letter) => diagnostic.help(format!("did you mean `{letter}`?")),
        None => diagnostic,
    });
}

/// AWS takes the texts of booleans and `null`, too.
fn fits(found: &str, wanted: &str) -> bool {
    found == wanted || found == "null" || (wanted == "a boolean" && found == "a string")
}
