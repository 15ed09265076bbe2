//! The names in the table: each is a list of words, and each word is there once. The commonest of both have the smallest numbers.

use super::pool::{pool, put_number};
use std::collections::BTreeMap;

/// Counts names first and numbers them then.
#[derive(Debug, Default)]
pub(super) struct Counter {
    counts: BTreeMap<String, usize>,
}

impl Counter {
    /// A name is used once more.
    pub(super) fn count(&mut self, name: &str) {
        match self.counts.get_mut(name) {
            Some(count) => *count += 1,
            None => {
                self.counts.insert(name.to_owned(), 1);
            }
        }
    }

    /// Numbers by how often names are used; among equals by the alphabet.
    fn ranked(&self) -> Vec<&String> {
        let mut names: Vec<_> = self.counts.iter().collect();
        names.sort_by_key(|(name, count)| (usize::MAX - **count, name.as_str()));
        names.into_iter().map(|(name, _)| name).collect()
    }
}

/// Names and words with their numbers.
#[derive(Debug)]
pub(super) struct Strings {
    names: Vec<String>,
    name_ids: BTreeMap<String, usize>,
    words: Vec<String>,
    word_ids: BTreeMap<String, usize>,
}

impl Strings {
    /// `names` get numbers; `texts` are only written as words.
    pub(super) fn new<'t>(names: &'t Counter, texts: impl Iterator<Item = &'t str>) -> Self {
        let mut words = Counter::default();
        for text in names.counts.keys().map(String::as_str).chain(texts) {
            split(text).into_iter().for_each(|word| words.count(word));
        }
        let number =
            |list: &[&String]| list.iter().zip(0..).map(|(text, id)| ((*text).clone(), id)).collect();
        let (names, words) = (names.ranked(), words.ranked());
        Self {
            name_ids: number(&names),
            word_ids: number(&words),
            names: names.into_iter().cloned().collect(),
            words: words.into_iter().cloned().collect(),
        }
    }

    /// The number of a name.
    pub(super) fn name(&self, name: &str) -> Result<usize, String> {
        self.name_ids.get(name).copied().ok_or_else(|| format!("`{name}` was not counted"))
    }

    /// A text as its words.
    pub(super) fn text(&self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        for word in split(text) {
            put_number(&mut bytes, self.word_ids.get(word).copied().unwrap_or_default());
        }
        bytes
    }

    /// The pools of words and names.
    pub(super) fn pools(&self) -> Result<(Vec<u8>, Vec<u8>), String> {
        let words: Vec<_> = self.words.iter().map(|word| word.clone().into_bytes()).collect();
        let names: Vec<_> = self.names.iter().map(|name| self.text(name)).collect();
        // Words are looked up most.
        Ok((pool(&words, 4)?, pool(&names, 6)?))
    }
}

/// The words of a name, which put together give it again: a word begins before a capital letter that no capital letter precedes, before
/// the last of several capital letters, before digits, and before a sign.
fn split(text: &str) -> Vec<&str> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for (number, &(at, letter)) in letters.iter().enumerate().skip(1) {
        let before = letters.get(number - 1).map_or(' ', |(_, c)| *c);
        let next = letters.get(number + 1).map_or(' ', |(_, c)| *c);
        let kind = |c: char| (c.is_alphabetic(), c.is_numeric());
        let begins = if letter.is_uppercase() {
            !before.is_uppercase() && before.is_alphanumeric() || before.is_uppercase() && next.is_lowercase()
        } else if letter.is_alphanumeric() {
            before.is_alphanumeric() && kind(before) != kind(letter)
        } else {
            true
        };
        if begins {
            words.extend(text.get(start..at));
            start = at;
        }
    }
    words.extend(text.get(start..).filter(|word| !word.is_empty()));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fall_into_words_and_are_whole_again() {
        let cases = [
            ("TableName", vec!["Table", "Name"]),
            ("MD5OfMessageBody", vec!["MD", "5", "Of", "Message", "Body"]),
            ("DBInstance", vec!["DB", "Instance"]),
            ("RUN_FAILED", vec!["RUN", "_FAILED"]),
            ("m5.large", vec!["m", "5", ".large"]),
            ("us-east-1", vec!["us", "-east", "-1"]),
            ("", vec![]),
        ];
        for (name, expected) in cases {
            assert_eq!(split(name), expected);
            assert_eq!(split(name).concat(), name);
        }
    }
}
