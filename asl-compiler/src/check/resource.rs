//! `Resource`: which integration a task asks for.
//!
//! In: the ARN as written. Out: the [`Resource`], if it can be compiled. Everything that is no integration of our own is
//! served by a function that the program registers.

use super::Checker;
use crate::Profile;
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

/// The optimised integrations of AWS, with their actions where those are few and settled.
const SERVICES: &[(&str, &[&str])] = &[
    ("apigateway", &["invoke"]),
    ("athena", &[]),
    ("aws-sdk", &[]),
    ("batch", &["submitJob"]),
    ("bedrock", &[]),
    ("codebuild", &[]),
    ("databrew", &["startJobRun"]),
    ("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"]),
    ("ecs", &["runTask"]),
    ("eks", &[]),
    ("elasticmapreduce", &[]),
    ("emr-containers", &[]),
    ("emr-serverless", &[]),
    ("events", &["putEvents"]),
    ("glue", &[]),
    ("http", &["invoke"]),
    ("lambda", &["invoke"]),
    ("mediaconvert", &["createJob"]),
    ("sagemaker", &[]),
    ("sns", &["publish"]),
    ("sqs", &["sendMessage"]),
    ("states", &["startExecution"]),
];

/// Whether the resource is the HTTP integration.
#[must_use]
pub(crate) fn is_http_invoke(resource: &str) -> bool {
    matches!(integration(resource), Some(("http", "invoke")))
}

/// `service:action` of `arn:aws:states:::service:action`.
fn integration(resource: &str) -> Option<(&str, &str)> {
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

/// What the resource is; reports one that is no resource or cannot be compiled yet.
pub(super) fn check(text: &Text, checker: &mut Checker<'_>) -> Option<Resource> {
    let resource = text.value.as_str();
    if resource.contains("${") {
        return check_placeholder(text, checker);
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
    if let Some(reason) = not_yet(resource) {
        checker.diagnostics.push(
            Diagnostic::new(Code::NotSupportedYet, text.span, format!("`{resource}` is not supported yet"))
                .label(reason),
        );
        return None;
    }
    match integration(resource) {
        Some((service, action)) => check_integration(text, service, action, checker),
        None if resource.contains(":states:::") => {
            checker.diagnostics.push(
                invalid(text, format!("`{resource}` names no integration"))
                    .label("expected `arn:aws:states:::service:action`"),
            );
            None
        }
        None => check_function(text, checker),
    }
}

/// An ARN of another service: of a Lambda function, or a name that only the program knows.
fn check_function(text: &Text, checker: &mut Checker<'_>) -> Option<Resource> {
    let parts: Vec<_> = text.value.split(':').collect();
    let ["arn", _, "lambda", _, _, rest @ ..] = parts.as_slice() else { return Some(Resource::Registered) };
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

/// A `${Placeholder}` of a template is a name like any other here; AWS does not know what to do with it.
fn check_placeholder(text: &Text, checker: &mut Checker<'_>) -> Option<Resource> {
    if checker.profile == Profile::Aws {
        let message = format!("`{}` still holds a placeholder", text.value);
        let diagnostic = invalid(text, message).label("AWS wants an ARN");
        checker.diagnostics.push(diagnostic.help("put the value in before you check the definition"));
        return None;
    }
    if let Some(reason) = not_yet(&text.value) {
        let message = format!("`{}` is not supported yet", text.value);
        checker.diagnostics.push(Diagnostic::new(Code::NotSupportedYet, text.span, message).label(reason));
        return None;
    }
    Some(Resource::Registered)
}

fn not_yet(resource: &str) -> Option<&'static str> {
    let action = resource.split_once(":states:").map_or("", |(_, action)| action);
    if action.ends_with(".waitForTaskToken") {
        return Some("tasks that wait for a task token are not compiled yet");
    }
    if action.ends_with(".sync") || action.contains(".sync:") {
        return Some("tasks that wait for a job are not compiled yet");
    }
    if action.contains(":activity:") {
        return Some("activities are not compiled yet");
    }
    None
}

fn check_integration(
    text: &Text,
    service: &str,
    action: &str,
    checker: &mut Checker<'_>,
) -> Option<Resource> {
    let Some((_, actions)) = SERVICES.iter().find(|(name, _)| *name == service) else {
        let diagnostic = invalid(text, format!("there is no integration of a service `{service}`"))
            .label("expected a service that Step Functions integrates with");
        checker.diagnostics.push(match closest(service, SERVICES.iter().map(|(name, _)| *name)) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic.help(format!(
                "every action of AWS is also at `arn:aws:states:::aws-sdk:{service}:{action}`"
            )),
        });
        return None;
    };
    if !actions.is_empty() && !actions.contains(&action) {
        let list = actions.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(", ");
        let diagnostic = invalid(text, format!("the integration of `{service}` has no action `{action}`"))
            .label(format!("expected {list}"));
        checker.diagnostics.push(match closest(action, actions.iter().copied()) {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic,
        });
        return None;
    }
    Some(match (service, DynamoDbAction::ALL.iter().find(|(name, _)| *name == action)) {
        ("http", _) => Resource::HttpInvoke,
        ("dynamodb", Some((_, action))) => Resource::DynamoDb(*action),
        _ => Resource::Registered,
    })
}

fn invalid(text: &Text, message: String) -> Diagnostic {
    Diagnostic::new(Code::InvalidResource, text.span, message)
}
