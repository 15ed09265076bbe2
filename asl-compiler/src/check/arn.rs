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

/// How bad it is: whoever writes a word in the place of an ARN, or in the place of a part of it, may have it replaced later.
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
    let is_account = if account.bytes().any(|byte| byte.is_ascii_digit()) {
        account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
    } else {
        !account.is_empty()
    };
    let is_right = *arn == "arn"
        && partition.starts_with("aws")
        && *found == service
        && !region.is_empty()
        && is_account
        && !resource.is_empty();
    (!is_right).then_some(Severity::Error)
}
