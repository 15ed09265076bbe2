//! Inspection: what is at an offset.
//!
//! In: a tree and an offset. Out: the way to it from the root, and the role of each step in the language. Never looks at other
//! places.

use crate::json::{Kind, Member, Text, Value};
use crate::source::Span;
use crate::state_fields::{Holds, StateField};

/// What a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The whole machine.
    Machine,
    /// A branch of a Parallel state.
    Branch,
    /// `ItemProcessor` or `Iterator`
    Processor,
    ProcessorConfig,
    /// The object of states by their names.
    States,
    State,
    Branches,
    /// `Choices`, or the operands of `And` and `Or`.
    Rules {
        nested: bool,
    },
    Rule {
        nested: bool,
    },
    Catchers,
    Catcher,
    Retriers,
    Retrier,
    /// `ErrorEquals`
    Errors,
    Assign,
    Credentials,
    ItemReader,
    ReaderConfig,
    ItemBatcher,
    ResultWriter,
    WriterConfig,
    /// `Parameters` or `Arguments`
    Parameters,
    /// Another template, or a part of one.
    Template,
    /// A field with a value that has no parts.
    Field,
}

impl Role {
    /// The role of the member `key` of an object with this one.
    pub(super) fn member(self, key: &str) -> Self {
        match (self, key) {
            (Self::Machine | Self::Branch | Self::Processor, "States") => Self::States,
            (Self::Processor, "ProcessorConfig") => Self::ProcessorConfig,
            (Self::States, _) => Self::State,
            (Self::State, _) => Self::of_state(key),
            (Self::Rule { .. }, "And" | "Or") => Self::Rules { nested: true },
            (Self::Rule { .. }, "Not") => Self::Rule { nested: true },
            (Self::Rule { .. } | Self::Catcher, "Assign") => Self::Assign,
            (Self::Catcher | Self::Retrier, "ErrorEquals") => Self::Errors,
            (Self::ItemReader | Self::ResultWriter, "Parameters" | "Arguments") => Self::Template,
            (Self::ItemReader, "ReaderConfig") => Self::ReaderConfig,
            (Self::ResultWriter, "WriterConfig") => Self::WriterConfig,
            (Self::Parameters | Self::Template | Self::Assign, _) => Self::Template,
            (Self::Rule { .. } | Self::Catcher, "Output") | (Self::ItemBatcher, "BatchInput") => {
                Self::Template
            }
            _ => Self::Field,
        }
    }

    fn of_state(key: &str) -> Self {
        match StateField::of(key).map(|field| field.holds) {
            Some(Holds::Branches) => Self::Branches,
            Some(Holds::Processor) => Self::Processor,
            Some(Holds::Rules) => Self::Rules { nested: false },
            Some(Holds::Catchers) => Self::Catchers,
            Some(Holds::Retriers) => Self::Retriers,
            Some(Holds::Variables) => Self::Assign,
            Some(Holds::Credentials) => Self::Credentials,
            Some(Holds::ItemReader) => Self::ItemReader,
            Some(Holds::ItemBatcher) => Self::ItemBatcher,
            Some(Holds::ResultWriter) => Self::ResultWriter,
            Some(Holds::Parameters) => Self::Parameters,
            Some(Holds::Template) => Self::Template,
            Some(Holds::Word | Holds::Number | Holds::Path | Holds::State | Holds::Items) | None => {
                Self::Field
            }
        }
    }

    /// The role of an element of an array with this one.
    pub(super) fn element(self) -> Self {
        const ELEMENTS: &[(Role, Role)] = &[
            (Role::Branches, Role::Branch),
            (Role::Rules { nested: false }, Role::Rule { nested: false }),
            (Role::Rules { nested: true }, Role::Rule { nested: true }),
            (Role::Catchers, Role::Catcher),
            (Role::Retriers, Role::Retrier),
            (Role::Parameters, Role::Template),
            (Role::Template, Role::Template),
        ];
        ELEMENTS.iter().find(|(array, _)| *array == self).map_or(Self::Field, |(_, element)| *element)
    }

    /// Whether the keys are the user's own.
    pub(super) const fn is_template(self) -> bool {
        matches!(self, Self::Parameters | Self::Template)
    }
}

/// A step on the way to an offset.
#[derive(Clone, Copy, Debug)]
pub(super) struct CursorStep<'t> {
    pub(super) role: Role,
    /// The key that led here; none for the root and for elements of arrays.
    pub(super) key: Option<&'t Text>,
    pub(super) value: &'t Value,
}

/// Where in the last value of the way the offset is.
#[derive(Clone, Copy, Debug)]
pub(super) enum CursorPart<'t> {
    /// In a key of the object.
    Key(&'t Member),
    /// Between the members of the object, where a key may stand.
    NewKey,
    /// In the value itself, or where it is missing.
    Value,
    /// Between the elements of the array, where another may stand.
    NewElement,
}

/// A place in a definition.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    /// From the root to the innermost value.
    pub(super) steps: Vec<CursorStep<'t>>,
    pub(super) part: CursorPart<'t>,
}

impl<'t> Cursor<'t> {
    /// What is at `offset`.
    pub(super) fn at(root: &'t Value, text: &str, offset: usize) -> Self {
        let mut steps = vec![CursorStep { role: Role::Machine, key: None, value: root }];
        let mut current = root;
        let mut role = Role::Machine;
        loop {
            let found = match &current.kind {
                Kind::Object(members) if is_inside(current, text, offset) => {
                    inside_object(members, text, role, offset)
                }
                Kind::Array(elements) if is_inside(current, text, offset) => {
                    inside_array(elements, text, role, offset)
                }
                Kind::Null
                | Kind::Bool(_)
                | Kind::Number(_)
                | Kind::String(_)
                | Kind::Array(_)
                | Kind::Object(_) => Err(CursorPart::Value),
            };
            match found {
                Ok(step) => {
                    (current, role) = (step.value, step.role);
                    steps.push(step);
                }
                Err(part) => return Self { steps, part },
            }
        }
    }

    /// The innermost value.
    pub(super) fn last(&self) -> Option<&CursorStep<'t>> {
        self.steps.last()
    }

    /// The value around the innermost one.
    pub(super) fn around(&self) -> Option<&CursorStep<'t>> {
        self.steps.iter().rev().nth(1)
    }

    /// The key of the innermost value, be it through arrays.
    pub(super) fn field(&self) -> Option<&'t str> {
        self.steps.iter().rev().find_map(|step| step.key).map(|key| key.value.as_str())
    }

    /// The innermost state that the place is in.
    pub(super) fn state(&self) -> Option<&CursorStep<'t>> {
        self.steps.iter().rev().find(|step| step.role == Role::State)
    }
}

fn inside_object<'t>(
    members: &'t [Member],
    text: &str,
    role: Role,
    offset: usize,
) -> Result<CursorStep<'t>, CursorPart<'t>> {
    for member in members {
        if touches(member.key.span, offset) {
            return Err(CursorPart::Key(member));
        }
        let has_colon =
            member.value.span.start > member.key.span.end || !member.value.span.range().is_empty();
        let value = Span::new(member.key.span.end + 1, member.value.span.end);
        if has_colon && touches(value, offset) && !is_after_brackets(&member.value, text, offset) {
            let role = role.member(&member.key.value);
            return Ok(CursorStep { role, key: Some(&member.key), value: &member.value });
        }
    }
    Err(CursorPart::NewKey)
}

fn inside_array<'t>(
    elements: &'t [Value],
    text: &str,
    role: Role,
    offset: usize,
) -> Result<CursorStep<'t>, CursorPart<'t>> {
    let found =
        elements.iter().find(|value| touches(value.span, offset) && !is_after_brackets(value, text, offset));
    found.map(|value| CursorStep { role: role.element(), key: None, value }).ok_or(CursorPart::NewElement)
}

const fn touches(span: Span, offset: usize) -> bool {
    span.start <= offset && offset <= span.end
}

/// Right behind an object or array one is no longer in it.
fn is_after_brackets(value: &Value, text: &str, offset: usize) -> bool {
    matches!(value.kind, Kind::Object(_) | Kind::Array(_))
        && offset == value.span.end
        && is_closed(value, text)
}

/// Whether the offset is between the brackets, the closing one of which may be missing.
fn is_inside(value: &Value, text: &str, offset: usize) -> bool {
    let Span { start, end } = value.span;
    let has_bracket = text.get(start..).is_some_and(|rest| rest.starts_with(['{', '[']));
    // What is written in lines has no brackets.
    let after_start = start < offset || (start == offset && !has_bracket);
    after_start && (offset < end || (offset == end && !is_closed(value, text)))
}

fn is_closed(value: &Value, text: &str) -> bool {
    let last = match &value.kind {
        Kind::Object(members) => members.last().map(|member| &member.value),
        Kind::Array(elements) => elements.last(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
    };
    // A bracket at the end may be that of the last part.
    let after_parts = last.map_or(value.span.start + 1, |last| last.span.end);
    text.get(after_parts..value.span.end).is_some_and(|rest| rest.ends_with(['}', ']']))
}
