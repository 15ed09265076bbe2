//! Texts from outside as people are shown them: in them is no letter that moves the cursor of a terminal, colours it, or turns the text beside
//! it round. It is written out instead, as in `\u{1b}`.

use std::borrow::Cow;

/// Whether a letter does something to the text around it instead of being seen.
#[must_use]
pub fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// A text within a line: line ends are written out as well.
///
/// ```
/// assert_eq!(asl_language::visible::line("a\u{1b}[31mb\r\nc"), r"a\u{1b}[31mb\r\nc");
/// ```
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    without(text, is_hidden)
}

/// A text of any number of lines, with the tabs in it.
///
/// ```
/// assert_eq!(asl_language::visible::lines("a\u{1b}[31m\tb\r\nc\rd"), "a\\u{1b}[31m\tb\\r\nc\\rd");
/// ```
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    without(text, |letter| is_hidden(letter) && !matches!(letter, '\n' | '\t'))
}

fn without(text: &str, is_hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if is_hidden(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_stays() {
        for text in ["", "state", "Straße → 東京 🙂", "a\u{a0}b\u{301}"] {
            assert_eq!((line(text), lines(text)), (Cow::Borrowed(text), Cow::Borrowed(text)));
        }
    }

    #[test]
    fn what_is_not_seen_is_written_out() {
        for letter in "\0\u{7}\u{8}\r\u{1b}\u{7f}\u{9b}\u{61c}\u{200f}\u{2028}\u{202e}\u{2066}".chars() {
            let written = letter.escape_default().to_string();
            assert_eq!(line(&format!("a{letter}b")), format!("a{written}b"));
            assert_eq!(lines(&format!("a{letter}b")), format!("a{written}b"));
        }
        assert_eq!((line("a\n\tb"), lines("a\n\tb")), (r"a\n\tb".into(), "a\n\tb".into()));
    }
}
