//! The one thread that writes: it takes all that waits, writes it in one transaction, and syncs once.

use super::entry::{Row, sealed};
use super::gathering::Gathering;
use super::log::Log;
use super::packed::Packer;
use super::ticket::Bells;
use super::{Begun, Facts, Hash, SharedJournal, Waiter, Waiting, locked};
use crate::error::DurableError;
use asl_engine::context::ExecutionContext;
use asl_engine::error::ExecutionError;
use asl_engine::{EffectId, Timestamp};
use asl_runtime::engine::Shared;
use asl_value::{Text, Value};
use rusqlite::{Connection, Transaction, params};
use sha2::{Digest, Sha256};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// How an execution ended, and when.
pub(crate) type End = (Timestamp, Result<Value, ExecutionError>);

/// Something to be written.
pub(super) enum Change {
    Definition {
        hash: Hash,
        name: Text,
        text: Text,
    },
    Start(Box<Started>),
    /// A Map Run of an execution begins.
    MapRun {
        arn: Text,
        execution: i64,
        effect: EffectId,
    },
    /// An execution waits for a token, or has before.
    Token {
        hash: Hash,
        execution: i64,
    },
    /// Something beside executions changes: all of this, or none; or this takes the place of all changes before.
    Control {
        changes: Vec<String>,
        replaces: bool,
    },
    Entry {
        row: i64,
        execution: i64,
        entry: Row,
    },
    End {
        execution: i64,
        moment: Timestamp,
        status: &'static str,
        result: Vec<u8>,
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
        client_token: Option<Text>,
    },
    /// Rows before a snapshot, of an execution that is too long to be kept whole.
    Forget {
        rows: Vec<i64>,
    },
    /// Executions that ended before this moment are forgotten.
    Retain {
        since: Timestamp,
    },
    /// Nothing: the caller wants all that is before it to be written.
    Sync,
}

/// An execution that begins. Its bytes, as those of all that is written, are made by the caller: others wait for the writer.
pub(super) struct Started {
    pub(super) execution: i64,
    context: Shared<ExecutionContext>,
    definition: Hash,
    parent: Option<i64>,
    map_run: Option<Text>,
    start: Vec<u8>,
    facts: Facts,
    waiter: Option<Waiter>,
}

impl Started {
    /// Without its number.
    pub(super) fn new(begun: &Begun) -> Self {
        let Begun { start, definition, parent, map_run, facts, waiter } = begun;
        Self {
            execution: 0,
            context: Shared::clone(&start.context),
            definition: *definition,
            parent: *parent,
            map_run: map_run.clone(),
            start: sealed(start),
            facts: facts.clone(),
            waiter: waiter.clone(),
        }
    }
}

impl Change {
    pub(super) fn end(execution: i64, end: &End) -> Self {
        let (moment, result) = end;
        let status = result.as_ref().map_or_else(|error| error.status().as_str(), |_| "SUCCEEDED");
        Self::End { execution, moment: *moment, status, result: sealed(result) }
    }
}

/// So long is nothing tried after the disk has refused something.
const PAUSE: Duration = Duration::from_millis(200);
/// So many executions that ended are packed at once while nothing waits, and so many while something does.
const PACKED_AT_ONCE: usize = 64;
const PACKED_MEANWHILE: usize = 8;
/// After so long in which nothing waits for anything, what nothing waits for is written.
const QUIET: Duration = Duration::from_millis(50);
/// So much of it may there be till then.
const UNSYNCED: usize = 10_000;
/// So many may wait to be packed while others are written.
const UNPACKED: usize = 10_000;

/// Writes what there is to be written.
pub(super) struct Writer {
    connection: Connection,
    log: Log,
    packer: Packer,
    gathering: Gathering,
    bells: Bells,
}

impl Writer {
    pub(super) fn new(connection: Connection, log: Log) -> Self {
        Self {
            connection,
            log,
            packer: Packer::default(),
            gathering: Gathering::default(),
            bells: Bells::default(),
        }
    }

    /// Writes until the journal is closed and nothing is left.
    pub(super) fn run(mut self, shared: &SharedJournal) {
        while let Some(mut batch) = next(shared) {
            match self.write(shared, &mut batch) {
                Ok(existing) => self.written(shared, &batch, &existing),
                Err(error) => {
                    self.gathering.failed();
                    pause(shared, batch, &error);
                }
            }
        }
    }

    /// Writes all of it, and what else comes to it. Given are the places of executions that exist already.
    fn write(
        &mut self,
        shared: &SharedJournal,
        batch: &mut Vec<Waiting>,
    ) -> Result<Vec<(usize, Text)>, DurableError> {
        // All that was asked for before is in an earlier batch, and one batch is on the disk before the next one begins.
        if batch.iter().all(|(change, _)| matches!(change, Change::Sync)) {
            return Ok(Vec::new());
        }
        // After a sync that failed nothing is known of the disk, so nothing more may be said to be on it.
        self.log.check()?;
        let transaction = self.connection.transaction()?;
        // While rows are written, more of them come; to take these into the same transaction saves them a sync of their own.
        let (mut existing, mut written) = (Vec::new(), 0);
        while written < batch.len() {
            for (place, (change, _)) in batch.iter().enumerate().skip(written) {
                if !write_one(&transaction, &mut self.packer, change)?
                    && let Change::Start(started) = change
                {
                    existing.push((place, started.context.id.clone()));
                }
            }
            written = batch.len();
            batch.append(&mut self.gathering.more(shared, batch));
        }
        // How long a sync takes on this disk decides how long it is worth while to wait for more.
        let began = Instant::now();
        transaction.commit()?;
        self.log.sync()?;
        self.gathering.took(began.elapsed());
        Ok(existing)
    }

    /// Something is on the disk: who waits for it is woken.
    fn written(&mut self, shared: &SharedJournal, batch: &[Waiting], existing: &[(usize, Text)]) {
        // Where there was nothing to be written, nothing is known of the disk.
        if batch.iter().any(|(change, _)| !matches!(change, Change::Sync)) {
            *locked(&shared.fault) = None;
        }
        let packed = batch.iter().filter(|(change, _)| matches!(change, Change::Pack { .. })).count();
        if packed > 0 {
            // Only now: until the packed row is on the disk, readers take the rows themselves.
            locked(&shared.queue).unpacked.drain(..packed);
        }
        let answer =
            |(place, (_, ticket)): (usize, &Waiting)| ticket.as_ref()?.answer(refused(existing, place));
        self.bells.wake(batch.iter().enumerate().filter_map(answer).collect());
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
/// What nothing waits for is written with what something waits for, or after a while: a separate sync would keep others waiting.
fn next(shared: &SharedJournal) -> Option<Vec<Waiting>> {
    let mut queue = locked(&shared.queue);
    let mut is_quiet = false;
    loop {
        if queue.tickets > 0 || queue.waiting.len() > UNSYNCED || is_quiet || queue.is_closing {
            // Packing costs time that no caller waits for. It is put off while anything else is written, unless so much is left that it
            // would not be caught up with.
            let packed = match (is_quiet, queue.unpacked.len() > UNPACKED) {
                (true, _) => PACKED_AT_ONCE,
                (false, true) => PACKED_MEANWHILE,
                (false, false) => 0,
            };
            // What waits may be of those that are packed. They are unpacked till it is done.
            let mut batch = queue.take();
            let packed = queue.unpacked.iter().take(packed).cloned();
            batch.extend(packed.map(|(execution, rows)| (Change::Pack { execution, rows }, None)));
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
fn pause(shared: &SharedJournal, batch: Vec<Waiting>, error: &DurableError) {
    *locked(&shared.fault) = Some(error.to_string());
    let mut kept = Vec::with_capacity(batch.len());
    for (change, ticket) in batch {
        match (change, ticket) {
            (Change::Start(_) | Change::Control { .. } | Change::Sync, Some(ticket)) => {
                // The caller can still say that it did not begin. The answer to a task that was done cannot be taken back, so it is kept
                // and tried again.
                ticket.send(Err(error.clone()));
            }
            // It is still unpacked.
            (Change::Pack { .. }, _) => {}
            other => kept.push(other),
        }
    }
    let mut queue = locked(&shared.queue);
    // In front of what has come since, so that what was said first is on the disk first.
    kept.append(&mut queue.waiting);
    queue.waiting = kept;
    if queue.is_closing {
        // Nothing will be there when the disk is well again: what is not written was not acknowledged either.
        queue.waiting.clear();
        queue.unpacked.clear();
        return;
    }
    drop(shared.wake.wait_timeout(queue, PAUSE));
}

/// `false` where it is there already.
fn write_one(to: &Transaction<'_>, packer: &mut Packer, change: &Change) -> Result<bool, DurableError> {
    match change {
        Change::Definition { hash, name, text } => {
            to.prepare_cached("INSERT OR IGNORE INTO definitions (hash, name, text) VALUES (?, ?, ?)")?
                .execute(params![hash.as_slice(), name.as_str(), text.as_str()])?;
        }
        Change::Start(started) => return insert(to, started),
        Change::MapRun { arn, execution, effect } => {
            to.prepare_cached("INSERT OR IGNORE INTO map_runs (arn, execution, effect) VALUES (?, ?, ?)")?
                .execute(params![arn.as_str(), execution, effect.to_string()])?;
        }
        Change::Token { hash, execution } => {
            to.prepare_cached("INSERT OR IGNORE INTO tokens (hash, execution) VALUES (?, ?)")?
                .execute(params![hash.as_slice(), execution])?;
        }
        Change::Control { changes, replaces } => control(to, changes, *replaces)?,
        Change::Entry { row, execution, entry } => {
            to.prepare_cached(
                "INSERT INTO answers (id, execution, moment, kind, what, body) VALUES (?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                row,
                execution,
                entry.moment.milliseconds(),
                entry.kind,
                entry.what,
                entry.body,
            ])?;
        }
        Change::End { execution, moment, status, result } => {
            to.prepare_cached("UPDATE executions SET status = ?, ended = ?, result = ? WHERE id = ?")?
                .execute(params![status, moment.milliseconds(), result, execution])?;
        }
        Change::Pack { execution, rows } => packer.pack(to, *execution, rows)?,
        Change::Redrive { execution, moment, client_token } => {
            to.prepare_cached(
                "UPDATE executions SET status = 'RUNNING', ended = NULL, result = NULL,
                 redrives = redrives + 1, redriven = ?, redrive_token = ? WHERE id = ?",
            )?
            .execute(params![moment.milliseconds(), client_token.as_deref(), execution])?;
        }
        Change::Forget { rows } => forget(to, rows)?,
        Change::Retain { since } => super::packed::retain(to, *since)?,
        Change::Sync => {}
    }
    Ok(true)
}

/// Changes of something beside executions.
fn control(to: &Transaction<'_>, changes: &[String], replaces: bool) -> Result<(), DurableError> {
    if replaces {
        to.execute("DELETE FROM control", [])?;
    }
    let mut insert = to.prepare_cached("INSERT INTO control (change) VALUES (?)")?;
    for change in changes {
        insert.execute([change])?;
    }
    Ok(())
}

fn insert(to: &Transaction<'_>, started: &Started) -> Result<bool, DurableError> {
    let Started { execution, context, definition, parent, map_run, start, facts, waiter } = started;
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.as_str().to_owned());
    let shared = facts.shared.as_ref().map(|shared| Sha256::digest(shared.as_str()).to_vec());
    // Children are of the version and the alias of their parents.
    let inserted = to
        .prepare_cached(
            "INSERT INTO executions
                 (id, arn, name, machine, definition, parent, started, start, map_run, about, version, alias, shared,
                 waiter, waiter_effect)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
                 coalesce(?11, (SELECT version FROM executions WHERE id = ?6)),
                 coalesce(?12, (SELECT alias FROM executions WHERE id = ?6)),
                 coalesce(?13, (SELECT shared FROM executions WHERE id = ?6)),
                 (SELECT id FROM executions WHERE arn = ?14), ?15)
             ON CONFLICT (arn) DO NOTHING",
        )?
        .execute(params![
            execution,
            context.id.as_str(),
            context.name.as_str(),
            context.state_machine_id.as_str(),
            definition.as_slice(),
            parent,
            context.start_time.milliseconds(),
            start,
            text(map_run),
            text(&facts.about),
            text(&facts.version),
            text(&facts.alias),
            shared,
            waiter.as_ref().map(|waiter| waiter.arn.as_str()),
            waiter.as_ref().map(|waiter| waiter.effect.to_string()),
        ])?;
    if let (Some(hash), Some(text)) = (&shared, &facts.shared) {
        to.prepare_cached("INSERT OR IGNORE INTO shared (hash, text) VALUES (?, ?)")?
            .execute(params![hash, text.as_str()])?;
    }
    Ok(inserted > 0)
}

pub(super) fn forget(to: &Transaction<'_>, rows: &[i64]) -> Result<(), DurableError> {
    let mut delete = to.prepare_cached("DELETE FROM answers WHERE id = ?")?;
    for row in rows {
        delete.execute([row])?;
    }
    Ok(())
}
