//! Stage 1: the JSON parser.
//!
//! In: a [`SourceFile`]. Out: its [`Value`], and problems in plain words. It follows RFC 8259 to the letter. It stops at the
//! first place where it cannot know what is meant, and reads on after a fault that leaves no doubt (a key that is there
//! twice, a number out of range, a bad escape).

use super::number::parse_number;
use super::string::parse_string;
use super::{Kind, Member, Text, Value};
use crate::code::Code;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::placeholder;
use crate::source::{SourceFile, Span};
use std::collections::HashMap;

/// How many arrays and objects may be inside of each other. A real definition has about five per nested Map or Parallel state.
pub(crate) const NESTING_LIMIT: usize = 200;

/// How many problems are reported. A file full of them needs no more, and no memory for a million of them.
const REPORT_LIMIT: usize = 1000;

/// Reads the one value that the text of `source` is.
///
/// With a value and errors among the `diagnostics`, the value is what was most probably meant: enough to look for more
/// problems, not to compile it.
pub fn parse(source: &SourceFile, diagnostics: &mut Diagnostics) -> Option<Value> {
    if let Some(fault) = source.fault() {
        diagnostics.push(fault.clone());
        return None;
    }
    let mut parser = Parser { text: source.text(), at: 0, depth: 0, reported: 0, diagnostics };
    parse_document(&mut parser).ok()
}

/// The parser met something after which it cannot go on. The problem is reported already.
#[derive(Debug)]
pub(super) struct Stop(());

/// The state of the parser.
#[derive(Debug)]
pub(super) struct Parser<'a, 'd> {
    text: &'a str,
    at: usize,
    depth: usize,
    reported: usize,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Parser<'a, '_> {
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn peek_char(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Goes on by `bytes`, which have to be whole characters that were looked at.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes back to `offset`.
    pub(super) fn rewind(&mut self, offset: usize) {
        self.at = offset;
    }

    /// Takes the bytes up to the first that is not `wanted`. What is wanted has to be ASCII, or all that is not.
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| !wanted(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if self.reported < REPORT_LIMIT {
            self.diagnostics.push(diagnostic);
        }
        self.reported += 1;
    }

    #[must_use]
    pub(super) fn stop(&mut self, diagnostic: Diagnostic) -> Stop {
        self.report(diagnostic);
        Stop(())
    }

    fn skip_white_space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    /// The place of the word or character that comes next; at the end of the file, an empty place after its last character.
    fn next_span(&self) -> Span {
        let rest = self.rest();
        if rest.is_empty() {
            // After the last character that one can see, not in the empty line that follows it.
            let end = self.text.trim_end().len();
            return Span::new(end, end);
        }
        let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let length = if word > 0 { word } else { rest.chars().next().map_or(0, char::len_utf8) };
        Span::new(self.at, self.at + length)
    }

    /// Stops because of what comes next.
    fn stop_here(&mut self, expected: &Expected) -> Stop {
        let span = self.next_span();
        let found = self.text.get(span.range()).unwrap_or_default();
        let diagnostic = describe(expected, found, self.rest(), span);
        self.stop(diagnostic)
    }
}

/// What the parser wants next, and the bracket that is still open.
struct Expected {
    what: &'static str,
    open: Option<(Span, &'static str)>,
}

impl Expected {
    const fn value() -> Self {
        Self { what: "a value", open: None }
    }

    const fn inside(what: &'static str, open: Open) -> Self {
        let Open { at, place } = open;
        Self { what, open: Some((Span::new(at, at + 1), place)) }
    }
}

/// An opening bracket.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    place: &'static str,
}

/// The problem with `found` (the start of `rest`), which is not what was expected.
fn describe(expected: &Expected, found: &str, rest: &str, span: Span) -> Diagnostic {
    let what = expected.what;
    let known = known_mistake(found, rest);
    let message = match &known {
        Some((message, _)) => message.clone(),
        None if found.is_empty() => format!("expected {what}, but the file ends"),
        None if found.chars().count() > 40 => format!("expected {what}"),
        None if found.chars().any(|c| c.is_control() || c == '\u{FEFF}') => {
            format!(
                "expected {what}, found the character U+{:04X}",
                found.chars().next().map_or(0, u32::from)
            )
        }
        None => format!("expected {what}, found `{found}`"),
    };
    let mut diagnostic = Diagnostic::new(Code::InvalidJson, span, message).label(format!("expected {what}"));
    if let Some((_, help)) = known {
        diagnostic = diagnostic.help(help);
    }
    match expected.open {
        Some((open, place)) => diagnostic.related(open, place),
        None => diagnostic,
    }
}

/// Message and help for what other languages allow and JSON does not.
fn known_mistake(found: &str, rest: &str) -> Option<(String, String)> {
    let (message, help) = match found {
        "/" if rest.starts_with("//") || rest.starts_with("/*") => comment(),
        "#" => comment(),
        "'" | "`" => ("strings are written in double quotes".to_owned(), "write `\"..\"`".to_owned()),
        "\u{201C}" | "\u{201D}" | "\u{201E}" => {
            ("strings are written in straight double quotes".to_owned(), "write `\"..\"`".to_owned())
        }
        "$" if rest.starts_with("${") && placeholder::leading(rest).is_none() => {
            ("the placeholder is not closed".to_owned(), "write `${Name}`, on one line".to_owned())
        }
        "$" if rest.starts_with("${") => (
            "a placeholder is not allowed here".to_owned(),
            "a placeholder `${Name}` represents a value, or a part of a string".to_owned(),
        ),
        "NaN" | "Infinity" | "undefined" | "nil" | "None" | "NULL" | "Null" => {
            (format!("`{found}` is not a JSON value"), "write `null`, or leave the field out".to_owned())
        }
        "True" | "TRUE" | "False" | "FALSE" => {
            (format!("`{found}` is not a JSON value"), format!("write `{}`", found.to_ascii_lowercase()))
        }
        _ => return None,
    };
    Some((message, help))
}

fn comment() -> (String, String) {
    (
        "JSON has no comments".to_owned(),
        "write the text into the field `Comment` of the machine or state".to_owned(),
    )
}

fn parse_document(parser: &mut Parser<'_, '_>) -> Result<Value, Stop> {
    parser.skip_white_space();
    if parser.rest().is_empty() {
        let diagnostic = Diagnostic::new(Code::InvalidJson, Span::default(), "the file is empty")
            .label("expected a state machine")
            .help("a state machine is an object with the fields `StartAt` and `States`");
        return Err(parser.stop(diagnostic));
    }
    let value = parse_value(parser)?;
    parser.skip_white_space();
    if parser.rest().is_empty() {
        return Ok(value);
    }
    let span = parser.next_span();
    let end = Span::new(value.span.end - 1, value.span.end);
    let diagnostic = match known_mistake(parser.text.get(span.range()).unwrap_or_default(), parser.rest()) {
        Some((message, help)) => Diagnostic::new(Code::InvalidJson, span, message).help(help),
        None => Diagnostic::new(Code::InvalidJson, span, "there is text after the end of the value"),
    };
    Err(parser.stop(diagnostic.label("expected the end of the file").related(end, "the value ends here")))
}

fn parse_value(parser: &mut Parser<'_, '_>) -> Result<Value, Stop> {
    let start = parser.offset();
    let kind = match parser.peek() {
        Some(b'{') => nested(parser, parse_object)?,
        Some(b'[') => nested(parser, parse_array)?,
        Some(b'"') => Kind::String(parse_string(parser)?),
        Some(b'-' | b'+' | b'.' | b'0'..=b'9') => Kind::Number(parse_number(parser)?),
        Some(b'$') => parse_placeholder(parser)?,
        _ => parse_word(parser)?,
    };
    Ok(Value { span: Span::new(start, parser.offset()), kind })
}

/// Reads a placeholder that is where a value has to be, such as `"Seconds": ${Wait}`: templates are written like this where
/// the value is not a string.
fn parse_placeholder(parser: &mut Parser<'_, '_>) -> Result<Kind, Stop> {
    let start = parser.offset();
    let Some(placeholder) = placeholder::leading(parser.rest()) else {
        return Err(parser.stop_here(&Expected::value()));
    };
    parser.advance(placeholder.len());
    let span = Span::new(start, parser.offset());
    Ok(Kind::String(Text { value: placeholder.to_owned(), span, escapes: vec![(0, start)] }))
}

fn parse_word(parser: &mut Parser<'_, '_>) -> Result<Kind, Stop> {
    let span = parser.next_span();
    let kind = match parser.text.get(span.range()).unwrap_or_default() {
        "null" => Kind::Null,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        _ => return Err(parser.stop_here(&Expected::value())),
    };
    parser.rewind(span.end);
    Ok(kind)
}

fn nested(
    parser: &mut Parser<'_, '_>,
    parse: fn(&mut Parser<'_, '_>) -> Result<Kind, Stop>,
) -> Result<Kind, Stop> {
    if parser.depth == NESTING_LIMIT {
        let span = Span::new(parser.offset(), parser.offset() + 1);
        let message = format!("more than {NESTING_LIMIT} arrays and objects are inside of each other");
        let diagnostic =
            Diagnostic::new(Code::NestedTooDeeply, span, message).label("this is the first one too many");
        return Err(parser.stop(diagnostic));
    }
    parser.depth += 1;
    let kind = parse(parser);
    parser.depth -= 1;
    kind
}

fn parse_array(parser: &mut Parser<'_, '_>) -> Result<Kind, Stop> {
    let open = Open { at: parser.offset(), place: "the array starts here" };
    let mut elements = Vec::new();
    parser.advance(1);
    parser.skip_white_space();
    if parser.peek() == Some(b']') {
        parser.advance(1);
        return Ok(Kind::Array(elements));
    }
    loop {
        if parser.rest().is_empty() {
            return Err(parser.stop_here(&Expected::inside("a value", open)));
        }
        elements.push(parse_value(parser)?);
        parser.skip_white_space();
        match parser.peek() {
            Some(b',') => skip_comma(parser, b']', "an array")?,
            Some(b']') => {
                parser.advance(1);
                return Ok(Kind::Array(elements));
            }
            _ => return Err(parser.stop_here(&Expected::inside("`,` or `]` after the element", open))),
        }
    }
}

fn parse_object(parser: &mut Parser<'_, '_>) -> Result<Kind, Stop> {
    let open = Open { at: parser.offset(), place: "the object starts here" };
    let mut members = Vec::new();
    parser.advance(1);
    parser.skip_white_space();
    if parser.peek() == Some(b'}') {
        parser.advance(1);
        return Ok(Kind::Object(members));
    }
    loop {
        members.push(parse_member(parser, open)?);
        parser.skip_white_space();
        match parser.peek() {
            Some(b',') => skip_comma(parser, b'}', "an object")?,
            Some(b'}') => {
                parser.advance(1);
                return Ok(Kind::Object(without_duplicates(parser, members)));
            }
            _ => return Err(parser.stop_here(&Expected::inside("`,` or `}` after the member", open))),
        }
    }
}

fn parse_member(parser: &mut Parser<'_, '_>, open: Open) -> Result<Member, Stop> {
    let key = parse_key(parser, open)?;
    parser.skip_white_space();
    if parser.peek() != Some(b':') {
        return Err(parser.stop_here(&Expected::inside("`:` after the key", open)));
    }
    parser.advance(1);
    parser.skip_white_space();
    if parser.rest().is_empty() {
        return Err(parser.stop_here(&Expected::inside("a value", open)));
    }
    let value = parse_value(parser)?;
    Ok(Member { key, value })
}

fn parse_key(parser: &mut Parser<'_, '_>, open: Open) -> Result<Text, Stop> {
    if parser.peek() == Some(b'"') {
        return parse_string(parser);
    }
    let span = parser.next_span();
    let word = parser.text.get(span.range()).unwrap_or_default();
    if !word.starts_with(char::is_alphabetic) || word.len() > 80 {
        return Err(parser.stop_here(&Expected::inside("a key in double quotes", open)));
    }
    let diagnostic = Diagnostic::new(Code::InvalidJson, span, "keys are written in double quotes")
        .label("expected a key in double quotes")
        .help(format!("write `\"{word}\"`"));
    Err(parser.stop(diagnostic))
}

/// Takes a comma, after which the collection must not end.
fn skip_comma(parser: &mut Parser<'_, '_>, close: u8, collection: &str) -> Result<(), Stop> {
    let comma = Span::new(parser.offset(), parser.offset() + 1);
    parser.advance(1);
    parser.skip_white_space();
    if parser.peek() != Some(close) {
        return Ok(());
    }
    let bracket = char::from(close);
    let diagnostic = Diagnostic::new(
        Code::InvalidJson,
        comma,
        format!("there is a comma after the last part of {collection}"),
    )
    .label(format!("only `{bracket}` follows"))
    .help("remove the comma");
    Err(parser.stop(diagnostic))
}

/// Reports keys that are there twice, and keeps the first of each.
fn without_duplicates(parser: &mut Parser<'_, '_>, members: Vec<Member>) -> Vec<Member> {
    let mut first: HashMap<&str, Span> = HashMap::with_capacity(members.len());
    let mut repeated = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let key = member.key.value.as_str();
        match first.get(key) {
            None => {
                first.insert(key, member.key.span);
            }
            Some(&span) => {
                parser.report(duplicate_key(&member.key, span));
                repeated.push(index);
            }
        }
    }
    if repeated.is_empty() {
        return members;
    }
    let mut repeated = repeated.into_iter().peekable();
    let unique = members.into_iter().enumerate().filter(|(index, _)| repeated.next_if_eq(index).is_none());
    unique.map(|(_, member)| member).collect()
}

fn duplicate_key(key: &Text, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, key.span, format!("the key `{}` is there twice", key.value))
        .label("here again")
        .related(first, "here for the first time")
        .help("remove or rename one of them")
}

#[cfg(test)]
mod tests;
