//! `Resource`: which integration a task asks for.
//!
//! In: the ARN as written, with its pattern (`.sync`, `.waitForTaskToken`). Out: the [`Resource`], if there is one. Everything
//! that is no integration of our own is served by a function that the program registers.

use super::Checker;
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::suggest::closest;

/// What a task asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resource {
    /// `arn:aws:states:::http:invoke`
    HttpInvoke,
    /// `arn:aws:states:::dynamodb:...`
    DynamoDb(DynamoDbAction),
    /// A function that the program registers under the name.
    Registered,
}

/// An action of the DynamoDB integration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DynamoDbAction {
    /// `getItem`
    Get,
    /// `putItem`
    Put,
    /// `updateItem`
    Update,
    /// `deleteItem`
    Delete,
}

impl DynamoDbAction {
    const ALL: &[(&str, Self)] = &[
        ("getItem", Self::Get),
        ("putItem", Self::Put),
        ("updateItem", Self::Update),
        ("deleteItem", Self::Delete),
    ];
}

/// An integration of a service.
struct Service {
    name: &'static str,
    /// Its actions, where those are few and settled.
    actions: &'static [&'static str],
    /// The patterns that it has beside request and response.
    patterns: &'static [&'static str],
}

const SYNC: &str = ".sync";
const SYNC_2: &str = ".sync:2";
const TOKEN: &str = ".waitForTaskToken";

const fn service(
    name: &'static str,
    actions: &'static [&'static str],
    patterns: &'static [&'static str],
) -> Service {
    Service { name, actions, patterns }
}

/// The optimised integrations of AWS.
const SERVICES: &[Service] = &[
    service("apigateway", &["invoke"], &[TOKEN]),
    service("athena", &[], &[SYNC]),
    service("aws-sdk", &[], &[TOKEN]),
    service("batch", &["submitJob"], &[SYNC]),
    service("bedrock", &[], &[SYNC, TOKEN]),
    service("codebuild", &[], &[SYNC]),
    service("databrew", &["startJobRun"], &[SYNC]),
    service("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"], &[]),
    service("ecs", &["runTask"], &[SYNC, TOKEN]),
    service("eks", &[], &[SYNC, TOKEN]),
    service("elasticmapreduce", &[], &[SYNC]),
    service("emr-containers", &[], &[SYNC]),
    service("emr-serverless", &[], &[SYNC]),
    service("events", &["putEvents"], &[TOKEN]),
    service("glue", &[], &[SYNC]),
    service("http", &["invoke"], &[]),
    service("lambda", &["invoke"], &[TOKEN]),
    service("mediaconvert", &["createJob"], &[SYNC]),
    service("sagemaker", &[], &[SYNC]),
    service("sns", &["publish"], &[TOKEN]),
    service("sqs", &["sendMessage"], &[TOKEN]),
    service("states", &["startExecution"], &[SYNC, SYNC_2, TOKEN]),
];

/// Whether the resource is the HTTP integration.
#[must_use]
pub(crate) fn is_http_invoke(resource: &str) -> bool {
    matches!(integration(resource), Some(("http", "invoke")))
}

/// What AWS has only in Standard executions, if the resource asks for it.
pub(super) fn standard_only(resource: &str) -> Option<&'static str> {
    let (_, action) = resource.split_once(":states:")?;
    if action.ends_with(TOKEN) {
        Some("tasks that wait for a task token")
    } else if action.ends_with(SYNC) || action.ends_with(SYNC_2) {
        Some("tasks that wait for a job")
    } else if action.contains(":activity:") {
        Some("activities")
    } else {
        None
    }
}

/// Whether the task waits for someone who sends its token.
pub(super) fn waits_for_token(resource: &str) -> bool {
    resource.contains(":states:") && resource.ends_with(TOKEN)
}

/// `service:action` of `arn:aws:states:::service:action`.
pub(crate) fn integration(resource: &str) -> Option<(&str, &str)> {
    let mut parts = resource.splitn(6, ':');
    let (arn, partition, states) = (parts.next()?, parts.next()?, parts.next()?);
    let (_region, account) = (parts.next()?, parts.next()?);
    if arn != "arn" || !is_partition(partition) || states != "states" || !account.is_empty() {
        return None;
    }
    parts.next()?.split_once(':')
}

fn is_partition(partition: &str) -> bool {
    partition == "aws" || partition.starts_with("aws-")
}

/// What the resource is; reports one that is none.
pub(super) fn check(text: &Text, checker: &mut Checker<'_>) -> Option<Resource> {
    let resource = text.value.as_str();
    // What a placeholder of a template will be is a name that only the program knows.
    if resource.contains("${") {
        return Some(Resource::Registered);
    }
    let parts: Vec<_> = resource.splitn(6, ':').collect();
    let is_arn = matches!(parts.as_slice(), ["arn", partition, service, _, _, last]
        if !partition.is_empty() && !service.is_empty() && !last.is_empty());
    if !is_arn {
        checker.diagnostics.push(
            invalid(text, format!("`{resource}` is not an ARN"))
                .label("expected six parts with colons between them, of which the first is `arn`")
                .help("write, for example, `arn:aws:states:::http:invoke` or `arn:aws:lambda:us-east-1:123456789012:function:name`"),
        );
        return None;
    }
    match integration(resource) {
        Some(("activity", _)) => {
            checker.diagnostics.push(no_activity(text));
            None
        }
        Some((service, action)) => check_integration(text, service, action, checker),
        None if resource.contains(":states:::") => {
            checker.diagnostics.push(
                invalid(text, format!("`{resource}` names no integration"))
                    .label("expected `arn:aws:states:::service:action`"),
            );
            None
        }
        None => match parts.as_slice() {
            [_, _, "lambda", ..] => check_function(text, checker),
            [_, partition, "states", _, _, rest] if is_partition(partition) => {
                check_activity(text, rest, checker)
            }
            // A name that only the program knows.
            _ => Some(Resource::Registered),
        },
    }
}

/// An ARN of Step Functions itself: of an activity, or a name that only the program knows.
fn check_activity(text: &Text, rest: &str, checker: &mut Checker<'_>) -> Option<Resource> {
    let diagnostic = match rest.split_once(':') {
        Some(("activity", name)) if name.is_empty() || name.contains(':') => no_activity(text),
        Some(("stateMachine", _)) => invalid(text, format!("`{}` is a state machine", text.value))
            .label("expected the ARN of an integration, an activity or a Lambda function")
            .help("a state machine is started by `arn:aws:states:::states:startExecution`"),
        _ => return Some(Resource::Registered),
    };
    checker.diagnostics.push(diagnostic);
    None
}

fn no_activity(text: &Text) -> Diagnostic {
    invalid(text, format!("`{}` is not the ARN of an activity", text.value))
        .label("expected `arn:aws:states:region:account:activity:name`")
}

/// The ARN of a Lambda function.
fn check_function(text: &Text, checker: &mut Checker<'_>) -> Option<Resource> {
    let parts: Vec<_> = text.value.split(':').collect();
    let ["arn", _, _, _, _, rest @ ..] = parts.as_slice() else { return None };
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let valid = match rest {
        ["function", name] => is_name(name),
        ["function", name, alias] => is_name(name) && (*alias == "$LATEST" || is_name(alias)),
        _ => false,
    };
    if !valid {
        checker.diagnostics.push(
            invalid(text, format!("`{}` is not the ARN of a Lambda function", text.value)).label(
                "expected `arn:aws:lambda:region:account:function:name`, with `:alias` behind it if need be",
            ),
        );
    }
    valid.then_some(Resource::Registered)
}

/// `action` is with its pattern: `sendMessage.waitForTaskToken`.
fn check_integration(text: &Text, name: &str, action: &str, checker: &mut Checker<'_>) -> Option<Resource> {
    let Some(service) = SERVICES.iter().find(|service| service.name == name) else {
        checker.diagnostics.push(no_service(text, name, action));
        return None;
    };
    let (action, pattern) =
        action.find('.').and_then(|at| action.split_at_checked(at)).unwrap_or((action, ""));
    if name == "aws-sdk" {
        let parts = action.split_once(':');
        if parts.is_none_or(|(service, action)| service.is_empty() || action.is_empty()) {
            let message = format!("`{}` names no action of a service", text.value);
            let label = "expected `arn:aws:states:::aws-sdk:service:action`";
            checker.diagnostics.push(invalid(text, message).label(label));
            return None;
        }
    }
    if !service.actions.is_empty() && !service.actions.contains(&action) {
        checker.diagnostics.push(no_action(text, service, action));
        return None;
    }
    if !pattern.is_empty() && !service.patterns.contains(&pattern) {
        checker.diagnostics.push(no_pattern(text, service, pattern));
        return None;
    }
    Some(match (name, DynamoDbAction::ALL.iter().find(|(name, _)| *name == action)) {
        ("http", _) => Resource::HttpInvoke,
        ("dynamodb", Some((_, action))) => Resource::DynamoDb(*action),
        _ => Resource::Registered,
    })
}

fn no_service(text: &Text, service: &str, action: &str) -> Diagnostic {
    let diagnostic = invalid(text, format!("there is no integration of a service `{service}`"))
        .label("expected a service that Step Functions integrates with");
    match closest(service, SERVICES.iter().map(|service| service.name)) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic
            .help(format!("every action of AWS is also at `arn:aws:states:::aws-sdk:{service}:{action}`")),
    }
}

fn no_action(text: &Text, service: &Service, action: &str) -> Diagnostic {
    let message = format!("the integration of `{}` has no action `{action}`", service.name);
    let diagnostic = invalid(text, message).label(format!("expected {}", list(service.actions)));
    match closest(action, service.actions.iter().copied()) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic,
    }
}

fn no_pattern(text: &Text, service: &Service, pattern: &str) -> Diagnostic {
    let message = format!("the integration of `{}` has no pattern `{pattern}`", service.name);
    let diagnostic = invalid(text, message);
    let diagnostic = match service.patterns {
        [] => diagnostic.label("it only answers at once: expected nothing after the action"),
        patterns => diagnostic.label(format!("expected {}, or nothing after the action", list(patterns))),
    };
    match closest(pattern, service.patterns.iter().copied()) {
        Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
        None => diagnostic,
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn invalid(text: &Text, message: String) -> Diagnostic {
    Diagnostic::new(Code::InvalidResource, text.span, message)
}
