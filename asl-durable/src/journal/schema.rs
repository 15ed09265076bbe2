//! The tables, and how older ones become these.
//!
//! ```text
//! definitions   the text of each definition that an execution began with, by its SHA-256
//! executions    a row for each execution: how it started, and how it ended. Children of Map Runs have a `parent`
//!               and the ARN of their `map_run`
//! answers       what executions were told, in the order in which it was written; the newest at the end. No index, so that a row
//!               costs no more than its bytes. `kind` 0: answers; 1: a snapshot, from which the execution goes on without what is before it;
//!               2: answers that came at once after a snapshot; 3: the task that started the execution does not wait for it any more
//! journals      all answers of an execution that has ended, packed: they leave `answers` then
//! events        a view for people: who was told what, and when
//! shared        what many executions have in common that their starter keeps of them, by its SHA-256
//! map_runs      the Map Runs: in which execution each is, and as which effect
//! control       what the owner of the folder keeps beside executions: changes in their order
//! tokens        the SHA-256 of each token that an execution has waited for: so one that is over is told from one that never was
//! ```

use crate::error::DurableError;
use rusqlite::Connection;

/// The version of these tables.
const VERSION: i64 = 3;
/// Says that a file of SQLite is one of this crate: "ASLJ".
const APPLICATION: i64 = 0x4153_4C4A;

/// The steps from each version to the next one.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE definitions (
        hash BLOB PRIMARY KEY,
        name TEXT NOT NULL,
        text TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE executions (
        id INTEGER PRIMARY KEY,
        arn TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        machine TEXT NOT NULL,
        definition BLOB NOT NULL,
        parent INTEGER,
        status TEXT NOT NULL DEFAULT 'RUNNING',
        started INTEGER NOT NULL,
        ended INTEGER,
        redrives INTEGER NOT NULL DEFAULT 0,
        redriven INTEGER,
        start BLOB NOT NULL,
        result BLOB
    );
    CREATE INDEX executions_by_machine ON executions (machine, started) WHERE parent IS NULL;
    CREATE INDEX executions_of_parents ON executions (parent) WHERE parent IS NOT NULL;
    CREATE INDEX executions_that_run ON executions (id) WHERE ended IS NULL;
    CREATE INDEX executions_that_ended ON executions (ended) WHERE ended IS NOT NULL;
    CREATE TABLE answers (
        id INTEGER PRIMARY KEY,
        execution INTEGER NOT NULL,
        moment INTEGER NOT NULL,
        kind INTEGER NOT NULL,
        what TEXT NOT NULL,
        body BLOB NOT NULL
    );
    CREATE TABLE journals (
        execution INTEGER PRIMARY KEY,
        body BLOB NOT NULL
    );
    CREATE VIEW events AS
        SELECT executions.arn AS execution,
            strftime('%Y-%m-%dT%H:%M:%fZ', answers.moment / 1000.0, 'unixepoch') AS moment,
            answers.what AS what
        FROM answers JOIN executions ON executions.id = answers.execution
        ORDER BY answers.id;
",
    "
    ALTER TABLE executions ADD COLUMN version TEXT;
    ALTER TABLE executions ADD COLUMN alias TEXT;
    ALTER TABLE executions ADD COLUMN map_run TEXT;
    ALTER TABLE executions ADD COLUMN about TEXT;
    ALTER TABLE executions ADD COLUMN shared BLOB;
    DROP INDEX executions_that_run;
    CREATE INDEX executions_that_run ON executions (machine, started) WHERE ended IS NULL;
    CREATE INDEX executions_of_versions ON executions (version, started) WHERE version IS NOT NULL;
    CREATE INDEX executions_of_aliases ON executions (alias, started) WHERE alias IS NOT NULL;
    CREATE INDEX executions_of_map_runs ON executions (map_run, started) WHERE map_run IS NOT NULL;
    CREATE INDEX executions_without_success ON executions (machine, status, started)
        WHERE parent IS NULL AND ended IS NOT NULL AND status <> 'SUCCEEDED';
    CREATE TABLE shared (
        hash BLOB PRIMARY KEY,
        text TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE map_runs (
        arn TEXT PRIMARY KEY,
        execution INTEGER NOT NULL,
        effect TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX map_runs_of_executions ON map_runs (execution);
    CREATE TABLE control (
        id INTEGER PRIMARY KEY,
        change TEXT NOT NULL
    );
",
    "
    ALTER TABLE executions ADD COLUMN redrive_token TEXT;
    ALTER TABLE executions ADD COLUMN waiter INTEGER;
    ALTER TABLE executions ADD COLUMN waiter_effect TEXT;
    DROP INDEX executions_without_success;
    CREATE INDEX executions_by_status ON executions (machine, status, started)
        WHERE parent IS NULL AND ended IS NOT NULL;
    CREATE INDEX executions_redriven ON executions (machine, started) WHERE parent IS NULL AND redrives > 0;
    CREATE TABLE tokens (
        hash BLOB PRIMARY KEY,
        execution INTEGER NOT NULL
    ) WITHOUT ROWID;
",
];

/// After so many pages, of 4 KiB, the log is taken into the tables.
const LOG_PAGES: u32 = 4_000;

/// Lets a log that has grown far beyond that begin anew. It grows when its process is killed again and again before it could do so itself, and all of
/// it is read whenever the file is opened. On a disk without room for that it stays as it is: nothing is lost, and the next time may be better.
pub(super) fn shorten_log(connection: &Connection, length: u64) {
    if length > 4 * 4_096 * u64::from(LOG_PAGES) {
        let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }
}

/// Makes a connection ready. What it commits is on the disk when the [`Log`](super::log::Log) was synced.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), DurableError> {
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    migrate(connection)
}

/// The version of the tables that a file has, which is one of this crate; 0 if it is new.
fn version(connection: &Connection) -> Result<i64, DurableError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if application != APPLICATION && (found, application, tables) != (0, 0, 0) {
        return Err(DurableError::Journal(String::from("the file is of another program")));
    }
    if found > VERSION {
        return Err(DurableError::Version { found, newest: VERSION });
    }
    Ok(found)
}

/// Whether there is anything in a file that is only read, which has to be of this version then.
pub(super) fn is_readable(connection: &Connection) -> Result<bool, DurableError> {
    match version(connection)? {
        0 => Ok(false),
        VERSION => Ok(true),
        found => Err(DurableError::Version { found, newest: VERSION }),
    }
}

fn migrate(connection: &mut Connection) -> Result<(), DurableError> {
    let found = version(connection)?;
    let transaction = connection.transaction()?;
    for step in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or_default()) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_that_is_too_long_is_taken_into_the_tables() {
        let folder = std::env::temp_dir().join(format!("asl-durable-log-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let mut connection = Connection::open(folder.join("journal.sqlite")).unwrap();
        prepare(&mut connection).unwrap();
        let length = || std::fs::metadata(folder.join("journal.sqlite-wal")).unwrap().len();
        let before = length();
        shorten_log(&connection, before);
        assert_eq!(length(), before);
        shorten_log(&connection, 1 << 30);
        assert_eq!(length(), 0);
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, VERSION);
        drop(connection);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
