//! ARNs that are written out: whether a text can be one of a service.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Text;

/// What is wrong with a text that has to be an ARN of a service.
pub(super) fn fault(name: &str, text: &Text, service: &str) -> Option<Diagnostic> {
    let severity = severity(&text.value, service)?;
    let message = format!("`{name}` is not an ARN of `{service}`: `{}`", text.value);
    let mut diagnostic = Diagnostic::new(Code::InvalidParameter, text.span, message)
        .label(format!("expected `arn:aws:{service}:region:account:..`"));
    diagnostic.severity = severity;
    Some(diagnostic)
}

/// What the resources of a service begin with.
const RESOURCES: [(&str, &[&str]); 3] = [
    ("lambda", &["function:"]),
    ("states", &["stateMachine:", "execution:", "express:", "activity:", "mapRun:"]),
    (
        "events",
        &["connection/", "event-bus/", "rule/", "api-destination/", "archive/", "endpoint/", "replay/"],
    ),
];

/// Whether something follows.
const fn is_named(rest: &str) -> bool {
    !rest.is_empty()
}

/// How bad it is: a word in the place of an ARN, or of a part of it, may be replaced later.
fn severity(text: &str, service: &str) -> Option<Severity> {
    if text.contains(['<', '>', '{', '}']) {
        return None;
    }
    if !text.contains(':') {
        return Some(Severity::Warning);
    }
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let [arn, partition, found, region, account, resource] = parts.as_slice() else {
        return Some(Severity::Error);
    };
    let digits = account.bytes().filter(u8::is_ascii_digit).count();
    let is_account = digits == 0 || (digits == 12 && account.len() == 12);
    let is_right = *arn == "arn"
        && partition.starts_with("aws")
        && *found == service
        && !region.is_empty()
        && !account.is_empty()
        && !resource.is_empty()
        && RESOURCES.iter().all(|(of, kinds)| {
            *of != service || kinds.iter().any(|kind| resource.strip_prefix(kind).is_some_and(is_named))
        });
    match (is_right, is_account) {
        (true, true) => None,
        // Who shows a definition to others often changes the number of the account.
        (true, false) => Some(Severity::Warning),
        (false, _) => Some(Severity::Error),
    }
}
