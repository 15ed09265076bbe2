//! What may be wrong with a file: one function for each table.

use super::remedy::Remedy;
use crate::definition;
use crate::error::DurableError;
use crate::journal::{self, Entry, unsealed};
use asl_engine::Start;
use asl_engine::error::ExecutionError;
use asl_value::{Text, Value};
use rusqlite::{Connection, OptionalExtension};

/// Something that is wrong, and what can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) execution: Option<Text>,
    pub(super) what: String,
    pub(super) remedy: Option<Remedy>,
}

impl Found {
    fn new(execution: Option<String>, what: impl Into<String>, remedy: Remedy) -> Self {
        Self { execution: execution.map(Text::from), what: what.into(), remedy: Some(remedy) }
    }
}

/// All that is wrong.
pub(super) fn all(from: &Connection) -> Result<Vec<Found>, DurableError> {
    type Look = fn(&Connection, &mut Vec<Found>) -> Result<(), DurableError>;
    let mut found = Vec::new();
    pages(from, &mut found)?;
    let is_whole = found.is_empty();
    let tables: [(&str, Look); 4] = [
        ("definitions", definitions),
        ("executions", executions),
        ("answers", answers),
        ("journals", packed),
    ];
    for (table, look) in tables {
        match look(from, &mut found) {
            // What is wrong with the other tables is found still.
            Err(error) if !is_whole => {
                let what = format!("the table `{table}` cannot be read to its end: {error}");
                found.push(Found { execution: None, what, remedy: None });
            }
            looked => looked?,
        }
    }
    Ok(found)
}

/// The file as such, as SQLite sees it.
fn pages(from: &Connection, found: &mut Vec<Found>) -> Result<(), DurableError> {
    let mut check = from.prepare("PRAGMA integrity_check")?;
    let faults = check.query_map([], |row| row.get::<_, String>(0))?;
    for fault in faults {
        let fault = match fault {
            // What SQLite has said before that is why.
            Err(_) if !found.is_empty() => break,
            fault => fault?,
        };
        if fault != "ok" {
            // An index is made again of its table.
            let remedy = if fault.contains(" index ") { Remedy::MakeIndexes } else { Remedy::Salvage };
            found.push(Found::new(None, format!("the file: {fault}"), remedy));
        }
    }
    Ok(())
}

fn definitions(from: &Connection, found: &mut Vec<Found>) -> Result<(), DurableError> {
    let mut query = from.prepare("SELECT hash, name, text FROM definitions")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (hash, name): (Vec<u8>, String) =
            (row.get(0).unwrap_or_default(), row.get(1).unwrap_or_default());
        let is_whole = row.get::<_, String>(2).is_ok_and(|text| {
            // That of a machine which was written by hand has none.
            text.is_empty() || *hash == definition::of(&text)
        });
        if !is_whole {
            let what = format!("the text of the definition of `{name}` is another one than its hash says");
            found.push(Found::new(None, what, Remedy::DropDefinition(hash)));
        }
    }
    Ok(())
}

fn executions(from: &Connection, found: &mut Vec<Found>) -> Result<(), DurableError> {
    let mut query = from.prepare(
        "SELECT id, arn, start, ended, result, parent IS NOT NULL AND parent NOT IN (SELECT id FROM executions)
         FROM executions ORDER BY id",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let execution: i64 = row.get(0)?;
        let arn = row.get::<_, String>(1).ok();
        let start: Vec<u8> = row.get(2).unwrap_or_default();
        let is_ended = row.get::<_, Option<i64>>(3).ok().flatten().is_some();
        let result: Vec<u8> = row.get::<_, Option<Vec<u8>>>(4).ok().flatten().unwrap_or_default();
        if let Err(error) = unsealed::<Start>(&start) {
            found.push(Found::new(arn, format!("how it began: {error}"), Remedy::DropExecution(execution)));
        } else if is_ended && unsealed::<Result<Value, ExecutionError>>(&result).is_err() {
            found.push(Found::new(arn, "its result is damaged", Remedy::EndAgain(execution)));
        } else if row.get(5)? {
            found.push(Found::new(
                arn,
                "the execution that started it is not there",
                Remedy::DropExecution(execution),
            ));
        }
    }
    Ok(())
}

fn answers(from: &Connection, found: &mut Vec<Found>) -> Result<(), DurableError> {
    let mut query = from.prepare(
        "SELECT answers.id, answers.kind, answers.body, answers.execution, arn, ended
         FROM answers LEFT JOIN executions ON executions.id = answers.execution ORDER BY answers.id",
    )?;
    let mut rows = query.query([])?;
    // Of each execution the first row that is damaged and matters.
    let mut cut = std::collections::HashSet::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let execution: i64 = row.get(3).unwrap_or_default();
        let Some(arn) = row.get::<_, Option<String>>(4)? else {
            found.push(Found::new(None, format!("row {id} is of no execution"), Remedy::DropRow(id)));
            continue;
        };
        let is_ended = row.get::<_, Option<i64>>(5)?.is_some();
        let read = Entry::read(row.get(1).unwrap_or(-1), &row.get::<_, Vec<u8>>(2).unwrap_or_default());
        let Err(error) = read else { continue };
        let what = format!("row {id}: {error}");
        if is_ended || journal::has_snapshot_after(from, execution, id)? {
            found.push(Found::new(Some(arn), what, Remedy::DropRow(id)));
        } else if cut.insert(execution) {
            found.push(Found::new(Some(arn), what, Remedy::CutRows { execution, from: id }));
        }
    }
    Ok(())
}

fn packed(from: &Connection, found: &mut Vec<Found>) -> Result<(), DurableError> {
    let mut query = from.prepare("SELECT execution FROM journals ORDER BY execution")?;
    let executions = query.query_map([], |row| row.get::<_, i64>(0))?;
    for execution in executions {
        let execution = execution?;
        let arn: Option<String> = from
            .prepare_cached("SELECT arn FROM executions WHERE id = ?")?
            .query_row([execution], |row| row.get(0))
            .optional()?;
        if arn.is_none() {
            found.push(Found::new(
                None,
                format!("packed rows {execution} are of no execution"),
                Remedy::DropPacked(execution),
            ));
        } else if let Err(error) = journal::packed_entries(from, execution) {
            found.push(Found::new(arn, format!("its packed rows: {error}"), Remedy::DropPacked(execution)));
        }
    }
    Ok(())
}
