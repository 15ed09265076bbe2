//! Executions that have ended: their answers become one packed row, and are forgotten after a while.

use super::entry::{Entry, sealed};
use super::writer::forget;
use crate::error::DurableError;
use asl_engine::Timestamp;
use asl_engine::error::ExecutionError;
use asl_value::Value;
use flate2::read::ZlibDecoder;
use flate2::{Compress, Compression, FlushCompress, Status};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::io::Read;

/// Rows may have so many bytes, unpacked.
const LARGEST: u64 = 4 << 30;
/// The bytes before those of a row: its kind, and how many there are.
const HEAD: usize = 9;
/// Rows take so many bytes at least, packed.
const LEAST_ROOM: usize = 256;

/// Moves the rows of executions into one each.
pub(super) struct Packer(Compress);

impl Default for Packer {
    fn default() -> Self {
        Self(Compress::new(Compression::fast(), true))
    }
}

impl Packer {
    /// Moves the rows of an execution into one.
    pub(super) fn pack(
        &mut self,
        to: &Transaction<'_>,
        execution: i64,
        rows: &[i64],
    ) -> Result<(), DurableError> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut bytes = match unpacked(to, execution) {
            Ok(before) => before.unwrap_or_default(),
            // What is damaged stays as it is, and what comes after it stays unpacked.
            Err(DurableError::Damaged(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        {
            let mut read = to.prepare_cached("SELECT kind, body FROM answers WHERE id = ?")?;
            for row in rows {
                read.query_row([row], |row| {
                    // A row that is damaged is packed as what it is: its reader sees that.
                    let kind = row.get::<_, i64>(0).unwrap_or_default();
                    let body = row.get_ref(1)?.as_blob().unwrap_or_default();
                    bytes.push(u8::try_from(kind).unwrap_or_default());
                    bytes.extend_from_slice(&(body.len() as u64).to_le_bytes());
                    bytes.extend_from_slice(body);
                    Ok(())
                })
                .optional()?;
            }
        }
        to.prepare_cached("INSERT OR REPLACE INTO journals (execution, body) VALUES (?, ?)")?
            .execute(params![execution, self.packed(&bytes)?])?;
        forget(to, rows)
    }

    /// Bytes, compressed.
    fn packed(&mut self, bytes: &[u8]) -> Result<Vec<u8>, DurableError> {
        self.0.reset();
        let mut packed = Vec::new();
        loop {
            packed.reserve(bytes.len() / 4 + LEAST_ROOM);
            let taken = usize::try_from(self.0.total_in()).unwrap_or(usize::MAX);
            let rest = bytes.get(taken..).unwrap_or_default();
            let status = self.0.compress_vec(rest, &mut packed, FlushCompress::Finish);
            match status.map_err(|error| DurableError::Journal(error.to_string()))? {
                Status::StreamEnd => return Ok(packed),
                Status::Ok | Status::BufError => {}
            }
        }
    }
}

fn unpacked(from: &Connection, execution: i64) -> Result<Option<Vec<u8>>, DurableError> {
    let packed: Option<Vec<u8>> = from
        .prepare_cached("SELECT body FROM journals WHERE execution = ?")?
        .query_row([execution], |row| row.get(0))
        .optional()?;
    let Some(packed) = packed else { return Ok(None) };
    let mut bytes = Vec::new();
    ZlibDecoder::new(&*packed)
        .take(LARGEST)
        .read_to_end(&mut bytes)
        .map_err(|error| DurableError::Damaged(format!("a packed journal: {error}")))?;
    Ok(Some(bytes))
}

/// The rows of an execution that were packed.
pub(crate) fn entries(from: &Connection, execution: i64) -> Result<Vec<Entry>, DurableError> {
    let bytes = unpacked(from, execution)?.unwrap_or_default();
    let (mut rest, mut entries) = (&*bytes, Vec::new());
    while !rest.is_empty() {
        let ends = || DurableError::Damaged(String::from("a packed journal ends too early"));
        let (head, after) = rest.split_at_checked(HEAD).ok_or_else(ends)?;
        let (kind, length) = head.split_first().ok_or_else(ends)?;
        let length = length.try_into().map(u64::from_le_bytes).map_err(|_| ends())?;
        let length = usize::try_from(length).map_err(|_| ends())?;
        let (body, after) = after.split_at_checked(length).ok_or_else(ends)?;
        entries.push(Entry::read(i64::from(*kind), body)?);
        rest = after;
    }
    Ok(entries)
}

/// Forgets what ended before a moment. Children of Map Runs are needed as long as their parents have not ended; with these they end.
pub(crate) fn retain(to: &Transaction<'_>, since: Timestamp) -> Result<(), DurableError> {
    let aborted: Result<Value, ExecutionError> = Err(ExecutionError::aborted(None, None));
    to.execute(
        "UPDATE executions AS child INDEXED BY executions_that_run SET status = 'ABORTED', result = ?1,
             ended = (SELECT parent.ended FROM executions AS parent WHERE parent.id = child.parent)
         WHERE ended IS NULL AND parent IS NOT NULL AND EXISTS (
             SELECT 1 FROM executions AS parent WHERE parent.id = child.parent AND parent.ended IS NOT NULL)",
        [sealed(&aborted)],
    )?;
    let since = since.milliseconds();
    const OVER: &str =
        "ended < ?1 AND (parent IS NULL OR parent NOT IN (SELECT id FROM executions WHERE ended IS NULL))";
    for table in ["journals", "map_runs"] {
        let over = format!("DELETE FROM {table} WHERE execution IN (SELECT id FROM executions WHERE {OVER})");
        to.execute(&over, [since])?;
    }
    if to.execute(&format!("DELETE FROM executions WHERE {OVER}"), [since])? == 0 {
        // Nothing is left over, and all there is need not be gone through.
        return Ok(());
    }
    to.execute("DELETE FROM tokens WHERE execution NOT IN (SELECT id FROM executions)", [])?;
    to.execute("DELETE FROM definitions WHERE hash NOT IN (SELECT DISTINCT definition FROM executions)", [])?;
    let unshared = "SELECT DISTINCT shared FROM executions WHERE shared IS NOT NULL";
    to.execute(&format!("DELETE FROM shared WHERE hash NOT IN ({unshared})"), [])?;
    Ok(())
}
