//! A `Resource` that calls a service: which integration, which action, and in which pattern.

use super::Sending;
use super::optimised::{Integration, OptimisedAction, Waiting};
use super::shape::Shape;
use super::table::Action;
use super::wire::Request;
use super::written;

/// How a task ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// With the answer of the service.
    RequestResponse,
    /// `.sync`: with the end of the job that it starts.
    Sync,
    /// `.sync:2`: the same, with JSON for the texts in the result.
    Sync2,
    /// `.waitForTaskToken`: with what someone sends for its token.
    WaitForTaskToken,
}

impl Pattern {
    /// As it is behind the action.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::RequestResponse => "",
            Self::Sync => ".sync",
            Self::Sync2 => ".sync:2",
            Self::WaitForTaskToken => ".waitForTaskToken",
        }
    }

    /// The pattern that is written so.
    #[must_use]
    pub fn of_suffix(suffix: &str) -> Option<Self> {
        [Self::RequestResponse, Self::Sync, Self::Sync2, Self::WaitForTaskToken]
            .into_iter()
            .find(|pattern| pattern.suffix() == suffix)
    }
}

/// A call of an action that is known.
#[derive(Clone, Debug)]
pub struct Call {
    target: Target,
    pattern: Pattern,
}

#[derive(Clone, Debug)]
enum Target {
    Sdk(Box<Action>),
    Optimised(&'static Integration, &'static OptimisedAction),
}

impl Call {
    /// What the ARN calls, if it is one of an integration, and service, action and pattern are known.
    #[must_use]
    pub fn of(resource: &str) -> Option<Self> {
        let (service, action) = integration(resource)?;
        let (action, suffix) = split_pattern(action);
        let pattern = Pattern::of_suffix(suffix)?;
        let target = if service == "aws-sdk" {
            let (service, action) = action.split_once(':')?;
            Target::Sdk(Box::new(super::sdk(service)?.action(action)?))
        } else {
            let integration = super::integrations().iter().find(|known| known.name() == service)?;
            Target::Optimised(integration, integration.action(action)?)
        };
        Some(Self { target, pattern })
    }

    /// Service and action for messages: `dynamodb:putItem`, `aws-sdk:s3:getObject`.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.target {
            Target::Sdk(action) => format!("aws-sdk:{}:{}", action.service().name(), action.name()),
            Target::Optimised(integration, action) => format!("{}:{}", integration.name(), action.name()),
        }
    }

    /// The service and the action that it calls, in whatever way.
    pub(crate) fn called(&self) -> (&'static str, String) {
        match &self.target {
            Target::Sdk(action) => (action.service().name(), action.name()),
            Target::Optimised(integration, action) => (integration.name(), action.name().to_owned()),
        }
    }

    /// How it is sent, and how the end is waited for of what it starts; nothing where its service speaks a protocol that is not known.
    #[must_use]
    pub fn sending(&self) -> Option<Sending> {
        Some(Sending { request: self.request()?, job: self.waiting() })
    }

    fn request(&self) -> Option<Request> {
        match &self.target {
            Target::Sdk(action) => action.request(true),
            // These have clients of their own.
            Target::Optimised(integration, _) if matches!(integration.name(), "dynamodb" | "lambda") => None,
            Target::Optimised(integration, action) => {
                let request = action.api()?.request(false)?;
                let form = match action.form() {
                    Some(form) => Some(form.complete(integration.error_prefix())?),
                    None => None,
                };
                Some(Request {
                    prefix: integration.error_prefix().unwrap_or(request.prefix),
                    form,
                    ..request
                })
            }
        }
    }

    fn waiting(&self) -> Option<Waiting> {
        match &self.target {
            Target::Sdk(_) => None,
            Target::Optimised(integration, action) => {
                action.job(self.pattern)?.waiting(integration.error_prefix())
            }
        }
    }

    /// How the task ends.
    #[must_use]
    pub const fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// Whether it is one of `aws-sdk`.
    #[must_use]
    pub const fn is_sdk(&self) -> bool {
        matches!(self.target, Target::Sdk(_))
    }

    /// What the task takes.
    #[must_use]
    pub fn parameters(&self) -> Shape {
        match &self.target {
            Target::Sdk(action) => {
                written::sdk_input(action.service().name(), &action.name()).unwrap_or_else(|| action.input())
            }
            Target::Optimised(_, action) => action.parameters(),
        }
    }

    /// What the task yields.
    #[must_use]
    pub fn result(&self) -> Shape {
        match (&self.target, self.pattern) {
            // Someone sends it.
            (_, Pattern::WaitForTaskToken) => Shape::ANY,
            (Target::Sdk(action), _) => action.output(),
            (Target::Optimised(_, action), pattern) => action.result(pattern),
        }
    }

    /// What the names of its errors begin with, if that is known: `DynamoDB` for `dynamodb:putItem`, `DynamoDb` for
    /// `aws-sdk:dynamodb:putItem`.
    #[must_use]
    pub fn error_prefix(&self) -> Option<&'static str> {
        match &self.target {
            Target::Sdk(action) => Some(action.service().prefix()),
            Target::Optimised(integration, _) => integration.error_prefix(),
        }
    }

    /// The errors that are known of it, without the prefix. There can always be others.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        match &self.target {
            Target::Sdk(action) => {
                let mut errors = action.errors();
                errors.extend([
                    "SdkClientException".to_owned(),
                    format!("{}Exception", action.service().prefix()),
                ]);
                errors
            }
            Target::Optimised(integration, action) => action.errors(integration),
        }
    }
}

/// `service:action` of `arn:aws:states:::service:action`. What a template leaves open before it does not matter:
/// `arn:${Partition}:states:::service:action`.
#[must_use]
pub(crate) fn integration(resource: &str) -> Option<(&str, &str)> {
    let (arn, rest) = split_part(resource)?;
    let (partition, rest) = split_part(rest)?;
    let (states, rest) = split_part(rest)?;
    let (_region, rest) = split_part(rest)?;
    let (account, rest) = split_part(rest)?;
    let is_open = |part: &str| part.starts_with("${") && part.ends_with('}');
    let is_arn = arn == "arn" && (is_partition(partition) || is_open(partition)) && states == "states";
    // An account belongs to an activity or state machine, but is taken for what `aws-sdk` calls as well.
    if !is_arn || rest.contains("${") || !(account.is_empty() || rest.starts_with("aws-sdk:")) {
        return None;
    }
    rest.split_once(':')
}

/// What is before the next colon, and behind it. The colons in a placeholder do not count: `${AWS::Partition}`.
fn split_part(text: &str) -> Option<(&str, &str)> {
    let start = if text.starts_with("${") { text.find('}')? } else { 0 };
    let at = start + text.get(start..)?.find(':')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Whether ARNs can begin with it.
pub(crate) fn is_partition(partition: &str) -> bool {
    partition == "aws" || partition.starts_with("aws-")
}

/// `sendMessage.waitForTaskToken` as its action and what is behind it.
pub(crate) fn split_pattern(action: &str) -> (&str, &str) {
    action.find('.').and_then(|at| action.split_at_checked(at)).unwrap_or((action, ""))
}
