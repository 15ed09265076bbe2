//! The folder where programs are built, and where executables stay.
//!
//! In: what a program is made of. Out: paths. Only so many executables are kept, those that were used last, and none that nothing uses for a
//! month. One that is not what was kept is built again. Other processes may use any of them at any moment: one that was used just now is
//! never taken away, only replaced as a whole.

use super::carried;
use super::error::SetupError;
use super::libraries;
use super::progress;
use super::runtime::Runtime;
use super::sum;
use crate::place;
use std::collections::HashSet;
use std::env;
use std::fs::{self, File, FileTimes, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// More executables than a person works with at a time.
const KEPT: usize = 24;

/// How long a process that was told where an executable is may take to start it, at most.
pub(super) const IN_USE: Duration = Duration::from_secs(3600);

/// How long an executable is kept that nothing uses.
const UNUSED: Duration = Duration::from_secs(30 * 24 * 3600);

/// What is kept for one runtime.
#[derive(Debug)]
pub(crate) struct Cache {
    pub(crate) folder: PathBuf,
}

impl Cache {
    pub(crate) fn open(runtime: &Runtime) -> Result<Self, SetupError> {
        let folder = root().join(format!("{:016x}", hash(0, &runtime.to_toml())));
        fs::create_dir_all(folder.join("bin")).map_err(|error| SetupError::cannot(&folder, "made", error))?;
        Ok(Self { folder })
    }

    /// Where the executable of a program is, if it is there.
    pub(crate) fn executable(&self, name: &str, program: &impl Hash) -> PathBuf {
        executable(&self.folder, name, program)
    }

    /// Waits until no other process builds here. Dropping the file lets the next one go.
    pub(crate) fn lock(&self) -> Result<File, SetupError> {
        let path = self.folder.join(LOCK);
        let locked = File::create(&path).and_then(|file| {
            if let Err(TryLockError::WouldBlock) = file.try_lock() {
                progress::wait("another `asl` builds what this one needs too: waiting for it");
                file.lock()?;
            }
            Ok(file)
        });
        locked.map_err(|error| SetupError::cannot(&path, "locked", error))
    }

    /// Copies an executable to where it stays: the next program is built in the same place. If another process has kept the same program in
    /// the meantime, that one stays.
    pub(crate) fn keep(&self, built: &Path, kept: &Path) -> Result<(), SetupError> {
        if is_kept(kept) {
            return Ok(());
        }
        let made = kept.parent().map_or(Ok(()), fs::create_dir_all);
        let copied = made.and_then(|()| place::copy(built, kept)).and_then(|()| sum::write(kept));
        for bin in folders().iter().flat_map(|folder| bins(folder)) {
            forget(&bin, SystemTime::now());
        }
        copied.map_err(|error| SetupError::cannot(kept, "written", error))
    }
}

/// Where the executable of a program is, if it is there.
pub(super) fn executable(folder: &Path, name: &str, program: &impl Hash) -> PathBuf {
    // Two different numbers, so that no two programs of this world have the same name.
    let number = format!("{:016x}{:016x}", hash(1, program), hash(2, program));
    folder.join("bin").join(format!("{name}-{number}{}", env::consts::EXE_SUFFIX))
}

/// The folders of the executables that are kept for one runtime.
fn bins(folder: &Path) -> Vec<PathBuf> {
    let with_libraries = libraries::folders(folder);
    with_libraries.chain([folder.to_owned()]).map(|folder| folder.join("bin")).collect()
}

/// The file of a runtime's folder that tells whether a process builds there.
const LOCK: &str = "lock";

/// Removes what has not been used for long, and what is too many.
fn forget(bin: &Path, now: SystemTime) {
    let mut by_age = Vec::new();
    for path in fs::read_dir(bin).into_iter().flatten().flatten().map(|entry| entry.path()) {
        match sum::executable_of(&path) {
            // A sum goes with its executable, or alone if there is none.
            Some(executable) if !executable.exists() => {
                let _ = fs::remove_file(&path);
            }
            Some(_) => {}
            None => {
                by_age.extend(path.metadata().and_then(|about| about.modified()).map(|used| (used, path)))
            }
        }
    }
    by_age.sort();
    let too_many = by_age.len().saturating_sub(KEPT);
    for (number, (used, path)) in by_age.iter().enumerate() {
        let unused = now.duration_since(*used).unwrap_or_default();
        if unused > UNUSED || (number < too_many && unused > IN_USE) {
            sum::remove(path);
        }
    }
}

/// Whether the executable is there and is what was kept. It is noted that it is in use.
pub(crate) fn is_kept(executable: &Path) -> bool {
    if !sum::holds(executable) {
        return false;
    }
    if let Ok(file) = File::open(executable) {
        let _ = file.set_times(FileTimes::new().set_modified(SystemTime::now()));
    }
    true
}

/// What was removed.
#[derive(Debug, Default)]
pub(crate) struct Emptied {
    pub(crate) bytes: u64,
    pub(crate) executables: usize,
}

/// Removes all executables, and what they were built from. Waits for builds under way.
pub(crate) fn empty() -> Result<Emptied, SetupError> {
    let mut emptied = Emptied::default();
    for folder in folders() {
        let lock = Cache { folder: folder.clone() }.lock()?;
        let executables =
            bins(&folder).into_iter().flat_map(|bin| fs::read_dir(bin).into_iter().flatten()).flatten();
        emptied.executables +=
            executables.filter(|entry| sum::executable_of(&entry.path()).is_none()).count();
        for path in fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
            // Another process may wait for it.
            if path.ends_with(LOCK) {
                continue;
            }
            let mut counted = HashSet::new();
            emptied.bytes += size(&path, &mut counted);
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|error| SetupError::cannot(&path, "removed", error))?;
        }
        drop(lock);
    }
    // They are unpacked again when something is built.
    let sources = carried::place();
    emptied.bytes += size(&sources, &mut HashSet::new());
    match fs::remove_dir_all(&sources) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(SetupError::cannot(&sources, "removed", error))
        }
        _ => Ok(emptied),
    }
}

/// How much a file or folder takes. Cargo has many files twice, under two names.
fn size(path: &Path, counted: &mut HashSet<(u64, u64)>) -> u64 {
    let Ok(about) = path.symlink_metadata() else { return 0 };
    if about.is_dir() {
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        return entries.map(|entry| size(&entry.path(), counted)).sum();
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if !counted.insert((about.dev(), about.ino())) {
            return 0;
        }
    }
    about.len()
}

/// Where everything is kept.
pub(crate) fn root() -> PathBuf {
    of_user().join("asl")
}

/// The folders of all runtimes.
fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(root()).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.join("bin").is_dir() || path.join(LOCK).is_file()).collect()
}

/// Writes a file unless it is there already, because cargo builds again what is newer.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), SetupError> {
    if fs::read_to_string(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| SetupError::cannot(path, "written", error))
}

/// Removes folders in which nothing was written for a day: a program that was refused is left there to be looked at.
pub(super) fn forget_abandoned(place: &Path) {
    for entry in fs::read_dir(place).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok();
        if age.and_then(|time| time.elapsed().ok()).is_some_and(|age| age > Duration::from_secs(86_400)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn of_user() -> PathBuf {
    let named = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    named.or_else(|| Some(env::home_dir()?.join(".cache"))).unwrap_or_else(env::temp_dir)
}

pub(super) fn hash(salt: u8, value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    (salt, value).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_about_to_be_started_stays() {
        let folder = env::temp_dir().join(format!("asl-keep-{}", std::process::id()));
        let cache = Cache { folder: folder.clone() };
        let (first, second, kept) = (folder.join("first"), folder.join("second"), folder.join("bin/kept"));
        fs::create_dir_all(folder.join("bin")).unwrap();
        fs::write(&first, "first").unwrap();
        fs::write(&second, "second").unwrap();
        cache.keep(&first, &kept).unwrap();
        cache.keep(&second, &kept).unwrap();
        assert_eq!(fs::read_to_string(&kept).unwrap(), "first");
        fs::write(&kept, "damaged").unwrap();
        cache.keep(&second, &kept).unwrap();
        assert_eq!(fs::read_to_string(&kept).unwrap(), "second");
        assert!(is_kept(&kept));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_is_not_used_is_forgotten() {
        let bin = env::temp_dir().join(format!("asl-cache-{}", std::process::id()));
        fs::create_dir_all(&bin).unwrap();
        let day = Duration::from_secs(24 * 3600);
        let now = SystemTime::now();
        for (name, days) in [("old", 31), ("used", 29), ("new", 0)] {
            fs::write(bin.join(name), name).unwrap();
            sum::write(&bin.join(name)).unwrap();
            let file = File::options().write(true).open(bin.join(name)).unwrap();
            file.set_times(FileTimes::new().set_modified(now - day * days)).unwrap();
        }
        fs::write(bin.join("left over.sum"), "").unwrap();
        forget(&bin, now);
        let mut names: Vec<_> = fs::read_dir(&bin).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["new", "new.sum", "used", "used.sum"]);
        for number in 0..=KEPT {
            fs::write(bin.join(format!("other{number}")), "").unwrap();
        }
        forget(&bin, now);
        assert!(!bin.join("used").exists() && !bin.join("used.sum").exists());
        // They are too many, but one may be about to be started.
        assert!((0..=KEPT).all(|number| bin.join(format!("other{number}")).exists()));
        fs::remove_dir_all(&bin).unwrap();
    }
}
