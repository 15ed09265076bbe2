//! A folder that is looked at while the server runs: a file that is saved is a new revision of its machine.
//!
//! Files are looked at three times a second, in a separate thread: it works on every file system, and a folder of definitions is small. A file
//! that is removed keeps its machine, which may have executions.

use super::load::Loader;
use crate::changes::{Stamp, stamps};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;
use tokio::task::spawn_blocking;

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(300);

/// Files, and by what a change of them is seen.
pub(super) type Seen = BTreeMap<PathBuf, Stamp>;

/// How the files of a folder are now.
pub(super) async fn look(folder: PathBuf) -> Seen {
    spawn_blocking(move || stamps(&[folder])).await.unwrap_or_default()
}

/// Reads the folder again whenever any file is another than it was, for as long as the server runs: a definition may be in a template, or in a file
/// that one names.
pub(super) async fn watch(mut loader: Loader, folder: PathBuf, mut seen: Seen) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let now = look(folder.clone()).await;
        if now != seen {
            loader.folder(&folder).await;
        }
        seen = now;
    }
}
