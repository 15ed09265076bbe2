//! Executions as they are kept, with what their starters keep of them: one of them, or those of a machine, a version, an alias or a Map Run.

use crate::error::DurableError;
use crate::journal::{End, Facts, Journal, unsealed};
use asl_engine::context::ExecutionContext;
use asl_engine::error::{ExecutionError, Status};
use asl_engine::{Start, Timestamp};
use asl_runtime::engine::Shared;
use asl_value::Text;
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Row, params_from_iter};

/// An execution as it is kept.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Record {
    /// Its number: lists go on after it.
    pub number: i64,
    /// Its ARN, name, input and start time, and its machine.
    pub execution: Shared<ExecutionContext>,
    /// When it ended, if it has, and with what.
    pub end: Option<End>,
    /// The Map Run that it is a child of.
    pub map_run: Option<Text>,
    /// What its starter keeps of it, but for what it has in common with others: [`Folder::shared`](crate::Folder::shared) tells that.
    pub facts: Facts,
    /// How often it was redriven, and when last.
    pub redrives: u64,
    /// See above.
    pub redriven: Option<Timestamp>,
}

impl Record {
    /// Its status.
    #[must_use]
    pub fn status(&self) -> Status {
        match &self.end {
            None => Status::Running,
            Some((_, result)) => result.as_ref().map_or_else(ExecutionError::status, |_| Status::Succeeded),
        }
    }
}

/// Which executions belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Those of a machine, without the children of Map Runs.
    Machine(Text),
    /// Those of a version.
    Version(Text),
    /// Those of an alias.
    Alias(Text),
    /// The children of a Map Run.
    MapRun(Text),
}

/// Which executions are wanted, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Whose.
    pub of: Whose,
    /// Only those with this status.
    pub status: Option<Status>,
    /// Only those that were redriven, or were not.
    pub redriven: Option<bool>,
    /// Only those that were started before this moment.
    pub until: Option<Timestamp>,
    /// Only those after the one with this number.
    pub after: Option<i64>,
    /// So many at most.
    pub most: usize,
}

const COLUMNS: &str =
    "id, start, ended, result, map_run, version, alias, about, redrives, redriven FROM executions";

/// The execution with this ARN.
pub(crate) fn find(journal: &Journal, arn: &str) -> Result<Option<Record>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached(&format!("SELECT {COLUMNS} WHERE arn = ?"))?;
        query.query_row([arn], |row| Ok(record(row))).optional()?.transpose()
    })
}

/// The executions that are wanted. What is damaged is passed over.
pub(crate) fn list(journal: &Journal, wanted: &Wanted) -> Result<Vec<Record>, DurableError> {
    // Which index serves is known here better than from the query.
    let (column, of, index) = match &wanted.of {
        Whose::Machine(arn) => {
            let index = match (wanted.status, wanted.redriven) {
                (_, Some(true)) => "executions_redriven",
                (None, _) => "executions_by_machine",
                (Some(Status::Running), _) => "executions_that_run",
                (Some(_), _) => "executions_by_status",
            };
            ("parent IS NULL AND machine", arn, index)
        }
        Whose::Version(arn) => ("parent IS NULL AND version", arn, "executions_of_versions"),
        Whose::Alias(arn) => ("parent IS NULL AND alias", arn, "executions_of_aliases"),
        Whose::MapRun(arn) => ("map_run", arn, "executions_of_map_runs"),
    };
    let mut query = format!("SELECT {COLUMNS} INDEXED BY {index} WHERE {column} = ?");
    let mut values = vec![Sql::Text(of.to_string())];
    query.push_str(match wanted.status {
        None => "",
        Some(Status::Running) => " AND ended IS NULL",
        Some(Status::Succeeded) => " AND ended IS NOT NULL AND status = 'SUCCEEDED'",
        Some(Status::Failed) => " AND ended IS NOT NULL AND status = 'FAILED'",
        Some(Status::TimedOut) => " AND ended IS NOT NULL AND status = 'TIMED_OUT'",
        Some(Status::Aborted) => " AND ended IS NOT NULL AND status = 'ABORTED'",
    });
    query.push_str(match wanted.redriven {
        None => "",
        Some(true) => " AND redrives > 0",
        Some(false) => " AND redrives = 0",
    });
    if let Some(until) = wanted.until {
        query.push_str(" AND started < ?");
        values.push(Sql::Integer(until.milliseconds()));
    }
    if let Some(after) = wanted.after {
        query.push_str(" AND (started, id) < (SELECT started, id FROM executions WHERE id = ?)");
        values.push(Sql::Integer(after));
    }
    query.push_str(" ORDER BY started DESC, id DESC LIMIT ?");
    values.push(Sql::Integer(i64::try_from(wanted.most).unwrap_or(i64::MAX)));
    journal.read(|reader| {
        let mut query = reader.prepare_cached(&query)?;
        let rows = query.query_map(params_from_iter(values), |row| Ok(record(row)))?;
        let mut records = Vec::new();
        for row in rows {
            records.extend(row?.ok());
        }
        Ok(records)
    })
}

/// What an execution has in common with others.
pub(crate) fn shared(journal: &Journal, arn: &str) -> Result<Option<Text>, DurableError> {
    one_text(
        journal,
        "SELECT shared.text FROM executions JOIN shared ON hash = executions.shared WHERE arn = ?",
        arn,
    )
}

/// The token of the client that an execution was redriven for last.
pub(crate) fn redrive_token(journal: &Journal, arn: &str) -> Result<Option<Text>, DurableError> {
    let query = "SELECT redrive_token FROM executions WHERE arn = ? AND redrive_token IS NOT NULL";
    one_text(journal, query, arn)
}

/// The execution that a Map Run is in.
pub(crate) fn of_map_run(journal: &Journal, map_run: &str) -> Result<Option<Text>, DurableError> {
    one_text(
        journal,
        "SELECT executions.arn FROM map_runs JOIN executions ON executions.id = execution WHERE map_runs.arn = ?",
        map_run,
    )
}

/// As which effect a Map Run is in its execution.
pub(crate) fn effect_of_map_run(journal: &Journal, map_run: &str) -> Result<Option<Text>, DurableError> {
    one_text(journal, "SELECT effect FROM map_runs WHERE arn = ?", map_run)
}

/// What was kept beside executions, in its order.
pub(crate) fn control(journal: &Journal) -> Result<Vec<String>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare("SELECT change FROM control ORDER BY id")?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Whether any execution of a machine has not ended.
pub(crate) fn any_runs(journal: &Journal, machine: &str) -> Result<bool, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM executions INDEXED BY executions_that_run WHERE machine = ? AND ended IS NULL)",
        )?;
        Ok(query.query_row([machine], |row| row.get(0))?)
    })
}

fn one_text(journal: &Journal, query: &str, of: &str) -> Result<Option<Text>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached(query)?;
        Ok(query.query_row([of], |row| row.get::<_, String>(0)).optional()?.map(Text::from))
    })
}

fn record(row: &Row<'_>) -> Result<Record, DurableError> {
    let text = |place| row.get::<_, Option<String>>(place).map(|text| text.map(Text::from));
    let start: Start = unsealed(&row.get::<_, Vec<u8>>(1)?)?;
    let ended: Option<i64> = row.get(2)?;
    let result: Option<Vec<u8>> = row.get(3)?;
    let end = match (ended, result) {
        (Some(ended), Some(result)) => Some((Timestamp::from_milliseconds(ended), unsealed(&result)?)),
        _ => None,
    };
    Ok(Record {
        number: row.get(0)?,
        execution: start.context,
        end,
        map_run: text(4)?,
        facts: Facts { version: text(5)?, alias: text(6)?, about: text(7)?, shared: None },
        redrives: row.get::<_, i64>(8)?.try_into().unwrap_or_default(),
        redriven: row.get::<_, Option<i64>>(9)?.map(Timestamp::from_milliseconds),
    })
}
