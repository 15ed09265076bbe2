//! The IAM policy that an Amazon States Language definition needs: the least that its states ask for.
//!
//! In: the JSON of a definition. Out: a [`Policy`], which prints as JSON, as properties of AWS SAM, or as Terraform, and which can be
//! compared with a policy that is there. The crate does no IO.

mod arn;
mod authorization;
mod compare;
mod form;
mod glob;
mod needs;
mod statement;
mod trust;
mod workflow;

pub use arn::{Arn, Piece};
pub use compare::{Comparison, Granted, Verdict, compare};
pub use form::{Form, MachinePlace, print_trust};
pub use needs::{Condition, Need};
pub use statement::Statement;
pub use trust::{Trusts, trusts};

use asl_compiler::json::Value;

/// What the role of a machine has to allow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// What each state needs, in the order of the text.
    pub needs: Vec<Need>,
    /// The same, merged.
    pub statements: Vec<Statement>,
}

/// What a machine is set up with, beside its definition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// It writes logs to CloudWatch Logs.
    pub logging: bool,
    /// It sends traces to X-Ray.
    pub tracing: bool,
}

/// The policy of a definition, valid or not.
#[must_use]
pub fn policy(definition: &Value, settings: Settings) -> Policy {
    let mut needs: Vec<_> = workflow::calls(definition).iter().flat_map(needs::of).collect();
    needs.extend(needs::of_settings(settings));
    let statements = statement::merge(&needs);
    Policy { needs, statements }
}
