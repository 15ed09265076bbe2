//! A `Resource` that calls a service: which action, and in which form.

use super::Sending;
use super::optimised::{Integration, OptimisedAction, Waiting};
use super::shape::Shape;
use super::table::Action;
use super::wire::Request;
use super::written;
use asl_language::resource::{Pattern, SDK, Suffix, integration, split_suffix};

/// A call of an action that is known.
#[derive(Clone, Debug)]
pub struct ActionCall {
    target: Target,
    suffix: Suffix,
}

#[derive(Clone, Debug)]
enum Target {
    Sdk(Box<Action>),
    Optimised(&'static Integration, &'static OptimisedAction),
}

impl ActionCall {
    /// What the ARN calls, if it is one of an integration, and service, action and pattern are known.
    #[must_use]
    pub fn of(resource: &str) -> Option<Self> {
        let (service, action) = integration(resource)?;
        let (action, suffix) = split_suffix(action);
        let suffix = Suffix::of(suffix)?;
        let target = if service == SDK {
            let (service, action) = action.split_once(':')?;
            Target::Sdk(Box::new(super::sdk(service)?.action(action)?))
        } else {
            let integration = super::integration(service)?;
            Target::Optimised(integration, integration.action(action)?)
        };
        Some(Self { target, suffix })
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
            Target::Optimised(integration, _) if !integration.is_sent_by_api() => None,
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
                action.job(self.suffix)?.waiting(integration.error_prefix())
            }
        }
    }

    /// What is written behind the action.
    #[must_use]
    pub const fn suffix(&self) -> Suffix {
        self.suffix
    }

    /// When the task is done.
    #[must_use]
    pub const fn pattern(&self) -> Pattern {
        self.suffix.pattern()
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
        match (&self.target, self.suffix) {
            // Someone sends it.
            (_, Suffix::WaitForTaskToken) => Shape::ANY,
            (Target::Sdk(action), _) => action.output(),
            (Target::Optimised(_, action), suffix) => action.result(suffix),
        }
    }

    /// What the names of its errors begin with, if that is known: `DynamoDB` for `dynamodb:putItem`, `DynamoDb` for
    /// `aws-sdk:dynamodb:putItem`.
    #[must_use]
    pub(crate) fn error_prefix(&self) -> Option<&'static str> {
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
