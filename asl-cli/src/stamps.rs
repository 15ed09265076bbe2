//! Changes of files.
//!
//! In: paths as the user wrote them. Out: what is another when something has changed. Files are looked at several times a second: there are
//! few of them, and it works on every file system.

use crate::find::possible;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How long to wait before looking again.
pub(crate) const PAUSE: Duration = Duration::from_millis(200);

/// By what a change is seen.
pub(crate) type Stamp = (Option<SystemTime>, u64);

/// All files, those in folders included: a new one is a change as well.
pub(crate) fn stamps(arguments: &[String]) -> BTreeMap<PathBuf, Stamp> {
    let mut found = BTreeMap::new();
    arguments.iter().for_each(|argument| add(Path::new(argument), &mut found));
    found
}

fn add(path: &Path, found: &mut BTreeMap<PathBuf, Stamp>) {
    let Ok(metadata) = path.metadata() else { return };
    if !metadata.is_dir() {
        found.insert(path.to_owned(), (metadata.modified().ok(), metadata.len()));
        return;
    }
    let folder = possible(path).unwrap_or_default();
    folder.iter().for_each(|path| add(path, found));
}
