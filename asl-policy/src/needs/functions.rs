//! Functions of Lambda, by name, ARN, version or alias.

use super::{DYNAMIC, Need};
use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, ServiceCall};

/// A function is invoked by exactly the ARN that the call has: with a version or an alias behind it, or without.
pub(super) fn invoke(
    call: &ServiceCall<'_>,
    function: Argument<'_>,
    qualifier: Option<Argument<'_>>,
) -> Need {
    let (arn, wide) = arn(function);
    let (arn, wide) = match qualifier {
        _ if wide == Some(DYNAMIC) => (arn, wide),
        Some(Argument::Constant(qualifier)) => (arn.and_text(":").and_text(qualifier), wide),
        Some(Argument::Dynamic) => (arn.and_text(":").and(Piece::Many), Some(DYNAMIC)),
        None => (arn, wide),
    };
    Need::new(call, &["lambda:InvokeFunction"], vec![arn]).wide(wide)
}

fn arn(function: Argument<'_>) -> super::resources::Named {
    let Argument::Constant(text) = function else {
        return (Arn::here("lambda", "function:*"), Some(DYNAMIC));
    };
    if text.starts_with("arn:") || text.starts_with("${AWS::Partition}") {
        return (Arn::written(text), None);
    }
    if let Some((account, name)) = text.split_once(":function:") {
        let arn = Arn::written("arn:").and(Piece::Partition).and_text(":lambda:").and(Piece::Region);
        return (arn.and_text(":").and_text(account).and_text(":function:").and_text(name), None);
    }
    let named = Arn::here("lambda", "function:").and_text(text);
    match super::resources::whole_placeholder(text) {
        Some(name) if name.to_ascii_lowercase().ends_with("arn") => (Arn::written(text), None),
        Some(_) => (named, Some("its placeholder is taken for a name, and may be an ARN")),
        None => (named, None),
    }
}

/// A function whose ARN is the `Resource` of a task, whatever a placeholder for it is called.
pub(super) fn invoke_resource(call: &ServiceCall<'_>) -> Need {
    Need::new(call, &["lambda:InvokeFunction"], vec![Arn::written(call.resource)])
}
