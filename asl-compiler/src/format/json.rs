//! JSON laid out anew.
//!
//! An object or array that was written on one line stays on one as long as it fits; any other has a line for each of its parts. A state machine
//! and its states are always of the latter kind. One blank line between two parts stays.

use super::order::Role;
use crate::json::{Kind, Member, Value};
use crate::source::Span;

/// Longer lines are broken where that is possible.
const WIDTH: usize = 100;

/// The blanks of a level.
const INDENT: &str = "  ";

/// The text of a definition, laid out anew.
pub(super) fn format(source: &str, value: &Value) -> String {
    let mut layout = Layout { source, text: String::with_capacity(source.len()) };
    layout.value(value, Role::Machine, 0);
    layout.text.push('\n');
    layout.text
}

struct Layout<'s> {
    source: &'s str,
    text: String,
}

/// A part of an object or array.
struct Entry<'v> {
    /// Its key, if it is one of an object.
    key: Option<Span>,
    value: &'v Value,
    role: Role,
    /// There is a blank line before it.
    is_apart: bool,
}

impl Entry<'_> {
    fn start(&self) -> usize {
        self.key.map_or(self.value.span.start, |key| key.start)
    }
}

impl<'s> Layout<'s> {
    fn written(&self, span: Span) -> &'s str {
        self.source.get(span.start..span.end).unwrap_or_default()
    }

    fn value(&mut self, value: &Value, role: Role, depth: usize) {
        let (open, close) = match &value.kind {
            Kind::Object(_) => ('{', '}'),
            Kind::Array(_) => ('[', ']'),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                self.text.push_str(self.written(value.span));
                return;
            }
        };
        let mut line = Line { text: String::new(), room: WIDTH.saturating_sub(self.column()) };
        if self.on_one_line(value, role, &mut line).is_some() {
            self.text.push_str(&line.text);
            return;
        }
        self.text.push(open);
        for (part, number) in self.parts(value, role).iter().zip(0..) {
            self.text.push_str(if number > 0 { ",\n" } else { "\n" });
            if part.is_apart && number > 0 {
                self.text.push('\n');
            }
            self.text.push_str(&INDENT.repeat(depth + 1));
            if let Some(key) = part.key {
                self.text.push_str(self.written(key));
                self.text.push_str(": ");
            }
            self.value(part.value, part.role, depth + 1);
        }
        self.text.push('\n');
        self.text.push_str(&INDENT.repeat(depth));
        self.text.push(close);
    }

    /// How many characters the last line has.
    fn column(&self) -> usize {
        self.text.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    /// The parts of a value in their order.
    fn parts<'v>(&self, value: &'v Value, role: Role) -> Vec<Entry<'v>> {
        let mut parts: Vec<Entry<'v>> = match &value.kind {
            Kind::Object(members) => members.iter().map(|member| part_of(member, role)).collect(),
            Kind::Array(elements) => {
                let part = |value| Entry { key: None, value, role, is_apart: false };
                elements.iter().map(part).collect()
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Vec::new(),
        };
        let mut before = value.span.start;
        for part in &mut parts {
            let blanks = self.source.get(before..part.start()).unwrap_or_default();
            part.is_apart = blanks.matches('\n').count() > 1;
            before = part.value.span.end;
        }
        if let (Kind::Object(members), true) = (&value.kind, role.is_ordered()) {
            let mut ranked: Vec<_> = parts
                .into_iter()
                .zip(members)
                .map(|(part, member)| (role.rank(member.name()), part))
                .collect();
            ranked.sort_by_key(|(rank, _)| *rank);
            parts = ranked.into_iter().map(|(_, part)| part).collect();
        }
        parts
    }

    /// Writes a value on one line, if it was written on one and there is room for it.
    fn on_one_line(&self, value: &Value, role: Role, line: &mut Line) -> Option<()> {
        let (open, close) = match &value.kind {
            Kind::Object(members) if members.is_empty() => return line.push("{}"),
            Kind::Array(elements) if elements.is_empty() => return line.push("[]"),
            Kind::Object(_) if role.is_spread() => return None,
            Kind::Object(_) => ("{ ", " }"),
            Kind::Array(_) => ("[", "]"),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                return line.push(self.written(value.span));
            }
        };
        let parts = self.parts(value, role);
        let first = parts.iter().map(Entry::start).min()?;
        if self.source.get(value.span.start..first)?.contains('\n') {
            return None;
        }
        line.push(open)?;
        for (part, number) in parts.iter().zip(0..) {
            if number > 0 {
                line.push(", ")?;
            }
            if let Some(key) = part.key {
                line.push(self.written(key))?;
                line.push(": ")?;
            }
            self.on_one_line(part.value, part.role, line)?;
        }
        line.push(close)
    }
}

/// A line that is being written.
struct Line {
    text: String,
    /// How many characters there is room for.
    room: usize,
}

impl Line {
    fn push(&mut self, text: &str) -> Option<()> {
        self.room = self.room.checked_sub(text.chars().count())?;
        self.text.push_str(text);
        Some(())
    }
}

fn part_of(member: &Member, role: Role) -> Entry<'_> {
    Entry {
        key: Some(member.key.span),
        value: &member.value,
        role: role.of_member(member.name()),
        is_apart: false,
    }
}
