//! The members of an object: keys, duplicates, and `<<`, which takes over the members of other objects.

use super::{Built, key_text, members_of};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::{Kind, Member, Text, Value};
use crate::source::Span;
use std::collections::HashMap;

/// The members of an object on their way.
#[derive(Default)]
pub(super) struct Members {
    members: Vec<Member>,
    seen: HashMap<String, Span>,
    duplicates: Vec<(Text, Span)>,
    merged: Vec<Value>,
    key: Option<Text>,
}

impl Members {
    /// Whether what comes next is a key.
    pub(super) const fn wants_key(&self) -> bool {
        self.key.is_none()
    }

    /// Where the last member ends.
    pub(super) fn end(&self) -> Option<usize> {
        let ends = self.members.iter().map(|member| member.value.span.end.max(member.key.span.end));
        ends.chain(self.merged.iter().map(|value| value.span.end)).max()
    }

    /// Adds a key or, after one, its value.
    pub(super) fn add(&mut self, value: Value) -> Built {
        let Some(key) = self.key.take() else {
            let span = value.span;
            let text = key_text(value).filter(|text| !text.span.range().is_empty());
            let text = text.ok_or_else(|| {
                let diagnostic = Diagnostic::new(Code::InvalidYaml, span, "a key has to be a string");
                Box::new(diagnostic.label("expected the name of a field"))
            })?;
            self.key = Some(text);
            return Ok(());
        };
        // Only the plain word merges: in quotes it is a name.
        if key.value == "<<" && key.span.end - key.span.start == key.value.len() {
            self.merged.push(value);
        } else if let Some(first) = self.seen.get(&key.value) {
            self.duplicates.push((key, *first));
        } else {
            self.seen.insert(key.value.clone(), key.span);
            self.members.push(Member { key, value });
        }
        Ok(())
    }

    /// All members; those of the object itself win over those that it takes over.
    pub(super) fn finish(mut self, report: &mut impl FnMut(Diagnostic)) -> Vec<Member> {
        for (key, first) in &self.duplicates {
            let message = format!("the key `{}` is there twice", key.value);
            report(
                Diagnostic::new(Code::DuplicateKey, key.span, message)
                    .label("the same key again")
                    .related(*first, "first given here"),
            );
        }
        for value in std::mem::take(&mut self.merged) {
            let span = value.span;
            let objects = match value.kind {
                Kind::Array(values) => values,
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Object(_) => {
                    vec![value]
                }
            };
            for object in objects {
                let Some(members) = members_of(object) else {
                    let diagnostic = Diagnostic::new(Code::InvalidYaml, span, "`<<` takes over no object");
                    report(diagnostic.label("expected an alias of an object, or an array of such"));
                    continue;
                };
                self.merge(members);
            }
        }
        self.members
    }

    fn merge(&mut self, members: Vec<Member>) {
        for member in members {
            if !self.seen.contains_key(&member.key.value) {
                self.seen.insert(member.key.value.clone(), member.key.span);
                self.members.push(member);
            }
        }
    }
}
