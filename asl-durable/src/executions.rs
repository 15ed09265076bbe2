//! What is asked of executions from outside: which there are, how far they are, what happened in them.

use crate::error::DurableError;
use crate::journal::{Hash, Journal, Known};
use asl_engine::Timestamp;
use asl_engine::error::{ExecutionError, Status};
use asl_value::{Text, Value};
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Row, params, params_from_iter};
use std::time::Duration;

/// An execution, as `DescribeExecution` tells of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Description {
    /// Its ARN, name, input and start time, and its machine.
    pub execution: asl_runtime::ExecutionContext,
    /// When it ended, if it has, and with what.
    pub end: Option<(Timestamp, Result<Value, ExecutionError>)>,
    /// How often it was redriven.
    pub redrive_count: u32,
    /// When it was redriven last.
    pub redrive_date: Option<Timestamp>,
}

impl Description {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> Status {
        status(self.end.as_ref())
    }

    pub(crate) fn of(known: Known) -> Self {
        let execution = (*known.begun.start.context).clone();
        let Known { end, redrives: redrive_count, redriven: redrive_date, .. } = known;
        Self { execution, end, redrive_count, redrive_date }
    }
}

/// So long after its end can an execution be redriven.
const REDRIVABLE: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Whether an execution can be redriven, as far as one can tell without what is left of it.
pub(crate) fn redrivable(known: &Known, now: Timestamp) -> Result<(), DurableError> {
    let status = status(known.end.as_ref());
    if known.begun.parent.is_some() {
        return Err(not_redrivable("Execution is a child of a Map Run, and is redriven with its parent"));
    }
    match &known.end {
        Some((ended, Err(_))) if now.since(*ended) <= REDRIVABLE => Ok(()),
        Some((_, Err(_))) => Err(not_redrivable("Execution has exceeded the redrivable period of 14 days")),
        Some((_, Ok(_))) | None => Err(cannot_be_redriven(status)),
    }
}

/// An execution of this status cannot be redriven.
pub(crate) fn cannot_be_redriven(status: Status) -> DurableError {
    not_redrivable(&format!("Execution is {status} and cannot be redriven"))
}

fn not_redrivable(reason: &str) -> DurableError {
    DurableError::NotRedrivable(reason.to_owned())
}

fn status(end: Option<&(Timestamp, Result<Value, ExecutionError>)>) -> Status {
    match end {
        None => Status::Running,
        Some((_, Ok(_))) => Status::Succeeded,
        Some((_, Err(error))) => error.status(),
    }
}

/// An execution in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// Its ARN.
    pub arn: Text,
    /// Its name.
    pub name: Text,
    /// The ARN of its machine.
    pub machine: Text,
    /// `RUNNING`, `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `ABORTED`
    pub status: Text,
    /// When it started.
    pub start_date: Timestamp,
    /// When it ended.
    pub stop_date: Option<Timestamp>,
    /// Where a list goes on after it.
    number: i64,
}

/// Which executions are wanted, the newest first. By default all, a hundred at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Those of the machine with this ARN.
    pub machine: Option<Text>,
    /// Those with this status.
    pub status: Option<Status>,
    /// Those after this one.
    pub after: Option<Listed>,
    /// So many at most.
    pub most: usize,
}

impl Default for Filter {
    fn default() -> Self {
        Self { machine: None, status: None, after: None, most: 100 }
    }
}

/// The executions that are wanted.
pub(crate) fn list(journal: &Journal, filter: &Filter) -> Result<Vec<Listed>, DurableError> {
    let mut query = String::from(
        "SELECT arn, name, machine, status, started, ended, id FROM executions WHERE parent IS NULL",
    );
    let mut values: Vec<Sql> = Vec::new();
    if let Some(machine) = &filter.machine {
        query.push_str(" AND machine = ?");
        values.push(Sql::Text(machine.to_string()));
    }
    if let Some(status) = filter.status {
        query.push_str(" AND status = ?");
        values.push(Sql::Text(status.as_str().to_owned()));
    }
    if let Some(after) = &filter.after {
        query.push_str(" AND (started, id) < (?, ?)");
        values.extend([Sql::Integer(after.start_date.milliseconds()), Sql::Integer(after.number)]);
    }
    query.push_str(" ORDER BY started DESC, id DESC LIMIT ?");
    values.push(Sql::Integer(i64::try_from(filter.most).unwrap_or(i64::MAX)));
    journal.read(|reader| {
        let mut query = reader.prepare_cached(&query)?;
        let rows = query.query_map(params_from_iter(values), listed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The text of the definition that an execution began with.
pub(crate) fn definition(journal: &Journal, arn: &str) -> Result<Option<Text>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached(
            "SELECT definitions.text FROM executions JOIN definitions ON hash = definition WHERE arn = ?",
        )?;
        Ok(query.query_row([arn], |row| row.get::<_, String>(0)).optional()?.map(Text::from))
    })
}

/// The name and the text of a definition.
pub(crate) fn definition_of(journal: &Journal, hash: &Hash) -> Result<Option<(Text, Text)>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached("SELECT name, text FROM definitions WHERE hash = ?")?;
        let text = |row: &Row<'_>, place| row.get::<_, String>(place).map(Text::from);
        Ok(query.query_row([hash.as_slice()], |row| Ok((text(row, 0)?, text(row, 1)?))).optional()?)
    })
}

/// The definitions that executions began with which have not ended, or all of them: their names and texts.
pub(crate) fn definitions(journal: &Journal, of_all: bool) -> Result<Vec<(Text, Text)>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached(
            "SELECT name, text FROM definitions
             WHERE ?1 OR hash IN (SELECT definition FROM executions WHERE ended IS NULL) ORDER BY hash",
        )?;
        let text = |row: &Row<'_>, place| row.get::<_, String>(place).map(Text::from);
        let rows = query.query_map([of_all], |row| Ok((text(row, 0)?, text(row, 1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The ARNs of the executions that have not ended, and began with a machine of this name and another definition than this.
pub(crate) fn stranded(
    journal: &Journal,
    machine: &str,
    definition: &str,
) -> Result<Vec<Text>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached(
            "SELECT arn FROM executions JOIN definitions ON hash = definition
             WHERE ended IS NULL AND parent IS NULL AND definitions.name = ? AND hash <> ? ORDER BY id",
        )?;
        let hash = crate::definition::of(definition);
        let rows = query.query_map(params![machine, hash.as_slice()], |row| row.get::<_, String>(0))?;
        rows.map(|arn| Ok(arn?.into())).collect()
    })
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let text = |place| row.get::<_, String>(place).map(Text::from);
    let ended: Option<i64> = row.get(5)?;
    Ok(Listed {
        arn: text(0)?,
        name: text(1)?,
        machine: text(2)?,
        status: text(3)?,
        start_date: Timestamp::from_milliseconds(row.get(4)?),
        stop_date: ended.map(Timestamp::from_milliseconds),
        number: row.get(6)?,
    })
}
