//! What tells that a kept executable is the one that was kept: its length and a hash, in a file beside it.
//!
//! In: the path of an executable. Out: whether it may be started. An empty file, or half of one, can be started too, and does nothing or anything.

use crate::place;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// How the names of these files end.
const ENDING: &str = ".sum";

/// Where the sum of an executable is.
fn beside(executable: &Path) -> PathBuf {
    let mut path = executable.as_os_str().to_owned();
    path.push(ENDING);
    PathBuf::from(path)
}

/// The executable that a file is the sum of, if it is a sum.
pub(super) fn executable_of(path: &Path) -> Option<PathBuf> {
    path.extension().is_some_and(|ending| ending == "sum").then(|| path.with_extension(""))
}

/// Notes what the executable is.
pub(super) fn write(executable: &Path) -> io::Result<()> {
    place::write(&beside(executable), &of(executable)?)
}

/// Whether the executable is what was noted.
pub(super) fn holds(executable: &Path) -> bool {
    let Ok(noted) = fs::read_to_string(beside(executable)) else { return false };
    // Of what has another length nothing needs to be read.
    let length = executable.metadata().map_or(0, |metadata| metadata.len());
    noted.starts_with(&format!("{length} ")) && of(executable).is_ok_and(|sum| sum == noted)
}

/// Removes an executable, and what was noted of it first.
pub(super) fn remove(executable: &Path) {
    // What runs just now cannot be removed everywhere, and will be the next time.
    let _ = fs::remove_file(beside(executable));
    let _ = fs::remove_file(executable);
}

fn of(executable: &Path) -> io::Result<String> {
    let mut file = File::open(executable)?;
    let (mut hash, mut length, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        length += read;
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    let mut text = format!("{length} ");
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_another_is_seen() {
        let folder = std::env::temp_dir().join(format!("asl-sum-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let executable = folder.join("a b");
        fs::write(&executable, "one").unwrap();
        assert!(!holds(&executable));
        write(&executable).unwrap();
        assert!(holds(&executable));
        assert_eq!(
            fs::read_to_string(folder.join("a b.sum")).unwrap(),
            "3 7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\n"
        );
        for other in ["", "onf", "one ", "o"] {
            fs::write(&executable, other).unwrap();
            assert!(!holds(&executable), "{other:?}");
        }
        assert_eq!(executable_of(&beside(&executable)), Some(executable.clone()));
        assert_eq!(executable_of(&executable), None);
        remove(&executable);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        fs::remove_dir_all(&folder).unwrap();
    }
}
