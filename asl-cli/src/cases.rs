//! Folders of cases, a JSON file each, and reports on them, a line of JSON for each.
//!
//! In: arguments. Out: paths in their order, and a file of lines. What a case is, and how it went, is for the command to know.

use crate::find::files;
use clap::Args;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The arguments that all commands share that take folders of cases.
#[derive(Debug, Args)]
#[command(next_help_heading = "Many cases at once")]
pub(crate) struct CasesArguments {
    /// A folder of cases, a JSON file each, in place of a single one; for `--report`
    #[arg(long, value_name = "FOLDER", requires = "report")]
    cases: Option<PathBuf>,

    /// Where the results of the cases go, a line of JSON each
    #[arg(long, value_name = "FILE", requires = "cases")]
    report: Option<PathBuf>,

    /// Only cases whose id contains this text
    #[arg(long, value_name = "TEXT", requires = "cases")]
    filter: Option<String>,
}

/// A folder of cases, and where the report on them goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cases<'a> {
    pub(crate) folder: &'a Path,
    report: &'a Path,
    filter: &'a str,
}

impl CasesArguments {
    /// The cases, if they are asked for.
    pub(crate) fn get(&self) -> Option<Cases<'_>> {
        let filter = self.filter.as_deref().unwrap_or_default();
        Some(Cases { folder: self.cases.as_deref()?, report: self.report.as_deref()?, filter })
    }
}

impl Cases<'_> {
    /// The files of the folder and its folders, in the order of their paths.
    pub(crate) fn files(&self) -> Result<Vec<PathBuf>, String> {
        let found = files(self.folder, &|name| name.ends_with(".json"), &|_| true);
        found.unread.into_iter().next().map_or(Ok(found.all), Err)
    }

    /// Whether a case counts.
    pub(crate) fn takes(&self, id: &str) -> bool {
        id.contains(self.filter)
    }

    /// Writes the lines of the report.
    pub(crate) fn report<'l>(
        &self,
        lines: impl IntoIterator<Item = &'l Map<String, Value>>,
    ) -> Result<(), String> {
        let unwritten = |error| format!("`{}` cannot be written: {error}", self.report.display());
        let mut file = BufWriter::new(File::create(self.report).map_err(unwritten)?);
        for line in lines {
            let line = serde_json::to_string(line).unwrap_or_default();
            writeln!(file, "{line}").map_err(unwritten)?;
        }
        file.flush().map_err(unwritten)
    }
}
