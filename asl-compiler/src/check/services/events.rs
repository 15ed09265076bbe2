//! Rules of EventBridge: what their patterns look like, and where they may have a schedule.

use super::parts::Part;
use crate::check::Checker;
use crate::check::given::{Given, GivenMember, What};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json;
use crate::source::{SourceFile, Span};
use crate::suggest::closest;

/// What the elements of a pattern can be, beside values.
const MATCHERS: [&str; 9] = [
    "anything-but",
    "cidr",
    "equals-ignore-case",
    "exists",
    "numeric",
    "prefix",
    "suffix",
    "wildcard",
    "$or",
];

pub(super) fn check(part: &Part<'_, '_>, checker: &mut Checker<'_>) {
    if !part.is("eventbridge", "putRule") && !part.is("eventbridge", "testEventPattern") {
        return;
    }
    if let Some(pattern) = part.always("EventPattern") {
        let text = if let What::Text(Some(text)) = &pattern.value.what { Some(text) } else { None };
        let fault = match text.filter(|text| text.value.starts_with('{') && !text.value.contains("${")) {
            Some(text) => {
                let value = json::parse(&SourceFile::new("", &*text.value), &mut Diagnostics::default());
                value.and_then(|value| fault(&Given::of_json(&value), Some(text.span)))
            }
            None => fault(&pattern.value, None),
        };
        fault.into_iter().for_each(|fault| checker.report_accepted(fault));
    }
    let bus = part.always("EventBusName").filter(|bus| {
        bus.value.text().is_some_and(|name| {
            name != "default" && !name.ends_with("/default") && !name.contains(['<', '{'])
        })
    });
    if let (Some(bus), Some(schedule)) = (bus, part.always("ScheduleExpression")) {
        checker.report_accepted(
            Diagnostic::new(
                Code::InvalidParameter,
                schedule.key.span,
                "only rules of the default bus have schedules",
            )
            .label("EventBridge refuses a schedule on another bus")
            .related(bus.value.span, "the bus is here"),
        );
    }
}

/// The first part of a pattern that is none; `all` is the text that it is written in, if it is.
fn fault(pattern: &Given<'_>, all: Option<Span>) -> Option<Diagnostic> {
    let What::Object(Some(members)) = &pattern.what else { return None };
    members.iter().find_map(|member| member_fault(member, all))
}

fn member_fault(member: &GivenMember<'_>, all: Option<Span>) -> Option<Diagnostic> {
    let wrong = |given: &Given<'_>, message: String, label: &str| {
        let span = all.unwrap_or(given.span);
        Some(Diagnostic::new(Code::InvalidParameter, span, message).label(label))
    };
    match &member.value.what {
        What::Object(Some(_)) => fault(&member.value, all),
        What::List(Some(elements)) if elements.is_empty() => {
            let message = format!("the event pattern has nothing that `{}` could be", member.name);
            wrong(&member.value, message, "expected a list with at least one value")
        }
        What::List(Some(elements)) if member.name == "$or" => {
            elements.iter().find_map(|element| fault(element, all))
        }
        What::List(Some(elements)) => elements.iter().find_map(|element| {
            let What::Object(Some(matchers)) = &element.what else { return None };
            let unlisted = matchers.iter().find(|matcher| {
                matcher.name == "numeric" && !matches!(matcher.value.what, What::List(_) | What::Unknown)
            });
            if let Some(matcher) = unlisted {
                return wrong(
                    &matcher.value,
                    "`numeric` of the event pattern is no list".to_owned(),
                    "expected `[\">\", 5]`",
                );
            }
            let untrue = matchers.iter().find(|matcher| {
                matcher.name == "exists" && !matches!(matcher.value.what, What::Boolean(_) | What::Unknown)
            });
            if let Some(matcher) = untrue {
                return wrong(
                    &matcher.value,
                    "`exists` of the event pattern is neither `true` nor `false`".to_owned(),
                    "expected a boolean",
                );
            }
            let unknown = matchers.iter().find(|matcher| !MATCHERS.contains(&&*matcher.name))?;
            let message = format!("an event pattern has no `{}`", unknown.name);
            let diagnostic = wrong(element, message, "expected one such as `prefix`, `exists` or `numeric`")?;
            Some(match closest(&unknown.name, MATCHERS) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic,
            })
        }),
        What::Text(_) | What::Number(_) | What::Boolean(_) | What::Null => {
            let message = format!("`{}` of the event pattern is no list", member.name);
            wrong(&member.value, message, "a pattern has lists of what a field can be: `[\"..\"]`")
        }
        What::Object(None) | What::List(None) | What::Unknown => None,
    }
}
