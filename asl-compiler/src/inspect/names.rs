//! Inspection: names of states and variables, where they are given and where they are used.
//!
//! In: an outline and an offset. Out: places, and edits that rename. Never looks at anything that has no name.

use super::outline::{Outline, ScopeId, strings};
use super::place::{Cursor, CursorPart, Role};
use super::variables::{Notation, notation, reads};
use crate::json::write::quoted;
use crate::json::{Text, Value};
use crate::source::Span;
use asl_language::limits::STATE_NAME_CHARACTERS;
use std::error::Error;
use std::fmt::{self, Display, Formatter};

/// A state or a variable that is at some place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Name {
    State { scope: ScopeId, name: String },
    Variable { scope: ScopeId, name: String },
}

/// A name in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) span: Span,
    pub(super) given: bool,
}

/// The name at an offset, and where it is there.
pub(super) fn name_at(
    root: &Value,
    text: &str,
    outline: &Outline<'_>,
    offset: usize,
) -> Option<(Name, Span)> {
    let place = Cursor::at(root, text, offset);
    let step = place.last()?;
    if let CursorPart::Key(member) = place.part {
        let key = &member.key;
        return if step.role == Role::States {
            let state = outline.states.iter().find(|state| state.name.span == key.span)?;
            let name = Name::State { scope: state.scope, name: key.value.clone() };
            Some((name, key.span))
        } else {
            let found = outline.assigned.iter().find(|found| found.key.span == key.span)?;
            let name = Name::Variable { scope: found.scope, name: found.name().to_owned() };
            Some((name, variable_key_span(key)))
        };
    }
    let value = step.value.as_text()?;
    if let Some(link) = outline.links.iter().find(|link| link.name.span == value.span) {
        return Some((Name::State { scope: link.scope, name: value.value.clone() }, value.span));
    }
    let state = outline.state_at(offset)?;
    let scope = outline.states.get(state)?.scope;
    let notation = notation(place.field()?, &value.value, outline.is_jsonata(Some(state), scope));
    variable_at(value, notation, scope, outline, offset)
}

fn variable_at(
    text: &Text,
    notation: Notation,
    scope: ScopeId,
    outline: &Outline<'_>,
    offset: usize,
) -> Option<(Name, Span)> {
    reads(text, notation).into_iter().find_map(|(name, range)| {
        let span = text.span_of(range);
        // The `$` is a part of what one points at.
        let touched = span.start.saturating_sub(1) <= offset && offset <= span.end;
        let scope = outline.scope_of_variable(scope, name).filter(|_| touched)?;
        Some((Name::Variable { scope, name: name.to_owned() }, span))
    })
}

/// All places of a name, in the order of the text.
pub(super) fn mentions(root: &Value, outline: &Outline<'_>, name: &Name) -> Vec<Mention> {
    let mut found = match name {
        Name::State { scope, name } => mentions_of_state(outline, *scope, name),
        Name::Variable { scope, name } => mentions_of_variable(root, outline, *scope, name),
    };
    found.sort_by_key(|mention| mention.span);
    found
}

fn mentions_of_state(outline: &Outline<'_>, scope: ScopeId, name: &str) -> Vec<Mention> {
    let states = outline.states.iter().filter(|state| state.scope == scope && state.name.value == name);
    let given = states.map(|state| Mention { span: state.name.span, given: true });
    let links = outline.links.iter().filter(|link| link.scope == scope && link.name.value == name);
    given.chain(links.map(|link| Mention { span: link.name.span, given: false })).collect()
}

fn mentions_of_variable(root: &Value, outline: &Outline<'_>, scope: ScopeId, name: &str) -> Vec<Mention> {
    let assigned = outline.assigned.iter().filter(|found| found.scope == scope && found.name() == name);
    let mut mentions: Vec<Mention> =
        assigned.map(|found| Mention { span: variable_key_span(found.key), given: true }).collect();
    let mut texts = Vec::new();
    strings(root, "", &mut texts);
    for (key, text) in texts {
        // Most strings name no variable at all.
        if !text.value.contains('$') {
            continue;
        }
        let Some(state) = outline.state_at(text.span.start) else { continue };
        let Some(within) = outline.states.get(state).map(|state| state.scope) else { continue };
        if outline.scope_of_variable(within, name) != Some(scope) {
            continue;
        }
        let notation = notation(key, &text.value, outline.is_jsonata(Some(state), within));
        let uses = reads(text, notation).into_iter().filter(|(found, _)| *found == name);
        mentions.extend(uses.map(|(_, range)| Mention { span: text.span_of(range), given: false }));
    }
    mentions
}

/// The name in the key of an `Assign`, without the quotes and without `.$`.
fn variable_key_span(key: &Text) -> Span {
    let name = key.value.strip_suffix(".$").unwrap_or(&key.value);
    if key.span.end - key.span.start == key.value.len() {
        // It has no quotes.
        return Span::new(key.span.start, key.span.start + name.len());
    }
    key.span_of(0..name.len())
}

/// Why something cannot have another name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenameError {
    /// There is no name of a state or variable at the place.
    NoName,
    /// The name is in a string with escapes.
    Escaped,
    /// The name of a state is too long, or empty.
    Length,
    /// There is a state of that name.
    StateExists(String),
    /// It is not the name of a variable.
    NotVariable(String),
    /// There is a variable of that name.
    VariableExists(String),
}

impl Display for RenameError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoName => formatter.write_str("there is no name of a state or variable here"),
            Self::Escaped => formatter.write_str("names inside of a string with escapes are not changed"),
            Self::Length => {
                write!(formatter, "the name of a state has from 1 to {STATE_NAME_CHARACTERS} characters")
            }
            Self::StateExists(name) => write!(formatter, "there is a state `{name}` already"),
            Self::NotVariable(name) => write!(formatter, "`{name}` is not the name of a variable"),
            Self::VariableExists(name) => write!(formatter, "there is a variable `{name}` already"),
        }
    }
}

impl Error for RenameError {}

/// What is to be written at each place so that the name becomes another one, or why it cannot.
pub(super) fn rename(
    root: &Value,
    outline: &Outline<'_>,
    name: &Name,
    new: &str,
) -> Result<Vec<(Span, String)>, RenameError> {
    let written = match name {
        Name::State { .. } => check_state_name(outline, name, new)?,
        Name::Variable { scope, .. } => check_variable_name(outline, *scope, name, new)?,
    };
    Ok(mentions(root, outline, name).into_iter().map(|mention| (mention.span, written.clone())).collect())
}

fn check_state_name(outline: &Outline<'_>, name: &Name, new: &str) -> Result<String, RenameError> {
    if new.is_empty() || new.chars().count() > STATE_NAME_CHARACTERS {
        return Err(RenameError::Length);
    }
    let Name::State { name, .. } = name else { return Err(RenameError::NoName) };
    if new != name && outline.states.iter().any(|state| state.name.value == new) {
        return Err(RenameError::StateExists(new.to_owned()));
    }
    Ok(quoted(new))
}

fn check_variable_name(
    outline: &Outline<'_>,
    scope: ScopeId,
    name: &Name,
    new: &str,
) -> Result<String, RenameError> {
    let new = new.strip_prefix('$').unwrap_or(new);
    let starts_well = new.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if !starts_well || new == "states" || !new.chars().all(super::variables::is_of_name) {
        return Err(RenameError::NotVariable(new.to_owned()));
    }
    let Name::Variable { name, .. } = name else { return Err(RenameError::NoName) };
    if new != name && outline.scope_of_variable(scope, new).is_some() {
        return Err(RenameError::VariableExists(new.to_owned()));
    }
    Ok(new.to_owned())
}
