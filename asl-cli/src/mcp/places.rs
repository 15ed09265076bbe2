//! Which files tools may see: those in one folder.

use std::path::{Path, PathBuf};

/// A folder, as it really is.
#[derive(Debug)]
pub(super) struct Places {
    folder: PathBuf,
}

impl Places {
    pub(super) fn new(folder: &Path) -> Result<Self, String> {
        let folder = folder.canonicalize().map_err(|error| format!("`{}`: {error}", folder.display()))?;
        if !folder.is_dir() {
            return Err(format!("`{}` is not a folder", folder.display()));
        }
        Ok(Self { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file or folder that is really in the folder, wherever links lead. What is not there and what may not be seen sound the same.
    pub(super) fn find(&self, name: &str) -> Result<PathBuf, String> {
        let found = self.folder.join(name).canonicalize().ok();
        found
            .filter(|found| found.starts_with(&self.folder))
            .ok_or_else(|| format!("there is no `{name}` in the folder"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_of_the_folder_is_found() {
        let base = std::env::temp_dir().join(format!("asl-places-{}", std::process::id()));
        let folder = base.join("in");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("a.json"), "{}").expect("a file");
        std::fs::write(base.join("b.json"), "{}").expect("a file");
        let places = Places::new(&folder).expect("a folder");
        assert!(places.find("a.json").is_ok() && places.find(".").is_ok());
        for name in ["../b.json", "/etc/passwd", "c.json", "a.json/../../b.json", "\0"] {
            assert!(places.find(name).is_err_and(|reason| reason.contains("in the folder")), "{name}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(base.join("b.json"), folder.join("l.json")).expect("a link");
            assert!(places.find("l.json").is_err());
        }
        std::fs::remove_dir_all(&base).expect("removed");
    }
}
