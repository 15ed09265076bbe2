//! The footer of a file: its columns, and where in the file they are.

use super::thrift::{Read, Thrift, ThriftType, expect};
use super::{damaged, unsupported};
use crate::map_run::bounds::COLUMNS;
use asl_value::Text;
use std::ops::Range;

pub(super) struct Footer {
    /// The tree of columns, the root first, each followed by what is in it.
    pub(super) elements: Vec<Element>,
    pub(super) row_groups: Vec<RowGroup>,
}

/// A column, or a group of columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Element {
    pub(super) name: Text,
    /// The number of its physical type; nothing for a group.
    pub(super) physical: Option<i64>,
    /// How many bytes a value has, if all have the same number.
    pub(super) length: i64,
    pub(super) repetition: i64,
    pub(super) children: i64,
    pub(super) converted: Option<i64>,
    pub(super) scale: i64,
    pub(super) precision: i64,
    pub(super) logical: Option<Logical>,
}

/// What the values of a column mean: the number of the type, and what its fields say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Logical {
    pub(super) number: i16,
    pub(super) scale: i64,
    pub(super) precision: i64,
    /// The number of a unit of time: 1 for milliseconds, 2 for microseconds, 3 for nanoseconds.
    pub(super) unit: i16,
    pub(super) is_signed: bool,
}

pub(super) struct RowGroup {
    pub(super) rows: u64,
    pub(super) chunks: Vec<Chunk>,
}

/// A column of a row group.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Where its pages are in the file.
    pub(super) bytes: Range<u64>,
    /// The number of the way in which they are packed.
    pub(super) codec: i64,
}

impl Footer {
    /// Reads the footer of a file whose data ends there.
    pub(super) fn read(bytes: &[u8], data_end: u64) -> Read<Self> {
        let mut thrift = Thrift::new(bytes);
        let mut footer = Self { elements: Vec::new(), row_groups: Vec::new() };
        let mut is_encrypted = false;
        thrift.structure(|thrift, number, kind| {
            match number {
                2 => {
                    let mut count = 0;
                    footer.elements = thrift.list(kind, |thrift, kind| {
                        count += 1;
                        if count > COLUMNS {
                            return Err(unsupported(&format!("it has more than {COLUMNS} columns")));
                        }
                        element(thrift, kind)
                    })?;
                }
                4 => {
                    footer.row_groups = thrift.list(kind, |thrift, kind| row_group(thrift, kind, data_end))?
                }
                8 => {
                    is_encrypted = true;
                    return Ok(false);
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        if is_encrypted {
            return Err(unsupported("it is encrypted"));
        }
        Ok(footer)
    }
}

fn element(thrift: &mut Thrift<'_>, kind: ThriftType) -> Read<Element> {
    expect(kind, ThriftType::Struct)?;
    let (mut element, mut name) = (Element::default(), None);
    thrift.structure(|thrift, number, kind| {
        match number {
            1 => element.physical = Some(thrift.integer(kind)?),
            2 => element.length = thrift.integer(kind)?,
            3 => element.repetition = thrift.integer(kind)?,
            4 => name = Some(Text::from(String::from_utf8_lossy(thrift.binary(kind)?))),
            5 => element.children = thrift.integer(kind)?,
            6 => element.converted = Some(thrift.integer(kind)?),
            7 => element.scale = thrift.integer(kind)?,
            8 => element.precision = thrift.integer(kind)?,
            10 => element.logical = Some(logical(thrift, kind)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    element.name = name.ok_or_else(|| damaged("a column has no name"))?;
    Ok(element)
}

/// A struct of one field, whose number is that of the type.
fn logical(thrift: &mut Thrift<'_>, kind: ThriftType) -> Read<Logical> {
    expect(kind, ThriftType::Struct)?;
    let mut logical = Logical::default();
    thrift.structure(|thrift, number, kind| {
        logical.number = number;
        if kind != ThriftType::Struct {
            return Ok(false);
        }
        thrift.structure(|thrift, field, kind| {
            match (number, field) {
                // DECIMAL
                (5, 1) => logical.scale = thrift.integer(kind)?,
                (5, 2) => logical.precision = thrift.integer(kind)?,
                // TIME, TIMESTAMP: a struct of one field, whose number is that of the unit.
                (7 | 8, 2) if kind == ThriftType::Struct => thrift.structure(|_, unit, _| {
                    logical.unit = unit;
                    Ok(false)
                })?,
                // INTEGER
                (10, 2) => {
                    logical.is_signed = kind == ThriftType::True;
                    return Ok(false);
                }
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(true)
    })?;
    Ok(logical)
}

fn row_group(thrift: &mut Thrift<'_>, kind: ThriftType, data_end: u64) -> Read<RowGroup> {
    expect(kind, ThriftType::Struct)?;
    let mut group = RowGroup { rows: 0, chunks: Vec::new() };
    thrift.structure(|thrift, number, kind| {
        match number {
            1 => group.chunks = thrift.list(kind, |thrift, kind| chunk(thrift, kind, data_end))?,
            3 => {
                group.rows =
                    u64::try_from(thrift.integer(kind)?).map_err(|_| damaged("it has fewer than no rows"))?
            }
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(group)
}

fn chunk(thrift: &mut Thrift<'_>, kind: ThriftType, data_end: u64) -> Read<Chunk> {
    expect(kind, ThriftType::Struct)?;
    let mut chunk = None;
    thrift.structure(|thrift, number, kind| match number {
        1 => Err(unsupported("a column is in another file")),
        3 => {
            chunk = Some(column(thrift, kind, data_end)?);
            Ok(true)
        }
        8 | 9 => Err(unsupported("a column is encrypted")),
        _ => Ok(false),
    })?;
    chunk.ok_or_else(|| damaged("nothing says where a column is"))
}

fn column(thrift: &mut Thrift<'_>, kind: ThriftType, data_end: u64) -> Read<Chunk> {
    expect(kind, ThriftType::Struct)?;
    let (mut codec, mut length, mut pages, mut dictionary) = (None, None, None, None);
    thrift.structure(|thrift, number, kind| {
        match number {
            4 => codec = Some(thrift.integer(kind)?),
            7 => length = Some(thrift.integer(kind)?),
            9 => pages = Some(thrift.integer(kind)?),
            11 => dictionary = Some(thrift.integer(kind)?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    let place = || {
        // Some writers say 0 where there is no dictionary.
        let start = dictionary.filter(|place| *place > 0).into_iter().chain(pages).min();
        let start = u64::try_from(start?).ok()?;
        let end = start.checked_add(u64::try_from(length?).ok()?)?;
        (end <= data_end).then_some(start..end)
    };
    let bytes = place().ok_or_else(|| damaged("a column is not in the file"))?;
    Ok(Chunk { bytes, codec: codec.ok_or_else(|| damaged("nothing says how a column is packed"))? })
}
