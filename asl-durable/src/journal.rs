//! The journal: what executions were told, on the disk before anything follows from it.
//!
//! In: starts, answers and ends. Out: a ticket, which is good when they are on the disk; and, after a crash, all of them again.
//! One thread writes; readers have a connection of their own. The folder has the file of SQLite, `journal.sqlite`, and a lock.

mod entry;
mod gathering;
mod log;
mod packed;
mod schema;
mod ticket;
mod writer;

pub(crate) use entry::{Abandoned, Answers, Entry, unsealed};
pub(crate) use packed::{entries as packed_entries, retain};
pub(crate) use ticket::Written;
pub(crate) use writer::End;

use crate::error::DurableError;
use asl_engine::context::{ExecutionContext, Redrive};
use asl_engine::{EffectId, Start, Timestamp};
use asl_runtime::engine::Shared;
use asl_value::Text;
use log::Log;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use ticket::{Ticket, ticket};
use writer::{Change, Started, Writer};

/// The SHA-256 of a definition.
pub(crate) type Hash = [u8; 32];

/// How an execution began.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) start: Start,
    pub(crate) definition: Hash,
    /// The execution whose Map Run it is a child of.
    pub(crate) parent: Option<i64>,
    /// That Map Run.
    pub(crate) map_run: Option<Text>,
    /// What its starter keeps of it. It is written, and not read again with the rest.
    pub(crate) facts: Facts,
    /// What waits for its end, in the same way.
    pub(crate) waiter: Option<Waiter>,
}

/// The task of another execution that waits for the end of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Waiter {
    /// The ARN of the other execution.
    pub(crate) arn: Text,
    /// Its task.
    pub(crate) effect: EffectId,
}

impl Begun {
    /// An execution by itself, of which nothing more is kept.
    pub(crate) fn new(start: Start, definition: Hash) -> Self {
        Self { start, definition, parent: None, map_run: None, facts: Facts::default(), waiter: None }
    }
}

/// What the starter of an execution wants to know of it later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The version of the machine that it is of: executions can be listed by it.
    pub version: Option<Text>,
    /// The alias of the machine that it was started by: executions can be listed by it.
    pub alias: Option<Text>,
    /// Anything else.
    pub about: Option<Text>,
    /// What it has in common with many others, and is kept once for all of them.
    pub shared: Option<Text>,
}

/// What the journal knows of an execution.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) execution: i64,
    pub(crate) begun: Begun,
    pub(crate) end: Option<End>,
    /// How often it was redriven, and when that was last.
    pub(crate) redrives: u32,
    pub(crate) redriven: Option<Timestamp>,
}

impl Known {
    /// Its facts as they are now. It began with those of [`Begun`], and makes these of them when it is made again.
    pub(crate) fn context(&self) -> Shared<ExecutionContext> {
        let mut context = Shared::clone(&self.begun.start.context);
        if let Some(time) = self.redriven {
            Shared::make_mut(&mut context).redrive = Some(Box::new(Redrive { count: self.redrives, time }));
        }
        context
    }

    /// Whether it had failed when its parent was redriven, and has not gone on since: then it is to run again.
    pub(crate) fn runs_again(&self, redrive: Timestamp) -> bool {
        let has_failed = matches!(self.end, Some((_, Err(_))));
        has_failed && self.begun.start.context.start_time <= redrive && !self.has_run_again(redrive)
    }

    /// Whether it has gone on since its parent was redriven.
    pub(crate) fn has_run_again(&self, redrive: Timestamp) -> bool {
        self.redriven.is_some_and(|redriven| redriven.milliseconds() >= redrive.milliseconds())
    }
}

/// A child of a Map Run.
pub(crate) struct Child {
    pub(crate) arn: Text,
    pub(crate) execution: i64,
    pub(crate) has_ended: bool,
}

/// An execution that has not ended.
pub(crate) struct Unfinished {
    pub(crate) execution: i64,
    pub(crate) arn: Text,
    pub(crate) definition: Hash,
    /// What waited for its end, if that was a task.
    pub(crate) waiter: Option<Waited>,
}

/// The task of an execution that waited for the end of another when the process ended.
pub(crate) struct Waited {
    /// The number and the ARN of its execution.
    pub(crate) execution: i64,
    pub(crate) arn: Text,
    pub(crate) effect: EffectId,
    /// The execution has ended.
    pub(crate) is_over: bool,
}

/// Something to be written, and who waits for it.
type Waiting = (Change, Option<Ticket>);

/// The journal of a folder.
pub(crate) struct Journal {
    folder: PathBuf,
    shared: Arc<SharedJournal>,
    reader: Mutex<Connection>,
    writer: Option<JoinHandle<()>>,
    /// The folder is this process's as long as this is there.
    _lock: Option<File>,
}

#[derive(Default)]
struct SharedJournal {
    queue: Mutex<Queue>,
    wake: Condvar,
    /// Why nothing can be written at the moment.
    fault: Mutex<Option<String>>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// So many wait for some of it; and when there are so many of them the writer is woken, which waits for more.
    tickets: usize,
    wanted: usize,
    /// The rows of executions that have ended.
    unpacked: VecDeque<(i64, Vec<i64>)>,
    /// The rows of executions that have not.
    rows: HashMap<i64, Vec<i64>>,
    row: i64,
    execution: i64,
    is_closing: bool,
}

impl Queue {
    /// Takes all that waits.
    fn take(&mut self) -> Vec<Waiting> {
        self.tickets = 0;
        std::mem::take(&mut self.waiting)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Journal {
    /// Opens the journal of a folder, which is made if it is not there.
    pub(crate) fn open(folder: &Path) -> Result<Self, DurableError> {
        std::fs::create_dir_all(folder).map_err(|error| unusable(folder, &error))?;
        let lock = lock(folder)?;
        let path = file_of(folder);
        let log = Log::beside(&path);
        Self::of(Connection::open(&path)?, &path, log, folder.to_owned(), Some(lock))
    }

    fn of(
        mut connection: Connection,
        path: &Path,
        log: Log,
        folder: PathBuf,
        lock: Option<File>,
    ) -> Result<Self, DurableError> {
        schema::prepare(&mut connection)?;
        schema::shorten_log(&connection, log.length());
        let queue = state(&connection)?;
        let shared = Arc::new(SharedJournal { queue: Mutex::new(queue), ..SharedJournal::default() });
        let reader = read_only(path)?;
        let writing = Arc::clone(&shared);
        let writer = thread::Builder::new()
            .name("journal".into())
            .spawn(move || Writer::new(connection, log).run(&writing))
            .map_err(|error| DurableError::Journal(format!("no thread can be started: {error}")))?;
        Ok(Self { folder, shared, reader: Mutex::new(reader), writer: Some(writer), _lock: lock })
    }

    /// A journal in memory, which ends with the process.
    pub(crate) fn in_memory() -> Result<Self, DurableError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // Connections of this process with the same name see the same.
        let name = format!("file:/journal-{}?vfs=memdb", NUMBER.fetch_add(1, Ordering::Relaxed));
        Self::of(Connection::open(&name)?, Path::new(&name), Log::nowhere(), PathBuf::new(), None)
    }

    /// Opens the journal of a folder to look at it, even if another process has it. Nothing can be written.
    pub(crate) fn look(folder: &Path) -> Result<Self, DurableError> {
        let reader = open_to_read(folder)?;
        let queue = state(&reader)?;
        let shared = Arc::new(SharedJournal { queue: Mutex::new(queue), ..SharedJournal::default() });
        Ok(Self { folder: folder.to_owned(), shared, reader: Mutex::new(reader), writer: None, _lock: None })
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Why nothing can be written at the moment, if that is so.
    pub(crate) fn fault(&self) -> Option<String> {
        locked(&self.shared.fault).clone()
    }

    /// Keeps the text of a definition.
    pub(crate) fn define(&self, hash: Hash, name: Text, text: Text) {
        self.push(&mut locked(&self.shared.queue), Change::Definition { hash, name, text }, None);
    }

    /// An execution begins: its number.
    pub(crate) fn begin(&self, begun: &Begun) -> (i64, Written) {
        let (ticket, written) = ticket();
        let mut started = Started::new(begun);
        let mut queue = locked(&self.shared.queue);
        queue.execution += 1;
        let execution = queue.execution;
        started.execution = execution;
        queue.rows.insert(execution, Vec::new());
        self.push(&mut queue, Change::Start(Box::new(started)), Some(ticket));
        (execution, written)
    }

    /// Good when an execution that was to begin is on the disk. One that the disk has refused is not, though all that is left to be
    /// written may be.
    pub(crate) async fn begun(&self, arn: &str) -> Result<(), DurableError> {
        self.sync().await?;
        if self.has(arn)? {
            return Ok(());
        }
        let refused = || String::from("the execution could not be written down");
        Err(DurableError::Journal(self.fault().unwrap_or_else(refused)))
    }

    fn has(&self, arn: &str) -> Result<bool, DurableError> {
        let reader = locked(&self.reader);
        let mut query = reader.prepare_cached("SELECT 1 FROM executions WHERE arn = ?")?;
        Ok(query.exists([arn])?)
    }

    /// An execution was told something, or is something: the number of the row.
    pub(crate) fn append(&self, execution: i64, entry: &Entry) -> (i64, Written) {
        let row = entry.row();
        self.append_to(&mut locked(&self.shared.queue), execution, row)
    }

    fn append_to(&self, queue: &mut Queue, execution: i64, entry: entry::Row) -> (i64, Written) {
        let (ticket, written) = ticket();
        queue.row += 1;
        let row = queue.row;
        queue.rows.entry(execution).or_default().push(row);
        self.push(queue, Change::Entry { row, execution, entry }, Some(ticket));
        (row, written)
    }

    /// An execution has a snapshot in a row, and is too long to be kept whole: what is before that is forgotten.
    pub(crate) fn cut(&self, execution: i64, snapshot: i64) {
        let mut queue = locked(&self.shared.queue);
        let Some(rows) = queue.rows.get_mut(&execution) else { return };
        let rows = rows.extract_if(.., |row| *row < snapshot).collect();
        self.push(&mut queue, Change::Forget { rows }, None);
    }

    /// An execution has ended.
    pub(crate) fn end(&self, execution: i64, end: &End) {
        let change = Change::end(execution, end);
        let mut queue = locked(&self.shared.queue);
        self.push(&mut queue, change, None);
        let rows = queue.rows.remove(&execution).unwrap_or_default();
        if !rows.is_empty() {
            queue.unpacked.push_back((execution, rows));
        }
    }

    /// An execution that has ended is told this, and has not ended any more.
    pub(crate) fn redrive(&self, execution: i64, entry: &Entry, client_token: Option<Text>) -> Written {
        let row = entry.row();
        let mut queue = locked(&self.shared.queue);
        self.push(&mut queue, Change::Redrive { execution, moment: entry.moment(), client_token }, None);
        self.append_to(&mut queue, execution, row).1
    }

    /// Forgets executions that ended before a moment.
    pub(crate) fn retain(&self, since: Timestamp) {
        self.push(&mut locked(&self.shared.queue), Change::Retain { since }, None);
    }

    /// A Map Run of an execution begins.
    pub(crate) fn map_run(&self, arn: Text, execution: i64, effect: EffectId) {
        self.push(&mut locked(&self.shared.queue), Change::MapRun { arn, execution, effect }, None);
    }

    /// An execution waits for a token. That is written before what comes for the token.
    pub(crate) fn token(&self, token: &str, execution: i64) {
        let hash = Sha256::digest(token).into();
        self.push(&mut locked(&self.shared.queue), Change::Token { hash, execution }, None);
    }

    /// Whether any execution has ever waited for a token.
    pub(crate) fn had_token(&self, token: &str) -> Result<bool, DurableError> {
        let reader = locked(&self.reader);
        let mut query = reader.prepare_cached("SELECT 1 FROM tokens WHERE hash = ?")?;
        Ok(query.exists([Sha256::digest(token).as_slice()])?)
    }

    /// Keeps changes of something beside executions: all of them, or none. They may take the place of all before.
    pub(crate) fn control(&self, changes: Vec<String>, replaces: bool) -> Written {
        let (ticket, written) = ticket();
        self.push(&mut locked(&self.shared.queue), Change::Control { changes, replaces }, Some(ticket));
        written
    }

    /// Good when all that was said before is on the disk.
    pub(crate) fn sync(&self) -> Written {
        let (ticket, written) = ticket();
        self.push(&mut locked(&self.shared.queue), Change::Sync, Some(ticket));
        written
    }

    fn push(&self, queue: &mut Queue, change: Change, ticket: Option<Ticket>) {
        if self.writer.is_none() {
            let is_nothing = matches!(change, Change::Sync);
            let refused = || DurableError::Journal(String::from("it is open to look at only"));
            if let Some(ticket) = ticket {
                ticket.send(if is_nothing { Ok(()) } else { Err(refused()) });
            }
            return;
        }
        let is_first = queue.waiting.is_empty() || ticket.is_some() && queue.tickets == 0;
        queue.tickets += usize::from(ticket.is_some());
        let wakes = if queue.wanted > 0 { queue.tickets >= queue.wanted } else { is_first };
        queue.waiting.push((change, ticket));
        if wakes {
            self.shared.wake.notify_one();
        }
    }

    /// What is known of an execution, by its ARN. What was not synced is not known yet.
    pub(crate) fn find(&self, arn: &str) -> Result<Option<Known>, DurableError> {
        let reader = locked(&self.reader);
        let mut query = reader.prepare_cached(&format!("{KNOWN} WHERE arn = ?"))?;
        let found = query.query_row([arn], |row| Ok(known(row))).optional()?;
        found.transpose()
    }

    /// What is known of an execution, by its number.
    pub(crate) fn known(&self, execution: i64) -> Result<Known, DurableError> {
        let row = {
            let reader = locked(&self.reader);
            let mut query = reader.prepare_cached(&format!("{KNOWN} WHERE id = ?"))?;
            query.query_row([execution], KnownRow::read)?
        };
        // Others read meanwhile.
        row.known()
    }

    /// What is kept of executions, in their order.
    pub(crate) fn known_all(
        &self,
        executions: impl Iterator<Item = i64>,
    ) -> Result<Vec<Result<Known, DurableError>>, DurableError> {
        let rows: Vec<_> = {
            let reader = locked(&self.reader);
            let reader = reader.unchecked_transaction()?;
            let mut query = reader.prepare_cached(&format!("{KNOWN} WHERE id = ?"))?;
            executions.map(|execution| query.query_row([execution], KnownRow::read)).collect()
        };
        Ok(rows.into_iter().map(|row| row?.known()).collect())
    }

    /// The definition that an execution began with.
    pub(crate) fn definition(&self, execution: i64) -> Result<Hash, DurableError> {
        let reader = locked(&self.reader);
        let mut query = reader.prepare_cached("SELECT definition FROM executions WHERE id = ?")?;
        let hash: Vec<u8> = query.query_row([execution], |row| row.get(0))?;
        hash.try_into().map_err(|_| DurableError::Damaged(String::from("the hash of a definition")))
    }

    /// The children of Map Runs of executions that have not ended.
    pub(crate) fn children(&self) -> Result<Vec<Child>, DurableError> {
        let reader = locked(&self.reader);
        let mut query = reader.prepare(
            "SELECT child.arn, child.id, child.ended IS NOT NULL FROM executions AS parent
             JOIN executions AS child ON child.parent = parent.id WHERE parent.ended IS NULL",
        )?;
        let rows = query.query_map([], |row| {
            let arn: String = row.get(0)?;
            Ok(Child { arn: arn.into(), execution: row.get(1)?, has_ended: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Some of the children of a Map Run that have ended, in the order of their ends: those after the end of one, up to a number.
    pub(crate) fn ended_children(
        &self,
        parent: i64,
        map_run: &str,
        after: (i64, i64),
        last: i64,
    ) -> Result<Vec<Known>, DurableError> {
        let reader = locked(&self.reader);
        let mut query = reader.prepare_cached(&format!(
            "{KNOWN} WHERE parent = ? AND map_run = ? AND (ended, id) > (?, ?) AND id <= ? ORDER BY ended, id LIMIT 100"
        ))?;
        let rows = query.query_map(params![parent, map_run, after.0, after.1, last], |row| Ok(known(row)))?;
        rows.map(|known| known?).collect()
    }

    /// The number of the execution that began last.
    pub(crate) fn last(&self) -> i64 {
        locked(&self.shared.queue).execution
    }

    /// The executions that have not ended, without children of Map Runs: they come with their parents.
    pub(crate) fn unfinished(&self) -> Result<Vec<Unfinished>, DurableError> {
        let reader = locked(&self.reader);
        let mut query = reader.prepare(
            "SELECT it.id, it.arn, it.definition, it.waiter, it.waiter_effect, waiter.arn, waiter.ended IS NOT NULL
             FROM executions AS it INDEXED BY executions_that_run LEFT JOIN executions AS waiter ON waiter.id = it.waiter
             WHERE it.ended IS NULL AND it.parent IS NULL ORDER BY it.id",
        )?;
        let rows = query.query_map([], |row| {
            // What is damaged is a definition that is not known.
            let definition: Vec<u8> = row.get(2).unwrap_or_default();
            Ok(Unfinished {
                execution: row.get(0)?,
                arn: row.get::<_, String>(1)?.into(),
                definition: definition.try_into().unwrap_or_default(),
                waiter: waited(row)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All that an execution was told which comes back, after its last snapshot. Nothing goes on with it meanwhile.
    pub(crate) fn entries_to_come_back(&self, known: &Known) -> Result<Vec<Entry>, DurableError> {
        // What never ended was never packed: of many that wait nothing is read.
        let never_ended = known.end.is_none() && known.redrives == 0;
        if never_ended && self.rows(known.execution) == 0 {
            return Ok(Vec::new());
        }
        self.entries(known.execution, true)
    }

    /// All that an execution was told, after its last snapshot if only that is wanted.
    pub(crate) fn entries(&self, execution: i64, is_short: bool) -> Result<Vec<Entry>, DurableError> {
        let reader = locked(&self.reader);
        // What is being packed is seen either in its rows or packed.
        let reader = reader.unchecked_transaction()?;
        let rows = {
            let queue = locked(&self.shared.queue);
            let unpacked = queue.unpacked.iter().filter(|(ended, _)| *ended == execution);
            let rows = unpacked.map(|(_, rows)| rows).chain(queue.rows.get(&execution));
            rows.flatten().copied().collect::<Vec<_>>()
        };
        let mut read = reader.prepare_cached("SELECT kind, body FROM answers WHERE id = ?")?;
        let mut entries = Vec::new();
        // From the newest on, because nothing before a snapshot is needed.
        for row in rows.into_iter().rev() {
            let found =
                read.query_row([row], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?))).optional()?;
            let Some((kind, body)) = found else { continue };
            entries.push(Entry::read(kind, &body)?);
            if is_short && kind == entry::SNAPSHOT {
                entries.reverse();
                return Ok(entries);
            }
        }
        entries.extend(packed::entries(&reader, execution)?.into_iter().rev());
        entries.reverse();
        Ok(entries)
    }

    /// How many rows an execution has that has not ended.
    pub(crate) fn rows(&self, execution: i64) -> u32 {
        let queue = locked(&self.shared.queue);
        queue.rows.get(&execution).map_or(0, |rows| u32::try_from(rows.len()).unwrap_or(u32::MAX))
    }

    /// A connection that reads.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, DurableError>,
    ) -> Result<T, DurableError> {
        read(&locked(&self.reader))
    }
}

/// The file in a folder.
pub(crate) fn file_of(folder: &Path) -> PathBuf {
    folder.join("journal.sqlite")
}

/// Makes a folder this process's, as long as what is given is there.
pub(crate) fn lock(folder: &Path) -> Result<File, DurableError> {
    let lock = File::create(folder.join("lock")).map_err(|error| unusable(folder, &error))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(DurableError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(unusable(folder, &error)),
    }
}

fn unusable(folder: &Path, error: &std::io::Error) -> DurableError {
    DurableError::Journal(format!("`{}` cannot be used: {error}", folder.display()))
}

/// The file, with the tables of this version.
pub(crate) fn open_file(path: &Path) -> Result<Connection, DurableError> {
    let mut connection = Connection::open(path)?;
    schema::prepare(&mut connection)?;
    Ok(connection)
}

/// A connection to the file in a folder that only reads, even if another process has it.
pub(crate) fn open_to_read(folder: &Path) -> Result<Connection, DurableError> {
    let path = file_of(folder);
    let empty = || DurableError::Empty(folder.to_owned());
    let reader = if path.is_file() { read_only(&path)? } else { return Err(empty()) };
    if schema::is_readable(&reader)? { Ok(reader) } else { Err(empty()) }
}

/// Whether an execution goes on from a snapshot that was taken after a row.
pub(crate) fn has_snapshot_after(from: &Connection, execution: i64, row: i64) -> Result<bool, DurableError> {
    let mut query =
        from.prepare("SELECT kind, body FROM answers WHERE execution = ? AND id > ? AND kind = ?")?;
    let mut rows = query.query(params![execution, row, entry::SNAPSHOT])?;
    while let Some(row) = rows.next()? {
        if Entry::read(row.get(0)?, &row.get::<_, Vec<u8>>(1)?).is_ok() {
            return Ok(true);
        }
    }
    Ok(false)
}

const KNOWN: &str = "SELECT id, start, definition, parent, ended, result, redrives, redriven FROM executions";

/// A row of [`KNOWN`].
struct KnownRow {
    execution: i64,
    start: Vec<u8>,
    definition: Vec<u8>,
    parent: Option<i64>,
    ended: Option<i64>,
    result: Option<Vec<u8>>,
    redrives: u32,
    redriven: Option<i64>,
}

impl KnownRow {
    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            execution: row.get(0)?,
            start: row.get(1)?,
            definition: row.get(2)?,
            parent: row.get(3)?,
            ended: row.get(4)?,
            result: row.get(5)?,
            redrives: row.get(6)?,
            redriven: row.get(7)?,
        })
    }

    fn known(self) -> Result<Known, DurableError> {
        let end = match (self.ended, self.result) {
            (Some(ended), Some(result)) => Some((Timestamp::from_milliseconds(ended), unsealed(&result)?)),
            _ => None,
        };
        let damaged = |_| DurableError::Damaged(String::from("the hash of a definition"));
        let definition = self.definition.try_into().map_err(damaged)?;
        Ok(Known {
            execution: self.execution,
            begun: Begun { parent: self.parent, ..Begun::new(unsealed(&self.start)?, definition) },
            end,
            redrives: self.redrives,
            redriven: self.redriven.map(Timestamp::from_milliseconds),
        })
    }
}

fn known(row: &Row<'_>) -> Result<Known, DurableError> {
    KnownRow::read(row)?.known()
}

/// What waited for the end of an execution; nothing if the execution of that is forgotten.
fn waited(row: &Row<'_>) -> Result<Option<Waited>, rusqlite::Error> {
    let (effect, arn): (Option<String>, Option<String>) = (row.get(4)?, row.get(5)?);
    let Some((effect, arn)) = effect.and_then(|effect| effect.parse().ok()).zip(arn) else {
        return Ok(None);
    };
    Ok(Some(Waited { execution: row.get(3)?, arn: arn.into(), effect, is_over: row.get(6)? }))
}

fn read_only(path: &Path) -> Result<Connection, DurableError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let reader = Connection::open_with_flags(path, flags)?;
    reader.busy_timeout(std::time::Duration::from_secs(10))?;
    Ok(reader)
}

/// What a folder holds when it is opened.
fn state(connection: &Connection) -> Result<Queue, DurableError> {
    let last = |table: &str| -> Result<i64, DurableError> {
        let query = format!("SELECT coalesce(max(id), 0) FROM {table}");
        Ok(connection.query_row(&query, [], |row| row.get(0))?)
    };
    let mut queue = Queue { row: last("answers")?, execution: last("executions")?, ..Queue::default() };
    let mut running = connection.prepare("SELECT id FROM executions WHERE ended IS NULL")?;
    let running = running.query_map([], |row| row.get::<_, i64>(0))?;
    for execution in running {
        queue.rows.insert(execution?, Vec::new());
    }
    let mut answers = connection.prepare("SELECT id, execution FROM answers ORDER BY id")?;
    let mut answers = answers.query([])?;
    let mut ended: HashMap<i64, Vec<i64>> = HashMap::new();
    while let Some(row) = answers.next()? {
        let (row, execution) = (row.get(0)?, row.get(1)?);
        match queue.rows.get_mut(&execution) {
            Some(rows) => rows.push(row),
            None => ended.entry(execution).or_default().push(row),
        }
    }
    let mut ended: Vec<_> = ended.into_iter().collect();
    ended.sort_unstable();
    queue.unpacked.extend(ended);
    Ok(queue)
}

impl Drop for Journal {
    fn drop(&mut self) {
        locked(&self.shared.queue).is_closing = true;
        self.shared.wake.notify_all();
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has written what it could.
            let _ = writer.join();
        }
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("folder", &self.folder).finish_non_exhaustive()
    }
}
