//! Stage 1: JSON strings.
//!
//! In: the parser at an opening quote. Out: a [`Text`] that knows where each of its characters came from. A bad escape is
//! reported and replaced by a replacement character, so that the rest of the file is looked at too; never drops a character
//! silently.

use super::Text;
use super::parser::{Parser, Stop};
use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Reads a string, its quotes included.
pub(super) fn parse_string(parser: &mut Parser<'_, '_>) -> Result<Text, Stop> {
    let start = parser.offset();
    parser.advance(1);
    let mut value = String::new();
    let mut escapes = Vec::new();
    loop {
        value.push_str(parser.take_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\'));
        match parser.peek() {
            Some(b'"') => {
                parser.advance(1);
                return Ok(Text { value, span: Span::new(start, parser.offset()), escapes });
            }
            Some(b'\\') => {
                let character = parse_escape(parser, start)?;
                value.push(character);
                escapes.push((value.len(), parser.offset()));
            }
            None | Some(b'\n' | b'\r') => return Err(parser.stop(unterminated(parser, start))),
            Some(control) => {
                parser.report(control_character(control, parser.offset()));
                parser.advance(1);
                value.push(char::from(control));
            }
        }
    }
}

fn unterminated(parser: &Parser<'_, '_>, start: usize) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::InvalidJson, Span::new(start, parser.offset()), "the string is not closed")
            .label("expected a closing `\"`");
    if parser.peek().is_some() {
        diagnostic.help("a string stays on one line: write a line break in it as `\\n`")
    } else {
        diagnostic
    }
}

fn control_character(byte: u8, offset: usize) -> Diagnostic {
    let (name, escape) = match byte {
        b'\t' => ("a tab".to_owned(), "\\t".to_owned()),
        0x08 => ("a backspace".to_owned(), "\\b".to_owned()),
        0x0C => ("a form feed".to_owned(), "\\f".to_owned()),
        _ => (format!("the control character U+{byte:04X}"), format!("\\u{byte:04x}")),
    };
    Diagnostic::new(Code::InvalidJson, Span::new(offset, offset + 1), format!("a string contains {name}"))
        .label("control characters have to be escaped")
        .help(format!("write it as `{escape}`"))
}

/// Reads an escape; `string` is where its string starts.
fn parse_escape(parser: &mut Parser<'_, '_>, string: usize) -> Result<char, Stop> {
    let start = parser.offset();
    parser.advance(1);
    let Some(letter) = parser.peek_char() else {
        return Err(parser.stop(unterminated(parser, string)));
    };
    let character = match letter {
        '"' | '\\' | '/' => letter,
        'b' => '\u{8}',
        'f' => '\u{C}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return Ok(parse_unicode_escape(parser, start)),
        _ => {
            parser.report(unknown_escape(letter, start));
            char::REPLACEMENT_CHARACTER
        }
    };
    // A line break after a backslash is left for the caller, to whom it is the end of the line.
    if letter >= ' ' {
        parser.advance(letter.len_utf8());
    }
    Ok(character)
}

fn unknown_escape(letter: char, start: usize) -> Diagnostic {
    let shown = if letter < ' ' { String::new() } else { letter.to_string() };
    let span = Span::new(start, start + 1 + shown.len());
    Diagnostic::new(Code::InvalidJson, span, format!("`\\{shown}` is not an escape"))
        .label("expected one of `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\uXXXX`")
        .help("a backslash itself is written `\\\\`")
}

/// Reads `uXXXX` after the backslash at `start`, and a second escape if the first is half of a pair.
fn parse_unicode_escape(parser: &mut Parser<'_, '_>, start: usize) -> char {
    parser.advance(1);
    let Some(first) = parse_four_digits(parser) else {
        let span = Span::new(start, parser.offset());
        parser.report(
            Diagnostic::new(Code::InvalidJson, span, "the escape is not complete")
                .label("`\\u` needs four hexadecimal digits"),
        );
        return char::REPLACEMENT_CHARACTER;
    };
    if let Some(character) = char::from_u32(first) {
        return character;
    }
    if first < 0xDC00 && parser.rest().starts_with("\\u") {
        let before = parser.offset();
        parser.advance(2);
        if let Some(second @ 0xDC00..=0xDFFF) = parse_four_digits(parser) {
            let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        // The second escape represents itself; it is read again.
        parser.rewind(before);
    }
    let span = Span::new(start, parser.offset());
    parser.report(
        Diagnostic::new(Code::InvalidJson, span, format!("`\\u{first:04x}` is half of a character"))
            .label("expected a pair of escapes")
            .help("a character above U+FFFF is written as two escapes, such as `\\ud83d\\ude00`"),
    );
    char::REPLACEMENT_CHARACTER
}

fn parse_four_digits(parser: &mut Parser<'_, '_>) -> Option<u32> {
    let mut code = 0;
    for _ in 0..4 {
        let digit = parser.peek().and_then(|byte| char::from(byte).to_digit(16))?;
        parser.advance(1);
        code = code * 16 + digit;
    }
    Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostics;
    use crate::json::parse;
    use crate::source::SourceFile;

    fn string(text: &str) -> (Option<String>, Vec<Diagnostic>) {
        let source = SourceFile::new("t", text);
        let mut diagnostics = Diagnostics::default();
        let value = parse(&source, &mut diagnostics);
        (value.and_then(|value| value.as_str().map(str::to_owned)), diagnostics.into_sorted())
    }

    fn messages(text: &str) -> (Option<String>, Vec<(String, Span)>) {
        let (value, diagnostics) = string(text);
        (value, diagnostics.into_iter().map(|d| (d.message, d.span)).collect())
    }

    #[test]
    fn strings_are_decoded() {
        let cases = [
            (r#""""#, ""),
            (r#""plain é 日本 😀""#, "plain é 日本 😀"),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (r#""\u0041\u00e9\u65E5\u0000""#, "Aé日\0"),
            (r#""\uD83D\uDE00\ud83d\ude00""#, "😀😀"),
            (r#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"),
        ];
        for (text, expected) in cases {
            assert_eq!(string(text), (Some(expected.to_owned()), vec![]), "{text}");
        }
    }

    #[test]
    fn halves_of_characters_are_reported() {
        for (text, spans) in [
            (r#""\uD83D""#, vec![(1, 7)]),
            (r#""a\uDE00b""#, vec![(2, 8)]),
            (r#""\uD83Dx""#, vec![(1, 7)]),
            (r#""\uD83D\n""#, vec![(1, 7)]),
            (r#""\uD83D\u0041""#, vec![(1, 7)]),
            (r#""\uD83D\uD83D\uDE00""#, vec![(1, 7)]),
            (r#""\uDE00\uD83D""#, vec![(1, 7), (7, 13)]),
        ] {
            let (value, found) = messages(text);
            assert!(value.is_some(), "{text}");
            assert_eq!(found.iter().map(|(_, s)| (s.start, s.end)).collect::<Vec<_>>(), spans, "{text}");
            assert!(found.iter().all(|(message, _)| message.ends_with("is half of a character")), "{text}");
        }
    }

    #[test]
    fn bad_escapes_are_reported_and_the_rest_is_read() {
        let (value, found) = messages(r#""a\qb\é\u12G4 \x41""#);
        assert_eq!(value.as_deref(), Some("a\u{FFFD}b\u{FFFD}\u{FFFD}G4 \u{FFFD}41"));
        let texts: Vec<_> = found.iter().map(|(message, _)| message.as_str()).collect();
        assert_eq!(
            texts,
            [
                "`\\q` is not an escape",
                "`\\é` is not an escape",
                "the escape is not complete",
                "`\\x` is not an escape"
            ]
        );
    }

    #[test]
    fn control_characters_are_reported() {
        let (value, found) = messages("\"a\tb\u{1}\"");
        assert_eq!(value.as_deref(), Some("a\tb\u{1}"));
        let texts: Vec<_> = found.iter().map(|(message, _)| message.as_str()).collect();
        assert_eq!(texts, ["a string contains a tab", "a string contains the control character U+0001"]);
    }

    #[test]
    fn strings_that_are_not_closed_are_reported() {
        for (text, end) in
            [("\"", 1), ("\"abc", 4), ("\"abc\n\"", 4), ("\"abc\r\n\"", 4), ("\"abc\\", 5), ("\"\\u12", 5)]
        {
            let (value, found) = messages(text);
            assert_eq!(value, None, "{text:?}");
            let (message, span) = found.last().map(|(m, s)| (m.as_str(), *s)).expect("a problem");
            if text.contains('u') {
                assert_eq!(found.len(), 2);
            } else {
                assert_eq!((message, span), ("the string is not closed", Span::new(0, end)), "{text:?}");
            }
        }
    }
}
