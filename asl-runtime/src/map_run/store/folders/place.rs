//! Where the object of a key is in a folder.
//!
//! In: the folder and the key. Out: its file, or that there is none, or why it is not served. Links are resolved: one to a file in the
//! folder is that file; one that leads out of the folder is refused, and so is one to a folder, by which a list would never end. What
//! is neither a file nor a folder is never opened, because a pipe blocks its reader.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Component, Path};

const OUTSIDE: &str = "is a symbolic link that leads out of the folder of the bucket";
const NO_FOLDER: &str = "is a symbolic link to a folder, which is not followed";
const NO_FILE: &str = "is neither a file nor a folder";
const BROKEN: &str = "is a symbolic link to nothing";

/// What is where an object should be.
pub(super) enum ObjectPlace {
    /// A file, with what is known about it.
    File(Metadata),
    Folder,
    Nothing,
    /// What must not be read or written, and why: the text follows its name.
    Refused(&'static str),
    /// The same of what is not an object, and in no list.
    Other(&'static str),
}

/// The path of a key, if it is one in a folder.
pub(super) fn path(key: &str) -> Option<&Path> {
    let path = Path::new(key);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    (inside && !key.is_empty() && !key.ends_with('/')).then_some(path)
}

/// What is at a path in a folder, of which no part but the last may be a link.
pub(super) fn find(folder: &Path, path: &Path) -> io::Result<ObjectPlace> {
    let mut at = folder.to_owned();
    let mut place = ObjectPlace::Folder;
    for part in path {
        if !matches!(place, ObjectPlace::Folder) {
            return Ok(ObjectPlace::Nothing);
        }
        at.push(part);
        place = match fs::symlink_metadata(&at) {
            Ok(metadata) => look(folder, &at, metadata)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => ObjectPlace::Nothing,
            Err(error) => return Err(error),
        };
        if matches!(place, ObjectPlace::Refused(_)) {
            break;
        }
    }
    Ok(place)
}

/// What is at a path, of which this is known without following a link.
pub(super) fn look(folder: &Path, at: &Path, metadata: Metadata) -> io::Result<ObjectPlace> {
    let type_ = metadata.file_type();
    if type_.is_dir() {
        return Ok(ObjectPlace::Folder);
    }
    if !type_.is_symlink() {
        return Ok(if type_.is_file() { ObjectPlace::File(metadata) } else { ObjectPlace::Other(NO_FILE) });
    }
    // A link to itself or to nothing has no target.
    let Ok(target) = fs::canonicalize(at) else { return Ok(ObjectPlace::Other(BROKEN)) };
    if !target.starts_with(fs::canonicalize(folder)?) {
        return Ok(ObjectPlace::Refused(OUTSIDE));
    }
    let metadata = fs::metadata(target)?;
    Ok(match metadata.file_type() {
        target if target.is_dir() => ObjectPlace::Refused(NO_FOLDER),
        target if target.is_file() => ObjectPlace::File(metadata),
        _ => ObjectPlace::Other(NO_FILE),
    })
}
