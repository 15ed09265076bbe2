//! The sources of the engine that this command carries.
//!
//! In: nothing. Out: a folder with them, which is written when it is not there. So an installed command needs neither its clone nor a registry that
//! has its crates, only a Rust toolchain and the crates that these depend on.

use super::cache;
use super::error::SetupError;
use std::fs;
use std::path::{Path, PathBuf};
use std::process;

mod sources {
    include!(concat!(env!("OUT_DIR"), "/sources.rs"));
}

/// Whether this command carries them: one that cargo installed from a registry has its crates there.
pub(super) fn are_there() -> bool {
    !sources::FILES.is_empty()
}

/// The folder of `asl-runtime` among the sources in the cache.
pub(super) fn unpacked() -> Result<PathBuf, SetupError> {
    let folder = place().join(sources::STATE);
    if !folder.is_dir() {
        // Half of them must not be built with, and another process may do the same now.
        let partly = place().join(format!("{}-{}", sources::STATE, process::id()));
        let _ = fs::remove_dir_all(&partly);
        write(&partly)?;
        if let Err(error) = fs::rename(&partly, &folder) {
            let _ = fs::remove_dir_all(&partly);
            if !folder.is_dir() {
                return Err(SetupError::cannot(&folder, "written", error));
            }
        }
    }
    Ok(folder.join("asl-runtime"))
}

/// Where the sources of all commands are.
pub(super) fn place() -> PathBuf {
    cache::root().join("sources")
}

/// Writes the sources into a folder.
pub(crate) fn write(folder: &Path) -> Result<(), SetupError> {
    for (name, bytes) in sources::FILES {
        let path = folder.join(name);
        let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, bytes));
        written.map_err(|error| SetupError::cannot(&path, "written", error))?;
    }
    Ok(())
}
