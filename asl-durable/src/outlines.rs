//! Executions in few words: how many there are of a kind, and in what state each of very many is, without reading what they were given.

use crate::error::DurableError;
use crate::journal::Journal;
use asl_engine::Timestamp;
use asl_engine::error::Status;
use asl_value::Text;
use rusqlite::Row;
use std::time::Duration;

/// Executions of a machine that were started within a span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Started {
    /// The number of the span, from 0.
    pub span: usize,
    /// Their status now.
    pub status: Status,
    /// How many they are.
    pub count: u64,
}

/// How the children of a Map Run stand, in the order in which they were started.
pub(crate) fn children(journal: &Journal, map_run: &str, most: usize) -> Result<Vec<Status>, DurableError> {
    journal.read(|reader| {
        let mut query = reader.prepare_cached(
            "SELECT status, ended FROM executions INDEXED BY executions_of_map_runs WHERE map_run = ? ORDER BY started, id LIMIT ?",
        )?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = query.query_map((map_run, most), status)?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The ARN of the child at a place in that order, from 0.
pub(crate) fn child(journal: &Journal, map_run: &str, place: usize) -> Result<Option<Text>, DurableError> {
    let Ok(place) = i64::try_from(place) else { return Ok(None) };
    journal.read(|reader| {
        // Which row it is, the index alone says.
        let mut query = reader.prepare_cached(
            "SELECT arn FROM executions WHERE id =
                (SELECT id FROM executions INDEXED BY executions_of_map_runs WHERE map_run = ? ORDER BY started, id LIMIT 1 OFFSET ?)",
        )?;
        let found = query.query_map((map_run, place), |row| row.get::<_, String>(0))?.next();
        Ok(found.transpose()?.map(Text::from))
    })
}

/// How many executions of a machine were started in each of so many spans of time.
pub(crate) fn started(
    journal: &Journal,
    machine: &str,
    from: Timestamp,
    span: Duration,
    spans: usize,
) -> Result<Vec<Started>, DurableError> {
    let number = |number: u128| i64::try_from(number).unwrap_or(i64::MAX);
    let (from, span) = (from.milliseconds(), number(span.as_millis()).max(1));
    let until = from.saturating_add(span.saturating_mul(number(spans as u128)));
    journal.read(|reader| {
        let mut query = reader.prepare_cached(
            "SELECT status, ended IS NOT NULL, (started - ?2) / ?3 AS span, count(*) FROM executions INDEXED BY executions_by_machine
             WHERE parent IS NULL AND machine = ?1 AND started >= ?2 AND started < ?4 GROUP BY 1, 2, 3",
        )?;
        let rows = query.query_map((machine, from, span, until), |row| {
            let has_ended = row.get(1)?;
            let count: i64 = row.get(3)?;
            Ok(Started {
                span: usize::try_from(row.get::<_, i64>(2)?).unwrap_or_default(),
                status: if has_ended { named(&row.get::<_, String>(0)?) } else { Status::Running },
                count: count.unsigned_abs(),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

fn status(row: &Row<'_>) -> rusqlite::Result<Status> {
    let has_ended = row.get::<_, Option<i64>>(1)?.is_some();
    Ok(if has_ended { named(&row.get::<_, String>(0)?) } else { Status::Running })
}

/// The status of an execution that has ended.
fn named(status: &str) -> Status {
    let known = [Status::Succeeded, Status::TimedOut, Status::Aborted];
    known.into_iter().find(|known| known.as_str() == status).unwrap_or(Status::Failed)
}
