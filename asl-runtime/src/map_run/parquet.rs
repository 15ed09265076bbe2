//! Parquet files: one item a row, an object with a field for each column.
//!
//! In: a store and an object. Out: rows. The footer is read first, then one row group after the other, in ranges: a small row group at once, of a
//! large one a window of each column. A column has one page unpacked at a time, of which values are decoded one by one. What is in a
//! file is untrusted: nothing is allocated because a file says so, beyond the `bounds`.

mod bits;
mod cell;
mod column;
mod delta;
mod footer;
mod page;
mod piece;
mod record;
mod schema;
#[cfg(test)]
mod tests;
mod thrift;
mod values;

use super::bounds::AHEAD_BYTES;
use super::error::MapRunError;
use super::store::{ObjectLocation, ObjectStore};
use asl_value::Value;
use column::{Cell, Column};
use footer::{Footer, RowGroup};
use schema::Schema;
use std::ops::Range;
use std::vec;

/// What every file starts and ends with.
const MAGIC: &[u8; 4] = b"PAR1";
/// What one ends with whose footer is encrypted.
const ENCRYPTED: &[u8; 4] = b"PARE";
/// What follows the footer: its length, and the magic number.
const TAIL: usize = 8;
/// How much of the end is read at first, which holds most footers.
const FIRST: usize = 64 * 1024;
/// Of how large a part of one column a request asks for.
const WINDOW: Range<usize> = 4 * 1024..1024 * 1024;

/// Reads the rows of a file.
pub(super) struct Rows<'s> {
    source: Source<'s>,
    schema: Schema,
    row_groups: vec::IntoIter<RowGroup>,
    /// The columns of the row group that is being read, and how many rows of it are left.
    columns: Vec<Column>,
    left: u64,
    /// How many bytes of pages the columns hold.
    held: usize,
    /// What the columns have for one row.
    cells: Vec<Vec<Cell>>,
}

/// The object that a file is.
struct Source<'s> {
    store: &'s dyn ObjectStore,
    object: ObjectLocation,
}

impl<'s> Rows<'s> {
    /// Reads the footer.
    pub(super) async fn open(
        store: &'s dyn ObjectStore,
        object: ObjectLocation,
    ) -> Result<Self, MapRunError> {
        let (source, footer) = footer(store, object).await?;
        let Footer { elements, row_groups } = footer;
        let schema = Schema::new(&elements)?;
        if row_groups.iter().any(|group| group.chunks.len() != schema.leaves.len()) {
            return Err(damaged("a row group has other columns than the file"));
        }
        let cells = schema.leaves.iter().map(|_| Vec::new()).collect();
        let row_groups = row_groups.into_iter();
        Ok(Self { source, schema, row_groups, columns: Vec::new(), left: 0, held: 0, cells })
    }

    /// The next row.
    pub(super) async fn next(&mut self) -> Result<Option<Value>, MapRunError> {
        while self.left == 0 {
            let Some(group) = self.row_groups.next() else { return Ok(None) };
            self.begin(group).await?;
        }
        self.left -= 1;
        for (column, cells) in self.columns.iter_mut().zip(&mut self.cells) {
            cells.clear();
            column.record(&self.source, &mut self.held, cells).await?;
        }
        record::assemble(&self.schema, &mut self.cells).map(Some)
    }

    /// Begins a row group, and reads it at once if it is small.
    async fn begin(&mut self, group: RowGroup) -> Result<(), MapRunError> {
        self.columns.clear();
        self.held = 0;
        self.left = group.rows;
        let window = (AHEAD_BYTES / group.chunks.len().max(1)).clamp(WINDOW.start, WINDOW.end);
        let start = group.chunks.iter().map(|chunk| chunk.bytes.start).min().unwrap_or_default();
        let end = group.chunks.iter().map(|chunk| chunk.bytes.end).max().unwrap_or_default();
        let is_small = end - start <= AHEAD_BYTES as u64;
        let all = if is_small { self.source.read(start..end).await? } else { Vec::new() };
        for (leaf, chunk) in self.schema.leaves.iter().zip(group.chunks) {
            let place = |place: u64| usize::try_from(place - start).unwrap_or(usize::MAX);
            let range = place(chunk.bytes.start)..place(chunk.bytes.end);
            let ahead = all.get(range).unwrap_or_default().to_vec();
            self.columns.push(Column::new(leaf.clone(), chunk, ahead, window));
        }
        Ok(())
    }
}

impl Source<'_> {
    /// Reads a range that is in the object.
    async fn read(&self, range: Range<u64>) -> Result<Vec<u8>, MapRunError> {
        let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
        let mut bytes = Vec::new();
        if length == 0 {
            return Ok(bytes);
        }
        let mut body = self.store.open_range(&self.object, range).await?;
        while let Some(chunk) = body.chunk().await? {
            bytes.extend(chunk);
        }
        if bytes.len() == length { Ok(bytes) } else { Err(damaged("it is shorter than it was")) }
    }
}

/// Reads the footer. What is read afterwards is of the same content of the object.
async fn footer<'s>(
    store: &'s dyn ObjectStore,
    mut object: ObjectLocation,
) -> Result<(Source<'s>, Footer), MapRunError> {
    let end = store.read_end(&object, FIRST).await?;
    object.etag.clone_from(&end.etag);
    let source = Source { store, object };
    let Some((before, tail)) = end.bytes.split_last_chunk::<TAIL>() else {
        return Err(MapRunError::NotParquet("it is too short"));
    };
    let (length, magic) = tail.split_at(4);
    match magic {
        magic if magic == MAGIC => {}
        magic if magic == ENCRYPTED => return Err(unsupported("it is encrypted")),
        _ => return Err(MapRunError::NotParquet("it does not end with `PAR1`")),
    }
    let length = length.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > super::bounds::FOOTER_BYTES {
        return Err(super::bounds::too_long("The footer of the Parquet file", super::bounds::FOOTER_BYTES));
    }
    let data_end = end.size.checked_sub((length + TAIL) as u64);
    let Some(data_end) = data_end.filter(|end| *end >= MAGIC.len() as u64) else {
        return Err(damaged("its footer is longer than the file"));
    };
    let footer = match before.len().checked_sub(length) {
        Some(start) => Footer::read(before.get(start..).unwrap_or_default(), data_end)?,
        None => Footer::read(&source.read(data_end..data_end + length as u64).await?, data_end)?,
    };
    Ok((source, footer))
}

#[cold]
fn damaged(why: &str) -> MapRunError {
    MapRunError::DamagedParquet(why.to_owned())
}

#[cold]
fn unsupported(why: &str) -> MapRunError {
    MapRunError::UnsupportedParquet(why.to_owned())
}
