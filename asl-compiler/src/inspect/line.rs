//! Inspection: YAML in the middle of a line that is being written.
//!
//! In: a YAML text and the place where something is written. Out: texts in which the line at that place is finished, so that they can be
//! read, and what is written there in the form of YAML. Other lines are left as they are.

use super::complete::Completion;
use crate::source::Span;

/// What is in for what is not written yet.
const FILLER: &str = "zz";

/// A text with a finished line.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) text: String,
    /// The place in the finished text: in the word that is being written.
    pub(super) offset: usize,
    /// The place of that word in the text as it is.
    word: Span,
    /// Whether it is a key without its colon.
    is_new_key: bool,
}

/// The ways to finish the line around an offset, the most probable first.
pub(super) fn finish(text: &str, offset: usize) -> Vec<Finished> {
    let (Some(before), Some(after)) = (text.get(..offset), text.get(offset..)) else { return Vec::new() };
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = offset + after.find(['\n', '\r']).unwrap_or(after.len());
    let (Some(line), Some(rest)) = (text.get(start..offset), text.get(offset..end)) else {
        return Vec::new();
    };
    let content = line.trim_start_matches([' ', '-']);
    let is_element = line.trim_start().starts_with('-');
    let place = Line { text, start: offset - content.len(), offset, end };
    if let Some((_, value)) = content.split_once(':').filter(|(_, value)| value.starts_with(' ')) {
        return vec![place.value(offset - value.trim_start().len())];
    }
    if rest.contains(": ") || rest.trim_end().ends_with(':') {
        // The key has its colon.
        return vec![place.as_it_is(rest)];
    }
    let key = place.key();
    if is_element { vec![place.value(place.start), key] } else { vec![key] }
}

/// The line around the offset.
struct Line<'t> {
    text: &'t str,
    /// Where the first word starts.
    start: usize,
    offset: usize,
    end: usize,
}

impl Line<'_> {
    fn with(&self, from: usize, written: &str) -> String {
        let (before, after) = (self.text.get(..from), self.text.get(self.end..));
        format!("{}{written}{}", before.unwrap_or_default(), after.unwrap_or_default())
    }

    /// The value from `start` on.
    fn value(&self, start: usize) -> Finished {
        let written = self.text.get(start..self.end).unwrap_or_default().trim_end();
        let finished = match written.chars().next() {
            None => FILLER.to_owned(),
            Some(quote @ ('"' | '\'')) if written.len() == 1 || !written.ends_with(quote) => {
                format!("{written}{quote}")
            }
            Some(_) => written.to_owned(),
        };
        let word = Span::new(start, (start + written.len()).max(self.offset));
        Finished { text: self.with(start, &finished), offset: self.offset, word, is_new_key: false }
    }

    /// A key that has no colon yet.
    fn key(&self) -> Finished {
        let written = self.text.get(self.start..self.end).unwrap_or_default().trim_end();
        let filler = if written.is_empty() { FILLER } else { "" };
        let text = self.with(self.start, &format!("{written}{filler}: {FILLER}"));
        let word = Span::new(self.start, (self.start + written.len()).max(self.offset));
        Finished { text, offset: self.offset.min(self.start + written.len()), word, is_new_key: true }
    }

    /// A key with its colon.
    fn as_it_is(&self, rest: &str) -> Finished {
        let end = self.offset + rest.find(':').unwrap_or(rest.len());
        let word = Span::new(self.start, end);
        Finished { text: self.text.to_owned(), offset: self.offset, word, is_new_key: false }
    }
}

impl Finished {
    /// A completion for the text as it is.
    pub(super) fn completed(&self, mut completion: Completion) -> Completion {
        // A path is a part of a word; everything else is a whole one.
        if completion.text != completion.label {
            let colon = if self.is_new_key { ": " } else { "" };
            completion.text = format!("{}{colon}", plain(&completion.label));
            completion.span = self.word;
        } else if completion.span.end > self.word.end || completion.span.start < self.word.start {
            completion.span = self.word;
        }
        completion
    }
}

/// A text as a plain scalar if it can be one.
fn plain(text: &str) -> String {
    let starts_well = text.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
    let is_safe = starts_well && !text.contains(": ") && !text.contains(" #") && !text.ends_with([':', ' ']);
    let is_word = matches!(text, "true" | "false" | "null" | "yes" | "no") || text.parse::<f64>().is_ok();
    if is_safe && !is_word { text.to_owned() } else { crate::json::write::quoted(text) }
}
