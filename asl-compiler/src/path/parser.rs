//! The grammar of paths, as the JSONPath library reads it that AWS evaluates them with (Jayway JsonPath 2.0.0).
//!
//! In: a decoded string. Out: a [`Written`] path or the first fault with its place. Never knows which fields the context has.
//!
//! That library cuts a path at dots, opening brackets and blanks, and looks for the first character in each part that says what it is. So much
//! passes that looks wrong, and means what [`brackets`] says; what may surprise is a [`Doubt`].

use super::brackets;
use super::cursor::{Cursor, Fault, PARTS_LIMIT};
use super::doubt::{Doubt, Doubted};
use super::piece::Piece;
use super::{Root, Segment, Written};
use crate::json::{NESTING_LIMIT, Text};
use crate::source::Span;
use crate::vocabulary::Selector;
use unicode_ident::is_xid_continue;

/// How many steps a path may have. No data is nested deeper.
const SEGMENT_LIMIT: usize = NESTING_LIMIT;

/// No path that people write has filters in filters, which never work; so these are not looked for without end.
const DEPTH_LIMIT: usize = 32;

/// What is known while a path is read.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    text: &'t Text,
    doubts: Vec<Doubt>,
    parts: usize,
    depth: usize,
}

impl<'t> Reading<'t> {
    pub(super) const fn new(text: &'t Text) -> Self {
        Self { text, doubts: Vec::new(), parts: 0, depth: 0 }
    }

    /// Notices that a part does not mean what people think.
    pub(super) fn doubt(&mut self, what: Doubted, part: Piece<'_>) {
        self.doubts.push(Doubt { what, span: self.span(part), text: part.text.to_owned() });
    }

    fn span(&self, part: Piece<'_>) -> Span {
        self.text.span_of(part.range())
    }

    /// Counts a part that starts here.
    pub(super) fn count(&mut self, part: Piece<'_>) -> Result<(), Fault> {
        self.parts += 1;
        if self.parts <= PARTS_LIMIT {
            return Ok(());
        }
        let range = part.fault_at(0, "", "").range;
        Err(Fault::too_many(range, format!("more than {PARTS_LIMIT} parts are in one path or call")))
    }

    /// Reads a path in a filter.
    pub(super) fn deeper<T>(
        &mut self,
        place: Piece<'_>,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.depth >= DEPTH_LIMIT {
            return Err(place.fault("a filter is nested too deeply", "nested deeper than any filter needs"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}

pub(super) fn parse(text: &Text) -> Result<Written, Fault> {
    let path = read(text, Piece::of(&text.value, 0..text.value.len()))?;
    Ok(Written { span: text.span, text: text.value.clone(), ..path })
}

/// The path that an argument of an intrinsic function is: up to the comma or parenthesis after it.
pub(super) fn parse_argument(cursor: &mut Cursor<'_>) -> Result<Written, Fault> {
    let start = cursor.at;
    let end = start + argument_length(cursor.rest());
    let path = read(cursor.text, Piece::of(&cursor.text.value, start..end))?;
    cursor.at = end;
    Ok(path)
}

/// Commas and parentheses in brackets, and parentheses that belong together, are part of a path. Where brackets or quotes have no end, the
/// first comma or parenthesis ends it, so that the fault is found in there.
fn argument_length(text: &str) -> usize {
    let (mut brackets, mut parentheses, mut quote) = (0_usize, 0_usize, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) if brackets > 0 => quote = Some(c),
            ('[', None) => brackets += 1,
            (']', None) => brackets = brackets.saturating_sub(1),
            ('(', None) => parentheses += 1,
            (')' | ',', None) if brackets == 0 && parentheses == 0 => return at,
            (')', None) => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
    }
    text.find([',', ')']).unwrap_or(text.len())
}

fn read(text: &Text, whole: Piece<'_>) -> Result<Written, Fault> {
    let mut reading = Reading::new(text);
    // What AWS hands to the library starts with `$`; blanks before it are none of a path's.
    let path = whole.trim_end_matches(super::piece::is_blank);
    let (root, length) = root(path)?;
    let segments = segments(path.from(length), &mut reading)?;
    Ok(Written {
        span: reading.span(path),
        text: path.text.to_owned(),
        root,
        root_span: reading.span(path.part(0..length)),
        segments,
        doubts: reading.doubts,
    })
}

/// Where a path starts, and how long that is.
fn root(path: Piece<'_>) -> Result<(Root, usize), Fault> {
    let Some(rest) = path.text.strip_prefix('$') else {
        let found = if path.text.is_empty() { "it is empty" } else { "it does not start with `$`" };
        return Err(path
            .fault(found, "a path starts with `$` or `$$`")
            .help(format!("write `$.{}`", path.text.trim_start_matches('.'))));
    };
    if rest.starts_with('$') {
        return Ok((Root::Context, 2));
    }
    let length = rest.find(|c| !is_xid_continue(c)).unwrap_or(rest.len());
    match rest.get(..length).unwrap_or_default() {
        "" => Ok((Root::Data, 1)),
        name => Ok((Root::Variable(name.to_owned()), 1 + length)),
    }
}

/// What comes after where a path starts.
pub(super) fn segments(rest: Piece<'_>, reading: &mut Reading<'_>) -> Result<Vec<Segment>, Fault> {
    if !matches!(rest.at(0), None | Some('.' | '[')) {
        return Err(rest.fault_at(
            0,
            "a part of it does not start with `.` or `[`",
            "expected `.` or `[` here",
        ));
    }
    if rest.text.ends_with("..") {
        return Err(rest.fault_at(rest.text.len(), "it ends after a dot", "a name is missing here"));
    }
    let mut found: Vec<Segment> = Vec::new();
    let mut at = 0;
    while at < rest.text.len() {
        let (selector, end) = segment(rest, at, reading)?;
        let Some(selector) = selector else {
            at = end;
            continue;
        };
        let part = rest.part(at..end);
        // What is in a filter counts as one.
        if reading.depth == 0 {
            reading.count(part)?;
        }
        if found.len() >= SEGMENT_LIMIT {
            let range = part.fault_at(0, "", "").range;
            let what = format!("a path has more than {SEGMENT_LIMIT} steps");
            return Err(Fault::too_many(range, what).help("no data is nested so deeply"));
        }
        let quoted = part.text.contains('[');
        let glued = !part.text.starts_with(['.', '[']);
        found.push(Segment { span: reading.span(part), selector, quoted, glued });
        at = end;
    }
    Ok(found)
}

/// The part at a byte and where it ends; nothing if it is only a dot before another part.
fn segment(
    rest: Piece<'_>,
    at: usize,
    reading: &mut Reading<'_>,
) -> Result<(Option<Selector>, usize), Fault> {
    match rest.at(at) {
        Some(' ') => Err(rest
            .fault_at(
                at,
                "a name has a character that needs quotes",
                "a plain name cannot contain this blank",
            )
            .help(if rest.from(at).text.trim_start().starts_with('$') {
                "write one path: no field takes several"
            } else {
                "write such a name in brackets and quotes: `$['a name']`"
            })),
        Some('[') => {
            let end = at + bracket_length(rest.from(at).text);
            let selector = brackets::parse(rest.part(at..end), reading)?;
            Ok((Some(selector), end))
        }
        Some('.') => match rest.at(at + 1) {
            None => Err(rest.fault_at(at + 1, "it ends after a dot", "a name is missing here")),
            Some('.') => Ok((Some(Selector::Descendants), at + 2)),
            Some('[' | ' ') => Ok((None, at + 1)),
            Some(_) => name(rest, at + 1, reading),
        },
        Some('*') => Ok((Some(Selector::Wildcard), at + 1)),
        Some('$') => Err(rest.fault_at(at, "it starts again inside", "expected a name or an index")),
        Some(_) | None => name(rest, at, reading),
    }
}

/// A plain name: up to a dot, an opening bracket or a blank.
fn name(
    rest: Piece<'_>,
    start: usize,
    reading: &mut Reading<'_>,
) -> Result<(Option<Selector>, usize), Fault> {
    let text = rest.from(start).text;
    let end = start + text.find(['.', '[', ' ']).unwrap_or(text.len());
    let name = rest.part(start..end);
    if name.text == "*" {
        return Ok((Some(Selector::Wildcard), end));
    }
    if name.text.ends_with(')') {
        reading.doubt(Doubted::Function, name);
    }
    Ok((Some(brackets::plain_name(name, reading)), end))
}

/// The length of a part in brackets: up to the bracket that closes it. Quotes hide none.
fn bracket_length(text: &str) -> usize {
    let mut open = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => open += 1,
            ']' if open == 1 => return at + 1,
            ']' => open -= 1,
            _ => {}
        }
    }
    text.len()
}
