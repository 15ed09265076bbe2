//! YAML for a template of AWS SAM or CloudFormation: what is open is a pseudo parameter or a placeholder in `!Sub`.

use super::json::{document, trust_document};
use super::{MachinePlace, fill};
use crate::Policy;
use crate::arn::{Arn, Piece};
use serde_json::Value;
use std::fmt::Write as _;

pub(super) fn policy(policy: &Policy, place: &MachinePlace) -> String {
    let document = document(policy, &|arn| text(arn, place));
    let mut yaml = String::from("Policies:\n");
    item(&mut yaml, &document, 2);
    yaml
}

pub(super) fn trust(place: &MachinePlace) -> String {
    let document = trust_document(&|arn| text(arn, place));
    let mut yaml = String::from("AssumeRolePolicyDocument:\n");
    if let Value::Object(members) = &document {
        for (key, value) in members {
            member(&mut yaml, key, value, 2);
        }
    }
    yaml
}

fn text(arn: &Arn, place: &MachinePlace) -> String {
    fill(arn, place, |piece| match piece {
        // What `!Sub` is not to replace has an exclamation mark.
        Piece::Text(text) => text.replace("${", "${!"),
        Piece::One => String::from("?"),
        Piece::Partition => String::from("${AWS::Partition}"),
        Piece::Region => String::from("${AWS::Region}"),
        Piece::Account => String::from("${AWS::AccountId}"),
        Piece::Placeholder(name) => format!("${{{name}}}"),
        // The name is given when the machine is made, so a reference to it here would go round in a circle.
        Piece::Many | Piece::StateMachine => String::from("*"),
    })
}

/// An element of a list, its dash at `indent`.
fn item(yaml: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(members) => {
            let mut inner = String::new();
            members.iter().for_each(|(key, value)| member(&mut inner, key, value, indent + 2));
            let first = inner.get(indent + 2..).unwrap_or_default();
            let _ = write!(yaml, "{:indent$}- {first}", "");
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = writeln!(yaml, "{:indent$}- {}", "", scalar(value));
        }
    }
}

fn member(yaml: &mut String, key: &str, value: &Value, indent: usize) {
    match value {
        Value::Object(members) => {
            let _ = writeln!(yaml, "{:indent$}{key}:", "");
            members.iter().for_each(|(key, value)| member(yaml, key, value, indent + 2));
        }
        Value::Array(elements) => {
            let _ = writeln!(yaml, "{:indent$}{key}:", "");
            elements.iter().for_each(|element| item(yaml, element, indent + 2));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = writeln!(yaml, "{:indent$}{key}: {}", "", scalar(value));
        }
    }
}

fn scalar(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let quoted = format!("'{}'", text.replace('\'', "''"));
    if text.contains("${") { format!("!Sub {quoted}") } else { quoted }
}
