//! Caring for a folder: what is damaged in it, how that is made good, and room that is not needed any more.
//!
//! In: a folder that is not in use. Out: what is wrong with it. Nothing is changed but by [`repair`] and [`vacuum`], and
//! before a repair the file is copied.

mod find;
mod remedy;
mod salvage;

use crate::error::DurableError;
use crate::journal;
use asl_engine::Timestamp;
use asl_value::Text;
use find::Found;
use remedy::Remedy;
use rusqlite::Connection;
use salvage::salvage;
use std::path::{Path, PathBuf};

/// What there is in a folder, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// How many executions there are, children of Map Runs included.
    pub executions: u64,
    /// How many of them have not ended.
    pub running: u64,
    /// How many rows there are of what executions were told.
    pub rows: u64,
    /// The size of the file.
    pub bytes: u64,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The execution that it is about.
    pub execution: Option<Text>,
    /// What it is.
    pub what: String,
    /// What a repair makes of it, if it can do anything.
    pub remedy: Option<&'static str>,
}

/// What a repair has done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repaired {
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// Where the file is as it was before, if anything was changed.
    pub copy: Option<PathBuf>,
    /// What is still wrong.
    pub left: Vec<Problem>,
}

/// Looks for what is wrong with a folder, even if another process has it.
///
/// # Errors
/// There is no such folder, or it cannot be read at all.
pub fn check(folder: impl AsRef<Path>) -> Result<Checked, DurableError> {
    let reader = journal::open_to_read(folder.as_ref())?;
    // All that is read was so at one moment.
    let reader = reader.unchecked_transaction()?;
    let found = find::all(&reader)?;
    let count = |what: &str| -> Result<u64, DurableError> {
        match reader.query_row(&format!("SELECT count(*) FROM {what}"), [], |row| row.get::<_, i64>(0)) {
            Ok(count) => Ok(count.unsigned_abs()),
            // That it cannot be read is one of the problems.
            Err(_) if !found.is_empty() => Ok(0),
            Err(error) => Err(error.into()),
        }
    };
    Ok(Checked {
        executions: count("executions")?,
        running: count("executions WHERE ended IS NULL")?,
        rows: count("answers")?,
        bytes: bytes(&reader)?,
        problems: problems(found),
    })
}

/// Makes good what is wrong with a folder, as far as that is possible: what is damaged is cut off or dropped, and what was computed is
/// computed again when the folder is opened. The file is copied before. No process may have the folder.
///
/// # Errors
/// Another process has it, or it cannot be read or written.
pub fn repair(folder: impl AsRef<Path>) -> Result<Repaired, DurableError> {
    let folder = folder.as_ref();
    let (_lock, path) = existing(folder)?;
    let mut found = {
        let connection = journal::open_file(&path)?;
        find::all(&connection)?
    };
    let remedies: Vec<_> = found.iter().filter_map(|found| found.remedy.clone()).collect();
    if remedies.is_empty() {
        return Ok(Repaired { problems: problems(found.clone()), copy: None, left: problems(found) });
    }
    // No one has the file open: all of it is in these.
    let copy = copy(&path)?;
    let remedies = if remedies.contains(&Remedy::Salvage) {
        renew(&path)?;
        // What is wrong with what could be read is not hidden by damaged pages any more.
        let found = find::all(&journal::open_file(&path)?)?;
        found.into_iter().filter_map(|found| found.remedy).collect()
    } else {
        remedies
    };
    let mut connection = journal::open_file(&path)?;
    let transaction = connection.transaction()?;
    for remedy in &remedies {
        remedy.apply(&transaction)?;
    }
    transaction.commit()?;
    let left = find::all(&connection)?;
    found.retain(|found| !left.contains(found));
    Ok(Repaired { problems: problems(found), copy: Some(copy), left: problems(left) })
}

/// Puts a new file with what can be read in the place of one with damaged pages.
fn renew(path: &Path) -> Result<(), DurableError> {
    let failed = |error: std::io::Error| DurableError::Journal(format!("it cannot be renewed: {error}"));
    let fresh = path.with_file_name("repaired.sqlite");
    let remove = |path: &Path| match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed(error)),
        _ => Ok(()),
    };
    for beside in ["", "-wal", "-shm"] {
        remove(&beside_of(&fresh, beside))?;
    }
    salvage(&journal::open_file(path)?, &mut journal::open_file(&fresh)?)?;
    // The log of the old file would be taken for that of the new one.
    for beside in ["-wal", "-shm"] {
        remove(&beside_of(path, beside))?;
    }
    std::fs::File::open(&fresh).and_then(|fresh| fresh.sync_all()).map_err(failed)?;
    std::fs::rename(&fresh, path).map_err(failed)
}

/// The path of a file that SQLite has beside one.
fn beside_of(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Forgets the executions that ended before a moment, if one is given, and frees space that the file does not need: its size before
/// and after that. No process may have the folder.
///
/// # Errors
/// Another process has it, or it cannot be read or written.
pub fn vacuum(folder: impl AsRef<Path>, since: Option<Timestamp>) -> Result<(u64, u64), DurableError> {
    let (_lock, path) = existing(folder.as_ref())?;
    let mut connection = journal::open_file(&path)?;
    let before = bytes(&connection)?;
    if let Some(since) = since {
        let transaction = connection.transaction()?;
        journal::retain(&transaction, since)?;
        transaction.commit()?;
    }
    connection.execute_batch("VACUUM")?;
    Ok((before, bytes(&connection)?))
}

/// A folder that is there, with its lock, and the file in it.
fn existing(folder: &Path) -> Result<(std::fs::File, PathBuf), DurableError> {
    let path = journal::file_of(folder);
    if !path.is_file() {
        return Err(DurableError::Empty(folder.to_owned()));
    }
    Ok((journal::lock(folder)?, path))
}

fn bytes(connection: &Connection) -> Result<u64, DurableError> {
    let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    Ok((pragma("page_count")? * pragma("page_size")?).unsigned_abs())
}

fn problems(found: Vec<Found>) -> Vec<Problem> {
    let problem = |Found { execution, what, remedy }: Found| Problem {
        execution,
        what,
        remedy: remedy.as_ref().map(Remedy::name),
    };
    found.into_iter().map(problem).collect()
}

/// Copies the file, and what has not come from its log into it.
fn copy(path: &Path) -> Result<PathBuf, DurableError> {
    let failed = |error: std::io::Error| DurableError::Journal(format!("it cannot be copied: {error}"));
    let named = |number: u32| path.with_file_name(format!("before-repair-{number}.sqlite"));
    let mut number = 1;
    while named(number).exists() {
        number += 1;
    }
    let copy = named(number);
    std::fs::copy(path, &copy).map_err(failed)?;
    let log = beside_of(path, "-wal");
    if log.is_file() {
        std::fs::copy(log, beside_of(&copy, "-wal")).map_err(failed)?;
    }
    Ok(copy)
}
