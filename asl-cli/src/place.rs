//! Files that are there as a whole or not at all.
//!
//! In: a file to copy, and where to. Out: the copy, or an error and what was there before. It is written beside its place, brought to the disk,
//! and renamed: a reader of the place never sees half of it, whatever ends the process or fills the disk.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Copies a file with its permissions.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fill(to, |file| {
        let mut source = File::open(from)?;
        io::copy(&mut source, file)?;
        file.set_permissions(source.metadata()?.permissions())
    })
}

/// Writes a text.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    fill(path, |file| io::Write::write_all(file, text.as_bytes()))
}

fn fill(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    // What is not a file, such as `/dev/null`, is nothing to be replaced by one.
    if path.metadata().is_ok_and(|there| !there.is_file()) {
        return Err(io::Error::new(ErrorKind::InvalidInput, "it is there already, and is not a file"));
    }
    let beside = beside(path);
    let done =
        OpenOptions::new().write(true).create(true).truncate(true).open(&beside).and_then(|mut file| {
            fill(&mut file)?;
            file.sync_all()
        });
    let done = done.and_then(|()| fs::rename(&beside, path));
    if done.is_err() {
        let _ = fs::remove_file(&beside);
    }
    done
}

/// A name that no other process takes, and nothing else in this one.
fn beside(path: &Path) -> PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}-{}", process::id(), NUMBER.fetch_add(1, Ordering::Relaxed)));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_copied_leaves_what_was_there() {
        let folder = std::env::temp_dir().join(format!("asl-place-{}", process::id()));
        fs::create_dir_all(folder.join("inner")).unwrap();
        let to = folder.join("to");
        write(&to, "before").unwrap();
        // It can be opened, but not be read.
        assert!(copy(&folder.join("inner"), &to).is_err());
        assert!(copy(&folder.join("missing"), &to).is_err());
        assert!(copy(&to, &folder.join("inner")).is_err());
        assert_eq!(fs::read_to_string(&to).unwrap(), "before");
        copy(&to, &folder.join("other")).unwrap();
        assert_eq!(fs::read_to_string(folder.join("other")).unwrap(), "before");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
        fs::remove_dir_all(&folder).unwrap();
    }
}
