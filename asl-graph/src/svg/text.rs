//! Texts in a picture: whatever they hold, they stay texts.

use crate::layout::StateBox;
use crate::model::State;
use asl_language::visible;
use std::fmt::Write as _;

/// A tooltip is cut to so many letters.
const MOST: usize = 600;

/// As the text of an element, or the value of an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => {
                let _ = write!(escaped, "&#{};", u32::from(letter));
            }
            letter if is_unfit(letter) => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// What XML has no way to write, and what would turn round the text beside it.
fn is_unfit(letter: char) -> bool {
    visible::is_hidden(letter) || matches!(letter, '\u{fffe}'..='\u{ffff}')
}

/// The name in full, and what else is said about a state.
pub(super) fn tooltip(state: &State) -> String {
    let texts = [state.name.as_str(), state.detail.as_str(), state.about.as_str()];
    let mut said: Vec<String> = Vec::new();
    for text in texts.map(cut) {
        if !text.is_empty() && !said.contains(&text) {
            said.push(text);
        }
    }
    said.join("\n")
}

/// What is written in a state, in one line: a reader of the screen says the same that is seen.
pub(super) fn written(state: &StateBox) -> String {
    let texts = state.title.iter().chain(std::iter::once(&state.detail));
    texts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, if it is long.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
