//! The compiler of Rust: which one there is, and what tells it from others.
//!
//! In: `RUSTC`, the programs on the `PATH`, and what rustup was set to. Out: the compiler itself, with its version. Asking it takes longer
//! than much else that is done here, so its answer is kept for as long as nothing shows that it could be another.

use super::error::SetupError;
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;
use std::{env, fs, process};

/// A compiler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Toolchain {
    /// The compiler itself, and not what rustup puts before it, which takes half as long again as starting it does.
    pub(super) rustc: PathBuf,
    /// Where its libraries are.
    pub(super) sysroot: PathBuf,
    /// What it says about itself, the host that it compiles for included.
    pub(super) version: String,
}

impl Toolchain {
    /// Finds the compiler that is used in a folder, in which the answer is kept too.
    pub(super) fn find(folder: &Path) -> Result<Self, SetupError> {
        let asked = asked()?;
        let circumstances = circumstances(&asked);
        let answer = folder.join("rustc.json");
        if let Some(known) = Self::read(&answer, &circumstances) {
            return Ok(known);
        }
        let toolchain = Self::ask(&asked, folder)?;
        // Without it, the compiler is asked the next time as well.
        let _ = toolchain.keep(&answer, &circumstances);
        Ok(toolchain)
    }

    /// The target that the compiler runs on and compiles for.
    pub(super) fn host(&self) -> Option<&str> {
        self.version.lines().find_map(|line| line.strip_prefix("host: "))
    }

    fn ask(asked: &Path, folder: &Path) -> Result<Self, SetupError> {
        let sysroot = PathBuf::from(say(asked, &["--print", "sysroot"], folder)?);
        let own = sysroot.join("bin").join(format!("rustc{}", env::consts::EXE_SUFFIX));
        let rustc = if own.is_file() { own } else { asked.to_owned() };
        let version = say(&rustc, &["--version", "--verbose"], folder)?;
        Ok(Self { rustc, sysroot, version })
    }

    fn read(answer: &Path, circumstances: &str) -> Option<Self> {
        let known: Value = serde_json::from_str(&fs::read_to_string(answer).ok()?).ok()?;
        let text = |name: &str| known.get(name)?.as_str();
        let toolchain = Self {
            rustc: text("rustc")?.into(),
            sysroot: text("sysroot")?.into(),
            version: text("version")?.to_owned(),
        };
        let is_the_same =
            text("circumstances")? == circumstances && text("state")? == state(&toolchain.rustc);
        is_the_same.then_some(toolchain)
    }

    fn keep(&self, answer: &Path, circumstances: &str) -> std::io::Result<()> {
        let known = json!({
            "circumstances": circumstances,
            "rustc": self.rustc.to_str(),
            "state": state(&self.rustc),
            "sysroot": self.sysroot.to_str(),
            "version": self.version,
        });
        // Nothing reads half an answer.
        let partly = answer.with_extension(process::id().to_string());
        fs::write(&partly, known.to_string())?;
        fs::rename(&partly, answer)
    }
}

/// What is asked: `RUSTC`, else `rustc` on the `PATH`.
fn asked() -> Result<PathBuf, SetupError> {
    let path = named_or_found()?;
    // It is called in another folder than this one.
    std::path::absolute(&path).map_err(|error| SetupError::cannot(&path, "found", error))
}

fn named_or_found() -> Result<PathBuf, SetupError> {
    let named = env::var_os("RUSTC").filter(|name| !name.is_empty()).map(PathBuf::from);
    let is_path = |name: &Path| name.components().count() > 1;
    match named {
        Some(path) if is_path(&path) => Ok(path),
        Some(name) => on_path(name.as_os_str()).ok_or(SetupError::NoSuchCompiler(name)),
        None => on_path(OsStr::new("rustc")).ok_or(SetupError::NoCompiler),
    }
}

/// The program of that name.
pub(super) fn on_path(name: &OsStr) -> Option<PathBuf> {
    let mut file = name.to_owned();
    file.push(env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// What decides which compiler answers: what is asked, and the settings of rustup. Its files for single folders do not count, because the
/// compiler is called in a folder of the cache.
fn circumstances(asked: &Path) -> String {
    let mut text = format!("{} {}", asked.display(), state(asked));
    for variable in ["RUSTUP_TOOLCHAIN", "RUSTUP_HOME"] {
        let _ = write!(text, " {variable}={:?}", env::var_os(variable));
    }
    let home = env::var_os("RUSTUP_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".rustup")));
    text + " " + &home.map(|home| state(&home.join("settings.toml"))).unwrap_or_default()
}

/// Something that is another when the file has changed.
fn state(file: &Path) -> String {
    let Ok(metadata) = file.metadata() else { return String::from("missing") };
    let changed = metadata.modified().ok().and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    format!("{} {}", metadata.len(), changed.unwrap_or_default().as_nanos())
}

/// What the compiler answers.
fn say(rustc: &Path, arguments: &[&str], folder: &Path) -> Result<String, SetupError> {
    let failed = |reason: &str| SetupError::cannot(rustc, "run", reason);
    let output = Command::new(rustc).args(arguments).current_dir(folder).stdin(Stdio::null()).output();
    let output = output.map_err(|error| failed(&error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_kept_until_the_circumstances_change() -> std::io::Result<()> {
        let folder = env::temp_dir().join(format!("asl-toolchain-{}", process::id()));
        fs::create_dir_all(&folder)?;
        let found = Toolchain::find(&folder).expect("these tests were compiled by one");
        assert!(found.version.starts_with("rustc "), "{found:?}");
        assert!(found.host().is_some(), "{found:?}");
        let answer = folder.join("rustc.json");
        let known: Value = serde_json::from_str(&fs::read_to_string(&answer)?)?;
        let circumstances = known["circumstances"].as_str().expect("a text");
        assert_eq!(Toolchain::read(&answer, circumstances), Some(found.clone()));
        assert_eq!(Toolchain::read(&answer, "others"), None);
        fs::write(&answer, "{")?;
        assert_eq!(Toolchain::find(&folder), Ok(found));
        fs::remove_dir_all(&folder)
    }

    #[test]
    fn what_is_no_compiler_says_why() {
        let folder = env::temp_dir();
        let missing = Toolchain::ask(Path::new("/nowhere/rustc"), &folder);
        assert!(
            missing.is_err_and(|reason| reason.to_string().starts_with("`/nowhere/rustc` cannot be run: "))
        );
    }
}
