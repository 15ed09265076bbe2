//! Values outside of the bounds that the model of a service has: numbers, lengths of texts and of lists.
//!
//! Texts that a tool may put something else in place of are left alone, and so are short ones, as those that stand for names in examples.

use crate::check::Checker;
use crate::check::given::{Given, What};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::services::{Bounds, ShapeKind};
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
    let Bounds { min, max, .. } = bounds();
    let is_short = matches!(noun, Noun::Characters) && value > 0.0;
    let is_within = min.is_none_or(|min| is_short || value >= min) && max.is_none_or(|max| value <= max);
    if is_within {
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
