//! `asl policy`: the IAM policy that a definition needs.

use crate::options::CompileArguments;
use crate::read::read;
use crate::report::style_for;
use crate::{Outcome, complain, print};
use asl_compiler::diagnostic::Severity;
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use asl_compiler::source::SourceFile;
use asl_policy::{Comparison, Form, Need, Place, Policy, Settings, compare, policy, print_trust};
use clap::{Args, ValueEnum};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;

/// Print the least IAM policy that a workflow needs.
///
/// Actions and resources come from the definition. Where a resource is wider than one name, the standard error says why. Exit code: 0 if
/// there is a policy (with `--compare`: and the other one lacks nothing), 1 if the definition has errors or the other policy lacks
/// something, 2 if a file could not be read.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The definition; `-` is the standard input
    file: String,

    /// How the policy is written
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,

    /// Print the trust policy of the role in its place
    #[arg(long, conflicts_with_all = ["explain", "compare"])]
    trust: bool,

    /// List which state needs what, and why a resource is a pattern
    #[arg(long, conflicts_with = "compare")]
    explain: bool,

    /// Say what this policy lacks, and what it grants without need: a file with a policy document, or actions with commas between them
    #[arg(long, value_name = "FILE|ACTIONS")]
    compare: Option<String>,

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
    /// A policy document
    Json,
    /// The `Policies` of a state machine in a template of AWS SAM
    Sam,
    /// A data source of Terraform
    Terraform,
}

/// Prints what was asked for.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let source = match read(&arguments.file) {
        Ok(source) => source,
        Err(reason) => return complain(&reason),
    };
    let Some(policy) = policy_of(&source, arguments) else { return Outcome::ProblemsFound };
    if let Some(other) = &arguments.compare {
        return match granted(other) {
            Ok(granted) => report(&compare(&policy, &granted)),
            Err(reason) => complain(&reason),
        };
    }
    let place = Place {
        partition: arguments.partition.clone(),
        region: arguments.region.clone(),
        account: arguments.account.clone(),
        name: arguments.name.clone(),
    };
    let form = match arguments.format {
        Format::Json => Form::Json,
        Format::Sam => Form::Sam,
        Format::Terraform => Form::Terraform,
    };
    if arguments.trust {
        print(&print_trust(form, &place));
    } else if arguments.explain {
        print(&explain(&policy));
    } else {
        print(&policy.print(form, &place));
        note_patterns(&policy);
    }
    Outcome::Fine
}

/// The policy, unless the definition has errors, which are printed.
fn policy_of(source: &SourceFile, arguments: &Arguments) -> Option<Policy> {
    let mut found = asl_compiler::check(source, &arguments.compile.options()).diagnostics;
    found.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let problems = render_all(source, &found, style_for(&std::io::stderr()), DEFAULT_LIMIT);
    let _ = std::io::stderr().write_all(problems.as_bytes());
    if !found.is_empty() {
        return None;
    }
    let definition = asl_compiler::read(source, &arguments.compile.options())?;
    Some(policy(&definition, Settings { logging: arguments.logging, tracing: arguments.tracing }))
}

/// What another policy grants: the JSON of a file, or a list of actions.
fn granted(text: &str) -> Result<serde_json::Value, String> {
    if std::path::Path::new(text).exists() {
        let json =
            std::fs::read_to_string(text).map_err(|error| format!("`{text}` cannot be read: {error}"))?;
        return serde_json::from_str(&json).map_err(|error| format!("`{text}` is not JSON: {error}"));
    }
    if !text.contains(':') && text != "*" {
        return Err(format!("there is no file `{text}`, and it names no actions such as `s3:GetObject`"));
    }
    Ok(text.split(',').map(|action| action.trim().to_owned()).collect())
}

fn report(comparison: &Comparison) -> Outcome {
    let mut text = String::new();
    for action in &comparison.agreed {
        let _ = writeln!(text, "needed and granted: {action}");
    }
    for (action, states) in &comparison.lacks {
        let states: Vec<_> = states.iter().map(|state| format!("`{state}`")).collect();
        let _ = writeln!(text, "lacking:            {action}{}", by(&states));
    }
    for action in &comparison.needless {
        let _ = writeln!(text, "without need:       {action}");
    }
    print(&text);
    if comparison.lacks.is_empty() { Outcome::Fine } else { Outcome::ProblemsFound }
}

fn by(states: &[String]) -> String {
    if states.is_empty() { String::new() } else { format!(", needed by {}", states.join(", ")) }
}

fn explain(policy: &Policy) -> String {
    let mut text = String::new();
    let mut last = None;
    for need in &policy.needs {
        if last != Some(&need.state) {
            let _ =
                writeln!(text, "{}", if need.state.is_empty() { "the machine itself" } else { &need.state });
            last = Some(&need.state);
        }
        explain_need(need, &mut text);
    }
    if text.is_empty() { String::from("no state needs a permission\n") } else { text }
}

fn explain_need(need: &Need, text: &mut String) {
    let _ = writeln!(text, "  {}", need.actions.join(", "));
    for resource in &need.resources {
        let _ = writeln!(text, "    on {resource}");
    }
    for condition in &need.conditions {
        let values: Vec<_> = condition.values.iter().map(ToString::to_string).collect();
        let _ = writeln!(text, "    if {} is {}", condition.key, values.join(" or "));
    }
    if let Some(reason) = need.wide {
        let _ = writeln!(text, "    note: {reason}");
    }
}

/// Says once for each resource why it is a pattern.
fn note_patterns(policy: &Policy) {
    let mut said = BTreeSet::new();
    for need in &policy.needs {
        let Some(reason) = need.wide else { continue };
        for action in &need.actions {
            if said.insert((action.clone(), reason)) {
                let state = if need.state.is_empty() { "the machine" } else { need.state.as_str() };
                let _ =
                    writeln!(std::io::stderr(), "note: `{action}` of `{state}` is on a pattern: {reason}");
            }
        }
    }
}
