//! The values of a page, decoded one by one.

use super::bits::{Bits, Runs};
use super::delta::Deltas;
use super::piece::Piece;
use super::schema::Physical;
use crate::map_run::bounds::{ITEM_BYTES, too_long};
use crate::map_run::error::MapRunError;
use std::sync::Arc;

/// A value as it is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Raw<'v> {
    Boolean(bool),
    Integer(i64),
    Float(f32),
    Double(f64),
    Bytes(&'v [u8]),
}

/// Why there is no value.
#[derive(Debug)]
pub(super) enum NoValue {
    Damaged,
    /// An error of its own.
    Refused(MapRunError),
}

/// The numbers of encodings.
const PLAIN: i64 = 0;
const PLAIN_DICTIONARY: i64 = 2;
const RLE: i64 = 3;
const DELTA_BINARY_PACKED: i64 = 5;
const DELTA_LENGTH_BYTE_ARRAY: i64 = 6;
const DELTA_BYTE_ARRAY: i64 = 7;
const RLE_DICTIONARY: i64 = 8;
const BYTE_STREAM_SPLIT: i64 = 9;

/// Decodes the values of a page.
#[derive(Debug)]
pub(super) struct Values {
    physical: Physical,
    encoded: Encoded,
}

#[derive(Debug)]
enum Encoded {
    Plain(Piece),
    Booleans(Bits),
    BooleanRuns(Runs),
    Dictionary(Runs, Arc<Dictionary>),
    Deltas(Deltas),
    Lengths(Deltas, Piece),
    Prefixes(Box<Prefixes>),
    Split(Split),
}

/// Texts that begin as the one before.
#[derive(Debug)]
struct Prefixes {
    prefixes: Deltas,
    suffixes: Deltas,
    bytes: Piece,
    last: Vec<u8>,
}

/// The first bytes of all values, then the second ones of all.
#[derive(Debug)]
struct Split {
    bytes: Piece,
    /// How many values there are, and which of them comes next.
    count: usize,
    at: usize,
    value: Vec<u8>,
}

/// The values that a column has, each once.
#[derive(Debug)]
pub(super) struct Dictionary {
    bytes: Piece,
    /// Where each value is, if their lengths differ.
    places: Vec<(u32, u32)>,
    physical: Physical,
}

impl Values {
    /// The values of a page in an encoding, of which there are at most so many.
    pub(super) fn new(
        physical: Physical,
        encoding: i64,
        mut bytes: Piece,
        dictionary: Option<&Arc<Dictionary>>,
    ) -> Result<Self, NoValue> {
        let found = match (encoding, physical) {
            (PLAIN, Physical::Boolean) => Some(Encoded::Booleans(Bits::new(bytes, 1))),
            (PLAIN, _) => Some(Encoded::Plain(bytes)),
            (PLAIN_DICTIONARY | RLE_DICTIONARY, _) => Self::of_dictionary(bytes, dictionary),
            (RLE, Physical::Boolean) => {
                let runs = bytes.length().and_then(|length| bytes.split(length));
                runs.map(|runs| Encoded::BooleanRuns(Runs::new(runs, 1)))
            }
            (DELTA_BINARY_PACKED, Physical::Int32 | Physical::Int64) => {
                Deltas::new(bytes).map(Encoded::Deltas)
            }
            (DELTA_LENGTH_BYTE_ARRAY, Physical::Bytes) => Deltas::new(bytes.clone())
                .zip(Deltas::new(bytes).and_then(Deltas::after))
                .map(|(lengths, bytes)| Encoded::Lengths(lengths, bytes)),
            (DELTA_BYTE_ARRAY, Physical::Bytes | Physical::Fixed(_)) => Self::of_prefixes(bytes),
            (BYTE_STREAM_SPLIT, physical) if physical.length().is_some() && physical != Physical::Int96 => {
                let length = physical.length().unwrap_or(1);
                Some(Encoded::Split(Split {
                    count: bytes.len() / length,
                    at: 0,
                    bytes,
                    value: vec![0; length.min(ITEM_BYTES)],
                }))
            }
            (encoding, _) => {
                let why = format!("a page has its values in encoding {encoding}");
                return Err(NoValue::Refused(super::unsupported(&why)));
            }
        };
        Ok(Self { physical, encoded: found.ok_or(NoValue::Damaged)? })
    }

    fn of_dictionary(mut bytes: Piece, dictionary: Option<&Arc<Dictionary>>) -> Option<Encoded> {
        // A page without values may have nothing in it.
        let width = if bytes.len() == 0 { 0 } else { bytes.byte()? };
        let dictionary = dictionary?;
        (width <= 32).then(|| Encoded::Dictionary(Runs::new(bytes, u32::from(width)), Arc::clone(dictionary)))
    }

    fn of_prefixes(bytes: Piece) -> Option<Encoded> {
        let after = Deltas::new(bytes.clone())?.after()?;
        let (prefixes, suffixes) = (Deltas::new(bytes)?, Deltas::new(after.clone())?);
        let bytes = Deltas::new(after)?.after()?;
        Some(Encoded::Prefixes(Box::new(Prefixes { prefixes, suffixes, bytes, last: Vec::new() })))
    }

    /// The next value.
    pub(super) fn next(&mut self) -> Result<Raw<'_>, NoValue> {
        let found = match &mut self.encoded {
            Encoded::Plain(bytes) => plain(self.physical, bytes),
            Encoded::Booleans(bits) => bits.next().map(|bit| Raw::Boolean(bit == 1)),
            Encoded::BooleanRuns(runs) => runs.next().map(|bit| Raw::Boolean(bit == 1)),
            Encoded::Dictionary(runs, dictionary) => runs.next().and_then(|index| dictionary.get(index)),
            Encoded::Deltas(deltas) => {
                deltas.next().map(|number| Raw::Integer(integer(self.physical, number)))
            }
            Encoded::Lengths(lengths, bytes) => {
                let length = lengths.next().and_then(|length| usize::try_from(length).ok());
                length.and_then(|length| bytes.take(length)).map(Raw::Bytes)
            }
            Encoded::Prefixes(prefixes) => return prefixes.next(self.physical),
            Encoded::Split(split) => split.next(self.physical),
        };
        found.ok_or(NoValue::Damaged)
    }
}

impl Prefixes {
    fn next(&mut self, physical: Physical) -> Result<Raw<'_>, NoValue> {
        let length = |lengths: &mut Deltas| lengths.next().and_then(|length| usize::try_from(length).ok());
        let prefix = length(&mut self.prefixes).filter(|prefix| *prefix <= self.last.len());
        let suffix = length(&mut self.suffixes).and_then(|suffix| self.bytes.take(suffix));
        let (Some(prefix), Some(suffix)) = (prefix, suffix) else { return Err(NoValue::Damaged) };
        if prefix + suffix.len() > ITEM_BYTES {
            return Err(NoValue::Refused(too_long("A row of the Parquet file", ITEM_BYTES)));
        }
        self.last.truncate(prefix);
        self.last.extend_from_slice(suffix);
        let is_damaged = matches!(physical, Physical::Fixed(length) if length != self.last.len());
        if is_damaged { Err(NoValue::Damaged) } else { Ok(Raw::Bytes(&self.last)) }
    }
}

impl Split {
    fn next(&mut self, physical: Physical) -> Option<Raw<'_>> {
        if self.at >= self.count {
            return None;
        }
        let bytes = self.bytes.rest();
        for (byte, place) in self.value.iter_mut().zip((self.at..).step_by(self.count)) {
            *byte = *bytes.get(place)?;
        }
        self.at += 1;
        of_bytes(physical, &self.value)
    }
}

impl Dictionary {
    /// The values of a dictionary, of which there are so many, plain.
    pub(super) fn new(physical: Physical, count: usize, bytes: Piece) -> Option<Self> {
        let mut places = Vec::new();
        if physical == Physical::Bytes {
            let mut rest = bytes.clone();
            for _ in 0..count {
                let length = rest.length()?;
                let place = bytes.len() - rest.len();
                rest.take(length)?;
                places.push((u32::try_from(place).ok()?, u32::try_from(length).ok()?));
            }
        }
        (physical != Physical::Boolean).then_some(Self { bytes, places, physical })
    }

    /// How many bytes it takes.
    pub(super) const fn held(&self) -> usize {
        self.bytes.len() + self.places.capacity() * size_of::<(u32, u32)>()
    }

    fn get(&self, index: u64) -> Option<Raw<'_>> {
        let index = usize::try_from(index).ok()?;
        match self.physical.length() {
            Some(length) => {
                let start = index.checked_mul(length)?;
                of_bytes(self.physical, self.bytes.rest().get(start..start.checked_add(length)?)?)
            }
            None => {
                let (start, length) = *self.places.get(index)?;
                let start = usize::try_from(start).ok()?;
                let end = start.checked_add(usize::try_from(length).ok()?)?;
                self.bytes.rest().get(start..end).map(Raw::Bytes)
            }
        }
    }
}

fn plain(physical: Physical, bytes: &mut Piece) -> Option<Raw<'_>> {
    let length = match physical.length() {
        Some(length) => length,
        None => bytes.length()?,
    };
    of_bytes(physical, bytes.take(length)?)
}

fn of_bytes(physical: Physical, bytes: &[u8]) -> Option<Raw<'_>> {
    Some(match physical {
        Physical::Int32 => Raw::Integer(i32::from_le_bytes(*bytes.first_chunk()?).into()),
        Physical::Int64 => Raw::Integer(i64::from_le_bytes(*bytes.first_chunk()?)),
        Physical::Float => Raw::Float(f32::from_le_bytes(*bytes.first_chunk()?)),
        Physical::Double => Raw::Double(f64::from_le_bytes(*bytes.first_chunk()?)),
        Physical::Int96 | Physical::Bytes | Physical::Fixed(_) => Raw::Bytes(bytes),
        Physical::Boolean => return None,
    })
}

/// Differences of 32 bits wrap there.
#[expect(clippy::cast_possible_truncation, reason = "what is above 32 bits is what wraps")]
const fn integer(physical: Physical, number: i64) -> i64 {
    if matches!(physical, Physical::Int32) { number as i32 as i64 } else { number }
}
