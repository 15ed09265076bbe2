//! A column of a row group, read page by page.

use super::bits::Runs;
use super::cell;
use super::footer::Chunk;
use super::page::{Header, PageKind, unpack};
use super::piece::Piece;
use super::schema::Leaf;
use super::values::{Dictionary, NoValue, Values};
use super::{Source, damaged, unsupported};
use crate::map_run::bounds::{ITEM_BYTES, ITEM_VALUES, PAGES_BYTES, too_long, too_many_values};
use crate::map_run::error::MapRunError;
use asl_value::Value;
use std::ops::Range;
use std::sync::Arc;

/// How long the head of a page may be: the smallest and the largest value may be in it.
const HEADER_BYTES: usize = 16 * 1024 * 1024;
/// The number of the encoding of levels.
const RLE: i64 = 3;

/// One value of a row, or that there is none.
#[derive(Debug)]
pub(super) struct Cell {
    /// How many of the repeated columns go on in it; 0 begins a row.
    pub(super) repetition: u16,
    /// How much of the way to a value is there.
    pub(super) definition: u16,
    pub(super) value: Value,
}

pub(super) struct Column {
    leaf: Arc<Leaf>,
    codec: i64,
    /// What has been read ahead, how much of it is done with, and what comes after it.
    ahead: Vec<u8>,
    at: usize,
    after: Range<u64>,
    window: usize,
    dictionary: Option<Arc<Dictionary>>,
    page: Option<Page>,
    /// A value of the next row, which has shown that a row is complete.
    next: Option<u16>,
}

/// A page that is being read.
struct Page {
    repetitions: Levels,
    definitions: Levels,
    values: Values,
    /// How many values are left, those that are not there included.
    left: u64,
    held: usize,
}

/// Levels up to the largest there can be; none are stored where it is 0.
struct Levels {
    runs: Runs,
    most: u16,
}

impl Column {
    /// A column of which this has been read ahead.
    pub(super) fn new(leaf: Arc<Leaf>, chunk: Chunk, ahead: Vec<u8>, window: usize) -> Self {
        let after = chunk.bytes.start + ahead.len() as u64..chunk.bytes.end;
        let (codec, dictionary, page) = (chunk.codec, None, None);
        Self { leaf, codec, ahead, at: 0, after, window, dictionary, page, next: None }
    }

    /// Reads what there is of the next row.
    pub(super) async fn record(
        &mut self,
        source: &Source<'_>,
        held: &mut usize,
        cells: &mut Vec<Cell>,
    ) -> Result<(), MapRunError> {
        let mut bytes = 0;
        loop {
            let Some(page) = self.page.as_mut().filter(|page| page.left > 0) else {
                if self.turn(source, held).await? {
                    continue;
                }
                let is_complete = !cells.is_empty();
                return if is_complete { Ok(()) } else { Err(damaged("a column ends too early")) };
            };
            let repetition = match self.next.take() {
                Some(repetition) => repetition,
                None => page.repetitions.next()?,
            };
            if (repetition == 0) != cells.is_empty() {
                if cells.is_empty() {
                    return Err(damaged("a row does not begin where it should"));
                }
                self.next = Some(repetition);
                return Ok(());
            }
            page.left -= 1;
            let definition = page.definitions.next()?;
            let value = if definition == self.leaf.defined {
                page.value(&self.leaf, &mut bytes)?
            } else {
                Value::Null
            };
            cells.push(Cell { repetition, definition, value });
            if cells.len() > ITEM_VALUES {
                return Err(too_many_values("A row of the Parquet file"));
            }
            if self.leaf.repeated == 0 {
                return Ok(());
            }
        }
    }

    /// Goes on to the next page with values, if there is one.
    async fn turn(&mut self, source: &Source<'_>, held: &mut usize) -> Result<bool, MapRunError> {
        *held = held.saturating_sub(self.page.take().map_or(0, |page| page.held));
        while let Some(header) = self.header(source).await? {
            self.fill(header.packed, source).await?;
            let packed = self.ahead.get(self.at..).and_then(|ahead| ahead.get(..header.packed));
            let Some(packed) = packed else { return Err(damaged("a page ends too early")) };
            if header.kind == PageKind::Other {
                self.at += header.packed;
                continue;
            }
            if *held + header.packed + header.unpacked > PAGES_BYTES {
                let why = format!("its pages take more than {PAGES_BYTES} bytes at once");
                return Err(unsupported(&why));
            }
            let unpacked = unpacked(self.codec, &header, packed)?;
            self.at += header.packed;
            if header.kind == PageKind::Dictionary {
                self.keep(&header, unpacked, held)?;
                continue;
            }
            let page = Page::new(&self.leaf, &header, unpacked, self.dictionary.as_ref())?;
            *held += page.held;
            self.page = Some(page);
            return Ok(true);
        }
        Ok(false)
    }

    fn keep(&mut self, header: &Header, unpacked: Vec<u8>, held: &mut usize) -> Result<(), MapRunError> {
        *held = held.saturating_sub(self.dictionary.take().map_or(0, |dictionary| dictionary.held()));
        let count = usize::try_from(header.values).unwrap_or(usize::MAX);
        let dictionary = Dictionary::new(self.leaf.physical, count, Piece::new(unpacked))
            .ok_or_else(|| damaged("a dictionary is cut off"))?;
        *held += dictionary.held();
        self.dictionary = Some(Arc::new(dictionary));
        Ok(())
    }

    /// The head of the next page, if there is one.
    async fn header(&mut self, source: &Source<'_>) -> Result<Option<Header>, MapRunError> {
        let mut wanted = 1;
        loop {
            self.fill(wanted, source).await?;
            let rest = self.ahead.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                return Ok(None);
            }
            if let Some((header, length)) = Header::read(rest)? {
                self.at += length;
                return Ok(Some(header));
            }
            if self.after.is_empty() || rest.len() > HEADER_BYTES {
                return Err(damaged("a page ends too early"));
            }
            wanted = rest.len().saturating_mul(2);
        }
    }

    /// Reads ahead, so that so many bytes are there, unless the column ends before.
    async fn fill(&mut self, wanted: usize, source: &Source<'_>) -> Result<(), MapRunError> {
        let missing = wanted.saturating_sub(self.ahead.len() - self.at);
        if missing == 0 || self.after.is_empty() {
            return Ok(());
        }
        let start = self.after.start;
        let end = start.saturating_add(missing.max(self.window) as u64).min(self.after.end);
        let read = source.read(start..end).await?;
        self.after.start = end;
        self.ahead.drain(..self.at);
        self.ahead.shrink_to(self.window);
        self.at = 0;
        self.ahead.extend(read);
        Ok(())
    }
}

/// The bytes of a page, of which in the second form the levels are never packed.
fn unpacked(codec: i64, header: &Header, packed: &[u8]) -> Result<Vec<u8>, MapRunError> {
    let PageKind::Second { repetition, definition, is_packed } = header.kind else {
        return unpack(codec, packed, header.unpacked);
    };
    if !is_packed {
        return unpack(0, packed, header.unpacked);
    }
    let levels = repetition.checked_add(definition).filter(|levels| *levels <= header.unpacked);
    let split = levels.and_then(|levels| Some((packed.split_at_checked(levels)?, header.unpacked - levels)));
    let Some(((levels, packed), length)) = split else { return Err(damaged("a page ends too early")) };
    let mut unpacked = levels.to_vec();
    // Nothing need not be packed.
    if !(packed.is_empty() && length == 0) {
        unpacked.append(&mut unpack(codec, packed, length)?);
    }
    Ok(unpacked)
}

impl Page {
    fn new(
        leaf: &Leaf,
        header: &Header,
        unpacked: Vec<u8>,
        dictionary: Option<&Arc<Dictionary>>,
    ) -> Result<Self, MapRunError> {
        let held = unpacked.len();
        let mut bytes = Piece::new(unpacked);
        let mut levels = |most: u16, length: Option<usize>, encoding| {
            // In the first form they have their length in front of them, if there are any.
            let length = match length {
                Some(length) => Some(length),
                None if most == 0 => Some(0),
                None if encoding == RLE => bytes.length(),
                None => return Err(unsupported("the levels of a page are in the encoding of old")),
            };
            let levels = length.and_then(|length| bytes.split(length));
            let runs = Runs::new(
                levels.ok_or_else(|| damaged("a page ends too early"))?,
                u16::BITS - most.leading_zeros(),
            );
            Ok(Levels { runs, most })
        };
        let (repetitions, definitions) = match header.kind {
            PageKind::Second { repetition, definition, .. } => {
                (levels(leaf.repeated, Some(repetition), RLE)?, levels(leaf.defined, Some(definition), RLE)?)
            }
            PageKind::First { repetition, definition } => {
                (levels(leaf.repeated, None, repetition)?, levels(leaf.defined, None, definition)?)
            }
            PageKind::Dictionary | PageKind::Other => return Err(damaged("a page is of another kind")),
        };
        let values = Values::new(leaf.physical, header.encoding, bytes, dictionary).map_err(no_value)?;
        Ok(Self { repetitions, definitions, values, left: header.values, held })
    }

    fn value(&mut self, leaf: &Leaf, bytes: &mut usize) -> Result<Value, MapRunError> {
        let raw = self.values.next().map_err(no_value)?;
        *bytes += cell::length(raw);
        if *bytes > ITEM_BYTES {
            return Err(too_long("A row of the Parquet file", ITEM_BYTES));
        }
        leaf.meaning.value(raw)
    }
}

impl Levels {
    fn next(&mut self) -> Result<u16, MapRunError> {
        if self.most == 0 {
            return Ok(0);
        }
        let level = self.runs.next().and_then(|level| u16::try_from(level).ok());
        level.filter(|level| *level <= self.most).ok_or_else(|| damaged("a level is missing, or too large"))
    }
}

fn no_value(why: NoValue) -> MapRunError {
    match why {
        NoValue::Damaged => damaged("a value is missing"),
        NoValue::Refused(why) => why,
    }
}
