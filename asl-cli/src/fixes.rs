//! Quick fixes: what the compiler suggests, as changes of the text.
//!
//! In: a document and a problem with a suggestion. Out: a change that mends it. Suggestions are words for people, so a change is only
//! offered if the compiler has one problem less with it; a wrong one is never made.

use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::embedded::definitions;
use asl_compiler::source::{SourceFile, Span};
use asl_compiler::{Options, check};

/// A change that mends a problem.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fix {
    /// What is suggested.
    pub(crate) word: String,
    pub(crate) span: Span,
    pub(crate) text: String,
}

/// The fixes for a problem.
pub(crate) fn fixes(
    source: &SourceFile,
    options: &Options,
    all: &[Diagnostic],
    problem: &Diagnostic,
) -> Vec<Fix> {
    let mut found = Vec::new();
    for (word, changes) in problem.help.iter().filter_map(|help| suggested(source, problem.span, help)) {
        let mends = |(span, text): &(Span, String)| mends(source, options, all, problem, *span, text);
        if let Some((span, text)) = changes.into_iter().find(mends) {
            found.push(Fix { word: word.to_owned(), span, text });
        }
    }
    found
}

/// The text after all errors are mended that have one fix alone, and how many those were. What is only a warning may be meant as it is, and
/// is mended only `with_warnings`.
pub(crate) fn mend(source: &SourceFile, options: &Options, with_warnings: bool) -> (String, usize) {
    let mut current = SourceFile::new(source.name(), source.text());
    let mut count = 0;
    // Each change leaves fewer problems, so that it comes to an end long before this.
    while count < FIXES {
        let all = check_all(&current, options);
        let fix =
            all.iter().filter(|found| with_warnings || is_error(found)).find_map(|problem| {
                match fixes(&current, options, &all, problem).as_slice() {
                    [only] => Some(changed(&current, only.span, &only.text)?),
                    _ => None,
                }
            });
        let Some(text) = fix else { break };
        current = SourceFile::new(source.name(), text);
        count += 1;
    }
    (current.text().to_owned(), count)
}

/// No more problems are mended at once.
const FIXES: usize = 1000;

/// What a line of help suggests, and the changes that it may ask for, the most probable first.
fn suggested<'h>(source: &SourceFile, span: Span, help: &'h str) -> Option<(&'h str, Vec<(Span, String)>)> {
    if let Some(word) = between(help, "did you mean `", "`?") {
        return Some((word, changes(source, span, word)));
    }
    if let Some(name) = between(help, "name the field `", "`") {
        return Some((name, vec![(key_of(source, span)?, format!("\"{name}\""))]));
    }
    if let Some(found) = elsewhere(source, span, help) {
        return Some(found);
    }
    // A whole string as it should be.
    let text = between(help, "write `", "`").filter(|text| text.starts_with("{%"))?;
    let is_string = source.slice(span).starts_with('"');
    is_string.then(|| (text, vec![(span, serde_json::Value::from(text).to_string())]))
}

/// What is suggested in other words than those for names and strings.
fn elsewhere<'h>(source: &SourceFile, span: Span, help: &'h str) -> Option<(&'h str, Vec<(Span, String)>)> {
    // Another operator: the problem is next to it, or at it.
    if let Some((right, wrong)) =
        between(help, "write `", "`").and_then(|both| both.split_once("` in place of `"))
    {
        return Some((right, operators_beside(source, span, wrong, right)));
    }
    // A whole field, unless it is only an example.
    let is_field = |text: &&str| text.starts_with('"') && !text.contains(" ..");
    if let Some(field) = between(help, "write `", "`").filter(is_field) {
        let key = key_of(source, span)?;
        return Some((field, vec![(Span::new(key.start, span.end), field.to_owned())]));
    }
    if help == "strings are joined with `&`" {
        return Some(("&", operators_beside(source, span, "+", "&")));
    }
    if help == "add `Path` to the name of the operator" {
        let key = key_of(source, span)?;
        let name = source.slice(key).trim_end_matches('"');
        return Some(("..Path", vec![(key, format!("{name}Path\""))]));
    }
    if help == "remove the comma" {
        return (source.slice(span) == ",").then(|| ("nothing", vec![(span, String::new())]));
    }
    let typed = between(help, "a number is written as `", "`")
        .map(|_| format!("{{ \"N\": \"{}\" }}", source.slice(span)));
    let typed = typed.or_else(|| {
        between(help, "a boolean is written as `", "`")
            .map(|_| format!("{{ \"BOOL\": {} }}", source.slice(span)))
    });
    typed.map(|typed| ("a value with its type", vec![(span, typed)]))
}

/// Operators at a place, and right before and behind it, each with what comes in its place.
fn operators_beside(source: &SourceFile, span: Span, wrong: &str, right: &str) -> Vec<(Span, String)> {
    let text = source.text();
    let (before, after) =
        (text.get(..span.end).unwrap_or_default(), text.get(span.start..).unwrap_or_default());
    let behind = after.find(wrong).map(|at| span.start + at);
    let places = behind.into_iter().chain(before.rfind(wrong));
    places.map(|at| (Span::new(at, at + wrong.len()), right.to_owned())).collect()
}

fn between<'h>(help: &'h str, before: &str, after: &str) -> Option<&'h str> {
    help.strip_prefix(before)?.strip_suffix(after)
}

/// The key of the member whose value is at a place.
fn key_of(source: &SourceFile, value: Span) -> Option<Span> {
    let before = source.text().get(..value.start)?.trim_end().strip_suffix(':')?.trim_end();
    let inner = before.strip_suffix('"')?;
    let start = inner.rfind('"')?;
    Some(Span::new(start, before.len()))
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
    let Some(text) = changed(source, span, text) else { return false };
    let left = check_all(&SourceFile::new(source.name(), text), options);
    let count = |all: &[Diagnostic], wanted: &dyn Fn(&Diagnostic) -> bool| {
        all.iter().filter(|found| wanted(found)).count()
    };
    let is_same = |found: &Diagnostic| found.code == problem.code && found.message == problem.message;
    left.len() < all.len()
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
pub(crate) fn check_all(source: &SourceFile, options: &Options) -> Vec<Diagnostic> {
    let found = definitions(source, &mut |named| Err(named.to_owned()));
    let held = found.iter().filter_map(|found| found.source.as_ref().ok());
    held.flat_map(|source| check(source, options).diagnostics).collect()
}
