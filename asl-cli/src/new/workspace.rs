//! The workspace that a new project is made in.
//!
//! In: the folder of the project. Out: the manifest of the workspace around it, with the project among its members. Cargo refuses a package inside
//! of a workspace that is not one of its members.

use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A workspace.
#[derive(Debug)]
pub(super) struct Workspace {
    /// Its folder.
    pub(super) folder: PathBuf,
    text: String,
}

impl Workspace {
    /// The workspace that is nearest around a folder, which need not be there yet.
    pub(super) fn around(project: &Path) -> Option<Self> {
        project
            .ancestors()
            .skip(1)
            .find_map(|folder| {
                let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
                let is_one = DeTable::parse(&text).ok()?.get_ref().contains_key("workspace");
                is_one.then(|| Self { folder: folder.to_owned(), text })
            })
            // A workspace can say which folders in it are none of its business.
            .filter(|workspace: &Self| {
                let path = slashed(&relative(project, &workspace.folder));
                let excluded =
                    found(&workspace.text, "exclude").map(|(entries, _)| entries).unwrap_or_default();
                !excluded.iter().any(|entry| Path::new(&path).starts_with(entry))
            })
    }

    /// Makes a project its member, and excludes a folder with crates of another workspace.
    pub(super) fn join(&mut self, member: &Path, excluded: Option<&Path>) -> Result<(), String> {
        let path = self.folder.join("Cargo.toml");
        let mut text = with(&self.text, "members", &slashed(member));
        if let Some(excluded) = excluded {
            text = with(&text, "exclude", &slashed(excluded));
        }
        if text != self.text {
            fs::write(&path, &text)
                .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
            self.text = text;
        }
        Ok(())
    }
}

/// The path from the folder of a workspace to one in it, or in a folder of it back to its root.
pub(super) fn relative(path: &Path, from: &Path) -> PathBuf {
    match path.strip_prefix(from) {
        Ok(inside) => inside.to_owned(),
        Err(_) => {
            let up = from.parent().map(|parent| relative(path, parent)).unwrap_or_default();
            Path::new("..").join(up)
        }
    }
}

/// As manifests write paths, on every system.
fn slashed(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let parts = parts.map(|part| part.as_os_str().to_string_lossy().into_owned());
    Vec::from_iter(parts).join("/")
}

/// The manifest with one more entry in a list of its workspace; all else in it stays as it is written.
fn with(text: &str, list: &str, entry: &str) -> String {
    let quoted = crate::program::toml_string(entry);
    match found(text, list) {
        Some((entries, _)) if entries.iter().any(|pattern| covers(pattern, entry)) => text.to_owned(),
        Some((entries, place)) => {
            let comma = if entries.is_empty() { "" } else { ", " };
            let (before, after) = text.split_at_checked(place.start + 1).unwrap_or((text, ""));
            format!("{before}{quoted}{comma}{after}")
        }
        None => {
            let (mut changed, mut is_written) = (String::new(), false);
            for line in text.split_inclusive('\n') {
                changed.push_str(line);
                if !is_written && line.trim() == "[workspace]" {
                    is_written = true;
                    changed.push_str(&format!("{list} = [{quoted}]\n"));
                }
            }
            changed
        }
    }
}

/// The entries of a list of the workspace, and its place.
fn found(text: &str, list: &str) -> Option<(Vec<String>, Range<usize>)> {
    let table = DeTable::parse(text).ok()?;
    let workspace = table.get_ref().get("workspace")?.get_ref().as_table()?;
    let list: &Spanned<DeValue<'_>> = workspace.get(list)?;
    let entries =
        list.get_ref().as_array()?.iter().filter_map(|entry| Some(entry.get_ref().as_str()?.to_owned()));
    Some((entries.collect(), list.span()))
}

/// Whether an entry of a list is the path, or a pattern for all folders beside it.
fn covers(pattern: &str, path: &str) -> bool {
    let parent = path.rsplit_once('/').map_or("", |(parent, _)| parent);
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    pattern == path || pattern.strip_suffix('*').is_some_and(|all| all.trim_end_matches('/') == parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_added_and_the_rest_stays() {
        let cases = [
            (
                "[workspace]\nresolver = \"3\" # why\n",
                "[workspace]\nmembers = [\"a/b\"]\nresolver = \"3\" # why\n",
            ),
            ("[workspace]\nmembers = []\n", "[workspace]\nmembers = [\"a/b\"]\n"),
            (
                "[workspace]\nmembers = [\n    \"x\", # the first\n]\n",
                "[workspace]\nmembers = [\"a/b\", \n    \"x\", # the first\n]\n",
            ),
            ("[workspace]\nmembers = [\"a/*\"]\n", "[workspace]\nmembers = [\"a/*\"]\n"),
            ("[workspace]\nmembers = [\"./a/b/\"]\n", "[workspace]\nmembers = [\"./a/b/\"]\n"),
            ("[workspace]\nmembers = [\"*\"]\n", "[workspace]\nmembers = [\"a/b\", \"*\"]\n"),
        ];
        for (text, expected) in cases {
            assert_eq!(with(text, "members", "a/b"), expected);
        }
        assert_eq!(
            with("[workspace]\nmembers = [\"*\"]\n", "members", "b"),
            "[workspace]\nmembers = [\"*\"]\n"
        );
    }

    #[test]
    fn paths_lead_up_and_down() {
        let cases =
            [("/w/a/b", "/w", "a/b"), ("/w/vendor/asl", "/w/a/b", "../../vendor/asl"), ("/w", "/w", "")];
        for (path, from, expected) in cases {
            assert_eq!(relative(Path::new(path), Path::new(from)), Path::new(expected));
        }
    }
}
