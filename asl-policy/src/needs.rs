//! What each call needs: a table of integrations, one file a family.
//!
//! In: a [`ServiceCall`]. Out: [`Need`]s. Facts are those of AWS's page "How Step Functions generates IAM policies for integrated services" and
//! of the Service Authorization Reference.

mod api_gateway;
mod bedrock;
mod data;
mod dynamodb;
mod functions;
mod http;
mod jobs;
mod machines;
mod messages;
mod optimised;
mod resources;
mod roles;
mod s3;
mod sdk;
mod stores;

use crate::arn::{Arn, Piece};
use crate::workflow::{Argument, Caller, ServiceCall};
use asl_language::resource::{Resource, SDK, Suffix, integration, split_suffix};

/// A permission that one state needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// `dynamodb:PutItem`
    pub actions: Vec<String>,
    /// What they are allowed on.
    pub resources: Vec<Arn>,
    /// What has to hold besides.
    pub conditions: Vec<Condition>,
    /// What else is known of the call, by the keys that conditions of policies may ask about.
    pub facts: Vec<(&'static str, Arn)>,
    /// IAM knows no resources of its actions, so that every resource is as narrow as those that are named.
    pub is_unscoped: bool,
    /// The state that needs it.
    pub state: String,
    /// Why it is wider than one resource, if it is.
    pub wide: Option<&'static str>,
    /// Where it is from that the call needs this.
    pub source: &'static str,
}

/// A condition of a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// `StringEquals`
    pub operator: &'static str,
    /// `states:HTTPMethod`
    pub key: &'static str,
    /// Any of these.
    pub values: Vec<Arn>,
}

/// Why a resource is a pattern.
pub(crate) const DYNAMIC: &str = "its name is known only when the state runs";

/// Where it is from that a call needs something.
pub(crate) const GUIDE: &str = "Step Functions Developer Guide, IAM policies for integrated services";
pub(crate) const REFERENCE: &str = "Service Authorization Reference";

impl Need {
    fn new(call: &ServiceCall<'_>, actions: &[&str], resources: Vec<Arn>) -> Self {
        Self { state: call.state.to_owned(), ..Self::of_machine(actions, resources) }
    }

    /// What the machine itself needs.
    pub(crate) fn of_machine(actions: &[&str], resources: Vec<Arn>) -> Self {
        Self {
            actions: actions.iter().map(|&action| action.to_owned()).collect(),
            resources,
            conditions: Vec::new(),
            facts: Vec::new(),
            is_unscoped: false,
            state: String::new(),
            wide: None,
            source: GUIDE,
        }
    }

    const fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    fn wide(mut self, reason: Option<&'static str>) -> Self {
        self.wide = reason;
        self
    }

    fn with_condition(mut self, operator: &'static str, key: &'static str, values: Vec<Arn>) -> Self {
        self.conditions.push(Condition { operator, key, values });
        self
    }
}

/// What a call needs.
pub(crate) fn of(call: &ServiceCall<'_>) -> Vec<Need> {
    match call.caller {
        Caller::Task => of_task(call),
        Caller::ItemReader | Caller::ResultWriter => stores::needs(call),
        Caller::DistributedMap => stores::map_needs(call),
    }
}

fn of_task(call: &ServiceCall<'_>) -> Vec<Need> {
    // With credentials the other role does the work; this one only has to take it on.
    if let Some(role) = call.role {
        let (role, wide) = match role {
            Argument::Constant(arn) => (Arn::written(arn), None),
            // It may be one of another account.
            Argument::Dynamic => {
                let arn = Arn::written("arn:").and(Piece::Partition).and_text(":iam::").and(Piece::Many);
                (arn.and_text(":role/").and(Piece::Many), Some(DYNAMIC))
            }
        };
        return vec![Need::new(call, &["sts:AssumeRole"], vec![role]).wide(wide)];
    }
    let Some((service, action)) = integration(call.resource) else { return of_arn(call) };
    let (action, suffix) = split_suffix(action);
    match service {
        "http" => http::needs(call),
        SDK => match action.split_once(':') {
            Some((service, action)) => sdk::needs(call, service, action),
            None => Vec::new(),
        },
        _ => optimised::needs(call, service, action, Suffix::of(suffix)),
    }
}

/// A function or an activity that is named by its ARN, or by a placeholder.
fn of_arn(call: &ServiceCall<'_>) -> Vec<Need> {
    let is_placeholder = !call.resource.starts_with("arn:");
    match Resource::parse(call.resource) {
        Resource::Lambda => vec![functions::invoke_resource(call)],
        Resource::Other if is_placeholder => vec![functions::invoke_resource(call)],
        // An activity is asked for nothing: its workers ask.
        Resource::Activity | Resource::Service { .. } | Resource::Other => Vec::new(),
    }
}

/// What the machine needs beside what its states do (AWS, "Using CloudWatch Logs to log execution history", "Trace with X-Ray").
pub(crate) fn of_settings(settings: crate::Settings) -> Vec<Need> {
    let need = |actions: &[&str], reason| Need::of_machine(actions, vec![Arn::any()]).wide(Some(reason));
    let logging = settings.logging.then(|| need(LOGGING, "deliveries of logs have no resource"));
    let tracing = settings.tracing.then(|| need(TRACING, "traces have no resource"));
    logging.into_iter().chain(tracing).collect()
}

const LOGGING: &[&str] = &[
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
];

const TRACING: &[&str] = &[
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

#[cfg(test)]
mod tests;
