//! The compact protocol of Thrift, in which footers and the headers of pages are written.

use super::damaged;
use super::piece::unzigzag;
use crate::map_run::error::MapRunError;

/// How deep what is passed over may be nested.
const DEPTH: u32 = 64;

/// Reads values.
pub(super) struct Thrift<'b> {
    bytes: &'b [u8],
    /// What is left was not enough.
    pub(super) ended: bool,
}

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ThriftType {
    True,
    False,
    Byte,
    /// Of 16, 32 or 64 bits.
    Integer,
    Double,
    Binary,
    /// A list or a set.
    List,
    Map,
    Struct,
    Uuid,
}

/// A value that is asked for.
pub(super) type Read<T> = Result<T, MapRunError>;

impl<'b> Thrift<'b> {
    pub(super) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, ended: false }
    }

    /// How many bytes have not been read.
    pub(super) const fn left(&self) -> usize {
        self.bytes.len()
    }

    fn take(&mut self, length: usize) -> Read<&'b [u8]> {
        let Some((taken, rest)) = self.bytes.split_at_checked(length) else {
            self.ended = true;
            return Err(damaged("its structure ends too early"));
        };
        self.bytes = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Read<u8> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    fn varint(&mut self) -> Read<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(damaged("a number in its structure has no end"))
    }

    fn length(&mut self) -> Read<usize> {
        Ok(usize::try_from(self.varint()?).unwrap_or(usize::MAX))
    }

    /// Reads a struct: each field that is in it, by its number. A field that `read` does not take is passed over.
    pub(super) fn structure(
        &mut self,
        mut read: impl FnMut(&mut Self, i16, ThriftType) -> Read<bool>,
    ) -> Read<()> {
        self.fields(0, &mut read)
    }

    fn fields(
        &mut self,
        depth: u32,
        read: &mut dyn FnMut(&mut Self, i16, ThriftType) -> Read<bool>,
    ) -> Read<()> {
        let mut number = 0_i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                return Ok(());
            }
            number = match head >> 4 {
                0 => i16::try_from(unzigzag(self.varint()?)).map_err(|_| damaged("a field has no number"))?,
                step => number.wrapping_add(i16::from(step)),
            };
            let kind = kind(head)?;
            if !read(self, number, kind)? {
                self.skip(kind, depth)?;
            }
        }
    }

    pub(super) fn integer(&mut self, kind: ThriftType) -> Read<i64> {
        match kind {
            ThriftType::Integer => self.varint().map(unzigzag),
            ThriftType::Byte => self.byte().map(|byte| i64::from(byte.cast_signed())),
            ThriftType::True
            | ThriftType::False
            | ThriftType::Double
            | ThriftType::Binary
            | ThriftType::List
            | ThriftType::Map
            | ThriftType::Struct
            | ThriftType::Uuid => Err(damaged("a number in its structure is something else")),
        }
    }

    pub(super) fn binary(&mut self, kind: ThriftType) -> Read<&'b [u8]> {
        expect(kind, ThriftType::Binary)?;
        let length = self.length()?;
        self.take(length)
    }

    /// Reads a list, of whose elements each is read by `element`.
    pub(super) fn list<T>(
        &mut self,
        kind: ThriftType,
        mut element: impl FnMut(&mut Self, ThriftType) -> Read<T>,
    ) -> Read<Vec<T>> {
        expect(kind, ThriftType::List)?;
        let (kind, length) = self.list_head()?;
        // Each element takes a byte at least, so that a length alone takes no memory.
        let mut elements = Vec::new();
        for _ in 0..length {
            elements.push(element(self, kind)?);
        }
        Ok(elements)
    }

    fn list_head(&mut self) -> Read<(ThriftType, usize)> {
        let head = self.byte()?;
        let length = match head >> 4 {
            15 => self.length()?,
            length => usize::from(length),
        };
        if length > self.bytes.len() {
            self.ended = true;
            return Err(damaged("a list in its structure ends too early"));
        }
        Ok((kind(head)?, length))
    }

    fn skip(&mut self, kind: ThriftType, depth: u32) -> Read<()> {
        if depth > DEPTH {
            return Err(damaged("its structure is nested too deeply"));
        }
        match kind {
            ThriftType::True | ThriftType::False => Ok(()),
            ThriftType::Byte => self.take(1).map(drop),
            ThriftType::Integer => self.varint().map(drop),
            ThriftType::Double => self.take(8).map(drop),
            ThriftType::Uuid => self.take(16).map(drop),
            ThriftType::Binary => self.binary(kind).map(drop),
            ThriftType::Struct => {
                self.fields(depth + 1, &mut |thrift, _, kind| thrift.skip(kind, depth + 1).map(|()| true))
            }
            ThriftType::List => {
                let (kind, length) = self.list_head()?;
                (0..length).try_for_each(|_| self.skip_element(kind, depth + 1))
            }
            ThriftType::Map => {
                let length = self.length()?;
                if length == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                let (key, value) = (self::kind(kinds >> 4)?, self::kind(kinds)?);
                (0..length).try_for_each(|_| {
                    self.skip_element(key, depth + 1)?;
                    self.skip_element(value, depth + 1)
                })
            }
        }
    }

    /// Outside of fields, a truth value is a byte.
    fn skip_element(&mut self, element: ThriftType, depth: u32) -> Read<()> {
        let is_byte = matches!(element, ThriftType::True | ThriftType::False);
        self.skip(if is_byte { ThriftType::Byte } else { element }, depth)
    }
}

pub(super) fn expect(kind: ThriftType, expected: ThriftType) -> Read<()> {
    if kind == expected { Ok(()) } else { Err(damaged("a part of its structure is something else")) }
}

fn kind(head: u8) -> Read<ThriftType> {
    Ok(match head & 0x0f {
        1 => ThriftType::True,
        2 => ThriftType::False,
        3 => ThriftType::Byte,
        4..=6 => ThriftType::Integer,
        7 => ThriftType::Double,
        8 => ThriftType::Binary,
        9 | 10 => ThriftType::List,
        11 => ThriftType::Map,
        12 => ThriftType::Struct,
        13 => ThriftType::Uuid,
        _ => return Err(damaged("its structure has a part of an unknown kind")),
    })
}
