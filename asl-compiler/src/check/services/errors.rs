//! Names of errors that an action can never raise: with the prefix of another way to call the same service, or misspelt.

use crate::check::Checker;
use crate::code::Code;
use crate::definition::State;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::services::{self, ActionCall};
use crate::source::Span;
use crate::suggest::closest;
use asl_language::errors::TASK_FAILED;
use asl_language::resource::Pattern;

pub(super) fn check(state: &State, call: &ActionCall, checker: &mut Checker<'_>) {
    let Some(prefix) = call.error_prefix() else { return };
    let retried = state.retriers().iter().map(|retrier| &retrier.error_equals);
    let handled: Vec<_> =
        retried.chain(state.catchers().iter().map(|catcher| &catcher.error_equals)).collect();
    // Beside what handles the error that was meant, a name that is wrong does no harm.
    let is_handled = |meant: String, beside: &[Text]| {
        beside.iter().any(|name| name.value == TASK_FAILED)
            || handled.iter().copied().flatten().any(|name| name.value == meant)
    };
    // A real name that does not belong here does no harm, where one that is misspelt leaves an error without its handler.
    // Looked up only when there is a name to compare with.
    let mut errors = None;
    for (name, beside) in handled.iter().flat_map(|names| names.iter().map(move |name| (name, names))) {
        let Some((given, error)) = name.value.split_once('.') else {
            let found = without_prefix(name, call, prefix);
            found.into_iter().for_each(|diagnostic| checker.diagnostics.push(diagnostic.into_warning()));
            continue;
        };
        if given != prefix {
            let found = wrong_prefix(name, call, prefix, (given, error));
            let is_idle = found.is_some() && is_handled(format!("{prefix}.{error}"), beside);
            let found = found.map(|found| if is_idle { found.into_warning() } else { found });
            found.into_iter().for_each(|diagnostic| checker.report_accepted(diagnostic));
        } else if call.pattern() != Pattern::WaitForTaskToken {
            let errors = errors.get_or_insert_with(|| call.errors());
            if let Some(meant) = misspelt(error, errors) {
                let found = wrong_error(name, call, prefix, &meant);
                // Some errors have their codes as names, and those have no `Exception`.
                let is_code = meant.strip_suffix("Exception") == Some(error);
                let is_idle = is_code || is_handled(format!("{prefix}.{meant}"), beside);
                checker.report_accepted(if is_idle { found.into_warning() } else { found });
            }
        }
    }
}

/// Whether the error can come all the same: someone sends it for a task token, or a function raises it, which has little reason to name
/// its own errors like the exceptions of a service.
fn may_be_raised(call: &ActionCall, error: &str) -> bool {
    call.pattern() == Pattern::WaitForTaskToken
        || (call.error_prefix() == Some("Lambda") && !error.ends_with("Exception"))
}

/// An error of the service without its prefix. A function may raise one of that name itself.
fn without_prefix(name: &Text, call: &ActionCall, prefix: &str) -> Option<Diagnostic> {
    let is_error = || call.errors().contains(&name.value);
    if prefix == "Lambda" || call.pattern() == Pattern::WaitForTaskToken || !is_error() {
        return None;
    }
    let message = format!("`{}` never raises `{}`", call.name(), name.value);
    Some(
        Diagnostic::new(Code::ErrorNeverRaised, name.span, message)
            .label(format!("the names of its errors begin with `{prefix}.`"))
            .help(format!("did you mean `{prefix}.{}`?", name.value)),
    )
}

/// The prefix of another service, or of another way to call this one.
fn wrong_prefix(
    name: &Text,
    call: &ActionCall,
    prefix: &str,
    (given, error): (&str, &str),
) -> Option<Diagnostic> {
    // A name with a typo in its prefix, and behind it an error that there is.
    let is_typo = || closest(given, [prefix]).is_some() && call.errors().iter().any(|known| known == error);
    let is_spelling = given.eq_ignore_ascii_case(prefix) || (!services::is_error_prefix(given) && is_typo());
    if !is_spelling && (may_be_raised(call, error) || !services::is_error_prefix(given)) {
        return None;
    }
    let message = format!("`{}` never raises `{}`", call.name(), name.value);
    let diagnostic = Diagnostic::new(Code::ErrorNeverRaised, name.span, message)
        .label(format!("the names of its errors begin with `{prefix}.`"));
    let is_known = is_spelling || call.errors().iter().any(|known| known == error);
    let diagnostic =
        if is_known { diagnostic.help(format!("did you mean `{prefix}.{error}`?")) } else { diagnostic };
    Some(if is_spelling { diagnostic } else { diagnostic.into_warning() })
}

fn wrong_error(name: &Text, call: &ActionCall, prefix: &str, meant: &str) -> Diagnostic {
    let message = format!("`{}` has no error `{}` that is known", call.name(), name.value);
    let start = name.span.start.saturating_add(prefix.len() + 2);
    let span =
        if name.escapes.is_empty() { Span::new(start, name.span.end.saturating_sub(1)) } else { name.span };
    Diagnostic::new(Code::ErrorNeverRaised, span, message)
        .label("no service declares it")
        .help(format!("did you mean `{prefix}.{meant}`?"))
}

/// The error that was probably meant by one that is not known. Errors that no model names exist, so nothing is said about a name that
/// looks like none of the known ones.
fn misspelt(error: &str, known: &[String]) -> Option<String> {
    if known.iter().any(|known| known == error) {
        return None;
    }
    if let Some(known) = known.iter().find(|known| known.eq_ignore_ascii_case(error)) {
        return (older_spelling(known) != error).then(|| known.clone());
    }
    let whole = format!("{error}Exception");
    if let Some(known) = known.iter().find(|known| known.eq_ignore_ascii_case(&whole)) {
        return Some(known.clone());
    }
    let meant = match closest(error, known.iter().map(String::as_str)) {
        Some(meant) => meant,
        // `NoSuchKye`
        None => closest(&whole, known.iter().map(String::as_str)).filter(|meant| shared(&whole, meant))?,
    };
    if shared(&whole, meant) {
        return Some(meant.to_owned());
    }
    // Names of errors have long endings in common, so that only very near ones are the same word.
    (meant.len().abs_diff(error.len()) <= 2 && shared(error, meant)).then(|| meant.to_owned())
}

/// An error as it was called when abbreviations in names had only capitals, which optimised integrations have kept:
/// `EC2ThrottledException`.
fn older_spelling(name: &str) -> String {
    const ABBREVIATIONS: [(&str, &str); 6] =
        [("Ec2", "EC2"), ("Efs", "EFS"), ("Eni", "ENI"), ("Kms", "KMS"), ("IpA", "IPA"), ("Id", "ID")];
    let mut spelt = name.to_owned();
    for (new, old) in ABBREVIATIONS {
        // `Id` ends a word.
        let is_end =
            |at: usize| !name.get(at + new.len()..).is_some_and(|rest| rest.starts_with(char::is_lowercase));
        if new != "Id" || name.find(new).is_some_and(is_end) {
            spelt = spelt.replace(new, old);
        }
    }
    spelt
}

/// Whether all but a few letters are the same, from both ends.
fn shared(one: &str, other: &str) -> bool {
    let front = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    let back = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).count();
    front + back + 2 >= one.chars().count().max(other.chars().count())
}
