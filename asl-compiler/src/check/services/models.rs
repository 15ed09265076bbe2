//! Conversations with models of Bedrock: what a body of Anthropic's models has, and how a conversation begins.

use super::parts::Part;
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;

/// The models that take messages; older ones take a prompt.
const WITH_MESSAGES: [&str; 4] =
    ["anthropic.claude-3", "anthropic.claude-haiku", "anthropic.claude-opus", "anthropic.claude-sonnet"];

/// What other families of models take in place of messages.
const PROMPTS: [(&str, &str); 2] = [("amazon.titan-text", "inputText"), ("meta.llama", "prompt")];

/// The only version of the messages of Anthropic on Bedrock.
const VERSION: &str = "bedrock-2023-05-31";

/// What the body of these needs.
const NEEDED: [&str; 3] = ["anthropic_version", "max_tokens", "messages"];

pub(super) fn check(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    if !part.service.starts_with("bedrock") {
        return;
    }
    match part.owner {
        "invokeModel" => check_body(part, checker),
        "converse" => {
            // What is no list was compared with the model.
            if let Some(messages) =
                part.always("Messages").filter(|messages| matches!(messages.value.what, What::List(_)))
            {
                check_messages(&messages.value, ("Role", &["user", "assistant"]), checker);
            }
        }
        "Content" => {
            if let Some(text) = part.text("Text").filter(|text| text.value.trim().is_empty()) {
                report(text.span, "the text of a message is blank", "expected a text", checker);
            }
        }
        _ => {}
    }
}

fn report(span: crate::source::Span, message: impl Into<String>, label: &str, checker: &mut Checker<'_>) {
    checker.report_accepted(Diagnostic::new(Code::InvalidParameter, span, message.into()).label(label));
}

fn check_body(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    check_prompt(part, checker);
    let takes_messages =
        part.text("ModelId").is_some_and(|model| WITH_MESSAGES.iter().any(|name| model.value.contains(name)));
    let Some(body) = part.always("Body").filter(|_| takes_messages) else { return };
    let What::Object(Some(members)) = &body.value.what else { return };
    if members.iter().any(|member| member.name.contains("${")) {
        return;
    }
    if let Some(stop) = members
        .iter()
        .find(|member| member.name == "stop_sequences" && matches!(member.value.what, What::Text(_)))
    {
        report(
            stop.value.span,
            "`stop_sequences` must be an array, not a string",
            "expected a list of texts",
            checker,
        );
    }
    for needed in NEEDED {
        match members.iter().find(|member| member.name == needed) {
            None if needed == "messages" && members.iter().any(|member| member.name == "prompt") => {
                let prompt = members.iter().find(|member| member.name == "prompt");
                let span = prompt.map_or(body.value.span, |prompt| prompt.key.span);
                let label = "expected `messages`: `[{ \"role\": \"user\", \"content\": \"..\" }]`";
                report(span, "this model of Anthropic takes messages, and no prompt", label, checker);
            }
            None => {
                let start =
                    crate::source::Span::new(body.value.span.start, body.value.span.start.saturating_add(1));
                let message = format!("the body for a model of Anthropic needs `{needed}`");
                report(start, message, &format!("no `{needed}` in here"), checker);
            }
            Some(messages) if needed == "messages" => {
                check_messages(&messages.value, ("role", &["user", "assistant"]), checker);
            }
            Some(version) if needed == "anthropic_version" => {
                if version.value.text().is_some_and(|text| text != VERSION) {
                    report(
                        version.value.span,
                        "Bedrock does not have this version of messages",
                        "expected `bedrock-2023-05-31`",
                        checker,
                    );
                }
            }
            Some(most) if matches!(most.value.what, What::Text(_)) => {
                report(
                    most.value.span,
                    "`max_tokens` must be a whole number, not a string",
                    "expected a number",
                    checker,
                );
            }
            Some(_) => {}
        }
    }
}

/// A model that takes a prompt under a name of its own.
fn check_prompt(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    let Some(model) = part.text("ModelId") else { return };
    let Some((_, name)) = PROMPTS.iter().find(|(family, _)| model.value.contains(family)) else { return };
    let Some(body) = part.always("Body") else { return };
    let What::Object(Some(members)) = &body.value.what else { return };
    if members.is_empty() || members.iter().any(|member| member.name == *name || member.name.contains("${")) {
        return;
    }
    let near =
        members.iter().find(|member| ["prompt", "inputText", "messages", "input"].contains(&&*member.name));
    let span = near.map_or(body.value.span, |member| member.key.span);
    report(span, format!("the body for this model needs `{name}`"), &format!("expected `{name}`"), checker);
}

/// Messages are of the user and of the assistant, and the first is of the user.
fn check_messages(messages: &Given<'_>, (role, roles): (&str, &[&str]), checker: &mut Checker<'_>) {
    let span = messages.span;
    if matches!(messages.what, What::Text(_) | What::Object(_) | What::Number(_)) {
        report(span, "the messages of a conversation are no list", "expected a list of messages", checker);
    }
    let What::List(Some(messages)) = &messages.what else { return };
    if messages.is_empty() {
        report(span, "a conversation has no message", "expected a message of the user", checker);
    }
    for (number, message) in messages.iter().enumerate() {
        let What::Object(Some(members)) = &message.what else { continue };
        let Some(role) = members.iter().find(|member: &&GivenMember<'_>| member.name == role) else {
            continue;
        };
        let Some(name) = role.value.text() else { continue };
        if !roles.contains(&name) {
            // In `converse` it is a value of an enumeration, which is compared elsewhere.
            if role.name == "role" {
                let text = format!("a message cannot have the role `{name}`");
                report(
                    role.value.span,
                    text,
                    "expected `user` or `assistant`; what the system says is in `system`",
                    checker,
                );
            }
        } else if number == 0 && name != "user" {
            report(
                role.value.span,
                "a conversation begins with the user",
                "expected `user` in the first message",
                checker,
            );
        }
    }
}
