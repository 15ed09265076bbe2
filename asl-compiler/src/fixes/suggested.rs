//! What lines of help suggest, as changes of the text.
//!
//! In: a problem and a line of its help. Out: the changes that the line may ask for, the most probable first; whether one of them mends the
//! problem is tried by the caller.

use super::places::Places;
use crate::json::write::quoted;
use crate::source::{SourceFile, Span};

type Change = (Span, String);

/// What a line of help suggests, in a word, and the changes that it may ask for.
pub(super) fn suggested<'h>(
    source: &SourceFile,
    span: Span,
    help: &'h str,
) -> Option<(&'h str, Vec<Change>)> {
    if let Some(word) = between(help, "did you mean `", "`?") {
        return Some((word, changes(source, span, word)));
    }
    if let Some(both) = between(help, "write `", "`").and_then(|both| both.split_once("` in place of `")) {
        // The problem is next to it, or at it.
        return Some((both.0, operators_beside(source, span, both.1, both.0)));
    }
    let places = Places::of(source);
    if let Some(name) = between(help, "name the field `", "`") {
        return Some((name, vec![(places.member(span)?.key.span, quoted(name))]));
    }
    if ["leave the field out", "leave the name out"].contains(&help) {
        return Some(("nothing", vec![(places.removal(span)?, String::new())]));
    }
    if let Some(written) = between(help, "write `", "`") {
        return Some((written, as_written(source, &places, span, written)));
    }
    in_other_words(source, &places, span, help)
}

/// Something to be written as it is shown, unless it is only an example.
fn as_written(source: &SourceFile, places: &Places, span: Span, written: &str) -> Vec<Change> {
    if written.contains(" ..") {
        return Vec::new();
    }
    let mut changes = Vec::new();
    // A whole field.
    if written.starts_with('"') && written.contains("\":") {
        let member = places.member(span);
        changes.extend(member.map(|member| (member.span(), written.to_owned())));
        return changes;
    }
    let is_string = source.slice(span).starts_with('"');
    if is_string && !written.starts_with('"') {
        changes.push((span, quoted(written)));
    }
    // A part of a string, or a word that should be one.
    let is_inside = places.string(span).is_some_and(|string| string != span);
    let part = if is_inside { inner(written) } else { written.to_owned() };
    changes.push((span, part));
    changes
}

/// What is suggested in other words than those for names and strings.
fn in_other_words<'h>(
    source: &SourceFile,
    places: &Places,
    span: Span,
    help: &'h str,
) -> Option<(&'h str, Vec<Change>)> {
    let slice = source.slice(span);
    if help == "strings are joined with `&`" {
        let mut changes = operators_beside(source, span, "+", "&");
        // Where the other side is certainly not a string, a number may have been meant.
        changes.retain(|(place, _)| is_beside_text(source, *place));
        return Some(("&", changes));
    }
    if help == "add `Path` to the name of the operator" {
        let key = places.member(span)?.key.span;
        let name = source.slice(key).trim_end_matches('"');
        return Some(("..Path", vec![(key, format!("{name}Path\""))]));
    }
    if help == "remove the comma" {
        return (slice == ",").then(|| ("nothing", vec![(span, String::new())]));
    }
    if help.starts_with("write a list, `[{ .. }]`") {
        return Some(("a list", vec![(span, format!("[{slice}]"))]));
    }
    if let Some(escape) = between(help, "write it as `", "`") {
        return Some((escape, vec![(span, escape.to_owned())]));
    }
    if let Some(text) = between(help, "a text has single quotes: `", "`") {
        return Some((text, vec![(span, inner(text))]));
    }
    if let Some(field) = between(help, "a field is written `", "`") {
        let brackets = Span::new(span.start.checked_sub(1)?, span.end + 1);
        let is_plain = field.chars().skip(1).all(|c| c.is_alphanumeric() || c == '_');
        let is_filter = source.slice(brackets).starts_with('[') && source.slice(brackets).ends_with(']');
        return (is_plain && is_filter).then(|| (field, vec![(brackets, field.to_owned())]));
    }
    let typed = between(help, "a number is written as `", "`").map(|_| format!("{{ \"N\": \"{slice}\" }}"));
    let typed = typed.or_else(|| {
        between(help, "a boolean is written as `", "`").map(|_| format!("{{ \"BOOL\": {slice} }}"))
    });
    typed.map(|typed| ("a value with its type", vec![(span, typed)]))
}

/// A text as a part of a string of JSON.
fn inner(text: &str) -> String {
    let quoted = quoted(text);
    quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// Operators at a place, and right before and behind it, each with what comes in its place.
fn operators_beside(source: &SourceFile, span: Span, wrong: &str, right: &str) -> Vec<Change> {
    let text = source.text();
    let (before, after) =
        (text.get(..span.end).unwrap_or_default(), text.get(span.start..).unwrap_or_default());
    let behind = after.find(wrong).map(|at| span.start + at);
    let places = behind.into_iter().chain(before.rfind(wrong));
    places.map(|at| (Span::new(at, at + wrong.len()), right.to_owned())).collect()
}

/// Whether a text in quotes is on one of the sides of an operator.
fn is_beside_text(source: &SourceFile, operator: Span) -> bool {
    let is_quote = ['\'', '"', '\\'];
    let before = source.text().get(..operator.start).unwrap_or_default();
    let after = source.text().get(operator.end..).unwrap_or_default();
    before.trim_end().ends_with(is_quote) || after.trim_start().starts_with(is_quote)
}

fn between<'h>(help: &'h str, before: &str, after: &str) -> Option<&'h str> {
    help.strip_prefix(before)?.strip_suffix(after)
}

/// Changes that the suggestion of a name may ask for, the most probable first.
fn changes(source: &SourceFile, span: Span, word: &str) -> Vec<Change> {
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
fn changes_of_part(source: &SourceFile, span: Span, wrong: &str, word: &str) -> Vec<Change> {
    let is_of_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '[' | ']');
    let before = source.text().get(..span.start).unwrap_or_default();
    let after = source.text().get(span.end..).unwrap_or_default();
    let start = before.trim_end_matches(is_of_path).len();
    let end = span.end + (after.len() - after.trim_start_matches(is_of_path).len());
    let last = word.rsplit('.').next().unwrap_or(word);
    let mut changes = vec![
        (Span::new(start, span.end), word.to_owned()),
        (Span::new(start, end), word.to_owned()),
        (span, if wrong.starts_with('.') { format!(".{last}") } else { last.to_owned() }),
    ];
    // A whole path is no part of another.
    if start == span.start || !word.starts_with('$') {
        changes.push((span, word.to_owned()));
    }
    // A name with a typo is one step of the path, as it was before.
    let steps = |path: &str| path.split(['.', '[']).count();
    let written = steps(source.slice(Span::new(start, end)));
    changes.sort_by_key(|(place, new)| {
        let left = source.slice(Span::new(start, place.start));
        let right = source.slice(Span::new(place.end, end));
        steps(&format!("{left}{new}{right}")) != written
    });
    changes
}
