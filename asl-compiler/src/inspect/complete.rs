//! Inspection: what can be written at a place.
//!
//! In: a place. Out: [`Completion`]s. Never offers a field that is there already, or a name that would be wrong.

mod paths;
mod resources;

use super::Asked;
use super::place::{CursorPart, CursorStep, Role};
use super::service::{call, shape_of};
use super::words;
use crate::definition::StateType;
use crate::json::write::quoted;
use crate::json::{Kind, Member, Value};
use crate::services;
use crate::source::Span;
use asl_language::errors;

/// Something that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is called in the list.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words about it; may be empty.
    pub detail: String,
    /// What it means, in Markdown; may be empty.
    pub documentation: String,
    /// The place of what it replaces.
    pub span: Span,
    /// What is written there.
    pub text: String,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A field of an object.
    Field,
    /// A value of a field.
    Value,
    /// A state.
    State,
    /// A service, or one of its actions.
    Resource,
    /// The name of an error.
    Error,
    /// A path into data or the context object.
    Path,
    /// A variable.
    Variable,
    /// A function.
    Function,
}

/// Everything that can be written at a place.
pub(super) fn complete(asked: &Asked<'_>) -> Vec<Completion> {
    let Some(last) = asked.place.last() else { return Vec::new() };
    match asked.place.part {
        CursorPart::Key(member) => keys(asked, last, Some(member)),
        CursorPart::NewKey => keys(asked, last, None),
        CursorPart::NewElement => elements(asked, last.role, asked.here()),
        CursorPart::Value => value(asked, last),
    }
}

/// Keys of an object that has none of them; `member` is the one that is being written.
fn keys(asked: &Asked<'_>, object: &CursorStep<'_>, member: Option<&Member>) -> Vec<Completion> {
    let span = member.map_or(asked.here(), |member| asked.token(member.key.span));
    let has_colon = member.is_some_and(|member| member.value.span.start > member.key.span.end);
    let after = if has_colon { "" } else { ": " };
    let present = |name: &str| {
        let plain = name.strip_suffix(".$").unwrap_or(name);
        let members = object.value.as_object().unwrap_or_default();
        members.iter().any(|found| {
            let found_plain = found.key.value.strip_suffix(".$").unwrap_or(&found.key.value);
            found_plain == plain && member.is_none_or(|member| member.key.span != found.key.span)
        })
    };
    let mut found = if object.role == Role::States {
        missing_states(asked)
    } else if object.role.is_template() {
        parameters(asked)
    } else {
        fields(asked, object.role)
    };
    found.retain(|completion| !present(&completion.label));
    for completion in &mut found {
        completion.span = span;
        completion.text = format!("{}{after}", quoted(&completion.label));
    }
    found
}

fn fields(asked: &Asked<'_>, role: Role) -> Vec<Completion> {
    let state = asked.place.state().map(|state| state.value);
    let state_type = state.and_then(|state| state.get("Type")?.as_str()).and_then(StateType::from_name);
    let of = |name: &str| {
        let documentation = words::field(role, name).unwrap_or_default();
        completion(name, CompletionKind::Field, "", documentation)
    };
    words::fields(role, state_type, asked.jsonata).into_iter().map(of).collect()
}

/// States that something leads to and that are not there yet.
fn missing_states(asked: &Asked<'_>) -> Vec<Completion> {
    let scope = asked.outline.scope_at(asked.root, asked.offset);
    let links = asked.outline.links.iter().filter(|link| link.scope == scope && !link.name.value.is_empty());
    let missing = links.filter(|link| asked.outline.find(scope, &link.name.value).is_none());
    let mut names: Vec<&str> = missing.map(|link| link.name.value.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| completion(name, CompletionKind::State, "not written yet", "")).collect()
}

/// Parameters of the service that the task calls.
fn parameters(asked: &Asked<'_>) -> Vec<Completion> {
    let Some(shape) = shape_of(&asked.place.steps) else { return Vec::new() };
    let of = |member: services::Member| {
        let required = if member.required { "required, " } else { "" };
        let detail = format!("{required}{}", super::service::type_name(member.shape));
        completion(&member.name, CompletionKind::Field, &detail, "")
    };
    let mut found: Vec<Completion> = shape.members().into_iter().map(of).collect();
    if !asked.jsonata {
        let with_path =
            |plain: &Completion| Completion { label: format!("{}.$", plain.label), ..plain.clone() };
        found.extend(found.clone().iter().map(with_path));
    }
    found
}

/// Values of a field.
fn value(asked: &Asked<'_>, step: &CursorStep<'_>) -> Vec<Completion> {
    let Some(around) = asked.place.around() else { return Vec::new() };
    // What has parts is not replaced as a whole.
    if matches!(step.value.kind, Kind::Array(_) | Kind::Object(_)) {
        return Vec::new();
    }
    let span = asked.token(step.value.span);
    let Some(field) = step.key.map(|key| key.value.as_str()) else {
        let mut found = elements(asked, around.role, span);
        found.extend(paths::complete(asked, step.value));
        return found;
    };
    let mut found = match (around.role, field) {
        (Role::Machine | Role::Branch | Role::Processor, "StartAt") => {
            let scope = asked.outline.scope_at(asked.root, around.value.span.start + 1);
            states(asked, scope)
        }
        (Role::State | Role::Catcher | Role::Rule { .. }, "Next") | (Role::State, "Default") => {
            let index = asked.outline.state_at(asked.offset);
            let state = index.and_then(|index| asked.outline.states.get(index));
            state.map(|state| states(asked, state.scope)).unwrap_or_default()
        }
        (Role::State, "Resource") => resources::complete(asked, step.value.as_str().unwrap_or_default()),
        (Role::State, "End") => vec![completion("true", CompletionKind::Value, "", "")],
        (Role::Parameters | Role::Template, _) => parameter_values(asked),
        (role, field) => words::values(role, field)
            .iter()
            .map(|value| completion(value, CompletionKind::Value, "", type_words(field, value)))
            .collect(),
    };
    for completion in &mut found {
        completion.span = span;
        let bare = field == "End" || completion.detail == BARE;
        completion.text = if bare { completion.label.clone() } else { quoted(&completion.label) };
    }
    found.extend(paths::complete(asked, step.value));
    found
}

/// What is said of values that are not strings.
const BARE: &str = "boolean";

fn type_words(field: &str, value: &str) -> &'static str {
    let state_type = StateType::from_name(value).filter(|_| field == "Type");
    state_type.map(words::state_type).unwrap_or_default()
}

/// The values of an enumeration or boolean among the parameters.
fn parameter_values(asked: &Asked<'_>) -> Vec<Completion> {
    let Some(shape) = shape_of(&asked.place.steps) else { return Vec::new() };
    if shape.kind() == services::ShapeKind::Boolean {
        return ["true", "false"].map(|value| completion(value, CompletionKind::Value, BARE, "")).to_vec();
    }
    shape.values().iter().map(|value| completion(value, CompletionKind::Value, "", "")).collect()
}

/// The states of a scope.
fn states(asked: &Asked<'_>, scope: usize) -> Vec<Completion> {
    let states = asked.outline.states.iter().filter(|state| state.scope == scope);
    let of = |state: &super::outline::State<'_>| {
        let detail = state.state_type().map_or("", StateType::name);
        let comment = state.value.get("Comment").and_then(Value::as_str).unwrap_or_default();
        completion(&state.name.value, CompletionKind::State, detail, comment)
    };
    states.map(of).collect()
}

/// Elements of an array.
fn elements(asked: &Asked<'_>, role: Role, span: Span) -> Vec<Completion> {
    if role != Role::Errors {
        return Vec::new();
    }
    let mut names: Vec<String> = errors::NAMES.iter().map(|name| (*name).to_owned()).collect();
    if let Some(call) = asked.place.state().and_then(|state| call(state.value))
        && let Some(prefix) = call.error_prefix()
    {
        names.extend(call.errors().iter().map(|error| format!("{prefix}.{error}")));
    }
    names.dedup();
    let of = |name: String| {
        let mut found = completion(&name, CompletionKind::Error, "", "");
        (found.span, found.text) = (span, quoted(&name));
        found
    };
    names.into_iter().map(of).collect()
}

fn completion(label: &str, kind: CompletionKind, detail: &str, documentation: &str) -> Completion {
    Completion {
        label: label.to_owned(),
        kind,
        detail: detail.to_owned(),
        documentation: documentation.to_owned(),
        span: Span::default(),
        text: String::new(),
    }
}
