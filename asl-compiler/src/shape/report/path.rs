//! Paths that lead nowhere, and results that cannot be written.

use super::{Reporter, origin_label, step_text, steps_text};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::path::{Path, StepAt};
use crate::services::{self, Asked};
use crate::shape::path::Miss;
use crate::shape::read::{Effect, Reference};
use crate::shape::show::names;
use crate::shape::{Object, Shape};
use crate::source::Span;
use crate::suggest::{closest, is_slip_of};
use crate::vocabulary::Step;

/// Suggestions are looked for so deep.
const DEPTH: usize = 3;

pub(super) fn missing(
    reporter: &Reporter<'_, '_>,
    reference: &Reference,
    miss: &Miss,
    effect: Effect,
) -> Option<Diagnostic> {
    let (before, rest) = reference.steps.split_at_checked(miss.step)?;
    let holder = format!("{}{}", reference.root, steps_text(before));
    let step = rest.first()?;
    let object = miss.holder.kinds()?.object.as_ref().filter(|_| matches!(step.step, Step::Name(_)));
    let result = reporter.action(miss.source);
    let code = match (effect, &result) {
        (Effect::Nothing, _) => Code::UndefinedReference,
        (Effect::Absent, _) => Code::ComparisonNeverHolds,
        (Effect::Fails, Some(_)) => Code::PathNotInResult,
        (Effect::Fails, None) => Code::PathNotInData,
    };
    let is_result = object.is_some_and(|object| object.source.is_some()) && result.is_some();
    let reason = match (&result, object) {
        (Some(action), Some(_)) if is_result => format!("`{holder}` is the result of `{action}`"),
        (_, Some(_)) => format!("`{holder}` has no such field"),
        (_, None) => format!("`{holder}` is {}", miss.holder.in_words()),
    };
    let what = match effect {
        Effect::Absent => "is never present",
        Effect::Fails | Effect::Nothing => "does not exist",
    };
    let message = format!("`{}` {what}: {reason}", reference.text);
    let label = label(&miss.holder, step, object, is_result);
    let mut diagnostic = Diagnostic::new(code, step.span, message).label(label);
    if let Some(source) = miss.source
        && let Some(span) = source.span
    {
        diagnostic = diagnostic.related(span, origin_label(source.origin));
    }
    let asked = result.as_deref().filter(|_| is_result).and_then(|action| asked_by(action, &step.step));
    if let Some(asked) = asked {
        let (field, parameter) = (asked.field, asked.parameter);
        diagnostic = diagnostic.help(format!("`{field}` is there only where `{parameter}` asks for it"));
    } else if let Some(object) = object {
        diagnostic = suggest(diagnostic, object, &holder, rest);
    }
    // What is nearly a field that is there, and is no question, was never meant.
    if effect == Effect::Nothing && object.is_some_and(|object| is_slip(&step.step, object)) {
        diagnostic.severity = Severity::Error;
    }
    let is_http = is_result && result.as_deref() == Some("http:invoke") && diagnostic.help.is_empty();
    Some(if is_http { suggest_body(reporter, diagnostic, &holder, rest) } else { diagnostic })
}

/// Whether it is the name of a field with a typo.
fn is_slip(step: &Step, object: &Object) -> bool {
    let Step::Name(name) = step else { return false };
    closest(name, object.names()).is_some_and(|field| is_slip_of(name, field))
}

/// The parameter that would have asked for a field of a result.
fn asked_by(action: &str, step: &Step) -> Option<&'static Asked> {
    let Step::Name(name) = step else { return None };
    services::asked(action).find(|asked| asked.field == name)
}

fn label(holder: &Shape, step: &StepAt, object: Option<&Object>, is_result: bool) -> String {
    let owner = if is_result { "the result" } else { "it" };
    match (object, &step.step) {
        (Some(object), _) if object.names().next().is_none() && !object.is_open() => {
            format!("{owner} is empty")
        }
        // A test before has found that there is none.
        (Some(object), Step::Name(name)) if object.is_open() => {
            format!("a test before says that `{name}` is absent")
        }
        (Some(object), _) => format!("{owner} has only {}", names(object)),
        (None, Step::Name(_)) => format!("{} has no fields", holder.in_words()),
        (None, Step::Index(_) | Step::FromEnd(_)) => {
            match holder.kinds().and_then(|kinds| kinds.array.as_ref()) {
                Some(_) => "the array has fewer elements".to_owned(),
                None => format!("{} has no elements", holder.in_words()),
            }
        }
    }
}

/// The context object is asked for in the data.
pub(super) fn context_as_data(reference: &Reference) -> Diagnostic {
    let Reference { text, steps, .. } = reference;
    let span = steps
        .first()
        .zip(steps.last())
        .map_or(Span::new(0, 0), |(first, last)| Span::new(first.span.start, last.span.end));
    let message = format!("`{text}` looks in the data of the state for what the context object has");
    Diagnostic::new(Code::ContextAsData, span, message)
        .label("the context object starts with two dollar signs")
        .help(format!("did you mean `${text}`?"))
}

/// The Error Output is somewhere else than it is looked for.
pub(super) fn error_elsewhere(reference: &Reference, place: &str) -> Diagnostic {
    let Reference { text, root, steps } = reference;
    let place = format!("{root}{}", step_text(&Step::Name(place.to_owned())));
    let message = format!("`{text}` does not exist: the Error Output is at `{place}`");
    let span = steps.first().map_or(Span::new(0, 0), |step| step.span);
    // What came in could have such a field, too; a schema of the input says so.
    Diagnostic::new(Code::PathNotInData, span, message)
        .label("the `ResultPath` of the catcher puts the Error Output beside the rest of the data")
        .help(format!("did you mean `{place}{}`?", steps_text(steps)))
}

/// The Error Output is looked for where one of the catchers does not put it.
pub(super) fn error_not_kept(reference: &Reference) -> Diagnostic {
    let Reference { text, steps, .. } = reference;
    let span = steps.first().map_or(Span::new(0, 0), |step| step.span);
    let message = format!("`{text}` does not exist on every way to this state");
    Diagnostic::new(Code::PathNotInData, span, message)
        .label("not all catchers that lead here put the Error Output there")
        .help("give all of them the same `ResultPath`")
}

/// A field of a similar name beside the one that does not exist, or of its name further inside.
fn suggest(diagnostic: Diagnostic, object: &Object, holder: &str, rest: &[StepAt]) -> Diagnostic {
    let Some((StepAt { step: Step::Name(name), .. }, below)) = rest.split_first() else { return diagnostic };
    if let Some(field) = closest(name, object.names()) {
        let value = object.fields.get(field).map(|field| &field.shape);
        // What comes after the step may be right only for what was asked.
        let fits = value.is_some_and(|value| value.walk(below.iter().map(|step| &step.step)).is_ok());
        let below = if fits { steps_text(below) } else { String::new() };
        let field = step_text(&Step::Name(field.to_owned()));
        return diagnostic.help(format!("did you mean `{holder}{field}{below}`?"));
    }
    match inside(object, name, DEPTH).as_slice() {
        [place] => diagnostic.help(format!("did you mean `{holder}{place}{}`?", steps_text(below))),
        _ => diagnostic,
    }
}

/// Where fields of that name are further inside.
fn inside(object: &Object, name: &str, depth: usize) -> Vec<String> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let mut found = Vec::new();
    for (field, value) in &object.fields {
        let Some(object) = value.shape.kinds().and_then(|kinds| kinds.object.as_ref()) else { continue };
        let step = step_text(&Step::Name(field.to_string()));
        if object.fields.contains_key(name) {
            found.push(format!("{step}{}", step_text(&Step::Name(name.to_owned()))));
        } else {
            found.extend(inside(object, name, depth).into_iter().map(|place| format!("{step}{place}")));
        }
    }
    found
}

/// The two ways to the body of a response.
fn suggest_body(
    reporter: &Reporter<'_, '_>,
    diagnostic: Diagnostic,
    holder: &str,
    rest: &[StepAt],
) -> Diagnostic {
    let option = match reporter.file_name {
        Some(file_name) => format!("asl_machine!(\"{file_name}\", http_result = \"body\")"),
        None => "--http-result body".to_owned(),
    };
    diagnostic
        .help(format!("write `{holder}.ResponseBody{}`", steps_text(rest)))
        .help(format!("or make the response body the task's result: `{option}`"))
}

/// A path to any number of values that finds none, because none of those that it leads to has such a field.
pub(super) fn nothing_selected(path: &Path, name: &str, values: &Shape) -> Diagnostic {
    let message = format!("`{}` finds nothing: none of the values has `{name}`", path.text);
    let diagnostic = Diagnostic::new(Code::PathNotInData, path.span, message);
    let Some(object) = values.kinds().and_then(|kinds| kinds.object.as_ref()) else { return diagnostic };
    let diagnostic = diagnostic.label(match object.names().next() {
        Some(_) => format!("they have {}", names(object)),
        None => "they have no fields".to_owned(),
    });
    match closest(name, object.names()) {
        Some(field) => diagnostic.help(format!("did you mean `{field}`?")),
        None => diagnostic,
    }
}

/// A `ResultPath` into something that has no fields.
pub(super) fn no_object(path: &Path, data: &Shape) -> Diagnostic {
    let steps = path.ir_steps();
    let mut holder = data.clone();
    let mut number = 0;
    for step in &steps {
        let writable = match (step, holder.kinds()) {
            (_, None) => true,
            (Step::Name(_), Some(kinds)) => kinds.null || kinds.object.is_some(),
            (Step::Index(_) | Step::FromEnd(_), Some(kinds)) => kinds.array.is_some(),
        };
        match holder.step(step) {
            Some(next) if writable => holder = next,
            _ => break,
        }
        number += 1;
    }
    let before = path.steps.get(..number).unwrap_or_default();
    let span = path.steps.get(number).map_or(path.span, |step| step.span);
    let place = format!("${}", steps_text(before));
    let found = holder.in_words();
    let message = format!("`ResultPath` `{}` cannot be written: `{place}` is {found}", path.text);
    Diagnostic::new(Code::ResultPathIntoNonObject, span, message)
        .label(format!("{found} has no fields to write to"))
}
