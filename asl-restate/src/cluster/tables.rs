//! What is asked of Restate's tables, in SQL, and the rows of their answers.

use super::Wanted;
use asl_runtime::Timestamp;
use serde_json::Value as Json;

/// What is known of an execution without its journal.
const EXECUTION: &str = "SELECT id, target_service_name, target_service_key, cast(created_at AS bigint) AS created, \
     cast(completed_at AS bigint) AS completed, completion_result, completion_failure, pinned_deployment_id, \
     pinned_service_protocol_version FROM sys_invocation WHERE target_handler_name = 'run'";

/// A text in SQL.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

pub(super) fn by_id(invocation: &str) -> String {
    format!("{EXECUTION} AND id = {}", quoted(invocation))
}

pub(super) fn by_name(machine: &str, name: &str) -> String {
    let (machine, name) = (quoted(machine), quoted(name));
    format!("{EXECUTION} AND target_service_name = {machine} AND target_service_key = {name}")
}

pub(super) fn list(wanted: &Wanted<'_>) -> String {
    let mut query = format!("{EXECUTION} AND target_service_name = {}", quoted(wanted.machine));
    if let Some(status) = wanted.status {
        query.push_str(&format!(" AND {STATUS} = {}", quoted(status.as_str())));
    }
    if let Some(before) = wanted.before {
        query.push_str(&format!(" AND created_at < {}", moment(before)));
    }
    query.push_str(&format!(" ORDER BY created_at DESC, id DESC LIMIT {}", wanted.most));
    query
}

/// The status of an execution, by the message that its invocation failed with.
const STATUS: &str = "(CASE WHEN status <> 'completed' THEN 'RUNNING' WHEN completion_result = 'success' THEN 'SUCCEEDED' \
     WHEN completion_failure LIKE '%\"status\":\"FAILED\"%' THEN 'FAILED' \
     WHEN completion_failure LIKE '%\"status\":\"TIMED_OUT\"%' THEN 'TIMED_OUT' ELSE 'ABORTED' END)";

pub(super) fn started(machine: &str, from: Timestamp, span: u64, spans: usize) -> String {
    let (first, span, machine) = (from.milliseconds(), span.max(1), quoted(machine));
    let until = from.plus(std::time::Duration::from_millis(span.saturating_mul(spans as u64)));
    let (from, until) = (moment(from), moment(until));
    format!(
        "SELECT (cast(created_at AS bigint) - {first}) / {span} AS span, {STATUS} AS execution_status, count(*) AS executions \
         FROM sys_invocation WHERE target_handler_name = 'run' AND target_service_name = {machine} \
         AND created_at >= {from} AND created_at < {until} GROUP BY 1, 2"
    )
}

fn moment(moment: Timestamp) -> String {
    format!("to_timestamp_millis({})", moment.milliseconds())
}

pub(super) fn journal(invocation: &str) -> String {
    format!("SELECT entry_type, raw FROM sys_journal WHERE id = {} ORDER BY index", quoted(invocation))
}

/// The input of an execution, and its output.
pub(super) fn ends_of_journal(invocation: &str) -> String {
    let invocation = quoted(invocation);
    format!(
        "SELECT entry_type, raw FROM sys_journal WHERE id = {invocation} AND entry_type IN ('Command: Input', 'Command: Output')"
    )
}

/// The object of a token that is waited for, by its key.
pub(super) fn token(key: &str) -> String {
    format!("SELECT service_name FROM state WHERE service_key = {} AND key = 'isOpen'", quoted(key))
}

/// The objects of an activity that may have work, without the work.
pub(super) fn has_work(activity: &str) -> String {
    format!("SELECT service_name FROM state WHERE service_key = {} AND key = 'work'", quoted(activity))
}

/// The objects of an activity that have work.
pub(super) fn work(activity: &str) -> String {
    format!("SELECT service_name, value FROM state WHERE service_key = {} AND key = 'work'", quoted(activity))
}

/// A row of an answer.
pub(super) struct Row(Json);

impl Row {
    pub(super) fn read(answer: &[u8]) -> Option<Vec<Self>> {
        let mut answer = serde_json::from_slice::<Json>(answer).ok()?;
        let rows = std::mem::take(answer.get_mut("rows")?.as_array_mut()?);
        Some(rows.into_iter().map(Self).collect())
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    /// Bytes, which are written in hexadecimal digits.
    pub(super) fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        let digits = self.text(name)?.as_bytes();
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let (pairs, rest) = digits.as_chunks::<2>();
        if !rest.is_empty() {
            return None;
        }
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
    }
}

/// That an execution has such a status is asked with the words that its invocation fails with.
#[cfg(all(test, feature = "endpoint"))]
mod tests {
    use super::*;
    use crate::answer;
    use asl_runtime::{Error, ExecutionError, Status};

    #[test]
    fn a_name_cannot_end_the_text_that_it_is_in() {
        assert!(by_name("order", "it's").ends_with("target_service_key = 'it''s'"));
    }

    #[test]
    fn the_status_is_in_the_message() {
        let error =
            || ExecutionError::from(Error::catchable("No", Some(String::from("\"status\":\"ABORTED\""))));
        for (error, status) in [(error(), Status::Failed), (ExecutionError::timed_out(), Status::TimedOut)] {
            let message = answer::of(Err(error)).unwrap_err().message().to_owned();
            let words = format!("\"status\":\"{}\"", status.as_str());
            assert!(message.contains(&words) && STATUS.contains(&words), "{message}");
        }
    }

    #[test]
    fn bytes_are_read_from_digits() {
        let rows = Row::read(br#"{"rows":[{"raw":"00ff1a"},{"raw":"0g"},{"raw":"0"}]}"#).unwrap();
        let bytes: Vec<_> = rows.iter().map(|row| row.bytes("raw")).collect();
        assert_eq!(bytes, [Some(vec![0, 255, 26]), None, None]);
        assert!(Row::read(br#"{"message":"no"}"#).is_none());
    }
}
