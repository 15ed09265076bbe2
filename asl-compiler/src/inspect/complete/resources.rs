//! Completion of `Resource`: integrations, services and their actions, patterns.
//!
//! In: what is written so far. Out: the resources that go on from there; actions only of the service that is written, because all of
//! them are ten thousand.

use super::{Asked, Completion, CompletionKind, completion};
use crate::services::{Integration, OptimisedAction, integrations, sdk, sdk_names};

const ARN: &str = "arn:aws:states:::";
const SDK: &str = "aws-sdk:";

pub(super) fn complete(_asked: &Asked<'_>, written: &str) -> Vec<Completion> {
    if let Some(rest) = written.strip_prefix(ARN).and_then(|rest| rest.strip_prefix(SDK)) {
        return match rest.split_once(':') {
            Some((service, _)) => actions(service),
            None => services(),
        };
    }
    let mut found: Vec<Completion> = integrations().flat_map(optimised).collect();
    found.push(resource(format!("{ARN}{SDK}"), "any action of any service"));
    found.push(resource("arn:aws:lambda:REGION:ACCOUNT:function:NAME".to_owned(), "a Lambda function"));
    found.push(resource("arn:aws:states:REGION:ACCOUNT:activity:NAME".to_owned(), "an activity"));
    found
}

fn optimised(integration: &'static Integration) -> impl Iterator<Item = Completion> {
    integration.actions().iter().flat_map(|action| {
        let name = format!("{ARN}{}:{}", integration.name(), action.name());
        patterns(&name, action).into_iter().map(|name| resource(name, "optimised integration"))
    })
}

fn patterns(name: &str, action: &OptimisedAction) -> Vec<String> {
    let others = action.suffixes().iter().map(|suffix| format!("{name}{}", suffix.as_str()));
    let mut names: Vec<String> = std::iter::once(name.to_owned()).chain(others).collect();
    names.dedup();
    names
}

fn services() -> Vec<Completion> {
    sdk_names().map(|name| resource(format!("{ARN}{SDK}{name}:"), "service")).collect()
}

fn actions(service: &str) -> Vec<Completion> {
    let Some(service) = sdk(service) else { return services() };
    let name = |action: &str| format!("{ARN}{SDK}{}:{action}", service.name());
    service.actions().map(|action| resource(name(&action.name()), "")).collect()
}

fn resource(name: String, detail: &str) -> Completion {
    completion(&name, CompletionKind::Resource, detail, "")
}
