//! What the ARN in `Resource` says: who does a task, and when it is done (AWS, "Service integration patterns").

use crate::codec::variants;

/// Who does a task.
///
/// ```
/// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
/// # fn main() {
/// use asl_runtime::{Pattern, Resource};
///
/// let resource = Resource::parse("arn:aws:states:::aws-sdk:s3:getObject");
/// let expected = Resource::Service { service: "aws-sdk:s3", action: "getObject", pattern: Pattern::RequestResponse };
/// assert_eq!(resource, expected);
/// assert_eq!(Resource::parse("arn:aws:lambda:us-east-1:123456789012:function:Charge"), Resource::Lambda);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource<'a> {
    /// `arn:aws:lambda:...`: a function.
    Lambda,
    /// `arn:aws:states:region:account:activity:name`: the workers that ask the activity for work.
    Activity,
    /// `arn:aws:states:::service:action`: a service integration.
    Service {
        /// The service, as histories name it: `sqs`, `aws-sdk:s3`.
        service: &'a str,
        /// The action with its pattern: `sendMessage.waitForTaskToken`.
        action: &'a str,
        /// When the task is done.
        pattern: Pattern,
    },
    /// Any other ARN.
    Other,
}

/// When a task of a service integration is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// When the service has answered.
    RequestResponse,
    /// `.sync`, `.sync:2`: when the job that was started has ended.
    Sync,
    /// `.waitForTaskToken`: when a result is sent with the task's token.
    WaitForTaskToken,
}

variants!(Pattern { 0 RequestResponse, 1 Sync, 2 WaitForTaskToken });

impl<'a> Resource<'a> {
    /// Reads an ARN.
    #[must_use]
    pub fn parse(arn: &'a str) -> Self {
        Self::of_arn(arn).unwrap_or(Self::Other)
    }

    /// The same, where all that matters is what is done by Step Functions itself: what is not is [`Other`](Self::Other), and known from the
    /// first letters. Every task asks.
    #[must_use]
    pub fn of_step_functions(arn: &'a str) -> Self {
        let service =
            arn.strip_prefix("arn:").and_then(next_part).and_then(|(_partition, rest)| next_part(rest));
        if service.is_some_and(|(service, _)| service == "states") { Self::parse(arn) } else { Self::Other }
    }

    fn of_arn(arn: &'a str) -> Option<Self> {
        let (_partition, rest) = next_part(arn.strip_prefix("arn:")?)?;
        let (service, rest) = next_part(rest)?;
        let (_region, rest) = next_part(rest)?;
        let (account, rest) = next_part(rest)?;
        match service {
            "lambda" => Some(Self::Lambda),
            "states" if rest.starts_with("activity:") => Some(Self::Activity),
            "states" if account.is_empty() => Self::integration(rest),
            _ => None,
        }
    }

    /// `sqs:sendMessage`, `aws-sdk:s3:getObject`, `states:startExecution.sync:2`
    fn integration(name: &'a str) -> Option<Self> {
        let sdk_service = name
            .strip_prefix("aws-sdk:")
            .map(|rest| rest.find(':').map_or(name.len(), |at| at + "aws-sdk:".len()));
        let (service, action) = name.split_at_checked(sdk_service.or_else(|| name.find(':'))?)?;
        let action = action.strip_prefix(':')?;
        let pattern = match action.split_once('.').map(|(_, pattern)| pattern) {
            Some("waitForTaskToken") => Pattern::WaitForTaskToken,
            Some("sync" | "sync:2") => Pattern::Sync,
            Some(_) | None => Pattern::RequestResponse,
        };
        Some(Self::Service { service, action, pattern })
    }

    /// When the task is done.
    ///
    /// ```
    /// # include!(concat!(env!("CARGO_MANIFEST_DIR"), "/doc/prelude.rs"));
    /// # fn main() {
    /// use asl_runtime::{Pattern, Resource};
    ///
    /// assert_eq!(Resource::parse("arn:aws:states:::glue:startJobRun.sync").pattern(), Pattern::Sync);
    /// # }
    /// ```
    #[must_use]
    pub const fn pattern(self) -> Pattern {
        match self {
            Self::Service { pattern, .. } => pattern,
            Self::Lambda | Self::Activity | Self::Other => Pattern::RequestResponse,
        }
    }
}

/// What is before the first colon, and after it. These parts are short, for which this is the fastest.
fn next_part(text: &str) -> Option<(&str, &str)> {
    let colon = text.bytes().position(|byte| byte == b':')?;
    Some((text.get(..colon)?, text.get(colon + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_say_who_does_the_task_and_when_it_is_done() {
        let service = |service, action, pattern| Resource::Service { service, action, pattern };
        for (arn, expected) in [
            ("arn:aws:lambda:us-east-1:123456789012:function:Charge", Resource::Lambda),
            ("arn:aws:states:us-east-1:123456789012:activity:Approve", Resource::Activity),
            ("arn:aws:states:::http:invoke", service("http", "invoke", Pattern::RequestResponse)),
            (
                "arn:aws:states:::aws-sdk:s3:getObject",
                service("aws-sdk:s3", "getObject", Pattern::RequestResponse),
            ),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                service("sqs", "sendMessage.waitForTaskToken", Pattern::WaitForTaskToken),
            ),
            (
                "arn:aws:states:::states:startExecution.sync:2",
                service("states", "startExecution.sync:2", Pattern::Sync),
            ),
            ("arn:aws:states:us-east-1:123456789012:sqs:sendMessage", Resource::Other),
            ("arn:aws:iam::123456789012:role/x", Resource::Other),
            ("x", Resource::Other),
        ] {
            assert_eq!(Resource::parse(arn), expected, "{arn}");
            let is_lambda = expected == Resource::Lambda;
            let expected = if is_lambda { Resource::Other } else { expected };
            assert_eq!(Resource::of_step_functions(arn), expected, "{arn}");
        }
    }
}
