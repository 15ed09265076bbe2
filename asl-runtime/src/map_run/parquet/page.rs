//! Pages: their headers, and how they are packed.

use super::thrift::{Read, Thrift, ThriftType};
use super::{damaged, unsupported};
use crate::map_run::bounds::PAGES_BYTES;
use crate::map_run::error::MapRunError;
use crate::map_run::packing::zstandard;
use flate2::read::MultiGzDecoder;
use std::io::Read as _;

/// The head of a page.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) kind: PageKind,
    /// How many bytes it has as it is in the file, and unpacked.
    pub(super) packed: usize,
    pub(super) unpacked: usize,
    /// How many values there are, those that are not there included.
    pub(super) values: u64,
    pub(super) encoding: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PageKind {
    /// Levels and values are packed together, each with its length.
    First {
        repetition: i64,
        definition: i64,
    },
    Dictionary,
    /// Levels come before the values, of which only these may be packed.
    Second {
        repetition: usize,
        definition: usize,
        is_packed: bool,
    },
    /// It has no values.
    Other,
}

impl Header {
    /// Reads the head of a page: it, and how long it is; nothing where there are not enough bytes.
    pub(super) fn read(bytes: &[u8]) -> Read<Option<(Self, usize)>> {
        let mut thrift = Thrift::new(bytes);
        match Self::of(&mut thrift) {
            Ok(header) => Ok(Some((header, bytes.len() - thrift.left()))),
            Err(_) if thrift.ended => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn of(thrift: &mut Thrift<'_>) -> Read<Self> {
        let (mut number, mut packed, mut unpacked) = (None, None, None);
        let (mut first, mut dictionary, mut second) = (Data::default(), Data::default(), Data::default());
        thrift.structure(|thrift, field, kind| {
            match (field, kind) {
                (1, _) => number = Some(thrift.integer(kind)?),
                (2, _) => unpacked = Some(thrift.integer(kind)?),
                (3, _) => packed = Some(thrift.integer(kind)?),
                (5, ThriftType::Struct) => first = Data::read(thrift)?,
                (7, ThriftType::Struct) => dictionary = Data::read(thrift)?,
                (8, ThriftType::Struct) => second = Data::read(thrift)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let size = |size: Option<i64>| {
            let size = size
                .and_then(|size| usize::try_from(size).ok())
                .ok_or_else(|| damaged("a page has no length"))?;
            if size > PAGES_BYTES {
                return Err(unsupported(&format!("a page is longer than {PAGES_BYTES} bytes")));
            }
            Ok(size)
        };
        let (data, kind) = match number {
            Some(0) => {
                let [_, _, definition, repetition, ..] = first.fields;
                (first, PageKind::First { repetition, definition })
            }
            Some(2) => (dictionary, PageKind::Dictionary),
            Some(3) => {
                let length = |length| usize::try_from(length).map_err(|_| damaged("a page has no length"));
                let [_, _, _, _, definition, repetition] = second.fields;
                let (repetition, definition) = (length(repetition)?, length(definition)?);
                (second, PageKind::Second { repetition, definition, is_packed: !second.is_plain })
            }
            Some(_) => (Data::default(), PageKind::Other),
            None => return Err(damaged("a page is of no kind")),
        };
        let [values, second_field, _, fourth_field, ..] = data.fields;
        let encoding = if matches!(kind, PageKind::Second { .. }) { fourth_field } else { second_field };
        Ok(Self {
            kind,
            packed: size(packed)?,
            unpacked: size(unpacked)?,
            values: u64::try_from(values).map_err(|_| damaged("a page has fewer than no values"))?,
            encoding,
        })
    }
}

/// What a header says about data: its first fields, which are all numbers.
#[derive(Clone, Copy, Default)]
struct Data {
    fields: [i64; 6],
    /// Its values are not packed, whatever the column says.
    is_plain: bool,
}

impl Data {
    fn read(thrift: &mut Thrift<'_>) -> Read<Self> {
        let mut data = Self::default();
        thrift.structure(|thrift, field, kind| {
            if (field, kind) == (7, ThriftType::False) {
                data.is_plain = true;
            }
            let place = usize::try_from(field - 1).ok().and_then(|field| data.fields.get_mut(field));
            match place {
                Some(place) if kind == ThriftType::Integer => *place = thrift.integer(kind)?,
                Some(_) | None => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(data)
    }
}

/// A byte of gzip becomes no more than so many.
const GZIP_RATIO: usize = 1_032;

/// Unpacks a page, which becomes so many bytes.
pub(super) fn unpack(codec: i64, packed: &[u8], length: usize) -> Result<Vec<u8>, MapRunError> {
    let unpacked = match codec {
        0 => packed.to_vec(),
        1 => {
            let said = snap::raw::decompress_len(packed).map_err(|error| broken(&error))?;
            if said != length {
                return Err(damaged("a page is of another length when it is unpacked"));
            }
            snap::raw::Decoder::new().decompress_vec(packed).map_err(|error| broken(&error))?
        }
        2 => {
            // Room that grew by itself could be twice as much as is needed.
            let mut unpacked = Vec::with_capacity(length.min(packed.len().saturating_mul(GZIP_RATIO)));
            let most = u64::try_from(length).unwrap_or(u64::MAX).saturating_add(1);
            MultiGzDecoder::new(packed)
                .take(most)
                .read_to_end(&mut unpacked)
                .map_err(|error| broken(&error))?;
            unpacked
        }
        6 => zstandard::unpacked(packed.to_vec(), length).map_err(|why| broken(&why))?,
        codec => {
            let name = match codec {
                3 => "LZO",
                4 => "Brotli",
                5 | 7 => "LZ4",
                _ => "something unknown",
            };
            let why = format!("its pages are packed with {name}, and not with Snappy, gzip, or Zstandard");
            return Err(unsupported(&why));
        }
    };
    if unpacked.len() == length {
        Ok(unpacked)
    } else {
        Err(damaged("a page is of another length when it is unpacked"))
    }
}

fn broken(error: &dyn std::fmt::Display) -> MapRunError {
    damaged(&format!("a page cannot be unpacked: {error}"))
}
