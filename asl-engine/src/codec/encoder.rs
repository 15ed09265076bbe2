//! Writing.

use super::SHORT;
use super::parts::Parts;
use asl_value::{Array, Object, Value};

/// So much is room for at once, apart from what is long.
const ROOM: usize = 64;

/// Takes bytes.
///
/// What is encoded has to outlive the encoder, because parts that were written are known by where they are.
#[derive(Debug)]
pub struct Encoder<'v> {
    parts: Parts<'v>,
    body: Vec<u8>,
}

impl<'v> Encoder<'v> {
    /// One that has nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { parts: Parts::default(), body: Vec::with_capacity(ROOM) }
    }

    /// The bytes.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        let (count, parts) = self.parts.finish();
        let mut bytes = Vec::with_capacity(parts.len() + self.body.len() + 5);
        put_number(&mut bytes, count);
        bytes.extend_from_slice(&parts);
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// A byte.
    pub fn byte(&mut self, byte: u8) {
        self.body.push(byte);
    }

    /// A whole number.
    pub fn number(&mut self, number: u64) {
        put_number(&mut self.body, number);
    }

    /// A whole number that may be negative.
    pub fn integer(&mut self, number: i64) {
        put_integer(&mut self.body, number);
    }

    /// A number of eight bytes.
    pub fn fixed(&mut self, number: u64) {
        self.raw(&number.to_le_bytes());
    }

    /// A length.
    pub fn length(&mut self, length: usize) {
        put_length(&mut self.body, length);
    }

    /// Bytes as they are, without their number.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }

    /// A text that is written wherever it occurs.
    pub fn text_in_place(&mut self, text: &str) {
        self.bytes_in_place(text.as_bytes());
    }

    /// Bytes that are written wherever they occur.
    pub fn bytes_in_place(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.raw(bytes);
    }

    /// A text that is a part if it is long.
    pub fn text(&mut self, text: &'v str) {
        self.parts.text_token(text).put_text(&mut self.body);
    }

    /// A value.
    pub fn value(&mut self, value: &'v Value) {
        self.parts.token(value).put(&mut self.body);
    }

    /// An array.
    pub fn array(&mut self, array: &'v Array) {
        self.parts.array_token(array).put(&mut self.body);
    }

    /// An object.
    pub fn object(&mut self, object: &'v Object) {
        self.parts.object_token(object).put(&mut self.body);
    }
}

impl Default for Encoder<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// A value, as it is in a part or in the body.
#[derive(Clone, Copy, Debug)]
pub(super) enum Token<'v> {
    Null,
    False,
    True,
    Integer(i64),
    Large(u64),
    Float(f64),
    Short(&'v str),
    EmptyArray,
    EmptyObject,
    Part(u64),
}

/// What tokens begin with.
pub(super) mod mark {
    pub(in super::super) const NULL: u8 = 0;
    pub(in super::super) const FALSE: u8 = 1;
    pub(in super::super) const TRUE: u8 = 2;
    pub(in super::super) const INTEGER: u8 = 3;
    pub(in super::super) const LARGE: u8 = 4;
    pub(in super::super) const FLOAT: u8 = 5;
    pub(in super::super) const EMPTY_ARRAY: u8 = 6;
    pub(in super::super) const EMPTY_OBJECT: u8 = 7;
    pub(in super::super) const PART: u8 = 8;
    /// And the length of the text.
    pub(in super::super) const SHORT: u8 = 16;
}

impl Token<'_> {
    pub(super) fn put(self, to: &mut Vec<u8>) {
        match self {
            Self::Null => to.push(mark::NULL),
            Self::False => to.push(mark::FALSE),
            Self::True => to.push(mark::TRUE),
            Self::Integer(number) => {
                to.push(mark::INTEGER);
                put_integer(to, number);
            }
            Self::Large(number) => {
                to.push(mark::LARGE);
                put_number(to, number);
            }
            Self::Float(number) => {
                to.push(mark::FLOAT);
                to.extend_from_slice(&number.to_bits().to_le_bytes());
            }
            Self::Short(text) => {
                to.push(mark::SHORT.saturating_add(u8::try_from(text.len()).unwrap_or(u8::MAX)));
                to.extend_from_slice(text.as_bytes());
            }
            Self::EmptyArray => to.push(mark::EMPTY_ARRAY),
            Self::EmptyObject => to.push(mark::EMPTY_OBJECT),
            Self::Part(number) => {
                to.push(mark::PART);
                put_number(to, number);
            }
        }
    }

    /// The same where there can be nothing but a text: its length, or the number of a part after all lengths.
    pub(super) fn put_text(self, to: &mut Vec<u8>) {
        match self {
            Self::Short(text) => {
                put_length(to, text.len());
                to.extend_from_slice(text.as_bytes());
            }
            Self::Part(number) => put_number(to, number.saturating_add(SHORT as u64 + 1)),
            // There is no other token of a text.
            Self::Null
            | Self::False
            | Self::True
            | Self::Integer(_)
            | Self::Large(_)
            | Self::Float(_)
            | Self::EmptyArray
            | Self::EmptyObject => to.push(0),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the lowest seven bits are taken")]
pub(super) fn put_number(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

pub(super) fn put_integer(to: &mut Vec<u8>, number: i64) {
    put_number(to, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

pub(super) fn put_length(to: &mut Vec<u8>, length: usize) {
    put_number(to, length as u64);
}
