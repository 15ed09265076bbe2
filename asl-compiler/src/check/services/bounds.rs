//! Values outside of the bounds that the model of a service has: numbers, lengths of texts and of lists, and texts of another form.
//!
//! Texts that a tool may put something else in place of are left alone, and so are short ones, as those that stand for names in examples.

use super::{literals, values};
use crate::check::Checker;
use crate::check::given::{Given, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::services::{Bounds, ShapeKind, pattern};
use crate::vocabulary::Number;

/// `bounds` is asked for only where there is something to compare with them.
pub(super) fn check(
    name: &str,
    given: &Given<'_>,
    kind: ShapeKind,
    bounds: impl FnOnce() -> Bounds,
    checker: &mut Checker<'_>,
) {
    let Some((value, noun)) = measure(given, kind) else { return };
    let Bounds { min, max, pattern, .. } = bounds();
    let is_short = matches!(noun, Noun::Characters) && value > 0.0;
    let is_within = min.is_none_or(|min| is_short || value >= min) && max.is_none_or(|max| value <= max);
    if is_within {
        let fault = pattern.and_then(|pattern| misformed(name, given, &pattern));
        fault.into_iter().for_each(|fault| checker.report_accepted(fault));
        return;
    }
    let limits = match (min, max) {
        (Some(min), Some(max)) => format!("from {min} to {max}"),
        (Some(min), None) => format!("of at least {min}"),
        (None, Some(max)) => format!("of at most {max}"),
        (None, None) => return,
    };
    let message = match noun {
        Noun::Number => format!("`{name}` is out of range"),
        Noun::Characters if value == 0.0 => format!("`{name}` is empty"),
        Noun::Characters | Noun::Elements => {
            format!("`{name}` is too {}", if min.is_some_and(|min| value < min) { "short" } else { "long" })
        }
    };
    let expected = match noun {
        Noun::Number => format!("expected a number {limits}"),
        Noun::Characters => format!("expected a text of {} characters", limits.trim_start_matches("of ")),
        Noun::Elements => format!("expected a number of elements {limits}"),
    };
    checker.report_accepted(Diagnostic::new(Code::InvalidParameter, given.span, message).label(expected));
}

/// A text that does not have the form of a pattern.
fn misformed(name: &str, given: &Given<'_>, pattern: &str) -> Option<Diagnostic> {
    let What::Text(Some(text)) = &given.what else { return None };
    let is_told = values::is_told(name) || (text.value.starts_with("arn:") && literals::has_arn(name));
    let length = text.value.chars().count();
    if is_told || length < LEAST || is_shown(&text.value) {
        return None;
    }
    let right = pattern::fault(pattern, &text.value)?;
    if right == length && length < SHOWN {
        return None;
    }
    let message = format!("`{name}` cannot be `{}`", text.value);
    let diagnostic = Diagnostic::new(Code::InvalidParameter, given.span, message);
    let label = match text.value.chars().nth(right) {
        _ if pattern.starts_with("arn:") && !text.value.starts_with("arn:") => "expected an ARN".to_owned(),
        Some(' ') => "it has no blanks".to_owned(),
        Some(sign) if right > 0 || !sign.is_alphanumeric() => {
            format!("`{sign}` is not expected after `{}`", text.value.chars().take(right).collect::<String>())
        }
        _ => "it has another form".to_owned(),
    };
    let diagnostic = diagnostic.label(label);
    Some(if pattern.len() > SHORT {
        diagnostic
    } else {
        diagnostic.help(format!("the service takes `{pattern}`"))
    })
}

/// Shorter texts stand for names in examples.
const LEAST: usize = 4;

/// Shorter texts that are right as far as they go stand for names and ids in examples.
const SHOWN: usize = 6;

/// Longer patterns say nothing to anyone.
const SHORT: usize = 60;

/// Whether something was taken out of a text before it was shown to others: the account of an ARN, or the end of a name that a tool made.
fn is_shown(text: &str) -> bool {
    const MADE: usize = 6;
    let is_account = |account: &str| {
        matches!(account, "" | "aws")
            || account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())
    };
    let account = text.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(3));
    account.is_some_and(|account| !is_account(account))
        || text.split(['-', '/', ':']).any(|part| {
            part.len() >= MADE
                && part.chars().all(|c| c.is_uppercase() || c.is_numeric())
                && part.chars().any(char::is_uppercase)
        })
}

#[derive(Clone, Copy)]
enum Noun {
    Number,
    Characters,
    Elements,
}

/// What is compared with bounds, and what it is.
#[expect(clippy::cast_precision_loss, reason = "bounds are not so large")]
fn measure(given: &Given<'_>, kind: ShapeKind) -> Option<(f64, Noun)> {
    match (&given.what, kind) {
        (What::Number(Some(number)), ShapeKind::Integer | ShapeKind::Number) => {
            let number = match *number {
                Number::Int(number) => number as f64,
                Number::Uint(number) => number as f64,
                Number::Float(number) => number,
            };
            Some((number, Noun::Number))
        }
        (What::Text(Some(text)), ShapeKind::String) if !may_be_something_else(&text.value) => {
            Some((text.value.chars().count() as f64, Noun::Characters))
        }
        (What::List(Some(elements)), ShapeKind::List) => Some((elements.len() as f64, Noun::Elements)),
        (What::Object(Some(members)), ShapeKind::Map) if members.iter().all(|member| member.is_always) => {
            Some((members.len() as f64, Noun::Elements))
        }
        _ => None,
    }
}

/// Whether a text is not what the service gets: it is replaced, or was meant to be looked up or computed, which is said elsewhere.
fn may_be_something_else(text: &str) -> bool {
    let is_loud = !text.is_empty() && !text.contains(char::is_lowercase);
    is_loud || text.contains(['<', '{', '@']) || text.starts_with(['$', '_'])
}
