//! Doing something again whenever a file changes.
//!
//! In: paths as the user wrote them, and what is to be done. Files are looked at several times a second: there are few of them, and it
//! works on every file system.

use crate::answer::{Format, is_read, print};
use crate::find::possible;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, SystemTime};

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(200);

/// By what a change is seen.
pub(crate) type Stamp = (Option<SystemTime>, u64);

/// Does it, and again after every change, until the process is stopped or nothing reads what is printed. What it yields is a process that may
/// run on; it is ended by the next change.
pub(crate) fn watch(files: &[PathBuf], format: Format, mut round: impl FnMut() -> Option<Child>) {
    while is_read() {
        let seen = stamps(files);
        if std::io::stdout().is_terminal() {
            // Only what is new is on the screen.
            print("\u{1b}[2J\u{1b}[3J\u{1b}[H");
        }
        let mut running = round();
        let mut is_told = false;
        while is_read() && stamps(files) == seen {
            if !is_told && running.as_mut().is_none_or(|child| !matches!(child.try_wait(), Ok(None))) {
                is_told = true;
                if format == Format::Human {
                    print("watching for changes, Ctrl-C ends\n");
                }
            }
            std::thread::sleep(PAUSE);
        }
        if let Some(mut child) = running {
            // It may have ended already.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// All files, those in folders included: a new one is a change as well.
pub(crate) fn stamps(arguments: &[PathBuf]) -> BTreeMap<PathBuf, Stamp> {
    let mut found = BTreeMap::new();
    arguments.iter().for_each(|argument| add(argument, &mut found));
    found
}

fn add(path: &Path, found: &mut BTreeMap<PathBuf, Stamp>) {
    let Ok(metadata) = path.metadata() else { return };
    if !metadata.is_dir() {
        found.insert(path.to_owned(), (metadata.modified().ok(), metadata.len()));
        return;
    }
    // With the settings by which the definitions in it are compiled.
    let settings = path.join(asl_runtime::settings::FILE);
    possible(path).all.iter().chain([&settings]).for_each(|path| add(path, found));
}
