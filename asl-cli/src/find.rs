//! Arguments to files: a folder stands for the definitions in it.
//!
//! In: paths as the user wrote them. Out: source files, in the order of the arguments, those of a folder by their names. A file that is
//! named is taken as it is; in a folder only what looks like a definition counts.

use crate::read::read;
use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use std::fs;
use std::path::{Path, PathBuf};

/// Names that nobody gives to anything but a definition.
const SURE: &[&str] = &[".asl.json", ".asl.yaml", ".asl.yml"];

/// Names that a definition may have.
const POSSIBLE: &[&str] = &[".json", ".yaml", ".yml"];

/// Folders that hold what was made from something else.
const SKIPPED: &[&str] = &["node_modules", "target"];

/// The source files that an argument stands for.
pub(crate) fn sources(argument: &str) -> Result<Vec<SourceFile>, String> {
    let folder = Path::new(argument);
    if argument == "-" || !folder.is_dir() {
        return Ok(vec![read(argument)?]);
    }
    let mut sources = Vec::new();
    for path in possible(folder)? {
        let source = read(&path.to_string_lossy())?;
        if looks_like_a_definition(&source) {
            sources.push(source);
        }
    }
    if sources.is_empty() {
        return Err(format!("there is no definition in the folder `{argument}`"));
    }
    Ok(sources)
}

/// The files of a folder whose names a definition may have.
pub(crate) fn possible(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    Ok(paths)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    let unread = |error: std::io::Error| format!("`{}` cannot be read: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unread)? {
        let entry = entry.map_err(unread)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // A link may lead back to where it stands.
        if entry.file_type().map_err(unread)?.is_dir() {
            if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
                collect(&entry.path(), paths)?;
            }
        } else if POSSIBLE.iter().any(|ending| name.ends_with(ending)) {
            paths.push(entry.path());
        }
    }
    Ok(())
}

/// Whether the name says so, or the text has the fields that every definition has at its top.
fn looks_like_a_definition(source: &SourceFile) -> bool {
    if SURE.iter().any(|ending| source.name().ends_with(ending)) {
        return true;
    }
    if source.is_yaml() {
        let has = |field: &str| source.text().lines().any(|line| line.starts_with(field));
        return has("StartAt:") && has("States:");
    }
    // Most files in a folder are something else, and need not be parsed to see it.
    if !source.text().contains("\"StartAt\"") {
        return false;
    }
    json::parse(source, &mut Diagnostics::default())
        .is_none_or(|value| value.get("StartAt").is_some() && value.get("States").is_some())
}
