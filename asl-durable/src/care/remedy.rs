//! What can be done about what is wrong.

use crate::error::DurableError;
use rusqlite::{Params, Transaction};

/// One thing that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Remedy {
    /// Indexes are made again of their tables.
    MakeIndexes,
    /// What can be read is taken into a new file. That is done before anything else.
    Salvage,
    /// The text of a definition is dropped. It is kept again when an execution begins with it.
    DropDefinition(Vec<u8>),
    /// Nothing is left of an execution.
    DropExecution(i64),
    /// An execution that has ended does so again, of its rows.
    EndAgain(i64),
    /// A row is dropped that nothing follows from.
    DropRow(i64),
    /// An execution goes back to what it was before a row.
    CutRows { execution: i64, from: i64 },
    /// What an execution that has ended was told is dropped, and its history with it.
    DropPacked(i64),
}

impl Remedy {
    /// For people.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::MakeIndexes => "indexes are made again",
            Self::Salvage => "what can be read is taken into a new file",
            Self::DropDefinition(_) => "the text is dropped, and kept again when an execution begins with it",
            Self::DropExecution(_) => "the execution is dropped",
            Self::EndAgain(_) => "the result is computed again when the folder is opened",
            Self::DropRow(_) => "the row is dropped, and nothing but history is lost",
            Self::CutRows { .. } => {
                "the execution goes back to before it: tasks that were done later are done again"
            }
            Self::DropPacked(_) => "the history is dropped, the result is kept",
        }
    }

    pub(super) fn apply(&self, to: &Transaction<'_>) -> Result<(), DurableError> {
        match self {
            Self::MakeIndexes => to.execute_batch("REINDEX")?,
            Self::Salvage => {}
            Self::DropDefinition(hash) => execute(to, "DELETE FROM definitions WHERE hash = ?", [hash])?,
            Self::DropExecution(id) => {
                for what in ["answers WHERE execution", "journals WHERE execution", "executions WHERE id"] {
                    execute(to, &format!("DELETE FROM {what} = ?"), [id])?;
                }
            }
            Self::EndAgain(id) => {
                let again =
                    "UPDATE executions SET ended = NULL, result = NULL, status = 'RUNNING' WHERE id = ?";
                execute(to, again, [id])?;
            }
            Self::DropRow(id) => execute(to, "DELETE FROM answers WHERE id = ?", [id])?,
            Self::CutRows { execution, from } => {
                execute(to, "DELETE FROM answers WHERE execution = ? AND id >= ?", [execution, from])?;
            }
            Self::DropPacked(id) => execute(to, "DELETE FROM journals WHERE execution = ?", [id])?,
        }
        Ok(())
    }
}

fn execute(to: &Transaction<'_>, sql: &str, parameters: impl Params) -> Result<(), DurableError> {
    to.execute(sql, parameters)?;
    Ok(())
}
