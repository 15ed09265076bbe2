//! A policy document. What is not known is a wildcard, but a placeholder stays: those who fill in the definition fill it in here too.

use super::{MachinePlace, fill, literal, sids};
use crate::Policy;
use crate::arn::{Arn, Piece};
use crate::statement::Statement;
use serde_json::{Map, Value, json};

pub(super) fn policy(policy: &Policy, place: &MachinePlace) -> String {
    pretty(&document(policy, &|arn| text(arn, place)))
}

pub(super) fn trust(place: &MachinePlace) -> String {
    pretty(&trust_document(&|arn| text(arn, place)))
}

/// The policy with its ARNs written by `text`.
pub(super) fn document(policy: &Policy, text: &dyn Fn(&Arn) -> String) -> Value {
    let statements = policy
        .statements
        .iter()
        .zip(sids(policy))
        .map(|(statement, sid)| of_statement(statement, &sid, text));
    json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() })
}

fn of_statement(statement: &Statement, sid: &str, text: &dyn Fn(&Arn) -> String) -> Value {
    let mut object = Map::new();
    object.insert("Sid".into(), sid.into());
    object.insert("Effect".into(), "Allow".into());
    object.insert("Action".into(), one_or_all(statement.actions.iter().cloned()));
    object.insert("Resource".into(), one_or_all(statement.resources.iter().map(|arn| text(&literal(arn)))));
    if !statement.conditions.is_empty() {
        let mut conditions = Map::new();
        for condition in &statement.conditions {
            let keys = conditions.entry(condition.operator).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(keys) = keys {
                keys.insert(condition.key.into(), one_or_all(condition.values.iter().map(text)));
            }
        }
        object.insert("Condition".into(), Value::Object(conditions));
    }
    Value::Object(object)
}

/// The trust policy with its ARNs written by `text`.
pub(super) fn trust_document(text: &dyn Fn(&Arn) -> String) -> Value {
    let account = text(&Arn::written("").and(Piece::Account));
    let mut condition = Map::new();
    if account != "*" {
        condition.insert("StringEquals".into(), json!({ "aws:SourceAccount": account }));
    }
    condition.insert("ArnLike".into(), json!({ "aws:SourceArn": text(&Arn::machine("stateMachine", "")) }));
    json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "states.amazonaws.com" },
            "Action": "sts:AssumeRole",
            "Condition": condition,
        }],
    })
}

pub(super) fn text(arn: &Arn, place: &MachinePlace) -> String {
    fill(arn, place, |piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::One => String::from("?"),
        Piece::Partition => String::from("aws"),
        Piece::Placeholder(name) => format!("${{{name}}}"),
        Piece::Many | Piece::Region | Piece::Account | Piece::StateMachine => String::from("*"),
    })
}

fn one_or_all(values: impl Iterator<Item = String>) -> Value {
    let mut values: Vec<Value> = values.map(Value::String).collect();
    match values.pop() {
        Some(only) if values.is_empty() => only,
        Some(last) => {
            values.push(last);
            Value::Array(values)
        }
        None => Value::Array(values),
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
