//! Takes what can still be read out of a file of which pages are damaged.
//!
//! Of a table with a damaged page, the rows before the first and those after the last damaged page can be read.

use crate::error::DurableError;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// The tables, and what their rows are in the order of.
const TABLES: [(&str, &str); 8] = [
    ("definitions", "hash"),
    ("executions", "id"),
    ("answers", "id"),
    ("journals", "execution"),
    ("shared", "hash"),
    ("map_runs", "arn"),
    ("control", "id"),
    ("tokens", "hash"),
];

/// Takes it into a new file, which has the same tables.
pub(super) fn salvage(from: &Connection, to: &mut Connection) -> Result<(), DurableError> {
    let to = to.transaction()?;
    for (table, key) in TABLES {
        for direction in ["ASC", "DESC"] {
            if is_copied(from, &to, &format!("{table} NOT INDEXED ORDER BY {key} {direction}"), table)? {
                break;
            }
        }
    }
    Ok(to.commit()?)
}

/// Copies rows as far as they can be read: whether these were all.
fn is_copied(from: &Connection, to: &Connection, rows: &str, table: &str) -> Result<bool, DurableError> {
    let Ok(mut read) = from.prepare(&format!("SELECT * FROM {rows}")) else { return Ok(false) };
    let (columns, count) = (read.column_names().join(", "), read.column_count());
    let places = vec!["?"; count].join(", ");
    // What is there already, or could not have been written, is not taken.
    let mut write = to.prepare(&format!("INSERT OR IGNORE INTO {table} ({columns}) VALUES ({places})"))?;
    let mut rows = read.query([])?;
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                let values = (0..count).map(|column| row.get(column)).collect::<Result<Vec<Value>, _>>();
                if let Ok(values) = values {
                    write.execute(params_from_iter(values))?;
                }
            }
            Ok(None) => return Ok(true),
            Err(_) => return Ok(false),
        }
    }
}
