//! `asl check --watch`: checks again whenever a file changes, until the command is stopped.
//!
//! In: the arguments. Out: what a check prints, after every change. Files are looked at several times a second: there are few of them, and
//! it works on every file system.

use super::{Arguments, round};
use crate::{Outcome, print, printed};
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const PAUSE: Duration = Duration::from_millis(200);

/// Runs until the process is stopped, for example with Ctrl-C.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    loop {
        let seen = stamps(&arguments.files);
        if std::io::stdout().is_terminal() {
            // Only the newest problems are on the screen.
            print("\u{1b}[2J\u{1b}[3J\u{1b}[H");
        }
        let (text, _) = round(arguments);
        if !printed(&text) || !printed("watching for changes, Ctrl-C ends\n") {
            return Outcome::Fine;
        }
        while stamps(&arguments.files) == seen {
            std::thread::sleep(PAUSE);
        }
    }
}

/// By what a change is seen.
type Stamp = (Option<SystemTime>, u64);

/// All files, those in folders included: a new one is a change as well.
fn stamps(arguments: &[String]) -> BTreeMap<PathBuf, Stamp> {
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
    let folder = crate::find::possible(path).unwrap_or_default();
    folder.iter().for_each(|path| add(path, found));
}
