//! Tables, also where several are in one call, and their indexes.

use super::resources::{Named, is_arn};
use super::{DYNAMIC, Need, resources};
use crate::arn::{Arn, Piece};
use crate::authorization;
use crate::workflow::{Argument, Parameters, ServiceCall};

const TRANSACTIONS: &str = "DynamoDB Developer Guide, Using IAM with transactions";
const PARTIQL: &str = "DynamoDB Developer Guide, IAM security policies with PartiQL";

/// What an action of DynamoDB needs.
pub(super) fn needs(call: &ServiceCall<'_>, action: &str) -> Vec<Need> {
    match action {
        "Query" | "Scan" => vec![on_index(call, action)],
        "BatchGetItem" | "BatchWriteItem" => vec![batch(call, action)],
        "TransactGetItems" => vec![transaction(call, "Get", "GetItem")],
        "TransactWriteItems" => transact(call),
        "ExecuteStatement" => statements(call, &[call.parameters]),
        "BatchExecuteStatement" => statements(call, &elements(call.parameters.within("Statements"))),
        "ExecuteTransaction" => statements(call, &elements(call.parameters.within("TransactStatements"))),
        _ => resources::needs(call, &authorization::actions("dynamodb", action)),
    }
}

fn elements<'d>(list: Parameters<'d>) -> Vec<Parameters<'d>> {
    list.elements().map(Iterator::collect).unwrap_or_default()
}

fn table(name: Option<Argument<'_>>) -> Named {
    match name {
        Some(Argument::Constant(text)) if is_arn(text) => (Arn::written(text), None),
        Some(Argument::Constant(text)) => (Arn::here("dynamodb", "table/").and_text(text), None),
        Some(Argument::Dynamic) | None => (Arn::here("dynamodb", "table/*"), Some(DYNAMIC)),
    }
}

/// A query of a table, or of one of its indexes.
fn on_index(call: &ServiceCall<'_>, action: &str) -> Need {
    let (table, wide) = table(call.parameters.get("TableName"));
    let (resource, wide) = match call.parameters.get("IndexName") {
        Some(Argument::Constant(index)) => (table.and_text("/index/").and_text(index), wide),
        Some(Argument::Dynamic) => (table.and_text("/index/").and(Piece::Many), Some(DYNAMIC)),
        None => (table, wide),
    };
    Need::new(call, &[&format!("dynamodb:{action}")], vec![resource]).wide(wide).source(super::REFERENCE)
}

/// The tables of a batch are the keys of an object.
fn batch(call: &ServiceCall<'_>, action: &str) -> Need {
    let keys: Vec<_> = call.parameters.within("RequestItems").names().collect();
    let is_written = !keys.is_empty() && keys.iter().all(|key| !key.ends_with(".$"));
    let (tables, wide) = if is_written {
        (keys.iter().map(|key| table(Some(Argument::Constant(key))).0).collect(), None)
    } else {
        let of_paths = keys.iter().map(|key| table(Some(Argument::Constant(key.trim_end_matches(".$")))).0);
        let (every, wide) = table(None);
        if keys.is_empty() { (vec![every], wide) } else { (of_paths.collect(), None) }
    };
    Need::new(call, &[&format!("dynamodb:{action}")], tables).wide(wide).source(super::REFERENCE)
}

/// The operations of a transaction that are of a kind, with their tables; every table if they are not written out.
fn transaction(call: &ServiceCall<'_>, kind: &str, action: &str) -> Need {
    let operations = elements(call.parameters.within("TransactItems"));
    let mut tables = Vec::new();
    let mut wide = None;
    for operation in operations.iter().filter(|operation| operation.names().any(|name| name == kind)) {
        let (table, reason) = table(operation.within(kind).get("TableName"));
        wide = wide.or(reason);
        tables.push(table);
    }
    tables.sort();
    tables.dedup();
    if operations.is_empty() {
        let (every, reason) = table(None);
        (tables, wide) = (vec![every], reason);
    }
    Need::new(call, &[&format!("dynamodb:{action}")], tables).wide(wide).source(TRANSACTIONS)
}

fn transact(call: &ServiceCall<'_>) -> Vec<Need> {
    let kinds = [
        ("ConditionCheck", "ConditionCheckItem"),
        ("Put", "PutItem"),
        ("Update", "UpdateItem"),
        ("Delete", "DeleteItem"),
    ];
    let needs = kinds.iter().map(|(kind, action)| transaction(call, kind, action));
    needs.filter(|need| !need.resources.is_empty()).collect()
}

/// Statements of PartiQL: the verb says which action, and the name behind it which table.
fn statements(call: &ServiceCall<'_>, statements: &[Parameters<'_>]) -> Vec<Need> {
    let of_statement = |statement: &Parameters<'_>| match statement.get("Statement") {
        Some(Argument::Constant(text)) => partiql(call, text),
        Some(Argument::Dynamic) | None => any_statement(call),
    };
    if statements.is_empty() {
        vec![any_statement(call)]
    } else {
        statements.iter().map(of_statement).collect()
    }
}

fn any_statement(call: &ServiceCall<'_>) -> Need {
    let actions = [
        "dynamodb:PartiQLSelect",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLUpdate",
        "dynamodb:PartiQLDelete",
    ];
    let (every, wide) = table(None);
    Need::new(call, &actions, vec![every]).wide(wide).source(PARTIQL)
}

fn partiql(call: &ServiceCall<'_>, text: &str) -> Need {
    let mut words = text.split_whitespace();
    let verb = words.next().unwrap_or_default().to_ascii_lowercase();
    let before_table = match verb.as_str() {
        "select" | "delete" => words.by_ref().find(|word| word.eq_ignore_ascii_case("from")),
        "insert" => words.by_ref().find(|word| word.eq_ignore_ascii_case("into")),
        "update" => Some(""),
        _ => None,
    };
    let name =
        before_table.and_then(|_| words.next()).map(|name| name.split(['{', '(']).next().unwrap_or(name));
    let Some(name) = name.filter(|name| !name.is_empty()) else { return any_statement(call) };
    // `"Orders"."byDate"` is an index.
    let mut parts = name.trim_end_matches(';').split('.').map(|part| part.trim_matches('"'));
    let (table, wide) = table(parts.next().map(Argument::Constant));
    let resource = match parts.next() {
        Some(index) => table.and_text("/index/").and_text(index),
        None => table,
    };
    let action = format!("dynamodb:PartiQL{}", authorization::capital(&verb));
    Need::new(call, &[&action], vec![resource]).wide(wide).source(PARTIQL)
}
