//! Parts of values as they are written: each once, whatever it is a part of.

use super::SHORT;
use super::encoder::{Token, put_length, put_number};
use crate::random::mix;
use asl_value::{Array, Object, Size, Value};
use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::marker::PhantomData;

/// So many parts are compared with a new one as they are; a table of more would cost what they do.
const FEW: usize = 8;
/// The first of what is made has room for so much.
const ROOM: usize = 256;

/// Of texts as long as this it is known where they are, so that the same one is not looked at again.
const LONG: usize = 256;

/// What a part begins with.
pub(super) mod kind {
    pub(in super::super) const TEXT: u8 = 0;
    pub(in super::super) const ARRAY: u8 = 1;
    pub(in super::super) const OBJECT: u8 = 2;
    /// Added to the kind where the size follows, because it is not that of what is in it.
    pub(in super::super) const SIZED: u8 = 2;
}

/// The parts that were written.
#[derive(Debug, Default)]
pub(super) struct Parts<'v> {
    bytes: Vec<u8>,
    /// Where each part ends, and its hash once there is a table.
    ends: Vec<(usize, u64)>,
    /// The numbers of parts from 1, each near the place that its hash says; 0 is a free place. There are 2^n places, or none while the parts are few.
    table: Vec<usize>,
    /// Another one for each table, so that an attacker cannot make parts that are all at the same place.
    secret: u64,
    /// The parts that were seen in memory that is shared: by the place, and the length of a text.
    seen: HashMap<Seen, u64, BuildHasherDefault<Mixed>>,
    /// What is being made, those around it before it.
    drafts: Vec<u8>,
    lifetime: PhantomData<&'v Value>,
}

impl<'v> Parts<'v> {
    pub(super) fn finish(self) -> (u64, Vec<u8>) {
        (self.ends.len() as u64, self.bytes)
    }

    pub(super) fn token(&mut self, value: &'v Value) -> Token<'v> {
        match value {
            Value::Null => Token::Null,
            Value::Bool(false) => Token::False,
            Value::Bool(true) => Token::True,
            Value::Number(number) => match (number.as_large(), number.as_i64()) {
                (Some(large), _) => Token::Large(large),
                (None, Some(integer)) if number.is_integer() => Token::Integer(integer),
                (None, _) => Token::Float(number.as_f64()),
            },
            Value::String(text) => self.text_token(text),
            Value::Array(array) => self.array_token(array),
            Value::Object(object) => self.object_token(object),
        }
    }

    pub(super) fn text_token(&mut self, text: &'v str) -> Token<'v> {
        if text.len() <= SHORT {
            return Token::Short(text);
        }
        let place = (text.len() >= LONG).then(|| (text.as_ptr().addr(), text.len()));
        self.once(place, |parts| {
            parts.drafts.push(kind::TEXT);
            put_length(&mut parts.drafts, text.len());
            parts.drafts.extend_from_slice(text.as_bytes());
        })
    }

    pub(super) fn array_token(&mut self, array: &'v Array) -> Token<'v> {
        if array.is_empty() && array.size() == Size::EMPTY {
            return Token::EmptyArray;
        }
        let place = array.is_shared().then(|| (array.address(), 0));
        self.once(place, |parts| {
            parts.head(kind::ARRAY, array.len(), array.size(), Size::of(array.iter()));
            for element in array.iter() {
                let token = parts.token(element);
                token.put(&mut parts.drafts);
            }
        })
    }

    pub(super) fn object_token(&mut self, object: &'v Object) -> Token<'v> {
        if object.is_empty() && object.size() == Size::EMPTY {
            return Token::EmptyObject;
        }
        let place = object.is_shared().then(|| (object.address(), 0));
        self.once(place, |parts| {
            let size = Size::of(object.iter().map(|(_, value)| value));
            parts.head(kind::OBJECT, object.len(), object.size(), size);
            for (key, value) in object.iter() {
                let key = parts.text_token(key);
                key.put_text(&mut parts.drafts);
                let value = parts.token(value);
                value.put(&mut parts.drafts);
            }
        })
    }

    fn head(&mut self, kind: u8, length: usize, told: Size, size: Size) {
        let is_sized = told != size;
        self.drafts.push(if is_sized { kind + kind::SIZED } else { kind });
        if is_sized {
            put_number(&mut self.drafts, told.depth.into());
            put_number(&mut self.drafts, told.weight.into());
        }
        put_length(&mut self.drafts, length);
    }

    /// The number of a part, which is written only if there is none yet of the same content.
    fn once(&mut self, seen: Option<Seen>, draft: impl FnOnce(&mut Self)) -> Token<'v> {
        if let Some(number) = seen.and_then(|seen| self.seen.get(&seen)) {
            return Token::Part(*number);
        }
        let start = self.drafts.len();
        if self.drafts.capacity() == 0 {
            self.drafts.reserve(ROOM);
        }
        draft(self);
        let number = self.put(start) as u64;
        if let Some(seen) = seen {
            self.seen.insert(seen, number);
        }
        Token::Part(number)
    }

    /// Takes the last draft, and returns the number of the part.
    fn put(&mut self, start: usize) -> usize {
        let number = if self.ends.len() < FEW { self.put_of_few(start) } else { self.put_of_many(start) };
        self.drafts.truncate(start);
        number
    }

    fn put_of_few(&mut self, start: usize) -> usize {
        let draft = self.drafts.get(start..).unwrap_or_default();
        let found = (0..self.ends.len()).find(|number| self.part(*number) == Some(draft));
        found.unwrap_or_else(|| {
            self.bytes.extend_from_slice(draft);
            self.ends.push((self.bytes.len(), 0));
            self.ends.len() - 1
        })
    }

    fn put_of_many(&mut self, start: usize) -> usize {
        if self.table.len() <= self.ends.len() * 2 {
            self.grow();
        }
        let draft = self.drafts.get(start..).unwrap_or_default();
        let hash = hash(self.secret, draft);
        let mut place = self.place(hash);
        let found = loop {
            match self.table.get(place).copied().unwrap_or(0) {
                0 => break None,
                number if self.is_part(number - 1, hash, draft) => break Some(number - 1),
                _ => place = self.place(place as u64 + 1),
            }
        };
        found.unwrap_or_else(|| {
            self.bytes.extend_from_slice(draft);
            self.ends.push((self.bytes.len(), hash));
            if let Some(entry) = self.table.get_mut(place) {
                *entry = self.ends.len();
            }
            self.ends.len() - 1
        })
    }

    fn is_part(&self, number: usize, hash: u64, draft: &[u8]) -> bool {
        self.ends.get(number).is_some_and(|(_, other)| *other == hash) && self.part(number) == Some(draft)
    }

    /// The bytes of a part.
    fn part(&self, number: usize) -> Option<&[u8]> {
        let before = number.checked_sub(1).and_then(|before| self.ends.get(before));
        let start = before.map_or(0, |(end, _)| *end);
        self.bytes.get(start..self.ends.get(number)?.0)
    }

    #[expect(clippy::cast_possible_truncation, reason = "the lowest bits of a hash are taken")]
    const fn place(&self, hash: u64) -> usize {
        hash as usize & (self.table.len() - 1)
    }

    fn grow(&mut self) {
        if self.table.is_empty() {
            self.secret = RandomState::new().hash_one(0);
            for number in 0..self.ends.len() {
                let part = hash(self.secret, self.part(number).unwrap_or_default());
                if let Some((_, hash)) = self.ends.get_mut(number) {
                    *hash = part;
                }
            }
        }
        self.table = vec![0; (self.table.len() * 2).max(64)];
        for (number, (_, hash)) in (1..).zip(&self.ends) {
            let mut place = self.place(*hash);
            while self.table.get(place).is_some_and(|entry| *entry != 0) {
                place = self.place(place as u64 + 1);
            }
            if let Some(entry) = self.table.get_mut(place) {
                *entry = number;
            }
        }
    }
}

fn hash(secret: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let mut last = [0; size_of::<u64>()];
    last.iter_mut().zip(rest).for_each(|(place, byte)| *place = *byte);
    let word = |hash: u64, word: &[u8; 8]| mix(hash ^ u64::from_le_bytes(*word)).wrapping_add(secret);
    words.iter().chain([&last]).fold(secret ^ bytes.len() as u64, word)
}

/// A place in memory, and the length of a text.
type Seen = (usize, usize);

/// Addresses in memory are numbers that no input chooses.
#[derive(Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(self.0, bytes);
    }

    fn write_usize(&mut self, number: usize) {
        self.0 = mix(self.0 ^ number as u64);
    }
}
