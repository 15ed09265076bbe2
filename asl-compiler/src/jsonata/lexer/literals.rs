//! Strings, numbers, quoted names and regular expressions.

use super::{Fault, Lexer, Regex, Span, Word, quoted};
use asl_language::regex::RegexFault;

impl Lexer<'_> {
    pub(super) fn string(&mut self, quote: char) -> Result<Word, Fault> {
        let start = self.position;
        self.bump();
        // Escapes may write half a letter each, so the value is gathered in halves.
        let mut units: Vec<u16> = Vec::new();
        while let Some(letter) = self.bump() {
            match letter {
                '\\' => units.extend(self.escape()?),
                _ if letter == quote => return Ok(Word::String(String::from_utf16_lossy(&units))),
                _ => units.extend_from_slice(letter.encode_utf16(&mut [0; 2])),
            }
        }
        let span = Span::new(start, self.position);
        Err(Fault::new("S0101", span, "String literal must be terminated by a matching quote"))
    }

    fn escape(&mut self) -> Result<Option<u16>, Fault> {
        let start = self.position.saturating_sub(1);
        let unit = match self.bump() {
            Some(letter @ ('"' | '\\' | '/')) => letter as u16,
            Some('b') => 8,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('u') => return self.unicode_escape(start).map(Some),
            Some(other) => {
                let message = format!("Unsupported escape sequence: \\{}", quoted(&other.to_string()));
                return Err(Fault::new("S0103", Span::new(start, self.position), message));
            }
            // The string ends in the middle of an escape sequence; an empty one is as wrong as any other.
            None => {
                let message = "Unsupported escape sequence: \\\"\"";
                return Err(Fault::new("S0103", Span::new(start, self.position), message));
            }
        };
        Ok(Some(unit))
    }

    fn unicode_escape(&mut self, start: usize) -> Result<u16, Fault> {
        let digits: String = self.rest().chars().take(4).collect();
        let unit = u16::from_str_radix(&digits, 16).ok().filter(|_| !digits.starts_with('+'));
        let Some(unit) = unit else {
            let message = "The escape sequence \\u must be followed by 4 hex digits";
            return Err(Fault::new("S0104", Span::new(start, self.position), message));
        };
        self.position += digits.len();
        Ok(unit)
    }

    pub(super) fn number(&mut self) -> Result<Word, Fault> {
        let start = self.position;
        if self.rest().starts_with('0') {
            self.position += 1;
        } else {
            self.digits();
        }
        self.optionally(|lexer| lexer.bump() == Some('.') && lexer.digits());
        self.optionally(|lexer| {
            let exponent = matches!(lexer.bump(), Some('e' | 'E'));
            lexer.optionally(|lexer| matches!(lexer.bump(), Some('-' | '+')));
            exponent && lexer.digits()
        });
        let written = self.text.get(start..self.position).unwrap_or_default();
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Word::Number(number)),
            _ => {
                let message = format!("Number out of range: {}", quoted(written));
                Err(Fault::new("S0102", Span::new(start, self.position), message))
            }
        }
    }

    fn digits(&mut self) -> bool {
        !self.take_while(|letter| letter.is_ascii_digit()).is_empty()
    }

    /// Goes on only if what is read there is wanted.
    fn optionally(&mut self, read: impl Fn(&mut Self) -> bool) {
        let before = self.position;
        if !read(self) {
            self.position = before;
        }
    }

    pub(super) fn quoted_name(&mut self) -> Result<Word, Fault> {
        let start = self.position;
        self.bump();
        let name = self.take_while(|letter| letter != '`').to_owned();
        if self.bump().is_none() {
            let message = "Quoted property name must be terminated with a backquote (`)";
            return Err(Fault::new("S0105", Span::new(start, self.position), message));
        }
        Ok(Word::Name(name))
    }

    /// Ends at the first slash that is not escaped and in no brackets.
    pub(super) fn regex(&mut self) -> Result<Word, Fault> {
        let opening = self.position;
        self.bump();
        let start = self.position;
        let (mut depth, mut backslashes) = (0_i64, 0_usize);
        while let Some(letter) = self.bump() {
            match letter {
                '/' if depth == 0 && backslashes.is_multiple_of(2) => {
                    return self.regex_flags(opening, start);
                }
                '(' | '[' | '{' if backslashes == 0 => depth += 1,
                ')' | ']' | '}' if backslashes == 0 => depth -= 1,
                _ => {}
            }
            backslashes = if letter == '\\' { backslashes + 1 } else { 0 };
        }
        let span = Span::new(opening, self.position);
        Err(Fault::new("S0302", span, "No terminating / in regular expression"))
    }

    fn regex_flags(&mut self, opening: usize, start: usize) -> Result<Word, Fault> {
        let pattern = self.text.get(start..self.position.saturating_sub(1)).unwrap_or_default().to_owned();
        if pattern.is_empty() {
            let span = Span::new(opening, self.position);
            return Err(Fault::new("S0301", span, "Empty regular expressions are not allowed"));
        }
        let flags = self.take_while(|letter| matches!(letter, 'i' | 'm'));
        if flags.len() > 1 && flags != "im" && flags != "mi" {
            let span = Span::new(self.position - flags.len(), self.position);
            return Err(Fault::new("S0303", span, "A flag of a regular expression is repeated"));
        }
        if let Err(RegexFault { message, offset }) = asl_language::regex::parse(&pattern) {
            let at = start + offset.min(pattern.len());
            let message = format!("Invalid regular expression: /{pattern}/: {message}");
            return Err(Fault::new("S0303", Span::new(at.min(self.position - 1), self.position), message));
        }
        Ok(Word::Regex(Regex { pattern, ignore_case: flags.contains('i'), multi_line: flags.contains('m') }))
    }
}
