//! Placeholders that have no value yet.
//!
//! In: a definition, and the problems that were found in it. Out: the problems that there are whatever the values will be. Never knows a
//! value.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::{Kind, Text, Value};
use crate::placeholder;
use crate::source::Span;
use crate::state_fields::StateField;
use std::collections::BTreeSet;

/// The strings of a definition that still hold placeholders.
#[derive(Debug, Default)]
pub(crate) struct Placeholders<'v> {
    /// Values that may turn out to be anything.
    values: Vec<&'v Text>,
    /// Whether one is where it may lead to other states.
    leads_on: bool,
}

/// Fields of machines, and of states whatever their type, whose values decide which states lead to which.
const LEADING: &[&str] = &["StartAt", "States", "Type", A_STATE];

/// What a member of `States` is in, whatever its name is.
const A_STATE: &str = "(a state)";

impl<'v> Placeholders<'v> {
    /// Those of a definition.
    pub(crate) fn of(value: &'v Value) -> Self {
        let mut found = Self::default();
        found.collect(value, "");
        found.values.sort_by_key(|text| text.span);
        found
    }

    /// `key` is the field that the value is in; elements of an array are in its field.
    fn collect(&mut self, value: &'v Value, key: &str) {
        match &value.kind {
            Kind::String(text) if !placeholder::all(&text.value).is_empty() => {
                self.values.push(text);
                self.leads_on |=
                    LEADING.contains(&key) || StateField::of(key).is_some_and(StateField::leads_on);
            }
            Kind::Array(elements) => elements.iter().for_each(|element| self.collect(element, key)),
            Kind::Object(members) => {
                for member in members {
                    self.collect(&member.value, if key == "States" { A_STATE } else { member.name() });
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }

    /// What is wrong whatever the values are, and for each placeholder that something else has to be in place of an error of its
    /// own. `in_macro` where `asl_machine!` provides the values.
    pub(crate) fn settle(&self, diagnostics: Vec<Diagnostic>, in_macro: bool) -> Vec<Diagnostic> {
        if self.values.is_empty() {
            return diagnostics;
        }
        let mut needed = BTreeSet::new();
        let mut settled = Vec::new();
        for diagnostic in diagnostics {
            match self.at(diagnostic.span) {
                _ if self.leads_on && depends_on_transitions(diagnostic.code) => {}
                // Reported only where service and action are written out.
                Some(_) if diagnostic.code == Code::UnknownAction => settled.push(diagnostic),
                // The part of a resource that is written out.
                Some(text) if diagnostic.code == Code::InvalidResource && diagnostic.span != text.span => {
                    settled.push(diagnostic);
                }
                Some(text) if is_apart(text, &diagnostic) => settled.push(diagnostic),
                Some(text) if names_something(diagnostic.code) => {
                    settled.push(with_help(diagnostic, text, in_macro))
                }
                Some(text) => {
                    if diagnostic.severity == Severity::Error && needed.insert(text.span) {
                        settled.push(unresolved(text, in_macro));
                    }
                }
                None => settled.push(diagnostic),
            }
        }
        settled
    }

    /// The value with a placeholder that a place is in.
    fn at(&self, span: Span) -> Option<&'v Text> {
        let before = self.values.partition_point(|text| text.span.start <= span.start);
        let text = self.values.get(before.checked_sub(1)?)?;
        (span.end <= text.span.end).then_some(*text)
    }
}

/// Whether a problem in a text has nothing to do with the placeholders in it, because they are parts of strings of its own, as in
/// `States.Format('${Name}-{}', $.id)`, or of a JSONata expression that could be read.
fn is_apart(text: &Text, diagnostic: &Diagnostic) -> bool {
    let place = diagnostic.span;
    let is_read = text.value.starts_with("{%") && diagnostic.code != Code::InvalidJsonata;
    let ranges = placeholder::all(&text.value);
    let (mut quote, mut escaped) = (None, false);
    let mut literals = text.value.char_indices().filter_map(|(at, letter)| {
        match quote {
            _ if escaped => {}
            None if letter == '\'' || letter == '"' => quote = Some(letter),
            Some(open) if open == letter => quote = None,
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
        quote.map(|_| at)
    });
    ranges.iter().all(|range| {
        let span = text.span_of(range.clone());
        (place.end <= span.start || span.end <= place.start)
            && (is_read || literals.any(|at| at == range.start))
    })
}

/// What is not known while a transition is not.
const fn depends_on_transitions(code: Code) -> bool {
    matches!(code, Code::UnreachableState | Code::NoTerminalState)
}

/// Codes of faults that a placeholder does not excuse: what cannot be resolved without the value.
const fn names_something(code: Code) -> bool {
    matches!(code, Code::UnknownState | Code::UnknownStateType | Code::TransitionOutOfScope)
}

fn unresolved(text: &Text, in_macro: bool) -> Diagnostic {
    let shown = first(text);
    let message = format!("the placeholder `{shown}` has no value");
    let diagnostic = Diagnostic::new(Code::UnresolvedPlaceholder, text.span, message)
        .label("expected something else than this text");
    with_help(diagnostic, text, in_macro)
}

fn with_help(diagnostic: Diagnostic, text: &Text, in_macro: bool) -> Diagnostic {
    let name = placeholder::name(first(text));
    let key = if name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    };
    let option = if in_macro {
        format!("substitutions = {{ {key} = .. }}` in `asl_machine!")
    } else {
        format!("--substitute '{name}=..'")
    };
    diagnostic.help(format!("provide the value: `{option}`"))
}

/// The first placeholder of a text that has one.
fn first(text: &Text) -> &str {
    placeholder::all(&text.value)
        .into_iter()
        .next()
        .and_then(|range| text.value.get(range))
        .unwrap_or(&text.value)
}
