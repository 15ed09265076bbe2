//! Terraform: policy documents as data sources, with the region and the account looked up and a variable for each placeholder.

use super::{MachinePlace, fill, literal, sids};
use crate::Policy;
use crate::arn::{Arn, Piece};
use crate::needs::Condition;
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(super) fn policy(policy: &Policy, place: &MachinePlace) -> String {
    let arns = || {
        let of_conditions = policy.statements.iter().flat_map(|s| &s.conditions).flat_map(|c| &c.values);
        policy.statements.iter().flat_map(|s| &s.resources).chain(of_conditions)
    };
    let mut text = head(arns(), place);
    text.push_str("data \"aws_iam_policy_document\" \"state_machine\" {\n");
    for (index, (statement, sid)) in policy.statements.iter().zip(sids(policy)).enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "  statement {{\n    sid       = \"{sid}\"");
        list(&mut text, "actions  ", statement.actions.iter().map(|action| quoted_plain(action)));
        list(&mut text, "resources", statement.resources.iter().map(|arn| quoted(&literal(arn), place)));
        statement.conditions.iter().for_each(|condition| block(&mut text, condition, place));
        text.push_str("  }\n");
    }
    text.push_str("}\n");
    text
}

pub(super) fn trust(place: &MachinePlace) -> String {
    let machine = Arn::machine("stateMachine", "");
    let account = Arn::written("").and(Piece::Account);
    let mut text = head([&machine].into_iter(), place);
    text.push_str("data \"aws_iam_policy_document\" \"state_machine_trust\" {\n  statement {\n");
    text.push_str(
        "    actions = [\"sts:AssumeRole\"]\n\n    principals {\n      type        = \"Service\"\n",
    );
    text.push_str("      identifiers = [\"states.amazonaws.com\"]\n    }\n");
    let conditions = [
        Condition { operator: "StringEquals", key: "aws:SourceAccount", values: vec![account] },
        Condition { operator: "ArnLike", key: "aws:SourceArn", values: vec![machine] },
    ];
    conditions.iter().for_each(|condition| block(&mut text, condition, place));
    text.push_str("  }\n}\n");
    text
}

/// The data sources and variables that the ARNs speak of.
fn head<'a>(arns: impl Iterator<Item = &'a Arn>, place: &MachinePlace) -> String {
    let mut sources = BTreeSet::new();
    let mut variables = BTreeSet::new();
    for piece in arns.flat_map(Arn::pieces) {
        match piece {
            Piece::Text(_) | Piece::Many | Piece::One => {}
            Piece::Partition if place.partition.is_none() => drop(sources.insert("aws_partition")),
            Piece::Region if place.region.is_none() => drop(sources.insert("aws_region")),
            Piece::Account if place.account.is_none() => drop(sources.insert("aws_caller_identity")),
            Piece::StateMachine if place.name.is_none() => {
                variables.insert(String::from("state_machine_name"));
            }
            Piece::Placeholder(name) => drop(variables.insert(variable(name))),
            Piece::Partition | Piece::Region | Piece::Account | Piece::StateMachine => {}
        }
    }
    let mut text = String::new();
    for source in sources {
        let _ = writeln!(text, "data \"{source}\" \"current\" {{}}\n");
    }
    for name in variables {
        let _ = writeln!(text, "variable \"{name}\" {{\n  type = string\n}}\n");
    }
    text
}

fn list(text: &mut String, name: &str, values: impl Iterator<Item = String>) {
    let values: Vec<_> = values.collect();
    match values.as_slice() {
        [only] => {
            let _ = writeln!(text, "    {name} = [{only}]");
        }
        values => {
            let _ = writeln!(text, "    {name} = [");
            values.iter().for_each(|value| {
                let _ = writeln!(text, "      {value},");
            });
            text.push_str("    ]\n");
        }
    }
}

fn block(text: &mut String, condition: &Condition, place: &MachinePlace) {
    let values: Vec<_> = condition.values.iter().map(|value| quoted(value, place)).collect();
    let _ = writeln!(
        text,
        "\n    condition {{\n      test     = \"{}\"\n      variable = \"{}\"\n      values   = [{}]\n    }}",
        condition.operator,
        condition.key,
        values.join(", ")
    );
}

/// A template string; what is open is looked up.
fn quoted(arn: &Arn, place: &MachinePlace) -> String {
    format!("\"{}\"", fill(arn, place, look_up))
}

fn look_up(piece: &Piece) -> String {
    match piece {
        Piece::Partition => String::from("${data.aws_partition.current.partition}"),
        Piece::Region => String::from("${data.aws_region.current.region}"),
        Piece::Account => String::from("${data.aws_caller_identity.current.account_id}"),
        Piece::StateMachine => String::from("${var.state_machine_name}"),
        Piece::Placeholder(name) => format!("${{var.{}}}", variable(name)),
        Piece::Many => String::from("*"),
        Piece::One => String::from("?"),
        Piece::Text(text) => escape(text),
    }
}

fn quoted_plain(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    text.replace("${", "$${").replace("%{", "%%{")
}

/// `OrderTable.Name` as a name of Terraform: `order_table_name`.
fn variable(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase()
            && text.ends_with(|last: char| last.is_ascii_lowercase() || last.is_ascii_digit())
        {
            text.push('_');
        }
        text.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    }
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) { text } else { format!("v_{text}") }
}
