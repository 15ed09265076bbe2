//! Stage 1b: values in place of placeholders.
//!
//! In: the values of a definition, and what to put in place of each `${Name}`. Out: the same values without these placeholders; a part
//! of one that was put in has the place of its placeholder. Never reports a placeholder that has no value.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::json::{self, Kind, Member, NESTING_LIMIT, Text, Value};
use crate::placeholder;
use crate::source::{SIZE_LIMIT, SourceFile, Span};
use std::collections::HashMap;

/// What to put in place of `${name}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Substitution {
    name: String,
    value: Value,
    /// What replaces it inside of a text.
    text: String,
    /// How deep arrays and objects are in the value.
    height: usize,
}

impl Substitution {
    /// A string, whatever it looks like.
    #[must_use]
    pub fn string(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = Text { value: text.into(), span: Span::default(), escapes: Vec::new() };
        let inner = text.value.clone();
        let value = Value { span: Span::default(), kind: Kind::String(text) };
        Self { name: name.into(), value, text: inner, height: 0 }
    }

    /// A JSON value, if the text is one.
    #[must_use]
    pub fn json(name: impl Into<String>, text: &str) -> Option<Self> {
        let mut diagnostics = Diagnostics::default();
        let value = json::parse(&SourceFile::new("", text), &mut diagnostics)?;
        let inner = value.as_str().unwrap_or(text.trim()).to_owned();
        let height = height(&value);
        (!diagnostics.has_errors()).then(|| Self { name: name.into(), value, text: inner, height })
    }

    /// What a member of an object yields: its name and its value, if that is a string, a number or a boolean.
    pub(crate) fn of_member(member: &Member) -> Option<Self> {
        let name = member.name();
        match &member.value.kind {
            Kind::String(text) => Some(Self::string(name, text.value.as_str())),
            Kind::Bool(_) | Kind::Number(_) => Self::json(name, &member.value.to_string()),
            Kind::Null | Kind::Array(_) | Kind::Object(_) => None,
        }
    }

    /// The name of the placeholder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A JSON value if the text is one, else a string.
    #[must_use]
    pub fn parse(name: &str, text: &str) -> Self {
        Self::json(name, text).unwrap_or_else(|| Self::string(name, text))
    }
}

/// Puts the values in.
pub(crate) fn substitute(value: &mut Value, substitutions: &[Substitution], diagnostics: &mut Diagnostics) {
    if substitutions.is_empty() {
        return;
    }
    Substituter::new(substitutions, diagnostics).value(value);
}

/// Puts the values into a text that is not read yet, as it is written: what it becomes may be anything.
pub(crate) fn substitute_text(
    text: &mut Text,
    substitutions: &[Substitution],
    diagnostics: &mut Diagnostics,
) {
    if substitutions.is_empty() {
        return;
    }
    Substituter::new(substitutions, diagnostics).text(text);
}

struct Substituter<'a> {
    values: HashMap<&'a str, &'a Substitution>,
    /// How many more bytes may be put in: a definition with all its values is no larger than any other.
    room: Option<usize>,
    /// In how many arrays and objects the value at hand is.
    depth: usize,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Substituter<'a> {
    fn new(substitutions: &'a [Substitution], diagnostics: &'a mut Diagnostics) -> Self {
        let values = substitutions.iter().map(|given| (given.name.as_str(), given)).collect();
        Self { values, room: Some(SIZE_LIMIT), depth: 0, diagnostics }
    }

    fn value(&mut self, value: &mut Value) {
        match &mut value.kind {
            Kind::String(text) => match self.whole(text) {
                Some(given) => *value = placed(&given.value, value.span),
                None => self.text(text),
            },
            Kind::Array(elements) => {
                self.depth += 1;
                elements.iter_mut().for_each(|element| self.value(element));
                self.depth -= 1;
            }
            Kind::Object(members) => {
                self.depth += 1;
                for member in members.iter_mut() {
                    self.text(&mut member.key);
                    self.value(&mut member.value);
                }
                self.depth -= 1;
                self.drop_duplicates(members);
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        }
    }

    /// The value for a text that is one placeholder and nothing else.
    fn whole(&mut self, text: &Text) -> Option<&'a Substitution> {
        let placeholder =
            placeholder::leading(&text.value).filter(|found| found.len() == text.value.len())?;
        let given = self.given(placeholder, text.span)?;
        if self.depth + given.height > NESTING_LIMIT {
            let message = format!("more than {NESTING_LIMIT} arrays and objects are inside of each other");
            let diagnostic = Diagnostic::new(Code::NestedTooDeeply, text.span, message);
            self.diagnostics.push(diagnostic.label("with the value of this placeholder"));
            return None;
        }
        Some(given)
    }

    /// The value for a placeholder, as long as there is room for it.
    fn given(&mut self, placeholder: &str, place: Span) -> Option<&'a Substitution> {
        let given = self.values.get(placeholder::name(placeholder)).copied()?;
        self.room = self.room?.checked_sub(given.text.len());
        if self.room.is_none() {
            let message = format!("the values of placeholders have more than {SIZE_LIMIT} bytes together");
            self.diagnostics.push(Diagnostic::new(Code::FileTooLarge, place, message));
            return None;
        }
        Some(given)
    }

    /// Puts values into a text; what is not a string is written as JSON.
    fn text(&mut self, text: &mut Text) {
        let places = placeholder::all(&text.value).into_iter();
        let given: Vec<_> = places
            .filter_map(|range| {
                let given = self.given(text.value.get(range.clone())?, text.span)?;
                Some((range, given.text.as_str()))
            })
            .collect();
        if given.is_empty() {
            return;
        }
        let mut new = Text::empty_at(text.span);
        let mut at = 0;
        for (range, value) in given {
            new.append(text, at..range.start);
            new.append_at(value, text.span_of(range.clone()).start);
            at = range.end;
        }
        new.append(text, at..text.value.len());
        *text = new;
    }

    /// Keys with placeholders may turn out to be the same.
    fn drop_duplicates(&mut self, members: &mut Vec<Member>) {
        let mut seen: HashMap<String, Span> = HashMap::new();
        members.retain(|member| {
            let Some(first) = seen.insert(member.key.value.clone(), member.key.span) else { return true };
            let message = format!("the key `{}` is there twice", member.key.value);
            self.diagnostics.push(
                Diagnostic::new(Code::DuplicateKey, member.key.span, message)
                    .label("the same key, now that its placeholder has a value")
                    .related(first, "first given here"),
            );
            false
        });
    }
}

fn height(value: &Value) -> usize {
    let highest = |heights: Option<usize>| heights.unwrap_or_default() + 1;
    match &value.kind {
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => 0,
        Kind::Array(elements) => highest(elements.iter().map(height).max()),
        Kind::Object(members) => highest(members.iter().map(|member| height(&member.value)).max()),
    }
}

/// The value as if it stood at `place`.
fn placed(value: &Value, place: Span) -> Value {
    let kind = match &value.kind {
        Kind::String(text) => Kind::String(placed_text(text, place)),
        Kind::Array(elements) => Kind::Array(elements.iter().map(|element| placed(element, place)).collect()),
        Kind::Object(members) => Kind::Object(
            members
                .iter()
                .map(|member| Member {
                    key: placed_text(&member.key, place),
                    value: placed(&member.value, place),
                })
                .collect(),
        ),
        other @ (Kind::Null | Kind::Bool(_) | Kind::Number(_)) => other.clone(),
    };
    Value { span: place, kind }
}

fn placed_text(text: &Text, place: Span) -> Text {
    Text::at_once(text.value.clone(), place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn substituted(text: &str, given: &[Substitution]) -> (SourceFile, Value, Vec<Diagnostic>) {
        let source = SourceFile::new("t", text);
        let mut diagnostics = Diagnostics::default();
        let mut value = json::parse(&source, &mut diagnostics).expect("a value");
        substitute(&mut value, given, &mut diagnostics);
        (source, value, diagnostics.into_sorted())
    }

    #[test]
    fn a_whole_string_becomes_any_value() {
        let text = r#"{"a": "${N}", "b": ${N}, "c": "${ S }", "d": "${T}"}"#;
        let given = [
            Substitution::parse("N", "5"),
            Substitution::string("S", "5"),
            Substitution::parse("T", "[1, {}]"),
        ];
        let (source, value, _) = substituted(text, &given);
        let kind = |key: &str| value.get(key).map(Value::type_name);
        assert_eq!(
            [kind("a"), kind("b"), kind("c"), kind("d")].map(Option::unwrap),
            ["a number", "a number", "a string", "an array"]
        );
        assert_eq!(source.slice(value.get("a").unwrap().span), "\"${N}\"");
        assert_eq!(source.slice(value.get("d").unwrap().as_array().unwrap()[1].span), "\"${T}\"");
    }

    #[test]
    fn parts_of_texts_keep_their_places() {
        let text = r#"["\u0061:${X}:é${Y}z${Z}"]"#;
        let given = [Substitution::string("X", "longer than it"), Substitution::parse("Y", "12")];
        let (source, value, _) = substituted(text, &given);
        let found = value.as_array().unwrap()[0].as_text().unwrap();
        assert_eq!(found.value, "a:longer than it:é12z${Z}");
        let place = |part: &str| {
            let at = found.value.find(part).unwrap();
            source.slice(found.span_of(at..at + part.len())).to_owned()
        };
        assert_eq!(
            [place("a:"), place("longer than it"), place(":é"), place("12"), place("z${Z}")],
            [r"\u0061:", "${X}", ":é", "${Y}", "z${Z}"]
        );
    }

    #[test]
    fn keys_that_become_the_same_are_reported() {
        let (_, value, found) = substituted(r#"{"${A}": 1, "x": 2}"#, &[Substitution::string("A", "x")]);
        assert_eq!(value.as_object().unwrap().len(), 1);
        assert_eq!(found[0].code, Code::DuplicateKey);
    }

    #[test]
    fn values_nested_too_deeply_are_not_put_in() {
        let nested = |inner: &str| format!("{}{inner}{}", "[".repeat(120), "]".repeat(120));
        let given = Substitution::json("A", &nested("1")).expect("a value");
        let (_, _, found) = substituted(&nested("\"${A}\""), &[given]);
        assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::NestedTooDeeply]);
    }

    #[test]
    fn values_without_end_are_not_put_in() {
        let text = format!("[{}\"${{A}}\"]", "\"${A}\",".repeat(20));
        let (_, _, found) = substituted(&text, &[Substitution::string("A", "x".repeat(1 << 20))]);
        assert_eq!(found.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::FileTooLarge]);
    }
}
