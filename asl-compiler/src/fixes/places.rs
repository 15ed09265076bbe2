//! Where things are in a text of JSON: members with their values, elements of arrays, strings.

use crate::diagnostic::Diagnostics;
use crate::json::{self, Kind, Member, Value};
use crate::source::{SourceFile, Span};

/// A text that is read as JSON; another has no places.
pub(super) struct Places {
    root: Option<Value>,
}

impl Places {
    pub(super) fn of(source: &SourceFile) -> Self {
        let root = (!source.is_yaml()).then(|| json::parse(source, &mut Diagnostics::default())).flatten();
        Self { root }
    }

    /// The innermost member whose key is at a place, or whose value holds it.
    pub(super) fn member(&self, place: Span) -> Option<&Member> {
        let (members, index) = member(self.root.as_ref()?, place)?;
        members.get(index)
    }

    /// The innermost string that holds a place.
    pub(super) fn string(&self, place: Span) -> Option<Span> {
        string(self.root.as_ref()?, place)
    }

    /// What has to go so that a member or an element is left out, with the comma next to it.
    pub(super) fn removal(&self, place: Span) -> Option<Span> {
        let root = self.root.as_ref()?;
        if let Some((spans, index)) = element(root, place) {
            return without(&spans, index);
        }
        let (members, index) = member(root, place)?;
        without(&members.iter().map(Member::span).collect::<Vec<_>>(), index)
    }
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

fn member(value: &Value, place: Span) -> Option<(&[Member], usize)> {
    if let Some(values) = value.as_array() {
        return member(values.iter().find(|value| holds(value.span, place))?, place);
    }
    let members = value.as_object()?;
    let index = members.iter().position(|member| holds(member.span(), place))?;
    let inner = members.get(index).filter(|member| holds(member.value.span, place));
    inner.and_then(|inner| member(&inner.value, place)).or(Some((members, index)))
}

/// The elements of the array in which a place is one.
fn element(value: &Value, place: Span) -> Option<(Vec<Span>, usize)> {
    let inside: Vec<&Value> = match &value.kind {
        Kind::Array(values) => values.iter().collect(),
        Kind::Object(members) => members.iter().map(|member| &member.value).collect(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => return None,
    };
    let index = inside.iter().position(|value| holds(value.span, place))?;
    let is_it = value.as_array().is_some() && inside.get(index).is_some_and(|value| value.span == place);
    if is_it {
        return Some((inside.iter().map(|value| value.span).collect(), index));
    }
    element(inside.get(index)?, place)
}

fn string(value: &Value, place: Span) -> Option<Span> {
    match &value.kind {
        Kind::String(_) => Some(value.span),
        Kind::Array(values) => string(values.iter().find(|value| holds(value.span, place))?, place),
        Kind::Object(members) => {
            let member = members.iter().find(|member| holds(member.span(), place))?;
            if holds(member.key.span, place) { Some(member.key.span) } else { string(&member.value, place) }
        }
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => None,
    }
}

/// One of several with the comma behind it, or before it if it is the last.
fn without(spans: &[Span], index: usize) -> Option<Span> {
    let this = spans.get(index)?;
    let before = index.checked_sub(1).and_then(|before| spans.get(before));
    Some(match (spans.get(index + 1), before) {
        (Some(next), _) => Span::new(this.start, next.start),
        (None, Some(before)) => Span::new(before.end, this.end),
        (None, None) => *this,
    })
}
