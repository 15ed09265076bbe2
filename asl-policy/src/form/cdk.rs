//! Statements for the AWS CDK in TypeScript: what is open is a token of the stack, and placeholders are names of variables.

use super::{MachinePlace, fill, literal, sids};
use crate::Policy;
use crate::arn::{Arn, Piece};
use crate::needs::Condition;
use std::fmt::Write as _;

pub(super) fn policy(policy: &Policy, place: &MachinePlace) -> String {
    let mut text = String::from("[\n");
    for (statement, sid) in policy.statements.iter().zip(sids(policy)) {
        let _ = writeln!(text, "  new iam.PolicyStatement({{\n    sid: '{sid}',");
        list(&mut text, "actions", statement.actions.iter().map(|action| format!("'{action}'")));
        list(&mut text, "resources", statement.resources.iter().map(|arn| template(&literal(arn), place)));
        if !statement.conditions.is_empty() {
            conditions(&mut text, &statement.conditions, place);
        }
        text.push_str("  }),\n");
    }
    text.push_str("]\n");
    text
}

pub(super) fn trust(place: &MachinePlace) -> String {
    let machine = template(&Arn::machine("stateMachine", ""), place);
    let account = template(&Arn::default().and(Piece::Account), place);
    format!(
        "new iam.ServicePrincipal('states.amazonaws.com', {{\n  conditions: {{\n    StringEquals: {{ 'aws:SourceAccount': {account} }},\n    \
         ArnLike: {{ 'aws:SourceArn': {machine} }},\n  }},\n}})\n"
    )
}

fn list(text: &mut String, name: &str, values: impl Iterator<Item = String>) {
    let values: Vec<_> = values.collect();
    let _ = writeln!(text, "    {name}: [{}],", values.join(", "));
}

/// One object for each operator, in which each key has its values.
fn conditions(text: &mut String, conditions: &[Condition], place: &MachinePlace) {
    text.push_str("    conditions: {\n");
    let mut operators: Vec<_> = conditions.iter().map(|condition| condition.operator).collect();
    operators.dedup();
    for operator in operators {
        let of_it = conditions.iter().filter(|condition| condition.operator == operator);
        let keys: Vec<_> = of_it
            .map(|condition| {
                let values: Vec<_> = condition.values.iter().map(|value| template(value, place)).collect();
                format!("'{}': [{}]", condition.key, values.join(", "))
            })
            .collect();
        let _ = writeln!(text, "      {operator}: {{ {} }},", keys.join(", "));
    }
    text.push_str("    },\n");
}

/// A template literal.
fn template(arn: &Arn, place: &MachinePlace) -> String {
    let text = fill(arn, place, |piece| match piece {
        Piece::Text(text) => text.replace('\\', "\\\\").replace('`', "\\`").replace("${", "\\${"),
        Piece::One => String::from("?"),
        Piece::Partition => String::from("${Aws.PARTITION}"),
        Piece::Region => String::from("${Aws.REGION}"),
        Piece::Account => String::from("${Aws.ACCOUNT_ID}"),
        Piece::Placeholder(name) => format!("${{{}}}", variable(name)),
        // The name is given when the machine is made, so a reference to it here would go round in a circle.
        Piece::Many | Piece::StateMachine => String::from("*"),
    });
    format!("`{text}`")
}

/// `OrderTable.Name` as a name of TypeScript: `orderTableName`.
fn variable(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut text = String::new();
    for word in words {
        let (first, rest) = word.split_at_checked(1).unwrap_or_default();
        text.push_str(&if text.is_empty() { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() });
        text.push_str(rest);
    }
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) { text } else { format!("v{text}") }
}
