//! `asl policy`: the IAM policy that a definition needs.

mod compare;

use crate::answer::{self, Answers, Outcome, print, problems};
use crate::embedded::MachineArgument;
use crate::options::CompileArguments;
use asl_compiler::diagnostic::Severity;
use asl_policy::{Arn, Form, MachinePlace, Need, Policy, Settings, policy, print_trust};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Print the least IAM policy that a workflow needs
///
/// Actions and resources come from the definition. Where a resource is wider than one name, the standard error says why. Exit code: 0 if
/// there is a policy (with `--compare`, `--check-role` or `--boundary`: and nothing would be denied), 1 if the definition has errors or
/// the role would be denied something, 2 if a file could not be read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl policy order.asl.json --region eu-west-1 --account 123456789012\n\
\x20 asl policy order.asl.json --explain\n\
\x20 asl policy order.asl.json --compare policy.json --boundary boundary.json\n\
\x20 asl policy order.asl.json --check-role role.json --account 123456789012")]
pub(crate) struct Arguments {
    /// The definition, or a template with it; `-` is the standard input
    file: PathBuf,

    #[command(flatten)]
    machine: MachineArgument,

    /// How the answer is written: by default a policy in JSON, and anything else for people
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Print the trust policy of the role in its place
    #[arg(long, conflicts_with_all = ["explain", "compare", "check_role", "boundary"])]
    trust: bool,

    /// List which state needs what, and why a resource is a pattern
    #[arg(long, conflicts_with_all = ["compare", "check_role", "boundary"])]
    explain: bool,

    #[command(flatten)]
    compare: compare::CompareArguments,

    /// The machine writes logs to CloudWatch Logs
    #[arg(long)]
    logging: bool,

    /// The machine sends traces to X-Ray
    #[arg(long)]
    tracing: bool,

    /// The partition of AWS, as in `aws-cn`
    #[arg(long)]
    partition: Option<String>,

    /// The region of the machine
    #[arg(long)]
    region: Option<String>,

    /// The account of the machine
    #[arg(long)]
    account: Option<String>,

    /// The name of the machine
    #[arg(long)]
    name: Option<String>,

    #[command(flatten)]
    compile: CompileArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A policy document; with `--explain` and `--compare` what they say, for programs
    Json,
    /// The `Policies` of a state machine in a template of AWS SAM
    Sam,
    /// A data source of Terraform
    Terraform,
    /// Statements of the AWS CDK, in TypeScript
    Cdk,
    /// A line for each action and resource
    Plain,
}

impl Answers for Arguments {
    fn format(&self) -> answer::Format {
        match self.format {
            Some(Format::Json) => answer::Format::Json,
            Some(Format::Sam | Format::Terraform | Format::Cdk | Format::Plain) | None => {
                answer::Format::Human
            }
        }
    }

    /// Prints what was asked for.
    fn answer(&self) -> Result<Outcome, String> {
        let source = self.machine.read(&self.file)?;
        let options = self.compile.options_of(&self.file)?;
        let mut found = asl_compiler::check(&source, &options).diagnostics;
        found.retain(|diagnostic| diagnostic.severity == Severity::Error);
        self.format().show(&source, &found);
        let definition = asl_compiler::read(&source, &options).filter(|_| found.is_empty());
        let Some(definition) = definition else {
            return Ok(self.format().only_problems(problems(&source, &found)));
        };
        let policy = policy(&definition, Settings { logging: self.logging, tracing: self.tracing });
        if self.compare.are_given() {
            return self.compare.answer(self.format(), &policy, &self.place());
        }
        if self.explain {
            let place = self.place();
            self.format().print(|| explain(&policy, &place), || explained(&policy, &place));
        } else {
            self.print(&policy);
        }
        Ok(Outcome::Fine)
    }
}

impl Arguments {
    fn place(&self) -> MachinePlace {
        MachinePlace {
            partition: self.partition.clone(),
            region: self.region.clone(),
            account: self.account.clone(),
            name: self.name.clone(),
        }
    }

    /// The policy, or the one of trust.
    fn print(&self, policy: &Policy) {
        let place = self.place();
        let form = match self.format {
            Some(Format::Json) | None => Form::Json,
            Some(Format::Sam) => Form::Sam,
            Some(Format::Terraform) => Form::Terraform,
            Some(Format::Cdk) => Form::Cdk,
            Some(Format::Plain) => Form::Plain,
        };
        if self.trust {
            print(&print_trust(form, &place));
        } else {
            print(&policy.print(form, &place));
            note_patterns(policy);
        }
    }
}

fn explain(policy: &Policy, place: &MachinePlace) -> String {
    let mut text = String::new();
    let mut last = None;
    for need in &policy.needs {
        if last != Some(&need.state) {
            let _ =
                writeln!(text, "{}", if need.state.is_empty() { "the machine itself" } else { &need.state });
            last = Some(&need.state);
        }
        explain_need(need, place, &mut text);
    }
    if text.is_empty() { String::from("no state needs a permission\n") } else { text }
}

fn explained(policy: &Policy, place: &MachinePlace) -> Value {
    let texts = |parts: &[Arn]| parts.iter().map(|arn| arn.at(place).to_string()).collect::<Value>();
    let conditions = |need: &Need| {
        let conditions = need.conditions.iter();
        conditions
            .map(|condition| {
                let values = texts(&condition.values);
                json!({ "operator": condition.operator, "key": condition.key, "values": values })
            })
            .collect::<Value>()
    };
    let needs = policy.needs.iter().map(|need| {
        let (resources, conditions) = (texts(&need.resources), conditions(need));
        json!({ "state": need.state, "actions": need.actions, "resources": resources, "conditions": conditions, "note": need.wide, "source": need.source })
    });
    needs.collect()
}

fn explain_need(need: &Need, place: &MachinePlace, text: &mut String) {
    let _ = writeln!(text, "  {}", need.actions.join(", "));
    for resource in &need.resources {
        let _ = writeln!(text, "    on {}", resource.at(place));
    }
    for condition in &need.conditions {
        let values: Vec<_> = condition.values.iter().map(|value| value.at(place).to_string()).collect();
        let _ = writeln!(text, "    if {} is {}", condition.key, values.join(" or "));
    }
    if let Some(reason) = need.wide {
        let _ = writeln!(text, "    note: {reason}");
    }
    let _ = writeln!(text, "    from {}", need.source);
}

/// Explains, once per resource, why it is a wildcard.
fn note_patterns(policy: &Policy) {
    let mut said = BTreeSet::new();
    for need in &policy.needs {
        let Some(reason) = need.wide else { continue };
        for action in &need.actions {
            if said.insert((action.clone(), reason)) {
                let state = if need.state.is_empty() { "the machine" } else { need.state.as_str() };
                answer::Format::Human.note(&format!("`{action}` of `{state}` is on a pattern: {reason}"));
            }
        }
    }
}
