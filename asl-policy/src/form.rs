//! Policies as text: JSON for the console and the command line, properties of AWS SAM, Terraform.

mod cdk;
mod json;
mod plain;
mod sam;
mod terraform;

use crate::Policy;
use crate::arn::{Arn, Piece};
use crate::statement::Statement;
use std::collections::BTreeMap;

/// How a policy is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A policy document.
    Json,
    /// The `Policies` of an `AWS::Serverless::StateMachine`, in YAML.
    Sam,
    /// Data sources and resources of Terraform.
    Terraform,
    /// Statements of the AWS CDK, in TypeScript.
    Cdk,
    /// A line for each action on each resource.
    Plain,
}

/// Where the machine is, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachinePlace {
    /// `aws`, by default, or `aws-cn`, ...
    pub partition: Option<String>,
    /// `eu-west-1`
    pub region: Option<String>,
    /// Twelve digits.
    pub account: Option<String>,
    /// The name of the machine.
    pub name: Option<String>,
}

impl Policy {
    /// The policy as text.
    #[must_use]
    pub fn print(&self, form: Form, place: &MachinePlace) -> String {
        match form {
            Form::Json => json::policy(self, place),
            Form::Sam => sam::policy(self, place),
            Form::Terraform => terraform::policy(self, place),
            Form::Cdk => cdk::policy(self, place),
            Form::Plain => plain::policy(self, place),
        }
    }
}

/// The trust policy of the role: Step Functions may take it on, for this machine of this account only.
#[must_use]
pub fn print_trust(form: Form, place: &MachinePlace) -> String {
    match form {
        Form::Json => json::trust(place),
        Form::Sam => sam::trust(place),
        Form::Terraform => terraform::trust(place),
        Form::Cdk => cdk::trust(place),
        Form::Plain => plain::trust(place),
    }
}

/// The ARN with what is known filled in, and each piece as `write` writes it.
fn fill(arn: &Arn, place: &MachinePlace, write: impl Fn(&Piece) -> String) -> String {
    arn.at(place).pieces().iter().map(write).collect()
}

/// The name of a resource with texts in which nothing is a wildcard or a variable to IAM: `*` of a definition is `${*}`.
fn literal(arn: &Arn) -> Arn {
    arn.pieces().iter().fold(Arn::default(), |arn, piece| {
        arn.and(if let Piece::Text(text) = piece {
            Piece::Text(text.chars().map(letter).collect())
        } else {
            piece.clone()
        })
    })
}

fn letter(letter: char) -> String {
    if matches!(letter, '*' | '?' | '$') { format!("${{{letter}}}") } else { letter.to_string() }
}

/// The names of the statements: the services that each is about, and a number from the second on.
fn sids(policy: &Policy) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let name = |statement: &Statement| {
        let base: String = statement.services().into_iter().map(letters).collect();
        let times = seen.entry(base.clone()).or_insert(0);
        *times += 1;
        // A service may end in a digit itself: `Ec2`.
        if *times == 1 { base } else { format!("{base}No{times}") }
    };
    policy.statements.iter().map(name).collect()
}

/// The only letters that a name may have: `EmrServerless` of `emr-serverless`.
fn letters(service: &str) -> String {
    let words = service.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters)
        })
        .collect()
}
