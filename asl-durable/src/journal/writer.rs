//! The one thread that writes: it takes all that waits, writes it in one transaction, and syncs once.

use super::entry::{Entry, sealed};
use super::{Begun, Hash, Shared, Waiting, locked};
use crate::error::DurableError;
use asl_engine::Timestamp;
use asl_engine::error::ExecutionError;
use asl_value::{Text, Value};
use rusqlite::{Connection, Transaction, params};
use std::sync::PoisonError;
use std::time::Duration;
use tokio::sync::oneshot;

/// How an execution ended, and when.
pub(crate) type End = (Timestamp, Result<Value, ExecutionError>);

/// Something to be written.
pub(super) enum Change {
    Definition {
        hash: Hash,
        name: Text,
        text: Text,
    },
    Start {
        execution: i64,
        begun: Box<Begun>,
    },
    Entry {
        row: i64,
        execution: i64,
        entry: Entry,
    },
    End {
        execution: i64,
        end: Box<End>,
    },
    /// The rows of an execution that has ended are packed.
    Pack {
        execution: i64,
        rows: Vec<i64>,
    },
    /// An execution that has ended goes on.
    Redrive {
        execution: i64,
        moment: Timestamp,
    },
    /// Rows before a snapshot, of an execution that is too long to be kept whole.
    Forget {
        rows: Vec<i64>,
    },
    /// Executions that ended before this moment are forgotten.
    Retain {
        since: Timestamp,
    },
    /// Nothing: whoever waits wants all that is before it to be written.
    Sync,
}

/// Who waits for it to be on the disk.
pub(super) type Ticket = oneshot::Sender<Result<(), DurableError>>;

/// So long is nothing tried after the disk has refused something.
const PAUSE: Duration = Duration::from_millis(200);
/// So many executions that ended are packed at once, while nobody waits.
const PACKED_AT_ONCE: usize = 64;
/// After so long in which nobody waits for anything, what nobody waits for is written.
const QUIET: Duration = Duration::from_millis(50);
/// So much of it may there be till then.
const UNSYNCED: usize = 10_000;
/// So many may wait to be packed while others are written.
const UNPACKED: usize = 10_000;

/// Writes until the journal is closed and nothing is left.
pub(super) fn write(mut connection: Connection, shared: &Shared) {
    while let Some(mut batch) = next(shared) {
        let result = write_all(&mut connection, &mut batch);
        match result {
            Ok(existing) => {
                *locked(&shared.fault) = None;
                let packed = batch.iter().filter(|(change, _)| matches!(change, Change::Pack { .. })).count();
                if packed > 0 {
                    locked(&shared.queue).unpacked.drain(..packed);
                }
                for (place, (_, ticket)) in batch.into_iter().enumerate() {
                    if let Some(ticket) = ticket {
                        // Whoever does not wait any more need not know.
                        let _ = ticket.send(refused(&existing, place));
                    }
                }
            }
            Err(error) => pause(shared, batch, &error),
        }
    }
}

fn refused(existing: &[(usize, Text)], place: usize) -> Result<(), DurableError> {
    match existing.iter().find(|(exists, _)| *exists == place) {
        Some((_, arn)) => Err(DurableError::ExecutionAlreadyExists(arn.clone())),
        None => Ok(()),
    }
}

/// What is to be written next; `None` at the end.
///
/// What nobody waits for is written with what somebody does, or after a while: a sync of its own would keep others waiting.
fn next(shared: &Shared) -> Option<Vec<Waiting>> {
    let mut queue = locked(&shared.queue);
    let mut is_quiet = false;
    loop {
        let packs = is_quiet || queue.unpacked.len() > UNPACKED;
        if queue.has_tickets || queue.waiting.len() > UNSYNCED || packs || queue.is_closing {
            queue.has_tickets = false;
            // What waits may be of those that are packed. They are unpacked till it is done.
            let mut batch = std::mem::take(&mut queue.waiting);
            if packs {
                let packed = queue.unpacked.iter().take(PACKED_AT_ONCE).cloned();
                batch.extend(packed.map(|(execution, rows)| (Change::Pack { execution, rows }, None)));
            }
            return Some(batch).filter(|batch| !batch.is_empty() || !queue.is_closing);
        }
        queue = if queue.waiting.is_empty() && queue.unpacked.is_empty() {
            shared.wake.wait(queue).unwrap_or_else(PoisonError::into_inner)
        } else {
            let waited = shared.wake.wait_timeout(queue, QUIET).unwrap_or_else(PoisonError::into_inner);
            is_quiet = waited.1.timed_out();
            waited.0
        };
    }
}

/// The disk refuses what is to be written: what is about to start does not, the rest is tried again after a while.
fn pause(shared: &Shared, batch: Vec<Waiting>, error: &DurableError) {
    *locked(&shared.fault) = Some(error.to_string());
    let mut kept = Vec::with_capacity(batch.len());
    for (change, ticket) in batch {
        match (change, ticket) {
            (Change::Start { .. } | Change::Sync, Some(ticket)) => {
                let _ = ticket.send(Err(error.clone()));
            }
            // It is still unpacked.
            (Change::Pack { .. }, _) => {}
            other => kept.push(other),
        }
    }
    let mut queue = locked(&shared.queue);
    kept.append(&mut queue.waiting);
    queue.waiting = kept;
    if queue.is_closing {
        // Nobody will be there when the disk is well again: what is not written was not acknowledged either.
        queue.waiting.clear();
        queue.unpacked.clear();
        return;
    }
    drop(shared.wake.wait_timeout(queue, PAUSE));
}

/// Writes all of it. Given are the places of executions that exist already.
fn write_all(connection: &mut Connection, batch: &mut [Waiting]) -> Result<Vec<(usize, Text)>, DurableError> {
    if batch.iter().all(|(change, _)| matches!(change, Change::Sync)) {
        return Ok(Vec::new());
    }
    let transaction = connection.transaction()?;
    let mut existing = Vec::new();
    for (place, (change, _)) in batch.iter().enumerate() {
        if !write_one(&transaction, change)?
            && let Change::Start { begun, .. } = change
        {
            existing.push((place, begun.start.context.id.clone()));
        }
    }
    transaction.commit()?;
    Ok(existing)
}

/// `false` where it is there already.
fn write_one(to: &Transaction<'_>, change: &Change) -> Result<bool, DurableError> {
    match change {
        Change::Definition { hash, name, text } => {
            to.prepare_cached("INSERT OR IGNORE INTO definitions (hash, name, text) VALUES (?, ?, ?)")?
                .execute(params![hash.as_slice(), name.as_str(), text.as_str()])?;
        }
        Change::Start { execution, begun } => return insert(to, *execution, begun),
        Change::Entry { row, execution, entry } => {
            to.prepare_cached(
                "INSERT INTO answers (id, execution, moment, kind, what, body) VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                row,
                execution,
                entry.moment().milliseconds(),
                entry.kind(),
                entry.what(),
                entry.body()
            ])?;
        }
        Change::End { execution, end } => {
            let (moment, result) = &**end;
            let status = result.as_ref().map_or_else(|error| error.status().as_str(), |_| "SUCCEEDED");
            to.prepare_cached("UPDATE executions SET status = ?, ended = ?, result = ? WHERE id = ?")?
                .execute(params![status, moment.milliseconds(), sealed(result), execution])?;
        }
        Change::Pack { execution, rows } => super::packed::pack(to, *execution, rows)?,
        Change::Redrive { execution, moment } => {
            to.prepare_cached(
                "UPDATE executions SET status = 'RUNNING', ended = NULL, result = NULL,
                 redrives = redrives + 1, redriven = ? WHERE id = ?",
            )?
            .execute(params![moment.milliseconds(), execution])?;
        }
        Change::Forget { rows } => forget(to, rows)?,
        Change::Retain { since } => super::packed::retain(to, *since)?,
        Change::Sync => {}
    }
    Ok(true)
}

fn insert(to: &Transaction<'_>, execution: i64, begun: &Begun) -> Result<bool, DurableError> {
    let Begun { start, definition, parent } = begun;
    let context = &start.context;
    let inserted = to
        .prepare_cached(
            "INSERT INTO executions (id, arn, name, machine, definition, parent, started, start)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO NOTHING",
        )?
        .execute(params![
            execution,
            context.id.as_str(),
            context.name.as_str(),
            context.state_machine_id.as_str(),
            definition.as_slice(),
            parent,
            context.start_time.milliseconds(),
            sealed(start),
        ])?;
    Ok(inserted > 0)
}

pub(super) fn forget(to: &Transaction<'_>, rows: &[i64]) -> Result<(), DurableError> {
    let mut delete = to.prepare_cached("DELETE FROM answers WHERE id = ?")?;
    for row in rows {
        delete.execute([row])?;
    }
    Ok(())
}
