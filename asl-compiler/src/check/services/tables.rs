//! Tables of DynamoDB that are made, and requests for several items: keys that are described, and items that are there twice.

use super::parts::Part;
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

pub(super) fn check(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    if part.service != "dynamodb" {
        return;
    }
    match part.owner {
        "createTable" => check_schema(part, checker),
        "transactWriteItems" => check_transaction(part, checker),
        "batchGetItem" | "batchWriteItem" => check_batch(part, checker),
        _ => {}
    }
}

fn report(span: Span, message: impl Into<String>, label: &str, checker: &mut Checker<'_>) {
    checker.report_accepted(Diagnostic::new(Code::InvalidParameter, span, message.into()).label(label));
}

fn list<'g, 'a>(given: Option<&'g GivenMember<'a>>) -> &'g [Given<'a>] {
    match given.map(|given| &given.value.what) {
        Some(What::List(Some(elements))) => elements,
        _ => &[],
    }
}

fn find<'g, 'a>(given: &'g Given<'a>, name: &str) -> Option<&'g GivenMember<'a>> {
    let What::Object(Some(members)) = &given.what else { return None };
    members.iter().find(|member| member.name == name)
}

/// The keys of a table are among its attributes, and one of them is the partition key.
fn check_schema(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let definitions = list(part.always("AttributeDefinitions"));
    let defined: Option<Vec<&str>> =
        definitions.iter().map(|definition| find(definition, "AttributeName")?.value.text()).collect();
    let keys = list(part.always("KeySchema"));
    for (number, key) in keys.iter().enumerate() {
        if let (Some(defined), Some(name)) = (&defined, find(key, "AttributeName"))
            && let Some(text) =
                name.value.text().filter(|text| !defined.is_empty() && !defined.contains(text))
        {
            let message = format!("`{text}` is a key and not among the attributes");
            report(name.value.span, message, "expected an attribute of `AttributeDefinitions`", checker);
        }
        let Some(kind) = find(key, "KeyType") else { continue };
        match (number, kind.value.text()) {
            (0, Some("RANGE")) => report(
                kind.value.span,
                "the first key is the sort key",
                "expected `HASH`: the partition key comes first",
                checker,
            ),
            (1.., Some("HASH")) => report(
                kind.value.span,
                "the table has two partition keys",
                "expected `RANGE` for the sort key",
                checker,
            ),
            _ => {}
        }
    }
}

/// A transaction does one thing with an item.
fn check_transaction(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let mut seen: Vec<(&str, &Given<'_>)> = Vec::new();
    for item in list(part.always("TransactItems")) {
        let What::Object(Some(actions)) = &item.what else { continue };
        for action in actions {
            let (Some(table), Some(key)) = (find(&action.value, "TableName"), find(&action.value, "Key"))
            else {
                continue;
            };
            let Some(table) = table.value.text() else { continue };
            match seen.iter().find(|(other, before)| *other == table && is_same(before, &key.value)) {
                Some((_, before)) => checker.report_accepted(
                    Diagnostic::new(
                        Code::InvalidParameter,
                        key.value.span,
                        "the transaction has this item twice",
                    )
                    .label("a transaction does one thing with an item")
                    .related(before.span, "it is here, too"),
                ),
                None => seen.push((table, &key.value)),
            }
        }
    }
}

/// A batch has an item once.
fn check_batch(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let Some(What::Object(Some(tables))) = part.always("RequestItems").map(|tables| &tables.value.what)
    else {
        return;
    };
    for table in tables {
        let keys: Vec<&Given<'_>> = if part.owner == "batchGetItem" {
            list(find(&table.value, "Keys")).iter().collect()
        } else {
            let deleted = |request| Some(&find(&find(request, "DeleteRequest")?.value, "Key")?.value);
            list(Some(table)).iter().filter_map(deleted).collect()
        };
        for (number, key) in keys.iter().enumerate() {
            if let Some(before) = keys.iter().take(number).find(|before| is_same(before, key)) {
                checker.report_accepted(
                    Diagnostic::new(Code::InvalidParameter, key.span, "the batch has this item twice")
                        .label("DynamoDB refuses duplicates")
                        .related(before.span, "it is here, too"),
                );
            }
        }
    }
}

/// Whether two values are certain to be equal.
fn is_same(one: &Given<'_>, other: &Given<'_>) -> bool {
    match (&one.what, &other.what) {
        (What::Object(Some(ones)), What::Object(Some(others))) => {
            let has_same = |member: &GivenMember<'_>| {
                others.iter().any(|other| other.name == member.name && is_same(&member.value, &other.value))
            };
            ones.len() == others.len() && !ones.is_empty() && ones.iter().all(has_same)
        }
        _ => one.text().is_some_and(|text| other.text() == Some(text)),
    }
}
