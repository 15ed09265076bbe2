//! `asl check --cases`: the verdict on each definition of a folder, a line of JSON for each.
//!
//! In: a folder of folders with a JSON file for each case, which holds a `definition` or its text. Out: the report. Judges only what
//! the compiler says: whether that is right is for whoever compares the report.

use crate::report::to_json;
use crate::{Outcome, print};
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::source::SourceFile;
use asl_compiler::{MachineType, Options};
use serde_json::{Map, Value};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Writes a line for each case in `folder` to `report`.
pub(super) fn run(folder: &Path, report: &Path, options: &Options) -> Result<Outcome, String> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let unwritten = |error: std::io::Error| format!("`{}` cannot be written: {error}", report.display());
    let mut lines = BufWriter::new(File::create(report).map_err(unwritten)?);
    let mut refused = 0;
    for path in &paths {
        let line = judge(folder, path, options)?;
        refused += usize::from(line.get("errors").and_then(Value::as_array).is_some_and(|e| !e.is_empty()));
        writeln!(lines, "{}", Value::Object(line)).map_err(unwritten)?;
    }
    lines.flush().map_err(unwritten)?;
    print(&format!("{} cases: {refused} with errors\n", paths.len()));
    Ok(Outcome::Fine)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    let unread = |error: std::io::Error| format!("`{}` cannot be read: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let path = entry.path();
        // A link may lead back to where it stands.
        if entry.file_type().map_err(unread)?.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            paths.push(path);
        }
    }
    Ok(())
}

/// The line of a case.
fn judge(folder: &Path, path: &Path, options: &Options) -> Result<Map<String, Value>, String> {
    let text =
        fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    let Ok(Value::Object(case)) = serde_json::from_str(&text) else {
        return Err(format!("`{}` is no JSON object", path.display()));
    };
    let text = |name: &str| case.get(name).and_then(Value::as_str).map(str::to_owned);
    let definition = text("definition_text").or_else(|| Some(format!("{:#}", case.get("definition")?)));
    let definition = definition.ok_or_else(|| format!("`{}` has no definition", path.display()))?;
    let machine_type = match text("machine_type").as_deref() {
        Some("EXPRESS") => MachineType::Express,
        _ => options.machine_type,
    };
    let source = SourceFile::new("machine.asl.json", definition);
    // Whether AWS takes a definition does not depend on what becomes of it when it runs.
    let options = Options { machine_type, ignore_data: true, ..options.clone() };
    let diagnostics = asl_compiler::check(&source, &options).diagnostics;
    let with = |severity| of_severity(&source, &diagnostics, severity);
    let mut line = Map::new();
    line.insert("id".to_owned(), text("id").unwrap_or_else(|| name_of(folder, path)).into());
    line.insert("errors".to_owned(), with(Severity::Error));
    line.insert("warnings".to_owned(), with(Severity::Warning));
    Ok(line)
}

fn of_severity(source: &SourceFile, diagnostics: &[Diagnostic], severity: Severity) -> Value {
    let found = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
    found.map(|diagnostic| to_json(source, diagnostic)).collect()
}

/// The path below the folder without the file's extension.
fn name_of(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    below.to_string_lossy().replace('\\', "/")
}
