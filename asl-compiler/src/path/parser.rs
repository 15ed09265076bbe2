//! The grammar of paths, as Jayway's JSONPath reads it and AWS allows it.
//!
//! In: a decoded string. Out: a [`Path`] or the first fault with its place. Never knows which parts can be compiled.

use super::{Path, Root, Segment, Selector};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use std::ops::Range;

/// Why a string is no path.
#[derive(Debug)]
pub(super) struct PathError {
    range: Range<usize>,
    what: String,
    label: String,
    help: Option<String>,
}

impl PathError {
    fn new(range: Range<usize>, what: &str, label: &str) -> Self {
        Self { range, what: what.to_owned(), label: label.to_owned(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(super) fn into_diagnostic(self, text: &Text) -> Diagnostic {
        let diagnostic = Diagnostic::new(
            Code::InvalidPath,
            text.span_of(self.range),
            format!("`{}` is not a path: {}", text.value, self.what),
        )
        .label(self.label);
        match self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

pub(super) fn parse(text: &Text) -> Result<Path, PathError> {
    let mut cursor = Cursor { text, at: 0 };
    let root = root(&mut cursor)?;
    let mut segments = Vec::new();
    while cursor.peek().is_some() && !cursor.only_blanks_left() {
        segment(&mut cursor, &mut segments)?;
    }
    if let Some(Segment { selector: Selector::Descendants, .. }) = segments.last() {
        return Err(cursor.fault("it ends after `..`", "a name is missing here"));
    }
    Ok(Path { span: text.span, text: text.value.clone(), root, segments })
}

fn root(cursor: &mut Cursor<'_>) -> Result<Root, PathError> {
    if !cursor.eat('$') {
        let found = if cursor.text.value.is_empty() { "it is empty" } else { "it does not start with `$`" };
        return Err(PathError::new(0..cursor.text.value.len(), found, "a path starts with `$` or `$$`")
            .help(format!("write `$.{}`", cursor.text.value.trim_start_matches('.'))));
    }
    if cursor.eat('$') {
        return Ok(Root::Context);
    }
    let name = cursor.take_while(|c| c.is_alphanumeric() || c == '_');
    if name.is_empty() {
        return Ok(Root::Data);
    }
    Ok(Root::Variable { span: cursor.text.span_of(0..cursor.at), name: name.to_owned() })
}

fn segment(cursor: &mut Cursor<'_>, segments: &mut Vec<Segment>) -> Result<(), PathError> {
    let start = cursor.at;
    match cursor.peek() {
        Some('.') => {
            cursor.advance();
            if cursor.eat('.') {
                segments.push(cursor.segment(start, Selector::Descendants));
            }
            // AWS takes `$.abc.['def']` and `$.[?(..)]` as well: a dot before brackets.
            let selector = if cursor.peek() == Some('[') { brackets(cursor)? } else { name(cursor)? };
            segments.push(cursor.segment(start, selector));
            Ok(())
        }
        Some('[') => {
            let selector = brackets(cursor)?;
            segments.push(cursor.segment(start, selector));
            Ok(())
        }
        _ => Err(cursor.fault("a part of it does not start with `.` or `[`", "expected `.` or `[` here")),
    }
}

fn name(cursor: &mut Cursor<'_>) -> Result<Selector, PathError> {
    if cursor.eat('*') {
        return Ok(Selector::Wildcard);
    }
    let start = cursor.at;
    let name = cursor.take_while(|c| !".[]()'\",?".contains(c) && !c.is_whitespace());
    match cursor.peek() {
        Some('(') if !name.is_empty() => Err(PathError::new(
            start..cursor.text.value.len(),
            "it calls a function",
            "paths have no functions here",
        )
        .help("use an intrinsic function instead, such as `States.ArrayLength($.items)`")),
        None if name.is_empty() => Err(cursor.fault("it ends after a dot", "a name is missing here")),
        _ if !name.is_empty()
            && (matches!(cursor.peek(), Some('.' | '[') | None) || cursor.only_blanks_left()) =>
        {
            Ok(Selector::Name(name.to_owned()))
        }
        Some('.') => Err(cursor.fault("a name is missing", "a name is missing here")),
        _ => Err(cursor
            .fault("a name has a character that needs quotes", "this character cannot stand in a plain name")
            .help("write such a name in brackets and quotes: `$['a name']`")),
    }
}

fn brackets(cursor: &mut Cursor<'_>) -> Result<Selector, PathError> {
    let open = cursor.at;
    cursor.advance();
    cursor.skip_blanks();
    let selector = match cursor.peek() {
        Some('\'' | '"') => names(cursor)?,
        Some('*') => {
            cursor.advance();
            Selector::Wildcard
        }
        Some('?') => filter(cursor, open)?,
        Some('0'..='9' | '-' | ':') => numbers(cursor)?,
        None => return Err(unclosed(cursor, open)),
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

fn unclosed(cursor: &Cursor<'_>, open: usize) -> PathError {
    PathError::new(open..cursor.text.value.len(), "it ends inside of brackets", "this `[` has no `]`")
}

fn names(cursor: &mut Cursor<'_>) -> Result<Selector, PathError> {
    let mut names = vec![quoted(cursor)?];
    while cursor.eat_comma() {
        names.push(quoted(cursor)?);
    }
    match (names.pop(), names.is_empty()) {
        (Some(only), true) => Ok(Selector::Name(only)),
        (last, _) => Ok(Selector::Names(names.into_iter().chain(last).collect())),
    }
}

fn quoted(cursor: &mut Cursor<'_>) -> Result<String, PathError> {
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
            Some('\\') => name.extend(cursor.next()),
            Some(c) => name.push(c),
            None => {
                let range = start..cursor.text.value.len();
                return Err(PathError::new(range, "a quoted name does not end", "this quote is not closed"));
            }
        }
    }
}

fn numbers(cursor: &mut Cursor<'_>) -> Result<Selector, PathError> {
    let first = optional_number(cursor)?;
    cursor.skip_blanks();
    match (first, cursor.peek()) {
        (_, Some(':')) => {
            cursor.advance();
            let end = optional_number(cursor)?;
            cursor.skip_blanks();
            let step = if cursor.eat(':') { optional_number(cursor)? } else { None };
            Ok(Selector::Slice { start: first, end, step })
        }
        (Some(first), Some(',')) => {
            let mut indexes = vec![first];
            while cursor.eat_comma() {
                let index = optional_number(cursor)?;
                indexes.push(index.ok_or_else(|| cursor.fault("an index is missing", "expected an index"))?);
            }
            Ok(Selector::Indexes(indexes))
        }
        (Some(only), _) => Ok(Selector::Index(only)),
        (None, _) => Err(cursor.fault("an index is missing", "expected an index")),
    }
}

fn optional_number(cursor: &mut Cursor<'_>) -> Result<Option<i64>, PathError> {
    cursor.skip_blanks();
    let start = cursor.at;
    cursor.eat('-');
    cursor.take_while(|c| c.is_ascii_digit());
    let digits = cursor.text.value.get(start..cursor.at).unwrap_or_default();
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().map(Some).map_err(|_| {
        PathError::new(start..cursor.at, "an index is not a whole number that fits", "expected an index")
    })
}

/// Keeps the text of a filter, and finds its end: the parenthesis that closes the first one, outside of quotes.
fn filter(cursor: &mut Cursor<'_>, open: usize) -> Result<Selector, PathError> {
    cursor.advance();
    cursor.skip_blanks();
    if !cursor.eat('(') {
        return Err(cursor.fault("a filter has no parentheses", "expected `(` here"));
    }
    let start = cursor.at;
    let (mut depth, mut quote) = (1_usize, None);
    while let Some(c) = cursor.next() {
        match (quote, c) {
            (Some(_), '\\') => cursor.advance(),
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        if depth == 0 {
            let text = cursor.text.value.get(start..cursor.at - 1).unwrap_or_default();
            return Ok(Selector::Filter(text.to_owned()));
        }
    }
    Err(unclosed(cursor, open))
}

struct Cursor<'a> {
    text: &'a Text,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.value.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn advance(&mut self) {
        self.next();
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.advance();
        }
        found
    }

    fn eat_comma(&mut self) -> bool {
        self.skip_blanks();
        let found = self.eat(',');
        if found {
            self.skip_blanks();
        }
        found
    }

    /// AWS takes a path with blanks after it.
    fn only_blanks_left(&self) -> bool {
        self.rest().chars().all(|c| c == ' ')
    }

    fn skip_blanks(&mut self) {
        self.take_while(|c| c == ' ');
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn segment(&self, start: usize, selector: Selector) -> Segment {
        let quoted = self.text.value.get(start..self.at).is_some_and(|text| text.contains('['));
        Segment { span: self.text.span_of(start..self.at), selector, quoted }
    }

    /// A fault at the character that comes next, or at the end.
    fn fault(&self, what: &str, label: &str) -> PathError {
        let length = self.peek().map_or(0, char::len_utf8);
        PathError::new(self.at..self.at + length, what, label)
    }
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
        let root = parse(&text("$order.a")).unwrap().root;
        assert_eq!(root, Root::Variable { span: Span::new(11, 17), name: "order".to_owned() });
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
        let filter = "@.a == ')' && (@.b > 1)";
        assert_eq!(selectors(&format!("$.[?({filter})].c")), [Selector::Filter(filter.into()), named("c")]);
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
            ("$[?(@.a]", 1..8),
        ] {
            assert_eq!(parse(&text(path)).unwrap_err().range, range, "{path}");
        }
    }
}
