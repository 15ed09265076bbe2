//! `asl policy --compare`, `--check-role` and `--boundary`: policies that are there against what the definition needs.

use crate::answer::{Format, Outcome};
use crate::read::as_json;
use asl_compiler::diagnostic::{Diagnostics, Severity};
use asl_policy::{Comparison, Granted, MachinePlace, Policy, Trusts, Verdict, compare, trusts};
use clap::Args;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// What is compared.
#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// Say what this policy lacks, and what it grants without need: a file with policy documents, or actions with commas between them;
    /// several are taken together
    #[arg(long, value_name = "FILE|ACTIONS")]
    compare: Vec<String>,

    /// The same for all policies of a role, as `aws iam get-account-authorization-details` writes it, and whether it trusts Step Functions
    #[arg(long, value_name = "FILE")]
    check_role: Option<String>,

    /// Count as allowed only what the permissions boundary in this file allows as well
    #[arg(long, value_name = "FILE")]
    boundary: Option<String>,
}

impl CompareArguments {
    /// Whether anything is to be compared.
    pub(super) const fn are_given(&self) -> bool {
        !self.compare.is_empty() || self.check_role.is_some() || self.boundary.is_some()
    }

    /// Compares, and says what came of it.
    pub(super) fn answer(
        &self,
        format: Format,
        policy: &Policy,
        place: &MachinePlace,
    ) -> Result<Outcome, String> {
        let mut policies = self.compare.iter().map(|text| granted(text)).collect::<Result<Vec<_>, _>>()?;
        let role = self.check_role.as_deref().map(read).transpose()?;
        policies.extend(role.clone());
        let policies = (!policies.is_empty()).then_some(Value::Array(policies));
        let boundary = self.boundary.as_deref().map(read).transpose()?;
        let granted = Granted { policies: policies.as_ref(), boundary: boundary.as_ref() };
        let comparison = compare(policy, place, granted);
        let trusted = role.map_or(Trusts::Unsaid, |role| trusts(&role, place));
        format.print(|| report(&comparison, trusted), || to_json(&comparison, trusted));
        let is_denied = !comparison.lacking.is_empty() || trusted == Trusts::No;
        Ok(if is_denied { Outcome::ProblemsFound } else { Outcome::Fine })
    }
}

/// What another policy grants: the JSON of a file, or a list of actions.
fn granted(text: &str) -> Result<Value, String> {
    if Path::new(text).exists() {
        return read(text);
    }
    if !text.contains(':') && text != "*" {
        return Err(format!("no such file: `{text}`, and it names no actions such as `s3:GetObject`"));
    }
    Ok(text.split(',').map(|action| action.trim().to_owned()).collect())
}

/// What a file with policies says, JSON or YAML; functions of a template stay what they are.
fn read(file: &str) -> Result<Value, String> {
    let source = crate::read::read(file)?;
    let mut found = Diagnostics::default();
    let value = asl_compiler::read_template(&source, &mut found);
    let fault = found.into_sorted().into_iter().find(|found| found.severity == Severity::Error);
    match (value, fault) {
        (Some(value), None) => Ok(as_json(&value)),
        (_, Some(fault)) => {
            let line = source.line(fault.span.start);
            Err(format!("`{file}` cannot be read: {} (line {line})", fault.message))
        }
        (None, None) => Err(format!("`{file}` cannot be read")),
    }
}

fn report(comparison: &Comparison, trusted: Trusts) -> String {
    let Comparison { agreed, lacking, conditional, broader } = comparison;
    let mut text = String::new();
    let about = |Verdict { action, resource, .. }: &Verdict| format!("{action} on {resource}");
    for verdict in agreed {
        let _ = writeln!(text, "needed and granted: {}", about(verdict));
    }
    for (verdicts, what) in [(lacking, "lacking:           "), (conditional, "conditional:       ")] {
        for verdict in verdicts {
            let _ = writeln!(text, "{what} {}{}: {}", about(verdict), by(&verdict.states), verdict.reason);
        }
    }
    for (action, statements) in broader {
        let statements: Vec<_> = statements.iter().map(String::as_str).collect();
        let _ = writeln!(text, "more than needed:   {action} in {}", statements.join(", "));
    }
    if let Some(line) = match trusted {
        Trusts::Unsaid | Trusts::Yes => None,
        Trusts::Perhaps => {
            Some("conditional:        the role trusts `states.amazonaws.com` under a condition")
        }
        Trusts::No => Some("lacking:            the role does not trust `states.amazonaws.com`"),
    } {
        let _ = writeln!(text, "{line}");
    }
    text
}

fn by(states: &[String]) -> String {
    let states: Vec<_> = states.iter().map(|state| format!("`{state}`")).collect();
    if states.is_empty() { String::new() } else { format!(", needed by {}", states.join(", ")) }
}

fn to_json(comparison: &Comparison, trusted: Trusts) -> Value {
    let Comparison { agreed, lacking, conditional, broader } = comparison;
    let trusted = match trusted {
        Trusts::Unsaid => Value::Null,
        Trusts::Yes => true.into(),
        Trusts::Perhaps => "conditional".into(),
        Trusts::No => false.into(),
    };
    json!({
        "agreed": by_action(agreed),
        "lacking": by_action(lacking),
        "conditional": by_action(conditional),
        "broader": broader,
        "trusted": trusted,
    })
}

/// What is said of each action, resource by resource.
fn by_action(verdicts: &[Verdict]) -> Value {
    let mut actions: Map<String, Value> = Map::new();
    for Verdict { action, resource, states, reason } in verdicts {
        let found = actions.entry(action.clone()).or_insert_with(|| json!([]));
        if let Value::Array(found) = found {
            found.push(json!({ "resource": resource, "states": states, "reason": reason }));
        }
    }
    Value::Object(actions)
}
