//! Arguments to files: a folder means the definitions in it, and a template those that it holds or names.
//!
//! In: paths as the user wrote them. Out: source files, in the order of the arguments, those of a folder by their names. A file that is
//! named is taken as it is; in a folder only what looks like a definition, or a template with some, counts.

use crate::embedded::{OPTION, choose, definitions};
use crate::read::read;
use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::embedded::{Definition, Missing, may_be_template};
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Names that only definitions have.
const SURE: &[&str] = &[".asl.json", ".asl.yaml", ".asl.yml"];

/// Names that a definition may have.
const POSSIBLE: &[&str] = &[".json", ".yaml", ".yml"];

/// Folders that hold what was made from something else.
const SKIPPED: &[&str] = &["node_modules", "target"];

/// What an argument means.
#[derive(Debug)]
pub(crate) struct Found<T> {
    pub(crate) all: Vec<T>,
    /// Why some of it is not there.
    pub(crate) unread: Vec<String>,
    /// Where definitions of templates are that only a deployment finds.
    pub(crate) elsewhere: Vec<String>,
}

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self { all: Vec::new(), unread: Vec::new(), elsewhere: Vec::new() }
    }
}

impl Found<SourceFile> {
    fn add(&mut self, definitions: Vec<Definition>, machine: Option<&str>) {
        let is_wanted = |name: Option<&str>| machine.is_none() || machine == name;
        for Definition { name, source } in definitions {
            match source {
                _ if !is_wanted(name.as_deref()) => {}
                Ok(source) => self.all.push(source),
                Err(Missing::Unread(reason)) => self.unread.push(reason),
                Err(Missing::Elsewhere(reason)) => self.elsewhere.push(reason),
            }
        }
    }

    /// A definition that a template names is a definition with what the template says about it, and not another one.
    fn drop_named_files(&mut self) {
        let path = |source: &SourceFile| fs::canonicalize(source.path()).ok();
        let named = self.all.iter().filter(|source| source.machine().is_some());
        let named: BTreeSet<_> = named.filter_map(path).collect();
        self.all.retain(|source| {
            source.machine().is_some() || path(source).is_none_or(|path| !named.contains(&path))
        });
    }
}

/// The source files that an argument means, or those of the state machine of this name. One that cannot be read keeps no other from being
/// read.
pub(crate) fn sources(argument: &Path, machine: Option<&str>) -> Found<SourceFile> {
    let mut found = Found::default();
    if argument.as_os_str() == "-" || !argument.is_dir() {
        match (read(argument), machine) {
            (Err(reason), _) => found.unread.push(reason),
            (Ok(source), None) => found.add(definitions(&source, argument), None),
            (Ok(source), Some(_)) => match choose(&source, argument, machine, OPTION) {
                Ok(source) => found.all.push(source),
                Err(reason) => found.unread.push(reason),
            },
        }
        return found;
    }
    let paths = possible(argument);
    found.unread = paths.unread;
    for path in paths.all {
        match read(&path) {
            Ok(source) => found.add(in_folder(&source, &path), machine),
            Err(reason) => found.unread.push(reason),
        }
    }
    found.drop_named_files();
    if found.all.is_empty() && found.unread.is_empty() {
        found.unread.push(format!("there is no definition in the folder `{}`", argument.display()));
    }
    found
}

/// The files of a folder whose names a definition may have.
pub(crate) fn possible(folder: &Path) -> Found<PathBuf> {
    named(folder, POSSIBLE)
}

/// The files of a folder whose names have one of the endings.
pub(crate) fn named(folder: &Path, endings: &[&str]) -> Found<PathBuf> {
    files(folder, &|name| endings.iter().any(|ending| name.ends_with(ending)), &|name| {
        !name.starts_with('.') && !SKIPPED.contains(&name)
    })
}

/// The files of a folder and its folders by their names, in the order of their paths. What is not a file is passed over: it is not known whether a
/// pipe ever ends. A folder that cannot be read, and a link that leads nowhere, is told.
pub(crate) fn files(
    folder: &Path,
    is_wanted: &dyn Fn(&str) -> bool,
    is_entered: &dyn Fn(&str) -> bool,
) -> Found<PathBuf> {
    let mut found = Found::default();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let entries = entries.unwrap_or_else(|error| {
            found.unread.push(unread(&folder, &error));
            Vec::new()
        });
        for entry in entries {
            let (name, path) = (entry.file_name().to_string_lossy().into_owned(), entry.path());
            // A link may lead back to where it is, so that only folders themselves are entered.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.extend(is_entered(&name).then_some(path));
            } else if is_wanted(&name) {
                match path.metadata() {
                    Ok(metadata) if metadata.is_file() => found.all.push(path),
                    Ok(_) => {}
                    // Editors mark with such a link that a file is open.
                    Err(_) if name.starts_with('.') => {}
                    Err(error) => found.unread.push(unread(&path, &error)),
                }
            }
        }
    }
    found.all.sort();
    found.unread.sort();
    found
}

fn unread(path: &Path, error: &std::io::Error) -> String {
    format!("`{}` cannot be read: {error}", path.display())
}

/// The definitions of a file that was not named.
fn in_folder(source: &SourceFile, path: &Path) -> Vec<Definition> {
    if looks_like_a_definition(source) {
        return vec![Definition { name: None, source: Ok(source.clone()) }];
    }
    if !may_be_template(source.text()) {
        return Vec::new();
    }
    let mut found = definitions(source, path);
    found.retain(|definition| definition.name.is_some());
    found
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
