//! `${Name}`: what SAM, CDK, CloudFormation and Terraform put a value in place of before AWS sees the definition.
//!
//! In: texts, and the problems that were found in a definition that still has placeholders. Out: the places of placeholders, and the
//! problems that there are whatever the values will be. Never knows a value.

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::{Kind, Text, Value};
use crate::source::Span;
use std::collections::BTreeSet;
use std::ops::Range;

/// The placeholder that a text starts with. One inside of it, as in `${concat(a, "${b}")}`, belongs to it.
#[must_use]
pub fn leading(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, character) in text.strip_prefix('$')?.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 1 => return text.get(..at + 2).filter(|found| found.len() > "${}".len()),
            '\n' => return None,
            _ if depth == 0 => return None,
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The places of the placeholders in a text: the same as [`leading`] at each `${` that is in no other, found in one go.
#[must_use]
pub fn all(text: &str) -> Vec<Range<usize>> {
    // Nearly every text of a definition has none.
    if !text.contains('$') {
        return Vec::new();
    }
    let mut closed = Vec::new();
    let mut open = Vec::new();
    let mut before = '\n';
    for (at, character) in text.char_indices() {
        match character {
            '{' => open.push((before == '$').then(|| at - 1)),
            '}' => closed.extend(open.pop().flatten().map(|start| start..at + 1)),
            '\n' => open.clear(),
            _ => {}
        }
        before = character;
    }
    closed.retain(|place| place.len() > "${}".len());
    // What is inside of another was closed before it.
    let mut outermost: Vec<Range<usize>> = Vec::new();
    for place in closed {
        let inside = outermost.iter().rev().take_while(|other| other.start > place.start).count();
        outermost.truncate(outermost.len() - inside);
        outermost.push(place);
    }
    outermost
}

/// The name of a placeholder: `Name` of `${Name}`.
#[must_use]
pub fn name(placeholder: &str) -> &str {
    placeholder.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).map_or(placeholder, str::trim)
}

/// The strings of a definition that still hold placeholders.
#[derive(Debug, Default)]
pub(crate) struct Placeholders<'v> {
    /// Values that may turn out to be anything.
    values: Vec<&'v Text>,
    /// Whether one is where it may lead to other states.
    leads_on: bool,
}

/// Fields whose values decide which states lead to which.
const LEADING: &[&str] = &[
    "Branches",
    "Catch",
    "Choices",
    "Default",
    "ItemProcessor",
    "Iterator",
    "Next",
    "StartAt",
    "States",
    "Type",
    A_STATE,
];

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
            Kind::String(text) if !all(&text.value).is_empty() => {
                self.values.push(text);
                self.leads_on |= LEADING.contains(&key);
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
    /// own. `in_macro` where it is `asl_machine!` that gives values.
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
                Some(text) if is_apart(text, diagnostic.span) => settled.push(diagnostic),
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

/// Whether a place in a text has nothing to do with the placeholders in it, because they are parts of strings of its own: as in
/// `States.Format('${Name}-{}', $.id)`.
fn is_apart(text: &Text, place: Span) -> bool {
    let ranges = all(&text.value);
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
        (place.end <= span.start || span.end <= place.start) && literals.any(|at| at == range.start)
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
    let name = name(first(text));
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
    all(&text.value).into_iter().next().and_then(|range| text.value.get(range)).unwrap_or(&text.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_found_in_one_go() {
        let one_by_one = |text: &str| {
            let (mut found, mut at) = (Vec::new(), 0);
            while let Some(start) = text.get(at..).and_then(|rest| Some(at + rest.find("${")?)) {
                let length = text.get(start..).and_then(leading).map_or(0, str::len);
                found.extend((length > 0).then(|| start..start + length));
                at = start + length.max(2);
            }
            found
        };
        let parts = ["$", "{", "}", "${", "a", "\n", "é"];
        for number in 0..parts.len().pow(6) {
            let text: String =
                (0..6).map(|place| parts[number / parts.len().pow(place) % parts.len()]).collect();
            assert_eq!(all(&text), one_by_one(&text), "{text:?}");
        }
    }

    #[test]
    fn placeholders_are_found_and_named() {
        let found = |text: &'static str| -> Vec<&str> {
            all(text).into_iter().map(|range| text.get(range).unwrap_or_default()).collect()
        };
        assert_eq!(found("arn:${A}:${ b.Arn }/${}/${open"), ["${A}", "${ b.Arn }"]);
        assert_eq!(found("${concat(a, {b = \"${c}\"})}"), ["${concat(a, {b = \"${c}\"})}"]);
        assert_eq!(found("$${A}$.{}"), ["${A}"]);
        assert_eq!([leading("$}"), leading("$"), leading("}")], [None, None, None]);
        assert_eq!(name("${ b.Arn }"), "b.Arn");
    }
}
