//! Reading. Nothing is believed of the bytes.

use super::encoder::mark;
use super::parts::kind;
use super::{DEPTH, SHORT};
use asl_value::{Array, Number, Object, Size, Text, Value};
use std::fmt;

/// Returns what was encoded.
#[derive(Debug)]
pub struct Decoder<'b> {
    bytes: &'b [u8],
    at: usize,
    parts: Vec<Value>,
    /// All that are empty are the same memory.
    empty_array: Array,
    empty_object: Object,
}

/// Bytes are not those of what they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    at: usize,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    End,
    Rest,
    NumberTooLarge,
    Length(u64),
    NoText,
    NoVariant(&'static str, u8),
    NoPart(u64),
    OtherPart(&'static str),
    TooDeep,
    RepeatedKey,
    Invalid(&'static str),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::End => f.write_str("the bytes end too early"),
            Fault::Rest => f.write_str("there are bytes after the end"),
            Fault::NumberTooLarge => f.write_str("a number is too large"),
            Fault::Length(length) => write!(f, "there are not as many bytes as a length of {length} needs"),
            Fault::NoText => f.write_str("a text is not in UTF-8"),
            Fault::NoVariant(of, number) => write!(f, "`{of}` has no variant {number}"),
            Fault::NoPart(number) => write!(f, "there is no part {number} before this place"),
            Fault::OtherPart(wanted) => write!(f, "a part is not {wanted}"),
            Fault::TooDeep => write!(f, "a value is nested more than {DEPTH} levels deep"),
            Fault::RepeatedKey => f.write_str("an object has a key twice"),
            Fault::Invalid(what) => f.write_str(what),
        }?;
        write!(f, " (byte {})", self.at)
    }
}

impl std::error::Error for DecodeError {}

type Result<T> = std::result::Result<T, DecodeError>;

impl<'b> Decoder<'b> {
    /// Reads the parts.
    ///
    /// # Errors
    /// The bytes do not begin with parts.
    pub fn new(bytes: &'b [u8]) -> Result<Self> {
        let mut decoder = Self {
            bytes,
            at: 0,
            parts: Vec::new(),
            empty_array: Array::default(),
            empty_object: Object::new(),
        };
        // The shortest part is a kind, a length and a byte.
        let count = decoder.length_of(3)?;
        decoder.parts.reserve_exact(count);
        for _ in 0..count {
            let part = decoder.part()?;
            decoder.parts.push(part);
        }
        Ok(decoder)
    }

    /// Whether that was all.
    ///
    /// # Errors
    /// There is more.
    pub fn finish(self) -> Result<()> {
        if self.rest() == 0 { Ok(()) } else { Err(self.fault(Fault::Rest)) }
    }

    const fn rest(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    #[cold]
    const fn fault(&self, fault: Fault) -> DecodeError {
        DecodeError { at: self.at, fault }
    }

    /// The error of something that cannot be.
    #[must_use]
    pub const fn invalid(&self, what: &'static str) -> DecodeError {
        self.fault(Fault::Invalid(what))
    }

    #[must_use]
    pub(crate) const fn no_variant(&self, of: &'static str, number: u8) -> DecodeError {
        self.fault(Fault::NoVariant(of, number))
    }

    /// A byte.
    ///
    /// # Errors
    /// There is none.
    pub fn byte(&mut self) -> Result<u8> {
        let byte = self.bytes.get(self.at).copied().ok_or_else(|| self.fault(Fault::End))?;
        self.at += 1;
        Ok(byte)
    }

    /// So many bytes as they are.
    ///
    /// # Errors
    /// There are not so many.
    pub fn raw(&mut self, length: usize) -> Result<&'b [u8]> {
        let bytes = self.at.checked_add(length).and_then(|end| self.bytes.get(self.at..end));
        let bytes = bytes.ok_or_else(|| self.fault(Fault::End))?;
        self.at += length;
        Ok(bytes)
    }

    /// A whole number.
    ///
    /// # Errors
    /// There is none, or one of more than 64 bits.
    pub fn number(&mut self) -> Result<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(self.fault(Fault::NumberTooLarge))
    }

    /// A whole number of a smaller type.
    ///
    /// # Errors
    /// There is none, or it does not fit.
    pub fn small<T: TryFrom<u64>>(&mut self) -> Result<T> {
        let number = self.number()?;
        T::try_from(number).map_err(|_| self.fault(Fault::NumberTooLarge))
    }

    /// A whole number that may be negative.
    ///
    /// # Errors
    /// As [`number`](Self::number).
    pub fn integer(&mut self) -> Result<i64> {
        let number = self.number()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// A number of eight bytes.
    ///
    /// # Errors
    /// There are not so many.
    pub fn fixed(&mut self) -> Result<u64> {
        Ok(self.raw(8)?.try_into().map(u64::from_le_bytes).unwrap_or_default())
    }

    /// The number of things that follow, each of which takes a byte at least.
    ///
    /// # Errors
    /// There are fewer bytes.
    pub fn length(&mut self) -> Result<usize> {
        self.length_of(1)
    }

    /// The number of things that follow, each of which takes so many bytes at least.
    fn length_of(&mut self, bytes: usize) -> Result<usize> {
        let length = self.number()?;
        let found = usize::try_from(length).ok().filter(|length| *length <= self.rest() / bytes);
        found.ok_or_else(|| self.fault(Fault::Length(length)))
    }

    fn str(&mut self, length: usize) -> Result<&'b str> {
        let bytes = self.raw(length)?;
        std::str::from_utf8(bytes).map_err(|_| self.fault(Fault::NoText))
    }

    /// A text that is written wherever it occurs.
    ///
    /// # Errors
    /// There is none.
    pub fn text_in_place(&mut self) -> Result<&'b str> {
        let length = self.length()?;
        self.str(length)
    }

    /// Bytes that are written wherever they occur.
    ///
    /// # Errors
    /// There are none.
    pub fn bytes_in_place(&mut self) -> Result<&'b [u8]> {
        let length = self.length()?;
        self.raw(length)
    }

    /// A text that is a part if it is long.
    ///
    /// # Errors
    /// There is none.
    pub fn text(&mut self) -> Result<Text> {
        let number = self.number()?;
        match number.checked_sub(SHORT as u64 + 1) {
            None => Ok(Text::new(self.str(usize::try_from(number).unwrap_or(usize::MAX))?)),
            Some(number) => match self.part_at(number)? {
                Value::String(text) => Ok(text),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    Err(self.fault(Fault::OtherPart("text")))
                }
            },
        }
    }

    /// A value.
    ///
    /// # Errors
    /// There is none.
    pub fn value(&mut self) -> Result<Value> {
        Ok(match self.byte()? {
            mark::NULL => Value::Null,
            mark::FALSE => Value::Bool(false),
            mark::TRUE => Value::Bool(true),
            mark::INTEGER => Value::Number(self.integer()?.into()),
            mark::LARGE => Value::Number(self.number()?.into()),
            mark::FLOAT => Value::Number(self.float()?),
            mark::EMPTY_ARRAY => Value::Array(self.empty_array.clone()),
            mark::EMPTY_OBJECT => Value::Object(self.empty_object.clone()),
            mark::PART => {
                let number = self.number()?;
                self.part_at(number)?
            }
            other => match other.checked_sub(mark::SHORT).map(usize::from) {
                Some(length) if length <= SHORT => Value::String(Text::new(self.str(length)?)),
                Some(_) | None => return Err(self.no_variant("Value", other)),
            },
        })
    }

    fn float(&mut self) -> Result<Number> {
        let number = f64::from_bits(self.fixed()?);
        Number::from_f64(number).ok_or_else(|| self.invalid("a number is infinite or none"))
    }

    /// An array.
    ///
    /// # Errors
    /// There is none.
    pub fn array(&mut self) -> Result<Array> {
        match self.value()? {
            Value::Array(array) => Ok(array),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                Err(self.fault(Fault::OtherPart("an array")))
            }
        }
    }

    /// An object.
    ///
    /// # Errors
    /// There is none.
    pub fn object(&mut self) -> Result<Object> {
        match self.value()? {
            Value::Object(object) => Ok(object),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                Err(self.fault(Fault::OtherPart("an object")))
            }
        }
    }

    fn part_at(&self, number: u64) -> Result<Value> {
        let part = usize::try_from(number).ok().and_then(|number| self.parts.get(number));
        part.cloned().ok_or_else(|| self.fault(Fault::NoPart(number)))
    }

    fn part(&mut self) -> Result<Value> {
        const SIZED_ARRAY: u8 = kind::ARRAY + kind::SIZED;
        const SIZED_OBJECT: u8 = kind::OBJECT + kind::SIZED;
        let kind = self.byte()?;
        let least = match kind {
            SIZED_ARRAY | SIZED_OBJECT => Size { depth: self.small()?, weight: self.small()? },
            _ => Size::EMPTY,
        };
        let part = match kind {
            kind::TEXT => Value::String(Text::new(self.text_in_place()?)),
            kind::ARRAY | SIZED_ARRAY => Value::Array(self.array_part(least)?),
            kind::OBJECT | SIZED_OBJECT => Value::Object(self.object_part(least)?),
            other => return Err(self.no_variant("part", other)),
        };
        if part.depth() > DEPTH { Err(self.fault(Fault::TooDeep)) } else { Ok(part) }
    }

    fn array_part(&mut self, least: Size) -> Result<Array> {
        let length = self.length()?;
        let mut elements = Vec::with_capacity(length);
        for _ in 0..length {
            elements.push(self.value()?);
        }
        Ok(Array::with_size(elements, least))
    }

    fn object_part(&mut self, least: Size) -> Result<Object> {
        // The shortest field is the length of a key, and a value.
        let length = self.length_of(2)?;
        let object = Object::with_size(length, least, || Ok((self.text()?, self.value()?)))?;
        object.ok_or_else(|| self.fault(Fault::RepeatedKey))
    }
}
