//! Tables of DynamoDB that are made, and requests for several items: keys that are described, and items that are there twice.

use super::parts::Part;
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Span;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

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
    members.iter().find(|member| member.name == name && member.is_always)
}

/// The keys of a table are among its attributes, and one of them is the partition key.
fn check_schema(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let definitions = list(part.always("AttributeDefinitions"));
    let defined: Option<HashSet<&str>> =
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
    let mut seen = HashMap::new();
    for item in list(part.always("TransactItems")) {
        let What::Object(Some(actions)) = &item.what else { continue };
        for action in actions {
            let (Some(table), Some(key)) = (find(&action.value, "TableName"), find(&action.value, "Key"))
            else {
                continue;
            };
            let (Some(table), Some(known)) = (table.value.text(), Known::of(&key.value)) else { continue };
            match seen.entry((table, known)) {
                Entry::Occupied(before) => checker.report_accepted(
                    Diagnostic::new(
                        Code::InvalidParameter,
                        key.value.span,
                        "the transaction has this item twice",
                    )
                    .label("a transaction does one thing with an item")
                    .related(*before.get(), "it is here, too"),
                ),
                Entry::Vacant(free) => {
                    free.insert(key.value.span);
                }
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
        let mut seen = HashMap::new();
        for key in keys {
            let Some(known) = Known::of(key) else { continue };
            match seen.entry(known) {
                Entry::Occupied(before) => checker.report_accepted(
                    Diagnostic::new(Code::InvalidParameter, key.span, "the batch has this item twice")
                        .label("DynamoDB refuses duplicates")
                        .related(*before.get(), "it is here, too"),
                ),
                Entry::Vacant(free) => {
                    free.insert(key.span);
                }
            }
        }
    }
}

/// A value of which everything is known, so that two that are the same are certain to be equal.
#[derive(PartialEq, Eq, Hash)]
enum Known<'g> {
    Text(&'g str),
    Object(BTreeMap<&'g str, Known<'g>>),
}

impl<'g> Known<'g> {
    fn of(given: &'g Given<'_>) -> Option<Self> {
        let What::Object(Some(members)) = &given.what else { return given.text().map(Self::Text) };
        let known = |member: &'g GivenMember<'_>| {
            let value = Self::of(&member.value).filter(|_| member.is_always)?;
            Some((&*member.name, value))
        };
        members.iter().map(known).collect::<Option<_>>().filter(|_| !members.is_empty()).map(Self::Object)
    }
}
