//! Quick fixes: what the compiler suggests, as changes of the text.
//!
//! In: a document and a problem with a suggestion. Out: a change that mends it. Suggestions are words for people, so a change is only
//! offered if the compiler has one problem less with it; a wrong one is never made.

mod places;
mod suggested;

use crate::code::Code;
use crate::diagnostic::{Diagnostic, Severity};
use crate::embedded::definitions;
use crate::source::{SourceFile, Span};
use crate::suggest::is_slip_of;
use crate::{Options, check};
use suggested::suggested;

/// A change that mends a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What is suggested.
    pub word: String,
    /// The place that changes.
    pub span: Span,
    /// What is there then.
    pub text: String,
}

/// The fixes for a problem, of all that were found.
#[must_use]
pub fn fixes(source: &SourceFile, options: &Options, all: &[Diagnostic], problem: &Diagnostic) -> Vec<Fix> {
    let mut found = Vec::new();
    for (word, changes) in problem.help.iter().filter_map(|help| suggested(source, problem.span, help)) {
        let mends = |(span, text): &(Span, String)| mends(source, options, all, problem, *span, text);
        if let Some((span, text)) = changes.into_iter().find(mends) {
            found.push(Fix { word: word.to_owned(), span, text });
        }
    }
    found
}

/// The text after all errors are mended that have one fix alone, of which it is certain that it was meant, and how many those were. What is
/// only a warning may be meant as it is, and is mended only `with_warnings`.
#[must_use]
pub fn mend(source: &SourceFile, options: &Options, with_warnings: bool) -> (String, usize) {
    let mut current = SourceFile::new(source.name(), source.text());
    let mut count = 0;
    // Each change leaves fewer problems, so that it comes to an end long before this.
    while count < FIXES {
        let all = check_all(&current, options);
        let fix =
            all.iter().filter(|found| with_warnings || is_error(found)).find_map(|problem| {
                match fixes(&current, options, &all, problem).as_slice() {
                    [only] if is_certain(&current, problem, only) => {
                        Some(changed(&current, only.span, &only.text)?)
                    }
                    _ => None,
                }
            });
        let Some(text) = fix else { break };
        current = SourceFile::new(source.name(), text);
        count += 1;
    }
    (current.text().to_owned(), count)
}

/// Whether a name that is suggested was meant for sure: it differs by slips alone, or is what another language calls so.
fn is_certain(source: &SourceFile, problem: &Diagnostic, fix: &Fix) -> bool {
    let is_name = problem.help.iter().any(|help| help.starts_with("did you mean"));
    // The functions of an object are something else than those of JSONata.
    let is_field = source.slice(Span::new(0, fix.span.start)).ends_with('.');
    let of_another_language =
        problem.code == Code::UnknownStateType || (problem.code == Code::UnknownFunction && !is_field);
    // `*` for all errors.
    let is_a_sign = !source.slice(fix.span).contains(char::is_alphanumeric);
    if !is_name || of_another_language || is_a_sign {
        return true;
    }
    let (before, after) = source.text().split_at_checked(fix.span.start).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = after.find('\n').map_or(source.text().len(), |at| fix.span.start + at);
    let old = source.slice(Span::new(start, end));
    let left = source.slice(Span::new(start, fix.span.start));
    let new = format!("{left}{}{}", fix.text, source.slice(Span::new(fix.span.end, end)));
    let words = |line: &str| {
        let words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect::<Vec<_>>()
    };
    let (old, new) = (words(old), words(&new));
    old.len() == new.len() && old.iter().zip(&new).all(|(old, new)| old == new || is_slip_of(old, new))
}

/// No more problems are mended at once.
const FIXES: usize = 1000;

/// Whether a change takes the problem away and brings no other, neither in number nor in the place that it changes.
fn mends(
    source: &SourceFile,
    options: &Options,
    all: &[Diagnostic],
    problem: &Diagnostic,
    span: Span,
    text: &str,
) -> bool {
    let Some(changed_text) = changed(source, span, text) else { return false };
    let left = check_all(&SourceFile::new(source.name(), changed_text), options);
    let count = |all: &[Diagnostic], wanted: &dyn Fn(&Diagnostic) -> bool| {
        all.iter().filter(|found| wanted(found)).count()
    };
    let is_same = |found: &Diagnostic| found.code == problem.code && found.message == problem.message;
    let place = Span::new(span.start, span.start.saturating_add(text.len()));
    let is_new = |found: &Diagnostic| {
        let was_there = all.iter().any(|before| before.code == found.code && before.message == found.message);
        found.span.start < place.end && place.start < found.span.end && !was_there
    };
    left.len() < all.len()
        && !left.iter().any(is_new)
        && count(&left, &is_same) < count(all, &is_same)
        && count(&left, &is_error) <= count(all, &is_error)
}

fn is_error(found: &Diagnostic) -> bool {
    found.severity == Severity::Error
}

/// The text with something else in a place.
fn changed(source: &SourceFile, span: Span, new: &str) -> Option<String> {
    let (before, after) = (source.text().get(..span.start)?, source.text().get(span.end..)?);
    Some(format!("{before}{new}{after}"))
}

/// The problems of a definition, or of those that a template holds; what it names is another document.
#[must_use]
pub fn check_all(source: &SourceFile, options: &Options) -> Vec<Diagnostic> {
    let found = definitions(source, &mut |named| Err(named.to_owned()));
    let held = found.iter().filter_map(|found| found.source.as_ref().ok());
    held.flat_map(|source| check(source, options).diagnostics).collect()
}
