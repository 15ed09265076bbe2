//! Changes of a text, and the line at which they are.

use crate::Fault;
use crate::workflow::{StateAt, Workflow};
use asl_compiler::json::{Member, Text, Value};
use asl_compiler::source::Span;
use std::ops::RangeInclusive;

/// Makes the faults of one kind.
#[derive(Debug)]
pub(crate) struct Editor<'a> {
    pub(crate) workflow: &'a Workflow,
    pub(crate) faults: Vec<Fault>,
    kind: &'static str,
    is_certain: bool,
}

impl<'a> Editor<'a> {
    pub(crate) const fn new(workflow: &'a Workflow, kind: &'static str, is_certain: bool) -> Self {
        Self { workflow, faults: Vec::new(), kind, is_certain }
    }

    /// Puts something else in a place; the fault is on its line.
    pub(crate) fn replace(&mut self, span: Span, new: &str) {
        let line = self.workflow.line(span.start);
        let what = format!("`{}` -> `{new}`", self.workflow.slice(span));
        self.edit(&[(span, new)], line..=line, what);
    }

    /// Another text between the quotes of a string.
    pub(crate) fn rename(&mut self, text: &Text, new: &str) {
        self.replace(text.inner_span(), new);
    }

    /// A part of a string, by the bytes of its value.
    pub(crate) fn replace_in(&mut self, text: &Text, start: usize, length: usize, new: &str) {
        let span = text.span_of(start..start + length);
        let line = self.workflow.line(span.start);
        let what = format!("`{}`: `{}` -> `{new}`", text.value, self.workflow.slice(span));
        self.edit(&[(span, new)], line..=line, what);
    }

    /// Adds a member behind another one, on a separate line.
    pub(crate) fn add_member(&mut self, behind: &Member, member: &str) {
        let end = behind.span().end;
        let line = self.workflow.line(end) + 1;
        self.edit(&[(Span::new(end, end), &format!(",\n{member}"))], line..=line, format!("+ `{member}`"));
    }

    /// Leaves out a member; the fault is somewhere in `holder`, from the line of its name on.
    pub(crate) fn remove_member(&mut self, members: &[Member], name: &str, holder: Span) {
        let Some(at) = members.iter().position(|member| member.name() == name) else { return };
        let Some(member) = members.get(at) else { return };
        let span = match (members.get(at + 1), at.checked_sub(1).and_then(|before| members.get(before))) {
            (Some(next), _) => Span::new(member.span().start, next.span().start),
            (None, Some(previous)) => Span::new(previous.span().end, member.span().end),
            (None, None) => member.span(),
        };
        let removed = self.workflow.slice(span).matches('\n').count();
        let lines = self.workflow.line(holder.start)..=self.workflow.line(holder.end).saturating_sub(removed);
        self.edit(&[(span, "")], lines, format!("- `{name}`"));
    }

    /// Leaves out a field of a state.
    pub(crate) fn remove_field(&mut self, state: StateAt<'_>, name: &str) {
        self.remove_member(state.members(), name, Span::new(state.name.span.start, state.value.span.end));
    }

    /// Any edits, in the order of the text.
    pub(crate) fn edit(&mut self, edits: &[(Span, &str)], lines: RangeInclusive<usize>, what: String) {
        let source = self.workflow.source().text();
        let mut text = String::new();
        let mut at = 0;
        for (span, new) in edits {
            text.push_str(source.get(at..span.start).unwrap_or_default());
            text.push_str(new);
            at = span.end;
        }
        text.push_str(source.get(at..).unwrap_or_default());
        if text != source {
            let Self { kind, is_certain, .. } = *self;
            self.faults.push(Fault { kind, is_certain, what, text, lines });
        }
    }
}

/// The string that a member of an object is, if nothing has to be put into it before it is read.
pub(crate) fn plain<'a>(value: &'a Value, name: &str) -> Option<&'a Text> {
    value.get(name).and_then(Value::as_text).filter(|text| !text.value.contains("${"))
}
