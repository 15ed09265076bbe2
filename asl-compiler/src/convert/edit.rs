//! Objects with other members, whose text stays where nothing is changed.
//!
//! In: an object of the definition, and what becomes of its members. Out: its text. What was between two members stays between them.

use crate::json::write::quoted;
use crate::json::{Member, Value};
use crate::source::{SourceFile, Span};

/// An object on its way into another text.
#[derive(Debug)]
pub(super) struct Object<'a> {
    source: &'a SourceFile,
    value: &'a Value,
    parts: Vec<MemberText<'a>>,
}

/// A member of the new text.
#[derive(Debug)]
struct MemberText<'a> {
    /// What it was, which is how it is laid out.
    member: Option<&'a Member>,
    /// Its name now.
    name: String,
    text: String,
}

impl<'a> Object<'a> {
    /// The object as it is.
    pub(super) fn new(source: &'a SourceFile, value: &'a Value) -> Self {
        let members = value.as_object().unwrap_or_default().iter();
        let parts = members.map(|member| MemberText {
            member: Some(member),
            name: member.name().to_owned(),
            text: source.slice(member.span()).to_owned(),
        });
        Self { source, value, parts: parts.collect() }
    }

    /// Gives a member another name and value, if it is there.
    pub(super) fn replace(&mut self, name: &str, new_name: &str, value: &str) {
        if let Some(part) = self.parts.iter_mut().find(|part| part.is(name))
            && let Some(member) = part.member
        {
            let between = self.source.slice(Span::new(member.key.span.end, member.value.span.start));
            part.text = format!("{}{between}{value}", quoted(new_name));
            new_name.clone_into(&mut part.name);
        }
    }

    /// Takes a member away.
    pub(super) fn remove(&mut self, name: &str) {
        self.parts.retain(|part| !part.is(name));
    }

    /// Puts a new member before another one, or at the end.
    pub(super) fn add_before(&mut self, other: &str, name: &str, value: &str) {
        let at = self.parts.iter().position(|part| part.is(other)).unwrap_or(self.parts.len());
        self.insert(at, name, value);
    }

    /// Puts a new member after another one, or at the end.
    pub(super) fn add_after(&mut self, other: &str, name: &str, value: &str) {
        let at = self.parts.iter().position(|part| part.is(other)).map_or(self.parts.len(), |at| at + 1);
        self.insert(at, name, value);
    }

    /// Puts a new member at the end.
    pub(super) fn add_last(&mut self, name: &str, value: &str) {
        self.insert(self.parts.len(), name, value);
    }

    /// Sets a member that has a new name: in the place of the first of the old ones that is there, which all go, or else after another.
    pub(super) fn put(&mut self, old: &[&str], after: &str, name: &str, value: &str) {
        let place = self.parts.iter().position(|part| old.iter().any(|old| part.is(old)));
        match place.and_then(|at| self.parts.get(at)?.member) {
            Some(member) => {
                let first = member.key.value.clone();
                self.replace(&first, name, value);
                self.parts.retain(|part| part.name == name || !old.iter().any(|old| part.is(old)));
            }
            None => self.add_after(after, name, value),
        }
    }

    fn insert(&mut self, at: usize, name: &str, value: &str) {
        let at = at.min(self.parts.len());
        let text = format!("{}{}{value}", quoted(name), self.colon());
        self.parts.insert(at, MemberText { member: None, name: name.to_owned(), text });
    }

    /// How this object writes what is between a key and its value.
    fn colon(&self) -> &str {
        let first = self.value.as_object().and_then(<[Member]>::first);
        first
            .map_or(": ", |member| self.source.slice(Span::new(member.key.span.end, member.value.span.start)))
    }

    /// The text.
    pub(super) fn finish(self) -> String {
        let members = self.value.as_object().unwrap_or_default();
        let (Some(first), Some(last)) = (members.first(), members.last()) else {
            let parts: Vec<_> = self.parts.into_iter().map(|part| part.text).collect();
            return if parts.is_empty() { String::from("{}") } else { format!("{{ {} }}", parts.join(", ")) };
        };
        let opening = self.source.slice(Span::new(self.value.span.start, first.span().start));
        let closing = self.source.slice(Span::new(last.span().end, self.value.span.end));
        let white = opening.trim_start_matches('{');
        let usual = match members.get(1) {
            Some(second) => self.source.slice(Span::new(first.span().end, second.span().start)).to_owned(),
            None if white.contains('\n') => format!(",{white}"),
            None => String::from(", "),
        };
        let mut text = opening.to_owned();
        for (number, part) in self.parts.iter().enumerate() {
            if number > 0 {
                text.push_str(part.member.and_then(|member| self.separator(member)).unwrap_or(&usual));
            }
            text.push_str(&part.text);
        }
        text.push_str(closing);
        text
    }

    /// What is before a member, if it is not the first.
    fn separator(&self, member: &Member) -> Option<&str> {
        let members = self.value.as_object()?;
        let at = members.iter().position(|other| other.key.span == member.key.span)?;
        let before = members.get(at.checked_sub(1)?)?;
        Some(self.source.slice(Span::new(before.span().end, member.span().start)))
    }
}

impl MemberText<'_> {
    /// Whether it has this name, or had it.
    fn is(&self, name: &str) -> bool {
        self.name == name || self.member.is_some_and(|member| member.name() == name)
    }
}

/// An array with other elements.
pub(super) fn array(source: &SourceFile, value: &Value, mut element: impl FnMut(&Value) -> String) -> String {
    let elements = value.as_array().unwrap_or_default();
    let mut text = String::new();
    let mut end = value.span.start;
    for one in elements {
        text.push_str(source.slice(Span::new(end, one.span.start)));
        text.push_str(&element(one));
        end = one.span.end;
    }
    text.push_str(source.slice(Span::new(end, value.span.end)));
    text
}
