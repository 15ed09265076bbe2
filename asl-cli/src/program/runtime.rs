//! The crates `asl-runtime` and `asl-engine`, which generated code needs.
//!
//! In: what the user says about them, and where this command is. Out: where cargo finds them, and what tells that they have changed.

use super::carried;
use super::error::SetupError;
use clap::Args;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The argument that all commands share that build programs.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "How programs are built")]
pub(crate) struct RuntimeArgument {
    /// The folder of the crate `asl-runtime`, instead of the sources that this command brings along
    #[arg(long, value_name = "FOLDER", env = "ASL_RUNTIME")]
    runtime: Option<PathBuf>,
}

/// Where the crate is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Runtime {
    /// Its sources are here.
    Folder(PathBuf),
    /// This command carries its sources, which are in this folder now.
    Carried(PathBuf),
    /// Cargo fetches it.
    Registry,
}

/// The crates whose code comes into every executable, beside `asl-runtime`.
const ENGINE: [&str; 4] = ["../asl-engine", "../asl-jsonata", "../asl-value", "../asl-language"];

/// A file, its size, and when it was changed.
type FileState = (PathBuf, u64, Option<SystemTime>);

impl RuntimeArgument {
    /// Finds the crate.
    pub(crate) fn locate(&self) -> Result<Runtime, SetupError> {
        if let Some(folder) = &self.runtime {
            let runtime = crate_in(folder).map(Runtime::Folder);
            return runtime.ok_or_else(|| SetupError::NoRuntime(folder.clone()));
        }
        Ok(match cloned() {
            Some(clone) => Runtime::Folder(clone),
            None if carried::are_there() => Runtime::Carried(carried::unpacked()?),
            None => Runtime::Registry,
        })
    }
}

/// The crate in the clone that this command is still inside of, whose sources may have been changed since. An installed command
/// asks for no clone, which may be gone tomorrow.
fn cloned() -> Option<PathBuf> {
    let clone = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).canonicalize().ok()?;
    let command = env::current_exe().and_then(|path| path.canonicalize()).ok()?;
    command.starts_with(&clone).then(|| crate_in(&clone.join("asl-runtime")))?
}

fn crate_in(folder: &Path) -> Option<PathBuf> {
    folder.canonicalize().ok().filter(|folder| folder.join("Cargo.toml").is_file())
}

impl Runtime {
    /// The dependency as a manifest says it.
    pub(crate) fn to_toml(&self) -> String {
        match self {
            Self::Folder(folder) | Self::Carried(folder) => to_path(folder),
            Self::Registry => concat!("version = \"=", env!("CARGO_PKG_VERSION"), "\"").to_owned(),
        }
    }

    /// The dependency on another crate of this workspace as a manifest says it.
    pub(crate) fn beside_to_toml(&self, name: &str) -> Result<String, SetupError> {
        match self {
            Self::Folder(folder) | Self::Carried(folder) => crate_in(&folder.join("..").join(name))
                .map(|beside| to_path(&beside))
                .ok_or_else(|| SetupError::NoCrateBeside { name: name.to_owned(), folder: folder.clone() }),
            Self::Registry => Ok(self.to_toml()),
        }
    }

    /// Begins with the versions of dependencies that the sources are developed with, and that the command itself was built with.
    pub(crate) fn write_lock_file(&self, folder: &Path) -> Result<(), SetupError> {
        let developed =
            self.folder().and_then(|runtime| fs::read_to_string(runtime.join("../Cargo.lock")).ok());
        let path = folder.join("Cargo.lock");
        match developed {
            Some(text) if !path.exists() => super::cache::write(&path, &text),
            Some(_) | None => Ok(()),
        }
    }

    /// What is another when the sources have changed, those of a crate around this one included.
    pub(crate) fn state(&self, around: Option<&str>) -> Vec<FileState> {
        let around = around.map(|name| self.state_of(&[&format!("../{name}")]));
        let own = self.state_of(&["."]).into_iter().chain(self.engine_state());
        own.chain(around.into_iter().flatten()).collect()
    }

    /// What is another when the sources of the engine have changed.
    pub(crate) fn engine_state(&self) -> Vec<FileState> {
        self.state_of(&ENGINE)
    }

    /// Its folder, if its sources are here.
    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Folder(folder) | Self::Carried(folder) => Some(folder),
            Self::Registry => None,
        }
    }

    fn state_of(&self, crates: &[&str]) -> Vec<FileState> {
        let mut files = Vec::new();
        if let Some(folder) = self.folder() {
            for part in crates {
                collect(&folder.join(part).join("src"), &mut files);
                collect(&folder.join(part).join("Cargo.toml"), &mut files);
            }
            files.sort();
        }
        files
    }
}

/// A dependency on the crate in that folder.
pub(crate) fn to_path(folder: &Path) -> String {
    format!("path = {}", toml_string(&folder.display().to_string()))
}

/// A text as a string of TOML, which has other escapes than Rust.
pub(crate) fn toml_string(text: &str) -> String {
    let character = |character: char| match character {
        '"' | '\\' => format!("\\{character}"),
        control if control.is_control() => format!("\\u{:04x}", u32::from(control)),
        other => other.to_string(),
    };
    format!("\"{}\"", text.chars().map(character).collect::<String>())
}

fn collect(path: &Path, files: &mut Vec<FileState>) {
    let Ok(metadata) = path.metadata() else { return };
    if !metadata.is_dir() {
        files.push((path.to_owned(), metadata.len(), metadata.modified().ok()));
        return;
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        collect(&entry.path(), files);
    }
}
