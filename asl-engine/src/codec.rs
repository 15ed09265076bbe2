//! A compact binary form of everything that crosses a process or outlives one.
//!
//! In: values, wants, outcomes, events, executions. Out: bytes, the same for the same content. In again: bytes, of which nothing is
//! believed. Nothing in here reads or writes anything but memory.
//!
//! ```text
//! bytes = number of parts, parts, body
//! part  = a long text, an array or an object; what is in it that is a part itself is written as the number of an earlier part
//! body  = what was encoded, with numbers in the places of parts
//! ```
//!
//! A part is written once however often it occurs, and is shared memory after decoding wherever it occurs: ten thousand lanes that hold a
//! document hold one document. Which parts were shared before does not matter, only what is in them, so that bytes come back from what was
//! decoded of them as they were.
//!
//! Whole numbers have as many bytes as they need (LEB128, signed ones in zigzag). Decoding takes memory in proportion to the bytes, at
//! worst about a hundred times as much (objects with many fields of one letter), never goes deeper than [`DEPTH`], and never panics.

mod basic;
mod decoder;
mod encoder;
mod parts;
#[cfg(test)]
mod tests;

pub use decoder::{DecodeError, Decoder};
pub use encoder::Encoder;

use asl_language::limits::VALUE_DEPTH;

/// How deep a value may be. Between states values are as deep as [`VALUE_DEPTH`]; within one, a template may be around them, and
/// expressions may go deeper.
pub const DEPTH: u32 = 8 * VALUE_DEPTH;

/// Texts of up to so many bytes are stored in place; they take no separate memory either.
const SHORT: usize = 23;

/// Bytes as they are, of something that is bytes already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl From<Bytes> for Vec<u8> {
    fn from(bytes: Bytes) -> Self {
        bytes.0
    }
}

/// Can be written as bytes.
pub trait Encode {
    /// Writes it.
    fn encode<'v>(&'v self, to: &mut Encoder<'v>);
}

/// Can be read from bytes.
pub trait Decode: Sized {
    /// Reads one.
    ///
    /// # Errors
    /// The bytes are those of nothing of this type.
    fn decode(from: &mut Decoder<'_>) -> Result<Self, DecodeError>;
}

/// The bytes of something.
#[must_use]
pub fn to_bytes(what: &impl Encode) -> Vec<u8> {
    let mut encoder = Encoder::new();
    what.encode(&mut encoder);
    encoder.finish()
}

/// What the bytes are of.
///
/// # Errors
/// The bytes are those of nothing of this type, or of more than that.
pub fn from_bytes<T: Decode>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut decoder = Decoder::new(bytes)?;
    let what = T::decode(&mut decoder)?;
    decoder.finish()?;
    Ok(what)
}

/// A structure as its fields one after the other.
macro_rules! record {
    ($type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::codec::Encode for $type {
            fn encode<'v>(&'v self, to: &mut $crate::codec::Encoder<'v>) {
                let Self { $($field),* } = self;
                $($crate::codec::Encode::encode($field, to);)*
            }
        }

        impl $crate::codec::Decode for $type {
            fn decode(
                from: &mut $crate::codec::Decoder<'_>,
            ) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                $(let $field = $crate::codec::Decode::decode(from)?;)*
                Ok(Self { $($field),* })
            }
        }
    };
}

/// An enumeration as the number of the variant, and its fields.
macro_rules! variants {
    ($type:ty { $($number:literal $variant:ident $(($($inner:ident),*))? $({ $($field:ident),* })?),* $(,)? }) => {
        impl $crate::codec::Encode for $type {
            fn encode<'v>(&'v self, to: &mut $crate::codec::Encoder<'v>) {
                match self {
                    $(Self::$variant $(($($inner),*))? $({ $($field),* })? => {
                        to.byte($number);
                        $($($crate::codec::Encode::encode($inner, to);)*)?
                        $($($crate::codec::Encode::encode($field, to);)*)?
                    })*
                }
            }
        }

        impl $crate::codec::Decode for $type {
            fn decode(
                from: &mut $crate::codec::Decoder<'_>,
            ) -> ::core::result::Result<Self, $crate::codec::DecodeError> {
                match from.byte()? {
                    $($number => {
                        $($(let $inner = $crate::codec::Decode::decode(from)?;)*)?
                        $($(let $field = $crate::codec::Decode::decode(from)?;)*)?
                        Ok(Self::$variant $(($($inner),*))? $({ $($field),* })?)
                    })*
                    other => Err(from.no_variant(stringify!($type), other)),
                }
            }
        }
    };
}

pub(crate) use {record, variants};
