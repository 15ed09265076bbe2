//! For [`render`](super): the lines of a file that a diagnostic is about.
//!
//! In: the file and the places of the diagnostic. Out: a part of the text, with the places counted in it. Never longer than
//! what a reader or the renderer can cope with: a definition may be one line of a megabyte.

use crate::source::{Position, SourceFile, Span, floor_char_boundary};

/// Lines up to this length in bytes are shown whole.
const LONG_LINE: usize = 200;
/// What is kept of a longer line before and after the place.
const MARGIN: usize = 200;
/// How far from the place in a long line another place may be to be shown with it.
const NEAR: usize = 60;
/// No more of a place in bytes is underlined.
const LONG_SPAN: usize = 100;
/// How many bytes may be between the first and the last line that are shown.
const LONG_EXCERPT: usize = 64 * 1024;

/// A part of a file.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    /// The part.
    pub(super) text: &'a str,
    /// The number of its first line.
    pub(super) line: usize,
    /// The place in the file that is at fault.
    pub(super) position: Position,
    /// Its column in the part.
    pub(super) column: usize,
    /// The same place in the part.
    pub(super) primary: Span,
    /// Other places in the part.
    pub(super) related: Vec<(Span, &'a str)>,
    /// Other places that are not in the part, as they were given.
    pub(super) elsewhere: Vec<(Span, String)>,
}

impl<'a> Excerpt<'a> {
    /// The part of `source` around `primary` with as many of the `related` places as fit.
    pub(super) fn around(source: &'a SourceFile, primary: Span, related: &'a [(Span, String)]) -> Self {
        let text = source.text();
        let primary = clip(text, primary);
        let own_line = line_around(text, primary.start);
        let is_long = own_line.end - own_line.start > LONG_LINE;
        let mut part = if is_long { window(text, own_line, primary) } else { own_line };
        let mut shown = Vec::new();
        let mut elsewhere = Vec::new();
        for (span, label) in related {
            let place = clip(text, *span);
            let extended =
                if is_long { near(part, primary, place).then_some(part) } else { extend(text, part, place) };
            match extended {
                Some(extended) => {
                    part = extended;
                    shown.push((place, label.as_str()));
                }
                None => elsewhere.push((*span, label.clone())),
            }
        }
        let inside = |span: Span| Span::new(span.start - part.start, span.end - part.start);
        let line_in_part = if is_long { part.start } else { own_line.start };
        let before = text.get(line_in_part..primary.start).unwrap_or_default();
        Self {
            text: text.get(part.range()).unwrap_or_default(),
            line: source.line(part.start),
            position: source.position(primary.start),
            column: before.chars().count() + 1,
            primary: inside(primary),
            related: shown.into_iter().map(|(span, label)| (inside(span), label)).collect(),
            elsewhere,
        }
    }
}

/// The span within the text, on one line and not too long, so that it can be underlined.
fn clip(text: &str, span: Span) -> Span {
    let start = floor_char_boundary(text, span.start);
    let end = floor_char_boundary(text, span.end.clamp(start, start + LONG_SPAN));
    let on_line = text.get(start..end).and_then(|part| part.find(['\r', '\n']));
    Span::new(start, on_line.map_or(end.max(start), |length| start + length))
}

/// The line of `offset` without its end.
fn line_around(text: &str, offset: usize) -> Span {
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(offset..).and_then(|after| after.find('\n')).map_or(text.len(), |at| offset + at);
    Span::new(start, end)
}

/// What is shown of a long line.
fn window(text: &str, line: Span, primary: Span) -> Span {
    let start = primary.start.saturating_sub(MARGIN).max(line.start);
    let end = (primary.end + MARGIN).min(line.end);
    Span::new(floor_char_boundary(text, start), floor_char_boundary(text, end))
}

/// Whether the place is so close in the part of a long line that is shown that it can be shown with it.
fn near(part: Span, primary: Span, place: Span) -> bool {
    let inside = part.start <= place.start && place.end <= part.end;
    inside && place.start + NEAR >= primary.start && place.end <= primary.end + NEAR
}

/// The part with the line of `place` in addition, if that is not too much.
fn extend(text: &str, part: Span, place: Span) -> Option<Span> {
    let line = line_around(text, place.start);
    let extended = Span::new(part.start.min(line.start), part.end.max(line.end));
    let fits = line.end - line.start <= LONG_LINE && extended.end - extended.start <= LONG_EXCERPT;
    fits.then_some(extended)
}
