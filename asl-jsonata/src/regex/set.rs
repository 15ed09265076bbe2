//! Sets of characters: a bit for each ASCII character, and the class for the others.

use asl_language::regex::Class;

#[derive(Debug)]
pub(super) struct Set {
    ascii: u128,
    class: Class,
    ignore_case: bool,
}

impl Set {
    pub(super) fn new(class: Class, ignore_case: bool) -> Self {
        let ascii = (0..128_u8)
            .fold(0, |bits, byte| bits | u128::from(contains(&class, char::from(byte), ignore_case)) << byte);
        Self { ascii, class, ignore_case }
    }

    #[inline]
    pub(super) const fn contains_ascii(&self, byte: u8) -> bool {
        self.ascii >> (byte & 127) & 1 != 0
    }

    #[inline]
    pub(super) fn contains(&self, character: char) -> bool {
        match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => self.contains_ascii(byte),
            _ => contains(&self.class, character, self.ignore_case),
        }
    }
}

fn contains(class: &Class, character: char, ignore_case: bool) -> bool {
    let has = |character: char| class.items.iter().any(|item| item.contains(character));
    let found = has(character) || ignore_case && same_but_case(character).any(has);
    found != class.negated
}

/// The characters that are the same where case is ignored.
fn same_but_case(character: char) -> impl Iterator<Item = char> {
    let upper = canonical(character);
    let lower = |character: char| single(character.to_lowercase()).unwrap_or(character);
    [upper, lower(character), lower(upper)].into_iter().filter(move |same| canonical(*same) == upper)
}

/// What represents a character where case is ignored (ECMA-262, "Canonicalize").
pub(super) fn canonical(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_uppercase();
    }
    single(character.to_uppercase()).filter(|upper| !upper.is_ascii()).unwrap_or(character)
}

fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next();
    if characters.next().is_some() { None } else { first }
}
