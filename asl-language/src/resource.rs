//! What the ARN in `Resource` says: who does a task, and when it is done (AWS, "Service integration patterns").
//!
//! In: the text of an ARN, in which placeholders may still be. Out: its parts, borrowed. Which services there are, and which actions they
//! have, the compiler knows; who calls them, the runtime.

/// Who does a task.
///
/// ```
/// use asl_language::resource::{Pattern, Resource};
///
/// let resource = Resource::parse("arn:aws:states:::aws-sdk:s3:getObject");
/// let expected = Resource::Service { service: "aws-sdk:s3", action: "getObject", pattern: Pattern::RequestResponse };
/// assert_eq!(resource, expected);
/// assert_eq!(Resource::parse("arn:aws:lambda:us-east-1:123456789012:function:Charge"), Resource::Lambda);
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

/// What is written behind an action: its pattern, and in which form the result comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// Nothing.
    None,
    /// `.sync`
    Sync,
    /// `.sync:2`: the same as `.sync`, with JSON for the texts in the result.
    Sync2,
    /// `.waitForTaskToken`
    WaitForTaskToken,
}

impl Suffix {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Sync, Self::Sync2, Self::WaitForTaskToken];

    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        }
    }

    /// The one that is written so.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|suffix| suffix.as_str() == text)
    }

    /// When the task is done.
    #[must_use]
    pub const fn pattern(self) -> Pattern {
        match self {
            Self::None => Pattern::RequestResponse,
            Self::Sync | Self::Sync2 => Pattern::Sync,
            Self::WaitForTaskToken => Pattern::WaitForTaskToken,
        }
    }
}

impl<'a> Resource<'a> {
    /// Reads an ARN.
    #[must_use]
    pub fn parse(arn: &'a str) -> Self {
        Arn::parse(arn).and_then(|arn| Self::of(&arn)).unwrap_or(Self::Other)
    }

    /// The same, where all that matters is what is done by Step Functions itself: what is not is [`Other`](Self::Other), and known from the
    /// first letters. Every task asks.
    #[must_use]
    pub fn of_step_functions(arn: &'a str) -> Self {
        let service = arn.strip_prefix("arn:aws:").or_else(|| {
            let (_partition, service) = part(arn.strip_prefix("arn:")?)?;
            Some(service)
        });
        let is_step_functions = service.is_some_and(|service| service.starts_with("states:"));
        if is_step_functions { Self::parse(arn) } else { Self::Other }
    }

    fn of(arn: &Arn<'a>) -> Option<Self> {
        match arn.service {
            "lambda" => Some(Self::Lambda),
            "states" if arn.rest.starts_with("activity:") => Some(Self::Activity),
            "states" => {
                let (service, action) = arn.integration()?;
                let (service, action) = match action.split_once(':').filter(|_| service == SDK) {
                    Some((name, action)) => (arn.rest.get(..SDK.len() + 1 + name.len())?, action),
                    None => (service, action),
                };
                let suffix = Suffix::of(split_suffix(action).1);
                let pattern = suffix.map_or(Pattern::RequestResponse, Suffix::pattern);
                Some(Self::Service { service, action, pattern })
            }
            _ => None,
        }
    }

    /// When the task is done.
    ///
    /// ```
    /// use asl_language::resource::{Pattern, Resource};
    ///
    /// assert_eq!(Resource::parse("arn:aws:states:::glue:startJobRun.sync").pattern(), Pattern::Sync);
    /// ```
    #[must_use]
    pub const fn pattern(self) -> Pattern {
        match self {
            Self::Service { pattern, .. } => pattern,
            Self::Lambda | Self::Activity | Self::Other => Pattern::RequestResponse,
        }
    }
}

/// The service in ARNs of integrations that calls any action of any other: `arn:aws:states:::aws-sdk:s3:getObject`.
pub const SDK: &str = "aws-sdk";

/// Service and action of `arn:aws:states:::service:action`, the action with what is behind it. What a template leaves open before it does
/// not matter: `arn:${Partition}:states:::service:action`.
///
/// ```
/// use asl_language::resource::{integration, split_suffix};
///
/// let (service, action) = integration("arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken").unwrap();
/// assert_eq!((service, split_suffix(action)), ("aws-sdk", ("s3:getObject", ".waitForTaskToken")));
/// assert_eq!(integration("arn:aws:states:us-east-1:123456789012:activity:work"), None);
/// ```
#[must_use]
pub fn integration(resource: &str) -> Option<(&str, &str)> {
    Arn::parse(resource)?.integration()
}

/// Whether it is `arn:aws:states:::http:invoke`.
#[must_use]
pub fn is_http_invoke(resource: &str) -> bool {
    matches!(integration(resource), Some(("http", "invoke")))
}

/// `sendMessage.waitForTaskToken` as its action and what is behind it.
#[must_use]
pub fn split_suffix(action: &str) -> (&str, &str) {
    action.find('.').and_then(|at| action.split_at_checked(at)).unwrap_or((action, ""))
}

/// Whether ARNs can begin with it.
#[must_use]
pub fn is_partition(partition: &str) -> bool {
    partition == "aws" || partition.starts_with("aws-")
}

/// The parts of an ARN. The colons in a placeholder do not count: `${AWS::Partition}`.
struct Arn<'a> {
    partition: &'a str,
    service: &'a str,
    account: &'a str,
    rest: &'a str,
}

impl<'a> Arn<'a> {
    fn parse(arn: &'a str) -> Option<Self> {
        // Nearly all that ask for a service begin like this.
        if let Some(rest) = arn.strip_prefix("arn:aws:states:::") {
            return Some(Self { partition: "aws", service: "states", account: "", rest });
        }
        let (partition, rest) = part(arn.strip_prefix("arn:")?)?;
        let (service, rest) = part(rest)?;
        let (_region, rest) = part(rest)?;
        let (account, rest) = part(rest)?;
        Some(Self { partition, service, account, rest })
    }

    fn integration(&self) -> Option<(&'a str, &'a str)> {
        let is_open = |part: &str| part.starts_with("${") && part.ends_with('}');
        let is_arn = (is_partition(self.partition) || is_open(self.partition)) && self.service == "states";
        let (service, action) = self.rest.split_once(':').filter(|(service, _)| !service.contains("${"))?;
        // An account belongs to an activity or state machine, but is taken for what `aws-sdk` calls as well.
        (is_arn && (self.account.is_empty() || service == SDK)).then_some((service, action))
    }
}

/// What is before the next colon, and after it. These parts are short, for which this is the fastest.
fn part(text: &str) -> Option<(&str, &str)> {
    let start = if text.starts_with("${") { text.find('}')? } else { 0 };
    let colon = start + text.bytes().skip(start).position(|byte| byte == b':')?;
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
            ("arn:aws-cn:states:::http:invoke", service("http", "invoke", Pattern::RequestResponse)),
            (
                "arn:${AWS::Partition}:states:::http:invoke",
                service("http", "invoke", Pattern::RequestResponse),
            ),
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
            ("arn:aws:states:::sqs", Resource::Other),
            ("arn:${", Resource::Other),
            ("x", Resource::Other),
        ] {
            assert_eq!(Resource::parse(arn), expected, "{arn}");
            let is_lambda = expected == Resource::Lambda;
            let expected = if is_lambda { Resource::Other } else { expected };
            assert_eq!(Resource::of_step_functions(arn), expected, "{arn}");
        }
    }

    #[test]
    fn suffixes_are_read_as_they_are_written() {
        for suffix in Suffix::ALL {
            assert_eq!(Suffix::of(suffix.as_str()), Some(suffix));
        }
        assert_eq!(Suffix::of(".async"), None);
        assert_eq!(split_suffix("runTask.sync:2"), ("runTask", ".sync:2"));
        assert_eq!(split_suffix("runTask"), ("runTask", ""));
    }
}
