//! Inspection: what is at a place, for people.
//!
//! In: a place. Out: Markdown about the field, state, variable, parameter or resource there.

use super::Asked;
use super::data::{at_path, known, known_here, shown};
use super::function::function;
use super::names::{Name, name_at};
use super::outline::{Link, Outline, State};
use super::place::{CursorPart, Role};
use super::service::{call, member, shape_of, type_name};
use super::variables::{Notation, notation};
use super::words;
use crate::json::{Member, Text, Value};
use crate::services::{ActionCall, Shape, ShapeKind};
use crate::source::Span;
use asl_language::errors;

/// What is said about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// Markdown.
    pub text: String,
}

/// How many members of an object are listed.
const LISTED: usize = 20;

pub(super) fn describe(asked: &Asked<'_>) -> Option<Hover> {
    if let Some((name, span)) = name_at(asked.root, asked.text, &asked.outline, asked.offset) {
        return Some(Hover { span, text: named(asked, &name)? });
    }
    let last = asked.place.last()?;
    if let CursorPart::Key(key) = asked.place.part {
        let text = if last.role.is_template() {
            parameter(asked, key)?
        } else {
            format!("`{}`: {}", key.key.value, words::field(last.role, &key.key.value)?)
        };
        return Some(Hover { span: key.key.span, text });
    }
    let text = last.value.as_text().filter(|_| matches!(asked.place.part, CursorPart::Value))?;
    let around = asked.place.around()?;
    let described = match (around.role, asked.place.field()?) {
        (Role::State, "Resource") => resource(&ActionCall::of(&text.value)?),
        (Role::State, "Type") => {
            let state_type = crate::definition::StateType::from_name(&text.value)?;
            format!("A {state_type} state {}.", words::state_type(state_type))
        }
        (Role::Errors, _) => error(&text.value)?,
        _ => return data(asked, text),
    };
    Some(Hover { span: text.span, text: described })
}

/// The data that a path leads to, or what a function takes and yields.
fn data(asked: &Asked<'_>, text: &Text) -> Option<Hover> {
    if notation(asked.place.field()?, &text.value, asked.jsonata) == Notation::Plain {
        return None;
    }
    let is_of_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '[' | ']');
    let inner = text.span_of(0..text.value.len());
    let (before, after) =
        (asked.text.get(inner.start..asked.offset)?, asked.text.get(asked.offset..inner.end)?);
    let start = asked.offset - (before.len() - before.trim_end_matches(is_of_path).len());
    // The word ends with the name that is pointed at.
    let end = asked.offset + after.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(after.len());
    let path = asked.text.get(start..end)?;
    if asked.text.get(end..inner.end)?.starts_with('(') {
        return Some(Hover { span: Span::new(start, end), text: function(path)? });
    }
    let shape = shown(&at_path(asked, &known_here(asked)?, path)?);
    let text = format!("`{path}`: `{shape}`");
    (!shape.is_empty()).then(|| Hover { span: Span::new(start, end), text })
}

fn named(asked: &Asked<'_>, name: &Name) -> Option<String> {
    let outline = &asked.outline;
    match name {
        Name::State { scope, name } => {
            let index = outline.find(*scope, name)?;
            let found = outline.states.get(index)?;
            let data = known(asked.root, found.name).map(|known| shown(&known.input));
            let data = data.filter(|data| !data.is_empty()).map(|data| format!("\n\ninput: `{data}`"));
            Some(format!("{}{}", state(outline, index, found), data.unwrap_or_default()))
        }
        Name::Variable { scope, name } => {
            let places =
                outline.assigned.iter().filter(|found| found.scope == *scope && found.name() == name);
            let states = places.filter_map(|found| {
                let state = outline.states.get(outline.state_at(found.key.span.start)?)?;
                Some(format!("`{}`", state.name.value))
            });
            let mut states: Vec<String> = states.collect();
            states.dedup();
            let shape = known_here(asked).and_then(|known| at_path(asked, &known, &format!("${name}")));
            let shape = shape.map(|shape| shown(&shape)).filter(|shape| !shape.is_empty());
            let shape = shape.map(|shape| format!(": `{shape}`")).unwrap_or_default();
            Some(format!("variable `${name}`{shape}, assigned in {}", states.join(", ")))
        }
    }
}

fn state(outline: &Outline<'_>, index: usize, state: &State<'_>) -> String {
    let mut lines = Vec::new();
    lines.push(match state.state_type() {
        Some(state_type) => {
            format!("**{}**: {state_type} state, {}", state.name.value, words::state_type(state_type))
        }
        None => format!("**{}**: state", state.name.value),
    });
    if let Some(comment) = state.value.get("Comment").and_then(Value::as_str) {
        lines.push(comment.to_owned());
    }
    if let Some(resource) = state.value.get("Resource").and_then(Value::as_str) {
        lines.push(format!("calls `{resource}`"));
    }
    let ends = state.value.get("End").and_then(Value::as_bool) == Some(true);
    let mut to: Vec<String> = links(outline, |link| link.from == Some(index)).map(leads_to).collect();
    to.extend(ends.then(|| "the end".to_owned()));
    lines.extend(list("leads to ", to));
    let from = links(outline, |link| link.scope == state.scope && link.name.value == state.name.value);
    lines.extend(list("reached from ", from.map(|link| comes_from(outline, link)).collect()));
    lines.join("\n\n")
}

fn links<'o, 't>(
    outline: &'o Outline<'t>,
    wanted: impl Fn(&Link<'t>) -> bool + 'o,
) -> impl Iterator<Item = &'o Link<'t>> {
    outline.links.iter().filter(move |link| wanted(link))
}

fn leads_to(link: &Link<'_>) -> String {
    let name = &link.name.value;
    if link.field == "Next" { format!("`{name}`") } else { format!("`{name}` (`{}`)", link.field) }
}

fn comes_from(outline: &Outline<'_>, link: &Link<'_>) -> String {
    let from = link.from.and_then(|from| outline.states.get(from));
    match from {
        None => format!("`{}`", link.field),
        Some(state) if link.field == "Next" => format!("`{}`", state.name.value),
        Some(state) => format!("`{}` (`{}`)", state.name.value, link.field),
    }
}

fn list(what: &str, mut names: Vec<String>) -> Option<String> {
    names.dedup();
    (!names.is_empty()).then(|| format!("{what}{}", names.join(", ")))
}

/// A parameter of a service.
fn parameter(asked: &Asked<'_>, key: &Member) -> Option<String> {
    let name = key.key.value.strip_suffix(".$").unwrap_or(&key.key.value);
    let parent = shape_of(&asked.place.steps)?;
    let required = parent.member(name).is_some_and(|member| member.required);
    let shape = member(parent, name)?;
    let call = asked.place.state().and_then(|state| call(state.value)).map(|call| call.name());
    let of = call.map(|call| format!(" of `{call}`")).unwrap_or_default();
    let required = if required { "required, " } else { "" };
    Some(format!("`{name}`{of}: {required}{}{}", type_name(shape), parts(shape)))
}

/// What a shape has in it, as the rest of a sentence.
fn parts(shape: Shape) -> String {
    let (what, names): (_, Vec<String>) = match shape.kind() {
        ShapeKind::Enum => ("", shape.values()),
        ShapeKind::Structure | ShapeKind::Union => {
            (" of", shape.members().into_iter().map(|member| member.name).collect())
        }
        ShapeKind::List => match shape.element() {
            Some(element) => return format!(", each {}", type_name(element)),
            None => return String::new(),
        },
        ShapeKind::Any
        | ShapeKind::String
        | ShapeKind::Integer
        | ShapeKind::Number
        | ShapeKind::Boolean
        | ShapeKind::Timestamp
        | ShapeKind::Blob
        | ShapeKind::Map => return String::new(),
    };
    if names.is_empty() {
        return String::new();
    }
    let listed: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    let more =
        if names.len() > LISTED { format!(" and {} more", names.len() - LISTED) } else { String::new() };
    format!("{what}: {}{more}", listed.join(", "))
}

fn resource(call: &ActionCall) -> String {
    let mut lines = vec![format!("`{}`", call.name())];
    lines.push(format!("takes: {}{}", type_name(call.parameters()), parts(call.parameters())));
    lines.push(format!("returns: {}{}", type_name(call.result()), parts(call.result())));
    if let Some(prefix) = call.error_prefix() {
        let errors: Vec<String> = call.errors().iter().map(|error| format!("`{prefix}.{error}`")).collect();
        lines.extend(list("errors: ", errors));
    }
    lines.join("\n\n")
}

fn error(name: &str) -> Option<String> {
    let text = match name {
        errors::ALL => "every error that can be caught",
        errors::TASK_FAILED => "every error of a task but `States.Timeout`",
        errors::TIMEOUT => "the task took longer than `TimeoutSeconds`, or gave no sign of life in time",
        "States.HeartbeatTimeout" => "the task gave no sign of life within `HeartbeatSeconds`",
        errors::RUNTIME => "the execution broke on its own definition or data; nothing catches it",
        errors::DATA_LIMIT_EXCEEDED => "a payload is too large",
        errors::ITEM_READER_FAILED => "the items of a distributed Map cannot be read",
        errors::RESULT_WRITER_FAILED => "the results of a distributed Map cannot be written",
        errors::EXCEED_TOLERATED_FAILURE_THRESHOLD => "more items of a Map failed than are tolerated",
        errors::HTTP_SOCKET => "the connection of an HTTP task failed, or the answer took too long",
        "States.QueryEvaluationError" => "a JSONata expression failed, or gave what the field does not take",
        "States.Permissions" => "the role of the machine may not do this",
        "States.BranchFailed" => "a branch of a Parallel state failed",
        "States.NoChoiceMatched" => "no rule of a Choice was true, and it has no `Default`",
        "States.IntrinsicFailure" => "a call of an intrinsic function failed",
        _ => return None,
    };
    Some(format!("`{name}`: {text}"))
}
