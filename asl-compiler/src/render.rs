//! For the front ends: diagnostics as text, as rustc writes them.
//!
//! In: a source file and its diagnostics. Out: text for a terminal, a build log or a `compile_error!`. Never prints, and never
//! shows more of a file than helps, however long its lines are.

mod excerpt;

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceFile, Span};
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use asl_language::visible;
use excerpt::Excerpt;

/// How many problems of a file are usually shown.
pub const DEFAULT_LIMIT: usize = 20;

/// The longest text of a message that is shown as it is, in characters.
const TEXT_LIMIT: usize = 400;

/// Whether the text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// Text only.
    Plain,
    /// With escape sequences for a terminal.
    Coloured,
}

/// All `diagnostics`, errors first, with an empty line after each; after `limit` of them only the number of the others.
#[must_use]
pub fn render_all(source: &SourceFile, diagnostics: &[Diagnostic], style: Style, limit: usize) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|diagnostic| diagnostic.severity);
    let mut text = String::new();
    for diagnostic in sorted.iter().take(limit) {
        text.push_str(&render(source, diagnostic, style));
        text.push_str("\n\n");
    }
    if let Some(more @ 1..) = sorted.len().checked_sub(limit) {
        text.push_str(&format!("and {more} more\n"));
    }
    text
}

/// One diagnostic, without a line break at its end.
#[must_use]
pub fn render(source: &SourceFile, diagnostic: &Diagnostic, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let name = one_line(source.name());
    let title = level(diagnostic.severity).primary_title(one_line(&diagnostic.message));
    if source.text().is_empty() {
        let group = Group::with_title(title).element(Origin::path(name));
        return renderer.render(&[with_messages(group, source, diagnostic, &diagnostic.related)]);
    }
    let excerpt = Excerpt::around(source, diagnostic.span, &diagnostic.related);
    let primary = AnnotationKind::Primary.span(excerpt.primary.range());
    let mut snippet = Snippet::source(excerpt.text)
        .line_start(excerpt.line)
        .path(name.as_str())
        .annotation(primary.label(label(&diagnostic.label)));
    for (span, text) in &excerpt.related {
        snippet = snippet.annotation(AnnotationKind::Context.span(span.range()).label(label(text)));
    }
    let group =
        with_messages(Group::with_title(title).element(snippet), source, diagnostic, &excerpt.elsewhere);
    // The renderer counts from the start of the excerpt, which may begin in the middle of a line.
    let counted = format!("{name}:{}:{}", excerpt.position.line, excerpt.column);
    let actual = format!("{name}:{}:{}", excerpt.position.line, excerpt.position.column);
    renderer.render(&[group]).replacen(&counted, &actual, 1)
}

/// Adds what comes below the excerpt: the places that it does not show, help, and the code.
fn with_messages<'a>(
    mut group: Group<'a>,
    source: &SourceFile,
    diagnostic: &Diagnostic,
    elsewhere: &[(Span, String)],
) -> Group<'a> {
    for (span, text) in elsewhere {
        let position = source.position(span.start);
        let place =
            format!("{}: {}:{}:{}", one_line(text), one_line(source.name()), position.line, position.column);
        group = group.element(Level::NOTE.message(place));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(one_line(help)));
    }
    group.element(Level::NOTE.message(format!("asl::{}", diagnostic.code)))
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

fn label(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| one_line(text))
}

/// The text without line breaks and control characters, and with its middle left out if it is very long: messages quote
/// names, and a name may be anything.
fn one_line(text: &str) -> String {
    let length = text.chars().count();
    let mut line = String::new();
    for (index, character) in text.chars().enumerate() {
        let left_out = length > TEXT_LIMIT && (TEXT_LIMIT / 2..length - TEXT_LIMIT / 2).contains(&index);
        if left_out {
            if index == TEXT_LIMIT / 2 {
                line.push_str("...");
            }
        } else if visible::is_hidden(character) {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

#[cfg(test)]
mod tests;
