//! Lines for people and for `grep`: an action, a resource, and the conditions that have to hold.

use super::{MachinePlace, json};
use crate::Policy;
use crate::arn::{Arn, Piece};
use std::fmt::Write as _;

pub(super) fn policy(policy: &Policy, place: &MachinePlace) -> String {
    let mut text = String::new();
    for statement in &policy.statements {
        let conditions: String = statement
            .conditions
            .iter()
            .map(|condition| {
                let values: Vec<_> = condition.values.iter().map(|value| json::text(value, place)).collect();
                format!(" if {} is {}", condition.key, values.join(" or "))
            })
            .collect();
        for action in &statement.actions {
            for resource in &statement.resources {
                let _ = writeln!(text, "{action} {}{conditions}", json::text(resource, place));
            }
        }
    }
    text
}

pub(super) fn trust(place: &MachinePlace) -> String {
    let machine = json::text(&Arn::machine("stateMachine", ""), place);
    let account = json::text(&Arn::default().and(Piece::Account), place);
    format!(
        "sts:AssumeRole by states.amazonaws.com if aws:SourceArn is {machine} if aws:SourceAccount is {account}\n"
    )
}
