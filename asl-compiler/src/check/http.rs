//! The parameters of `http:invoke`.

use super::Checker;
use super::arn::Wanted;
use super::parameters::{Parameters, check_name, constant_text, wrong_type};
use super::services::absent_parameters;
use crate::code::Code;
use crate::definition::{Member, State, Task, Template};
use crate::diagnostic::Diagnostic;
use crate::shape::Seen;
use crate::suggest::closest;
use asl_language::http::{METHODS, PARAMETERS, is_forbidden_header};

/// The connection that AWS calls an endpoint with.
const CONNECTION: Wanted = Wanted::new("ConnectionArn", "events", &["connection/"]);

/// `seen` says what is known about what the parameters are made of.
pub(super) fn check(state: &State, task: &Task, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    if let (None, Some(resource)) = (&task.parameters, &task.resource) {
        absent_parameters(state, "http:invoke", "ApiEndpoint", resource.span, checker);
    }
    let Some(parameters) = Parameters::of("http:invoke", state, task, checker) else { return };
    parameters.check_names(PARAMETERS, checker);
    parameters.require("ApiEndpoint", checker);
    parameters.require("Method", checker);
    check_connection(&parameters, task, seen, checker);
    if let Some(endpoint) = parameters.get("ApiEndpoint") {
        check_endpoint(&endpoint.value, seen, checker);
    }
    if let Some(method) = parameters.get("Method") {
        check_method(&method.value, seen, checker);
    }
    if let Some(headers) = parameters.get("Headers") {
        check_headers(&headers.value, seen, checker);
    }
    if let Some(query) = parameters.get("QueryParameters") {
        check_object("`QueryParameters`", &query.value, seen, checker);
    }
    if let Some(transform) = parameters.get("Transform") {
        check_transform(&transform.value, seen, checker);
    }
}

fn check_connection(
    parameters: &Parameters<'_>,
    task: &Task,
    seen: Option<&Seen>,
    checker: &mut Checker<'_>,
) {
    let connection = parameters.get("Authentication").or_else(|| parameters.get("InvocationConfig"));
    match connection {
        Some(member) => check_connection_arn(member, seen, checker),
        None => {
            let span = task.resource.as_ref().map_or(parameters.span, |resource| resource.span);
            let message = format!("state `{}` calls an HTTP endpoint without a connection", parameters.state);
            checker.report_aws(
                Diagnostic::new(Code::AwsNeedsConnection, span, message)
                    .label("AWS requires an EventBridge connection for every HTTP task")
                    .help(format!("for AWS, add `\"Authentication\": {{ \"ConnectionArn\": \"arn:aws:events:...:connection/...\" }}` to `{}`", parameters.field)),
            );
        }
    }
}

fn check_connection_arn(member: &Member, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    let Template::Object(span, members) = &member.value else {
        wrong_type(&format!("`{}`", member.name()), "an object", &member.value, seen, checker);
        return;
    };
    for inner in members {
        check_name(member.name(), "field", inner, &["ConnectionArn"], checker);
    }
    if let Some(given) = member.value.member("ConnectionArn") {
        match constant_text(&given.value) {
            Some(text) => {
                CONNECTION.fault(text).into_iter().for_each(|fault| checker.report_accepted(fault));
            }
            None => wrong_type("`ConnectionArn`", "a string", &given.value, seen, checker),
        }
    } else {
        let message = format!("`{}` has no `ConnectionArn`", member.name());
        let diagnostic = Diagnostic::new(Code::InvalidParameter, *span, message);
        checker.diagnostics.push(diagnostic.label("expected the ARN of an EventBridge connection"));
    }
}

fn check_endpoint(endpoint: &Template, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    let Some(text) = constant_text(endpoint) else {
        wrong_type("`ApiEndpoint`", "a string", endpoint, seen, checker);
        return;
    };
    let url = text.value.to_ascii_lowercase();
    let is_spaced = text.value.contains(char::is_whitespace) && !text.value.contains(['{', '<']);
    if text.value.starts_with("${") || (url.starts_with("https://") && !is_spaced) {
        return;
    }
    if url.starts_with("http://") && !is_spaced {
        let scheme = text.span_of(0.."http://".len());
        checker.report_aws(
            Diagnostic::new(Code::AwsNeedsHttps, scheme, format!("`{}` is not encrypted", text.value))
                .label("AWS calls only `https://` endpoints"),
        );
        return;
    }
    checker.diagnostics.push(
        Diagnostic::new(
            Code::InvalidParameter,
            text.span,
            format!("`{}` is not the URL of an HTTP endpoint", text.value),
        )
        .label("expected a URL that starts with `https://`, without blanks"),
    );
}

fn check_method(method: &Template, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    let Some(text) = constant_text(method) else {
        wrong_type("`Method`", "a string", method, seen, checker);
        return;
    };
    if METHODS.contains(&text.value.as_str()) || text.value.contains("${") {
        return;
    }
    let diagnostic = Diagnostic::new(
        Code::InvalidParameter,
        text.span,
        format!("`http:invoke` has no method `{}`", text.value),
    )
    .label(format!("expected one of {}", METHODS.join(", ")));
    checker.diagnostics.push(match closest(&text.value, METHODS.iter().copied()) {
        Some(method) => diagnostic.help(format!("did you mean `{method}`?")),
        None => diagnostic,
    });
}

fn check_headers(headers: &Template, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    let Template::Object(_, members) = headers else {
        check_object("`Headers`", headers, seen, checker);
        return;
    };
    for member in members {
        // A header is a text, or several.
        if matches!(member.value, Template::Object(..)) {
            let what = format!("the header `{}`", member.name());
            wrong_type(&what, "a string or an array of strings", &member.value, seen, checker);
        }
    }
    for member in members.iter().filter(|member| is_forbidden_header(member.name())) {
        checker.diagnostics.push(
            Diagnostic::new(
                Code::InvalidParameter,
                member.key.span,
                format!("an HTTP task cannot set the header `{}`", member.name()),
            )
            .label("Step Functions sets this header itself, or does not allow it"),
        );
    }
}

fn check_object(what: &str, template: &Template, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    if !matches!(template, Template::Object(..)) {
        wrong_type(what, "an object", template, seen, checker);
    }
}

fn check_transform(transform: &Template, seen: Option<&Seen>, checker: &mut Checker<'_>) {
    let Template::Object(_, members) = transform else {
        check_object("`Transform`", transform, seen, checker);
        return;
    };
    for member in members {
        check_name("Transform", "field", member, &["RequestBodyEncoding", "RequestEncodingOptions"], checker);
    }
    if let Some(encoding) = transform.member("RequestBodyEncoding") {
        check_choice("RequestBodyEncoding", &encoding.value, &["NONE", "URL_ENCODED"], seen, checker);
    }
    let Some(options) = transform.member("RequestEncodingOptions") else { return };
    let Template::Object(_, members) = &options.value else {
        check_object("`RequestEncodingOptions`", &options.value, seen, checker);
        return;
    };
    for member in members {
        check_name("RequestEncodingOptions", "field", member, &["ArrayFormat"], checker);
    }
    if let Some(format) = options.value.member("ArrayFormat") {
        check_choice(
            "ArrayFormat",
            &format.value,
            &["INDICES", "REPEAT", "COMMAS", "BRACKETS"],
            seen,
            checker,
        );
    }
}

fn check_choice(
    name: &str,
    template: &Template,
    allowed: &[&'static str],
    seen: Option<&Seen>,
    checker: &mut Checker<'_>,
) {
    let Some(text) = constant_text(template) else {
        wrong_type(&format!("`{name}`"), "a string", template, seen, checker);
        return;
    };
    if !allowed.contains(&text.value.as_str()) {
        let list = allowed.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
        checker.diagnostics.push(
            Diagnostic::new(
                Code::InvalidParameter,
                text.span,
                format!("`{name}` cannot be `{}`", text.value),
            )
            .label(format!("expected one of {list}")),
        );
    }
}
