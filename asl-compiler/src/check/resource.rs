//! `Resource`: which integration a task asks for.
//!
//! In: the ARN as written, with its pattern (`.sync`, `.waitForTaskToken`). Out: the [`AskedOf`], if there is one. Everything
//! that is not an integration of our own is served by a function that the program registers.

use super::{Checker, arn};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Text;
use crate::services::{self, ActionCall, Integration, OptimisedAction};
use crate::source::Span;
use crate::suggest::closest;
use asl_language::resource::{self, SDK, Suffix, is_partition, split_suffix};

/// Who is asked by a task.
#[derive(Clone, Debug)]
pub(crate) enum AskedOf {
    /// `arn:aws:states:::http:invoke`
    HttpInvoke,
    /// An action of a service.
    Service(ActionCall),
    /// The ARN of a Lambda function.
    Function,
    /// A function that the program registers under the name.
    Registered,
}

/// Service and action of an integration, if both are written out: what a placeholder will be is not known.
fn integration(resource: &str) -> Option<(&str, &str)> {
    resource::integration(resource)
        .filter(|(service, action)| ![service, action].iter().any(|part| part.contains("${")))
}

/// What AWS has only in Standard executions, if the resource asks for it.
pub(super) fn standard_only(resource: &str) -> Option<&'static str> {
    let (_, action) = resource.split_once(":states:")?;
    if action.ends_with(Suffix::WaitForTaskToken.as_str()) {
        Some("tasks that wait for a task token")
    } else if action.ends_with(Suffix::Sync.as_str()) || action.ends_with(Suffix::Sync2.as_str()) {
        Some("tasks that wait for a job")
    } else if action.contains(":activity:") {
        Some("activities")
    } else {
        None
    }
}

/// Whether the task waits for someone who sends its token.
pub(super) fn waits_for_token(resource: &str) -> bool {
    resource.contains(":states:") && resource.ends_with(Suffix::WaitForTaskToken.as_str())
}

/// Whether the user's own code does the work, which may raise errors of any name: a function, a worker, or the sender of the token.
pub(super) fn raises_any_error(resource: &str) -> bool {
    waits_for_token(resource)
        || resource.contains(":activity:")
        || matches!(integration(resource), None | Some(("lambda", _)))
}

/// What the resource is; reports one that is none.
pub(super) fn check(text: &Text, checker: &mut Checker<'_>) -> Option<AskedOf> {
    let resource = text.value.as_str();
    if resource.contains("${") && (resource.starts_with("${") || resource.starts_with("arn:")) {
        return match integration(resource) {
            Some((service, action)) if service != "activity" => {
                check_integration(text, service, action, checker)
            }
            // What a placeholder of a template will be is a name that only the program knows.
            _ => Some(AskedOf::Registered),
        };
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
            // The kind of a resource in the place of an account, or of a Region.
            [_, _, "states", region, account, _] if *region == "activity" || *account == "activity" => {
                checker.diagnostics.push(no_activity(text));
                None
            }
            // The parts of an integration in the places of a Region and an account.
            [_, partition, "states", region, account, _]
                if [region, account].iter().any(|part| names_service(part))
                    && meant_integration(text).is_some() =>
            {
                let diagnostic = invalid(text, format!("`{resource}` names no integration")).label(
                    "expected `arn:aws:states:::service:action`, with three colons before the service",
                );
                let meant = meant_integration(text).map(|meant| format!("arn:{partition}:states:::{meant}"));
                checker.diagnostics.push(suggested(diagnostic, meant.as_deref()));
                None
            }
            [_, partition, "states", _, _, rest] if is_partition(partition) => {
                check_activity(text, partition, rest, checker)
            }
            // A name that only the program knows, one of a resource that tasks do not call, or one with a typo.
            [_, _, service, ..] => {
                warn_of_resource(text, service, checker);
                report_typo(text, service, checker);
                Some(AskedOf::Registered)
            }
            _ => Some(AskedOf::Registered),
        },
    }
}

/// `arn:aws:stats:::lambda:invoke`
fn report_typo(text: &Text, service: &str, checker: &mut Checker<'_>) {
    if let Some(meant) = closest(service, ["states", "lambda"]) {
        let message = format!("`{}` names nothing that AWS has", text.value);
        let diagnostic = Diagnostic::new(Code::InvalidResource, text.span, message)
            .label("expected the ARN of an integration, an activity or a Lambda function");
        checker.diagnostics.push(suggested(diagnostic, Some(meant)));
    }
}

/// An ARN of Step Functions itself: of an activity, or a name that only the program knows.
fn check_activity(text: &Text, partition: &str, rest: &str, checker: &mut Checker<'_>) -> Option<AskedOf> {
    let diagnostic = match rest.split_once(':') {
        Some((kind, _)) if kind != "activity" && closest(kind, ["activity"]).is_some() => {
            suggested(no_activity(text), Some("activity"))
        }
        Some(("activity", name)) if name.is_empty() || name.contains(':') => no_activity(text),
        None if rest == "activity" || rest.starts_with("activity/") => no_activity(text),
        Some(("stateMachine", _)) => invalid(text, format!("`{}` is a state machine", text.value))
            .label("expected the ARN of an integration, an activity or a Lambda function")
            .help("a state machine is started by `arn:aws:states:::states:startExecution`"),
        // What has an account is in a region, and an activity or the like.
        _ if text.value.contains(":states::") || names_integration(rest) => {
            let diagnostic = invalid(text, format!("`{}` names no integration", text.value))
                .label("expected `arn:aws:states:::service:action`, without a Region and an account");
            let meant = meant_integration(text).map(|meant| format!("arn:{partition}:states:::{meant}"));
            suggested(diagnostic, meant.as_deref())
        }
        _ => return Some(AskedOf::Registered),
    };
    checker.diagnostics.push(diagnostic);
    None
}

fn names_service(part: &str) -> bool {
    part == SDK || services::integration(part).is_some()
}

/// Whether a text is an action of a service, as at the end of the ARN of an integration.
fn names_integration(rest: &str) -> bool {
    rest.split_once(':')
        .filter(|(_, action)| !action.starts_with(':'))
        // Only a pattern, and what AWS' own SDK calls, has another colon.
        .filter(|(service, action)| *service == SDK || split_suffix(action).0.find(':').is_none())
        .is_some_and(|(service, _)| names_service(service))
}

/// The end of an ARN with colons too many or too few that names an integration.
fn meant_integration(text: &Text) -> Option<&str> {
    let mut colons = text.value.match_indices(':').map(|(at, _)| at + 1);
    colons.find_map(|at| text.value.get(at..).filter(|rest| names_integration(rest)))
}

/// `arn:aws:sqs:us-east-1:123456789012:orders`: a queue is a parameter of a task, and nothing that a task calls.
fn warn_of_resource(text: &Text, service: &str, checker: &mut Checker<'_>) {
    let integration = services::integration(service);
    if integration.is_none() && services::sdk(service).is_none() {
        return;
    }
    let message = format!("a task cannot call `{}`", text.value);
    let diagnostic = Diagnostic::new(Code::InvalidResource, text.span, message)
        .label("taken as the name of a function that the program registers; AWS refuses it");
    let action = integration.and_then(|known| known.actions().first());
    let mut diagnostic = diagnostic.help(match action {
        Some(action) => format!("a task calls an action: `arn:aws:states:::{service}:{}`", action.name()),
        None => format!("a task calls an action: `arn:aws:states:::aws-sdk:{service}:..`"),
    });
    diagnostic.severity = Severity::Warning;
    checker.report_aws(diagnostic);
}

fn no_activity(text: &Text) -> Diagnostic {
    invalid(text, format!("`{}` is not the ARN of an activity", text.value))
        .label("expected `arn:aws:states:region:account:activity:name`")
}

/// The ARN of a Lambda function.
fn check_function(text: &Text, checker: &mut Checker<'_>) -> Option<AskedOf> {
    let rest = text.value.splitn(6, ':').last()?;
    let valid = rest.strip_prefix("function:").is_some_and(arn::is_function);
    if !valid {
        checker.diagnostics.push(
            invalid(text, format!("`{}` is not the ARN of a Lambda function", text.value)).label(
                "expected `arn:aws:lambda:region:account:function:name`, with `:alias` behind it if need be",
            ),
        );
    }
    valid.then_some(AskedOf::Function)
}

/// `action` is with its pattern: `sendMessage.waitForTaskToken`.
fn check_integration(text: &Text, name: &str, action: &str, checker: &mut Checker<'_>) -> Option<AskedOf> {
    let (action, pattern) = split_suffix(action);
    let patterns = if name == SDK {
        check_sdk(text, action, checker)?;
        &[Suffix::WaitForTaskToken]
    } else {
        check_optimised(text, name, action, checker)?.suffixes()
    };
    if !pattern.is_empty() && !patterns.iter().any(|known| known.as_str() == pattern) {
        checker.diagnostics.push(no_pattern(text, &format!("{name}:{action}"), pattern, patterns));
        return None;
    }
    if name == "http" {
        return Some(AskedOf::HttpInvoke);
    }
    Some(ActionCall::of(&text.value).map_or(AskedOf::Registered, AskedOf::Service))
}

/// `service:action` behind `aws-sdk:`.
fn check_sdk(text: &Text, action: &str, checker: &mut Checker<'_>) -> Option<()> {
    let parts = action.split_once(':').filter(|(service, action)| !service.is_empty() && !action.is_empty());
    let Some((service, action)) = parts else {
        let message = format!("`{}` names no action of a service", text.value);
        let label = "expected `arn:aws:states:::aws-sdk:service:action`";
        checker.diagnostics.push(invalid(text, message).label(label));
        return None;
    };
    let table = services::table()?;
    if let Some(since) = services::retired(service) {
        let message =
            format!("AWS has retired the service `{service}`: `aws-sdk` does not call it any longer");
        let diagnostic = Diagnostic::new(Code::UnknownAction, part_span(text, service), message)
            .label(format!("retired by {since}"));
        checker.diagnostics.push(diagnostic);
        return None;
    }
    let Some(known) = table.service(service) else {
        let message = format!("there is no service `{service}` that `aws-sdk` calls");
        let diagnostic = Diagnostic::new(Code::UnknownAction, part_span(text, service), message)
            .label("expected the name of a service, in small letters and without signs");
        checker.diagnostics.push(suggested(diagnostic, table.closest_service(service)));
        return None;
    };
    if table.streams(service, action) {
        let message = format!("no task can call `{service}:{action}`");
        let diagnostic = Diagnostic::new(Code::UnknownAction, part_span(text, action), message)
            .label("sends or answers with a stream of events, which Step Functions does not do");
        checker.diagnostics.push(diagnostic);
        return None;
    }
    if known.action(action).is_none() {
        let message = format!("the service `{service}` has no action `{action}`");
        let diagnostic = Diagnostic::new(Code::UnknownAction, part_span(text, action), message)
            .label(format!("not one of its {} actions", known.actions().count()));
        checker.diagnostics.push(suggested(diagnostic, known.closest_action(action).as_deref()));
        return None;
    }
    Some(())
}

fn check_optimised(
    text: &Text,
    name: &str,
    action: &str,
    checker: &mut Checker<'_>,
) -> Option<&'static OptimisedAction> {
    let Some(integration) = services::integration(name) else {
        checker.diagnostics.push(no_integration(text, name, action));
        return None;
    };
    let found = integration.action(action);
    if found.is_none() {
        checker.diagnostics.push(no_action(text, integration, action));
    }
    found
}

fn no_integration(text: &Text, name: &str, action: &str) -> Diagnostic {
    let message = format!("there is no integration of a service `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownAction, part_span(text, name), message)
        .label("expected a service that Step Functions integrates with");
    let known = services::integrations().map(Integration::name).chain([SDK]);
    match closest(name, known) {
        Some(known) => suggested(diagnostic, Some(known)),
        None => also_sdk(diagnostic, name, action),
    }
}

fn no_action(text: &Text, integration: &Integration, action: &str) -> Diagnostic {
    let name = integration.name();
    let actions: Vec<_> = integration.actions().iter().map(OptimisedAction::name).collect();
    let message = format!("the integration of `{name}` has no action `{action}`");
    let diagnostic = Diagnostic::new(Code::UnknownAction, part_span(text, split_suffix(action).0), message)
        .label(format!("expected {}", list(&actions)));
    let diagnostic = suggested(diagnostic, closest(action, actions.iter().copied()));
    also_sdk(diagnostic, name, action)
}

/// Says where the action is for `aws-sdk`, if there.
fn also_sdk(diagnostic: Diagnostic, service: &str, action: &str) -> Diagnostic {
    let (action, _) = split_suffix(action);
    let is_known = services::sdk(service).is_some_and(|service| service.action(action).is_some());
    if is_known {
        let resource = format!("arn:aws:states:::aws-sdk:{service}:{action}");
        return diagnostic.help(format!("every action of AWS is at `aws-sdk`: write `{resource}`"));
    }
    diagnostic
}

fn no_pattern(text: &Text, name: &str, pattern: &str, patterns: &[Suffix]) -> Diagnostic {
    let suffixes: Vec<_> = patterns.iter().map(|pattern| pattern.as_str()).collect();
    // What is unknown before it says nothing about the pattern.
    let start = text.value.len().saturating_sub(pattern.len());
    let span = text.span_of(start..text.value.len());
    let diagnostic =
        Diagnostic::new(Code::InvalidResource, span, format!("`{name}` has no pattern `{pattern}`"));
    let diagnostic = match suffixes.as_slice() {
        [] => diagnostic.label("it only answers at once: expected nothing after the action"),
        suffixes => diagnostic.label(format!("expected {}, or nothing after the action", list(suffixes))),
    };
    suggested(diagnostic, closest(pattern, suffixes))
}

/// The place of a part between two colons.
fn part_span(text: &Text, part: &str) -> Span {
    let places = text.value.rmatch_indices(part);
    let is_whole = |at: usize| {
        let before = text.value.get(..at).is_some_and(|before| before.ends_with(':'));
        let after = text.value.get(at + part.len()..).unwrap_or_default();
        before && (after.is_empty() || after.starts_with([':', '.']))
    };
    let place = places.map(|(at, _)| at).find(|at| is_whole(*at));
    place.map_or(text.span, |at| text.span_of(at..at + part.len()))
}

fn suggested(diagnostic: Diagnostic, meant: Option<&str>) -> Diagnostic {
    match meant {
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
