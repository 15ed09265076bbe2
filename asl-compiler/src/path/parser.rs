//! The grammar of paths, as Jayway's JSONPath reads it and AWS allows it.
//!
//! In: a decoded string. Out: a [`Written`] path or the first fault with its place. Never knows which fields the context has.

use super::cursor::{Cursor, Fault};
use super::{Root, Segment, Written, filter};
use crate::ir::Selector;
use crate::json::{NESTING_LIMIT, Text};
use unicode_ident::is_xid_continue;

/// How many steps a path may have. No data is nested deeper.
const SEGMENT_LIMIT: usize = NESTING_LIMIT;

pub(super) fn parse(text: &Text) -> Result<Written, Fault> {
    let mut cursor = Cursor::new(text);
    let path = path(&mut cursor)?;
    if !cursor.only_blanks_left() {
        return Err(cursor.fault("a part of it does not start with `.` or `[`", "expected `.` or `[` here"));
    }
    Ok(Written { span: text.span, text: text.value.clone(), ..path })
}

/// The path that an argument of an intrinsic function is.
pub(super) fn parse_argument(cursor: &mut Cursor<'_>) -> Result<Written, Fault> {
    cursor.in_arguments = true;
    let path = path(cursor);
    cursor.in_arguments = false;
    path
}

fn path(cursor: &mut Cursor<'_>) -> Result<Written, Fault> {
    let start = cursor.at;
    let root = root(cursor)?;
    let root_span = cursor.span(start);
    let mut segments = Vec::new();
    while matches!(cursor.peek(), Some('.' | '[')) {
        if segments.len() >= SEGMENT_LIMIT {
            let range = cursor.fault("", "").range;
            let what = format!("a path has more than {SEGMENT_LIMIT} steps");
            return Err(Fault::too_many(range, what).help("no data is nested so deeply"));
        }
        segment(cursor, &mut segments)?;
    }
    Ok(Written { span: cursor.span(start), text: cursor.since(start).to_owned(), root, root_span, segments })
}

fn root(cursor: &mut Cursor<'_>) -> Result<Root, Fault> {
    if !cursor.eat('$') {
        let found = if cursor.text.value.is_empty() { "it is empty" } else { "it does not start with `$`" };
        return Err(Fault::new(0..cursor.text.value.len(), found, "a path starts with `$` or `$$`")
            .help(format!("write `$.{}`", cursor.text.value.trim_start_matches('.'))));
    }
    if cursor.eat('$') {
        return Ok(Root::Context);
    }
    let name = cursor.take_while(is_xid_continue);
    Ok(if name.is_empty() { Root::Data } else { Root::Variable(name.to_owned()) })
}

fn segment(cursor: &mut Cursor<'_>, segments: &mut Vec<Segment>) -> Result<(), Fault> {
    let start = cursor.at;
    cursor.count_part()?;
    match cursor.peek() {
        Some('.') => {
            cursor.advance();
            if cursor.eat('.') {
                push(cursor, start, Selector::Descendants, segments);
            }
            // AWS takes `$.abc.['def']` and `$.[?(..)]` as well: a dot before brackets.
            let selector = if cursor.peek() == Some('[') { brackets(cursor)? } else { name(cursor)? };
            push(cursor, start, selector, segments);
            Ok(())
        }
        Some('[') => {
            let selector = brackets(cursor)?;
            push(cursor, start, selector, segments);
            Ok(())
        }
        _ => Err(cursor.fault("a part of it does not start with `.` or `[`", "expected `.` or `[` here")),
    }
}

fn name(cursor: &mut Cursor<'_>) -> Result<Selector, Fault> {
    if cursor.eat('*') {
        return Ok(Selector::Wildcard);
    }
    let start = cursor.at;
    let name = cursor.take_while(|c| !".[]()'\",?".contains(c) && !c.is_whitespace());
    match cursor.peek() {
        Some('(') if !name.is_empty() => Err(function_call(cursor, start)),
        None if name.is_empty() => Err(cursor.fault("it ends after a dot", "a name is missing here")),
        _ if !name.is_empty() && ends_name(cursor) => Ok(Selector::Name(name.to_owned())),
        Some('.') => Err(cursor.fault("a name is missing", "a name is missing here")),
        _ => Err(cursor
            .fault("a name has a character that needs quotes", "this character cannot stand in a plain name")
            .help("write such a name in brackets and quotes: `$['a name']`")),
    }
}

/// What is said of a function in a path, whose name starts at `start` and whose parenthesis comes next.
pub(super) fn function_call(cursor: &Cursor<'_>, start: usize) -> Fault {
    let end = cursor.rest().find(')').map_or(cursor.text.value.len(), |length| cursor.at + length + 1);
    Fault::new(start..end, "it calls a function", "paths have no functions here")
        .help("use an intrinsic function instead, such as `States.ArrayLength($.items)`")
}

fn ends_name(cursor: &Cursor<'_>) -> bool {
    match cursor.peek() {
        Some('.' | '[') | None => true,
        Some(c) if cursor.in_arguments => c == ',' || c == ')' || c.is_whitespace(),
        Some(_) => cursor.only_blanks_left(),
    }
}

fn brackets(cursor: &mut Cursor<'_>) -> Result<Selector, Fault> {
    let open = cursor.at;
    cursor.advance();
    cursor.skip_blanks();
    let selector = match cursor.peek() {
        Some('\'' | '"') => names(cursor)?,
        Some('*') => {
            cursor.advance();
            Selector::Wildcard
        }
        Some('?') => Selector::Filter(filter::parse(cursor)?),
        Some('0'..='9' | '-' | ':') => numbers(cursor)?,
        None => return Err(unclosed(cursor, open)),
        Some('(') => return Err(script(cursor)),
        Some(_) => {
            return Err(cursor
                .fault("it has no name, index or filter in brackets", "expected a quoted name or an index")
                .help("quote names in brackets: `$['name']`"));
        }
    };
    cursor.skip_blanks();
    match cursor.peek() {
        Some(']') => {
            cursor.advance();
            Ok(selector)
        }
        None => Err(unclosed(cursor, open)),
        Some(_) => Err(cursor.fault("its brackets hold something more", "expected `]` here")),
    }
}

fn unclosed(cursor: &Cursor<'_>, open: usize) -> Fault {
    cursor.fault_from(open, "it ends inside of brackets", "this `[` has no `]`")
}

fn script(cursor: &Cursor<'_>) -> Fault {
    let start = cursor.at;
    let end = cursor.rest().find(']').map_or(cursor.text.value.len(), |length| start + length);
    Fault::new(start..end, "it computes an index", "AWS does not support script expressions in paths")
        .help("count from the end with a negative index: `$.items[-1]`")
}

fn names(cursor: &mut Cursor<'_>) -> Result<Selector, Fault> {
    let mut names = vec![quoted(cursor)?];
    while cursor.eat_comma() {
        cursor.count_part()?;
        names.push(quoted(cursor)?);
    }
    match (names.pop(), names.is_empty()) {
        (Some(only), true) => Ok(Selector::Name(only)),
        (last, _) => Ok(Selector::Names(names.into_iter().chain(last).collect())),
    }
}

pub(super) fn quoted(cursor: &mut Cursor<'_>) -> Result<String, Fault> {
    let start = cursor.at;
    let quote = match cursor.peek() {
        Some(quote @ ('\'' | '"')) => quote,
        _ => return Err(cursor.fault("its brackets mix names with something else", "expected a quoted name")),
    };
    cursor.advance();
    let mut name = String::new();
    loop {
        match cursor.next() {
            Some(c) if c == quote => return Ok(name),
            // Before any other character a backslash is one of the name (recorded from AWS).
            Some('\\') if cursor.peek().is_some_and(|next| next == quote || next == '\\') => {
                name.extend(cursor.next())
            }
            Some(c) => name.push(c),
            None => {
                return Err(cursor.fault_from(
                    start,
                    "a quoted text does not end",
                    "this quote is not closed",
                ));
            }
        }
    }
}

fn numbers(cursor: &mut Cursor<'_>) -> Result<Selector, Fault> {
    let first = optional_number(cursor)?;
    cursor.skip_blanks();
    match (first, cursor.peek()) {
        (_, Some(':')) => {
            cursor.advance();
            let end = optional_number(cursor)?;
            cursor.skip_blanks();
            let step = if cursor.eat(':') { slice_step(cursor)? } else { None };
            Ok(Selector::Slice { start: first, end, step })
        }
        (Some(first), Some(',')) => {
            let mut indexes = vec![first];
            while cursor.eat_comma() {
                cursor.count_part()?;
                let index = optional_number(cursor)?;
                indexes.push(index.ok_or_else(|| cursor.fault("an index is missing", "expected an index"))?);
            }
            Ok(Selector::Indexes(indexes))
        }
        (Some(only), _) => Ok(Selector::Index(only)),
        (None, _) => Err(cursor.fault("an index is missing", "expected an index")),
    }
}

fn slice_step(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Fault> {
    cursor.skip_blanks();
    let start = cursor.at;
    let step = optional_number(cursor)?;
    if step.is_some_and(|step| step < 1) {
        let what = "the step of a slice is not above zero";
        return Err(Fault::new(start..cursor.at, what, "expected a whole number from 1"));
    }
    Ok(step)
}

pub(super) fn optional_number(cursor: &mut Cursor<'_>) -> Result<Option<i64>, Fault> {
    cursor.skip_blanks();
    let start = cursor.at;
    cursor.eat('-');
    cursor.take_while(|c| c.is_ascii_digit());
    let digits = cursor.since(start);
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().map(Some).map_err(|_| {
        Fault::new(start..cursor.at, "an index is not a whole number that fits", "expected an index")
    })
}

fn push(cursor: &Cursor<'_>, start: usize, selector: Selector, segments: &mut Vec<Segment>) {
    let quoted = cursor.since(start).contains('[');
    segments.push(Segment { span: cursor.span(start), selector, quoted });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    fn text(path: &str) -> Text {
        Text { value: path.to_owned(), span: Span::new(10, 12 + path.len()), escapes: Vec::new() }
    }

    fn selectors(path: &str) -> Vec<Selector> {
        parse(&text(path)).unwrap().segments.into_iter().map(|s| s.selector).collect()
    }

    fn named(name: &str) -> Selector {
        Selector::Name(name.to_owned())
    }

    #[test]
    fn names_and_indexes_make_a_definite_path() {
        assert_eq!(selectors("$"), []);
        assert_eq!(selectors("$.a.b-c "), [named("a"), named("b-c")]);
        assert_eq!(selectors("$['a b'][\"c\"].é"), [named("a b"), named("c"), named("é")]);
        assert_eq!(selectors("$.abc.['def ghi']"), [named("abc"), named("def ghi")]);
        assert_eq!(selectors(r"$['it\'s']"), [named("it's")]);
        assert_eq!(selectors("$[0][-1][ 2 ]"), [Selector::Index(0), Selector::Index(-1), Selector::Index(2)]);
    }

    #[test]
    fn the_root_is_data_context_or_variable() {
        assert_eq!(parse(&text("$.a")).unwrap().root, Root::Data);
        assert_eq!(parse(&text("$$.a")).unwrap().root, Root::Context);
        let path = parse(&text("$order.a")).unwrap();
        assert_eq!(path.root, Root::Variable("order".to_owned()));
        assert_eq!(path.root_span, Span::new(11, 17));
    }

    #[test]
    fn indefinite_parts_are_kept() {
        assert_eq!(selectors("$..a"), [Selector::Descendants, named("a")]);
        assert_eq!(selectors("$.*"), [Selector::Wildcard]);
        assert_eq!(selectors("$[*].a"), [Selector::Wildcard, named("a")]);
        assert_eq!(selectors("$[1,2]"), [Selector::Indexes(vec![1, 2])]);
        assert_eq!(selectors("$[1:]"), [Selector::Slice { start: Some(1), end: None, step: None }]);
        assert_eq!(selectors("$[:-1]"), [Selector::Slice { start: None, end: Some(-1), step: None }]);
        assert_eq!(selectors("$['a', 'b']"), [Selector::Names(vec!["a".into(), "b".into()])]);
        assert_eq!(selectors("$[::2]"), [Selector::Slice { start: None, end: None, step: Some(2) }]);
        let [Selector::Filter(_), c] = &selectors("$.[?(@.a == ')' && (@.b > 1))].c")[..] else {
            panic!("a filter and a name")
        };
        assert_eq!(*c, named("c"));
    }

    #[test]
    fn segments_know_their_place() {
        let path = parse(&text("$.ab[0]")).unwrap();
        let spans: Vec<_> = path.segments.iter().map(|s| s.span).collect();
        assert_eq!(spans, [Span::new(12, 15), Span::new(15, 18)]);
    }

    #[test]
    fn faults_are_at_the_character() {
        for (path, range) in [
            ("", 0..0),
            ("a.b", 0..3),
            ("$.", 2..2),
            ("$.a..", 5..5),
            ("$.a b", 3..4),
            ("$.a[", 3..4),
            ("$.a[0", 3..5),
            ("$.a[b]", 4..5),
            ("$['a", 2..4),
            ("$[1,]", 4..5),
            ("$[0]x", 4..5),
            ("$.a.length()", 4..12),
            ("$[99999999999999999999]", 2..22),
            ("$[?(@.a]", 7..8),
            ("$[0:2:0]", 6..7),
            ("$[(@.length-1)].a", 2..14),
            ("$.a[?(@.b.length() > 1)]", 10..18),
        ] {
            assert_eq!(parse(&text(path)).unwrap_err().range, range, "{path}");
        }
    }
}
