//! The folder where programs are built, and where executables stay.
//!
//! In: what a program is made of. Out: paths. Only so many executables are kept, those that were used last.

use super::runtime::Runtime;
use std::fs::{self, File, FileTimes};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, process};

/// More executables than a person works with at a time.
const KEPT: usize = 24;

/// What is kept for one runtime.
#[derive(Debug)]
pub(crate) struct Cache {
    pub(crate) folder: PathBuf,
}

impl Cache {
    pub(crate) fn open(runtime: &Runtime) -> Result<Self, String> {
        let folder = of_user().join("asl").join(format!("{:016x}", hash(0, &runtime.to_toml())));
        fs::create_dir_all(folder.join("bin"))
            .map_err(|error| format!("`{}` cannot be made: {error}", folder.display()))?;
        Ok(Self { folder })
    }

    /// Where the executable of a program is, if it is there.
    pub(crate) fn executable(&self, name: &str, program: &impl Hash) -> PathBuf {
        // Two different numbers, so that no two programs of this world have the same name.
        let number = format!("{:016x}{:016x}", hash(1, program), hash(2, program));
        self.folder.join("bin").join(format!("{name}-{number}{}", env::consts::EXE_SUFFIX))
    }

    /// Waits until no other process builds here. Dropping the file lets the next one go.
    pub(crate) fn lock(&self) -> Result<File, String> {
        let path = self.folder.join("lock");
        let locked = File::create(&path).and_then(|file| file.lock().map(|()| file));
        locked.map_err(|error| format!("`{}` cannot be locked: {error}", path.display()))
    }

    /// Copies an executable to where it stays: the next program is built in the same place.
    pub(crate) fn keep(&self, built: &Path, kept: &Path) -> Result<(), String> {
        // Nobody starts half an executable.
        let partly = self.folder.join(format!("partly-{}", process::id()));
        let copied = fs::copy(built, &partly).and_then(|_| fs::rename(&partly, kept));
        self.forget_the_oldest();
        copied.map_err(|error| format!("`{}` cannot be written: {error}", kept.display()))
    }

    fn forget_the_oldest(&self) {
        let entries = fs::read_dir(self.folder.join("bin")).into_iter().flatten().flatten();
        let mut by_age: Vec<_> = entries
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        by_age.sort();
        let too_many = by_age.len().saturating_sub(KEPT);
        for (_, path) in by_age.into_iter().take(too_many) {
            // What runs just now cannot be removed everywhere, and will be the next time.
            let _ = fs::remove_file(path);
        }
    }
}

/// Whether the executable is there. It is noted that somebody uses it.
pub(crate) fn is_kept(executable: &Path) -> bool {
    let Ok(file) = File::open(executable) else { return false };
    let _ = file.set_times(FileTimes::new().set_modified(SystemTime::now()));
    true
}

/// Writes a file unless it is there already, because cargo builds again what is newer.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}

fn of_user() -> PathBuf {
    let named = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    named.or_else(|| Some(env::home_dir()?.join(".cache"))).unwrap_or_else(env::temp_dir)
}

fn hash(salt: u8, value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (salt, value).hash(&mut hasher);
    hasher.finish()
}
