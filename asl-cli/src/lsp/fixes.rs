//! Quick fixes: what the compiler suggests, as changes of the text.
//!
//! In: a document and a problem with a suggestion. Out: a change that mends it. Suggestions are words for people, so a change is only
//! offered if the compiler has one problem less with it; a wrong one is never made.

use super::problems::check_all;
use asl_compiler::Options;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::source::{SourceFile, Span};

/// A change that mends a problem.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fix {
    /// What is suggested.
    pub(super) word: String,
    pub(super) span: Span,
    pub(super) text: String,
}

/// The fixes for a problem.
pub(super) fn fixes(
    source: &SourceFile,
    options: &Options,
    all: &[Diagnostic],
    problem: &Diagnostic,
) -> Vec<Fix> {
    let mut found = Vec::new();
    for word in problem.help.iter().filter_map(|help| suggestion(help)) {
        let mends = |(span, text): &(Span, String)| mends(source, options, all, problem, *span, text);
        if let Some((span, text)) = changes(source, problem.span, word).into_iter().find(mends) {
            found.push(Fix { word: word.to_owned(), span, text });
        }
    }
    found
}

/// The word in "did you mean `word`?".
fn suggestion(help: &str) -> Option<&str> {
    help.strip_prefix("did you mean `")?.strip_suffix("`?")
}

/// Changes that the suggestion may ask for, the most probable first.
fn changes(source: &SourceFile, span: Span, word: &str) -> Vec<(Span, String)> {
    let wrong = source.slice(span);
    let Some(inner) = wrong.strip_prefix('"').and_then(|wrong| wrong.strip_suffix('"')) else {
        return changes_of_part(source, span, wrong, word);
    };
    let mut changes = Vec::new();
    if inner.ends_with(".$") {
        changes.push((span, format!("\"{word}.$\"")));
    }
    changes.push((span, format!("\"{word}\"")));
    // One part of a resource.
    let mut start = span.start + 1;
    for part in inner.split_inclusive([':', '.']) {
        let length = part.trim_end_matches([':', '.']).len();
        changes.push((Span::new(start, start + length), word.to_owned()));
        start += part.len();
    }
    if let Some(at) = inner.find('.') {
        let pattern = Span::new(span.start + 1 + at, span.end - 1);
        changes.push((pattern, word.to_owned()));
    }
    changes
}

/// A part of a path or expression, for which the whole path may be suggested.
fn changes_of_part(source: &SourceFile, span: Span, wrong: &str, word: &str) -> Vec<(Span, String)> {
    let is_of_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '[' | ']');
    let before = source.text().get(..span.start).unwrap_or_default();
    let after = source.text().get(span.end..).unwrap_or_default();
    let start = before.trim_end_matches(is_of_path).len();
    let end = span.end + (after.len() - after.trim_start_matches(is_of_path).len());
    let mut changes =
        vec![(Span::new(start, span.end), word.to_owned()), (Span::new(start, end), word.to_owned())];
    let last = word.rsplit('.').next().unwrap_or(word);
    changes.push((span, if wrong.starts_with('.') { format!(".{last}") } else { last.to_owned() }));
    changes.push((span, word.to_owned()));
    changes
}

/// Whether a change takes the problem away and brings no other.
fn mends(
    source: &SourceFile,
    options: &Options,
    all: &[Diagnostic],
    problem: &Diagnostic,
    span: Span,
    text: &str,
) -> bool {
    let (Some(before), Some(after)) = (source.text().get(..span.start), source.text().get(span.end..)) else {
        return false;
    };
    let changed = SourceFile::new(source.name(), format!("{before}{text}{after}"));
    let left = check_all(&changed, options);
    let count = |all: &[Diagnostic], wanted: &dyn Fn(&Diagnostic) -> bool| {
        all.iter().filter(|found| wanted(found)).count()
    };
    let is_error = |found: &Diagnostic| found.severity == Severity::Error;
    let is_same = |found: &Diagnostic| found.code == problem.code && found.message == problem.message;
    count(&left, &is_same) < count(all, &is_same) && count(&left, &is_error) <= count(all, &is_error)
}
