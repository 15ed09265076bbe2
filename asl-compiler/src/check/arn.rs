//! ARNs that are written out: whether a text can be one of a service, and of a kind of its resources.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Text;

/// What a parameter holds the ARN of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// The parameter.
    pub(super) name: &'static str,
    /// The service in the ARN.
    pub(super) service: &'static str,
    /// What comes behind the account begins with one of these.
    pub(super) kinds: &'static [&'static str],
}

impl Wanted {
    pub(super) const fn new(
        name: &'static str,
        service: &'static str,
        kinds: &'static [&'static str],
    ) -> Self {
        Self { name, service, kinds }
    }

    /// What is wrong with a text that has to be such an ARN.
    pub(super) fn fault(self, text: &Text) -> Option<Diagnostic> {
        let Self { name, service, kinds } = self;
        let severity = severity(&text.value, self)?;
        let message = format!("`{name}` is not an ARN of `{service}`: `{}`", text.value);
        let region = if is_global(service) { "" } else { "region" };
        let kind = kinds.first().copied().unwrap_or_default();
        let mut diagnostic = Diagnostic::new(Code::InvalidParameter, text.span, message)
            .label(format!("expected `arn:aws:{service}:{region}:account:{kind}..`"));
        diagnostic.severity = severity;
        Some(diagnostic)
    }

    /// Whether what comes behind the account may be one of the resources.
    fn has(self, resource: &str) -> bool {
        let named = |kind: &&str| resource.strip_prefix(*kind).filter(|rest| !rest.is_empty());
        self.kinds.iter().find_map(named).is_some_and(|rest| match self.service {
            "lambda" => is_function(rest),
            // What has one more part is a subscription.
            "sns" => !rest.contains(':'),
            _ => true,
        })
    }
}

/// Whether the ARNs of a service say no Region.
fn is_global(service: &str) -> bool {
    service == "iam"
}

/// Whether it is the name of a function, with the alias or version behind it if there is one.
pub(super) fn is_function(text: &str) -> bool {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    match text.split_once(':') {
        Some((name, alias)) => is_name(name) && (alias == "$LATEST" || is_name(alias)),
        None => is_name(text),
    }
}

/// Parts of words that say what has to be put in their place before the definition is used.
const STAND_INS: [&str; 10] =
    ["arn", "change", "dummy", "example", "here", "insert", "placeholder", "replace", "todo", "your"];

/// Whether a word in the place of an ARN says what is to be put there: `TOPIC_ARN`, `your-topic`, `topic`. The name of a resource does not.
fn stands_for_another(word: &str, wanted: Wanted) -> bool {
    let is_constant = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    let lower = word.to_ascii_lowercase();
    let plain = lower.replace(|c: char| !c.is_ascii_alphanumeric(), "");
    !plain.is_empty()
        && (word.chars().all(is_constant)
            || STAND_INS.iter().any(|part| lower.contains(part))
            || wanted.name.to_ascii_lowercase().contains(&plain))
}

/// How bad it is: a word in the place of an ARN, or of a part of it, may be replaced later.
fn severity(text: &str, wanted: Wanted) -> Option<Severity> {
    if text.contains(['<', '>', '{', '}']) {
        return None;
    }
    if !text.contains(':') {
        return Some(if stands_for_another(text, wanted) { Severity::Warning } else { Severity::Error });
    }
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let [arn, partition, found, region, account, resource] = parts.as_slice() else {
        return Some(Severity::Error);
    };
    let digits = account.bytes().filter(u8::is_ascii_digit).count();
    let is_account = digits == 0 || (digits == 12 && account.len() == 12);
    let is_right = *arn == "arn"
        && partition.starts_with("aws")
        && *found == wanted.service
        && region.is_empty() == is_global(wanted.service)
        && !account.is_empty()
        && wanted.has(resource);
    match (is_right, is_account) {
        (true, true) => None,
        // Who shows a definition to others often changes the number of the account.
        (true, false) => Some(Severity::Warning),
        (false, _) => Some(Severity::Error),
    }
}
