//! The ARNs of Step Functions: read, and made.

use crate::protocol::error::ApiError;
use asl_runtime::{Identity, Text};

/// What an ARN names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named<'a> {
    /// A state machine, or with a qualifier a version or an alias of it.
    StateMachine {
        name: &'a str,
        qualifier: Option<&'a str>,
    },
    /// An execution, by the whole ARN.
    Execution,
    /// An execution of an Express machine, by the whole ARN.
    Express,
    Activity {
        name: &'a str,
    },
    /// A Map Run, by the whole ARN.
    MapRun,
}

/// Which kinds of ARNs an action takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArnKind {
    StateMachine,
    Execution,
    Activity,
    MapRun,
}

impl ArnKind {
    /// Reads an ARN of this kind.
    ///
    /// # Errors
    /// It is not an ARN, or one of another kind.
    pub(crate) fn read(self, arn: &str) -> Result<Named<'_>, ApiError> {
        let named = parse(arn)?;
        let fits = match named {
            Named::StateMachine { .. } => self == Self::StateMachine,
            Named::Execution => self == Self::Execution,
            Named::Activity { .. } => self == Self::Activity,
            Named::MapRun => self == Self::MapRun,
            // What is asked about an execution is kept for those of Standard machines alone.
            Named::Express => false,
        };
        if fits {
            Ok(named)
        } else {
            Err(invalid(&format!("Resource type not valid in this context: {}", kind(arn))))
        }
    }
}

/// Reads an ARN of any kind.
///
/// # Errors
/// It is none of Step Functions.
pub(crate) fn parse(arn: &str) -> Result<Named<'_>, ApiError> {
    if !arn.starts_with("arn:") {
        return Err(invalid(&format!("Invalid ARN prefix: {arn}")));
    }
    let mut parts = arn.splitn(7, ':').skip(2);
    let (service, _, _, kind, rest) = (parts.next(), parts.next(), parts.next(), parts.next(), parts.next());
    let rest = rest.filter(|rest| !rest.is_empty());
    let (Some("states"), Some(rest)) = (service, rest) else { return Err(invalid(arn)) };
    match kind {
        Some("stateMachine") => {
            let (name, qualifier) =
                rest.split_once(':').map_or((rest, None), |(name, rest)| (name, Some(rest)));
            Ok(Named::StateMachine { name, qualifier })
        }
        Some("execution") => Ok(Named::Execution),
        Some("express") => Ok(Named::Express),
        Some("activity") => Ok(Named::Activity { name: rest }),
        Some("mapRun") => Ok(Named::MapRun),
        _ => Err(invalid(arn)),
    }
}

fn kind(arn: &str) -> &str {
    arn.split(':').nth(5).unwrap_or_default()
}

fn invalid(what: &str) -> ApiError {
    ApiError::about("InvalidArn", what)
}

/// The ARN of a machine; with a qualifier, of a version or an alias of it.
pub(crate) fn of_machine(identity: &Identity, name: &str, qualifier: Option<&str>) -> Text {
    match qualifier {
        None => identity.arn_of("stateMachine", &[name]),
        Some(qualifier) => identity.arn_of("stateMachine", &[name, qualifier]),
    }
}

/// The name of a resource, checked as far as the model does not.
///
/// # Errors
/// It has letters that no name may have.
pub(crate) fn check_name(name: &str) -> Result<(), ApiError> {
    // AWS, "CreateStateMachine": no white space, brackets, wildcards, special and control characters.
    let is_refused = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(c)
            || ('\u{fffe}'..='\u{ffff}').contains(&c)
    };
    if name.chars().any(is_refused) { Err(ApiError::about("InvalidName", name)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_read() {
        assert_eq!(
            parse("arn:aws:states:eu-west-1:1:stateMachine:A:live"),
            Ok(Named::StateMachine { name: "A", qualifier: Some("live") })
        );
        assert_eq!(parse("arn:aws:states:eu-west-1:1:activity:A"), Ok(Named::Activity { name: "A" }));
        assert_eq!(
            parse("abc").map_err(|error| error.message),
            Err("Invalid Arn: 'Invalid ARN prefix: abc'".to_owned())
        );
        for arn in
            ["arn:aws:states:a:1:stateMachine:", "arn:aws:sqs:a:1:q", "arn:", "arn:aws:states:a:1:other:b"]
        {
            assert!(parse(arn).is_err(), "{arn}");
        }
        let other = ArnKind::Execution.read("arn:aws:states:a:1:activity:A").map_err(|error| error.message);
        assert_eq!(other, Err("Invalid Arn: 'Resource type not valid in this context: activity'".to_owned()));
    }

    #[test]
    fn names_have_no_special_characters() {
        assert!(check_name("a-b_c.d!'()+=@").is_ok());
        for name in ["a b", "a\u{7f}", "a$", "a/b", "a:b", "a\"b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
