//! Why there is no executable.

use super::cargo::TO_INSTALL;
use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

/// Why there is no executable.
#[derive(Debug)]
pub(crate) enum BuildError {
    /// The compiler could not begin.
    Setup(SetupError),
    /// The compiler refused it, with this text.
    Refused {
        /// Where the sources are.
        folder: PathBuf,
        /// What the compiler said.
        text: String,
    },
}

/// What building takes, and is missing or cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SetupError {
    /// A file, a folder or a program.
    Cannot {
        path: PathBuf,
        /// `written`
        be: &'static str,
        why: String,
    },
    /// The folder that was named has no `asl-runtime` in it.
    NoRuntime(PathBuf),
    NoCrateBeside {
        name: String,
        folder: PathBuf,
    },
    /// What `RUSTC` names.
    NoSuchCompiler(PathBuf),
    NoCompiler,
    NoCargo,
    CargoDoesNotRun(String),
    /// Cargo has nothing to complain about, and left no program.
    NoProgram(PathBuf),
    NoLibrary(PathBuf),
    /// Neither cargo can build it, nor the compiler alone.
    NeitherWay {
        with_cargo: Box<Self>,
        without: String,
    },
}

impl SetupError {
    pub(super) fn cannot(path: &Path, be: &'static str, why: impl Display) -> Self {
        Self::Cannot { path: path.to_owned(), be, why: why.to_string() }
    }
}

impl Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cannot { path, be, why } => write!(f, "`{}` cannot be {be}: {why}", path.display()),
            Self::NoRuntime(folder) => write!(
                f,
                "there is no crate `asl-runtime` in `{}`: name its folder with `--runtime` or in `ASL_RUNTIME`",
                folder.display()
            ),
            Self::NoCrateBeside { name, folder } => {
                write!(f, "there is no crate `{name}` beside `{}`", folder.display())
            }
            Self::NoSuchCompiler(name) => {
                write!(f, "`{}`, which `RUSTC` names, is not on the `PATH`", name.display())
            }
            Self::NoCompiler => {
                write!(f, "there is no `rustc` on the `PATH`, and `RUSTC` names none: {TO_INSTALL}")
            }
            Self::NoCargo => write!(f, "there is no `cargo` on the `PATH`: {TO_INSTALL}"),
            Self::CargoDoesNotRun(why) => write!(f, "cargo cannot be run: {why}"),
            Self::NoProgram(folder) => write!(f, "cargo made no program of `{}`", folder.display()),
            Self::NoLibrary(folder) => {
                write!(f, "cargo built no library of `asl-engine` in `{}`", folder.display())
            }
            Self::NeitherWay { with_cargo, without } => {
                write!(f, "{with_cargo}\nand without cargo: {without}")
            }
        }
    }
}

impl From<SetupError> for BuildError {
    fn from(error: SetupError) -> Self {
        Self::Setup(error)
    }
}

/// What a command says of it.
impl From<SetupError> for String {
    fn from(error: SetupError) -> Self {
        error.to_string()
    }
}

impl From<BuildError> for String {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Setup(error) => error.to_string(),
            BuildError::Refused { folder, text } => {
                format!("the program in `{}` cannot be built:\n{}", folder.display(), text.trim_end())
            }
        }
    }
}
