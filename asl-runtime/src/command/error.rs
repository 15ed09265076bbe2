//! Why a program around one machine does not run an execution, or cannot report it.

use crate::settings::SettingsError;
use crate::test::CaseError;
use asl_language::files::ReadError;
use asl_value::JsonError;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::PathBuf;

/// Why an execution was not run, or not reported.
#[derive(Debug)]
#[non_exhaustive]
pub enum CommandError {
    /// The input cannot be read, or is not JSON.
    Input(InputError),
    /// The settings of services make no sense.
    Settings(SettingsError),
    /// The case of a test file makes no sense.
    Case(CaseError),
    /// Something that every execution needs cannot be started.
    Start {
        /// What: `tokio`, the thread or the handler of signals.
        what: &'static str,
        /// What the system says.
        error: io::Error,
    },
    /// The history cannot be written: the file cannot be made, and nothing was run, or it is full, and the execution has ended.
    History {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The output cannot be written. The execution has ended.
    Output(io::Error),
}

/// An argument that makes no sense.
#[derive(Debug)]
#[non_exhaustive]
pub enum ArgumentError {
    /// It is not written as arguments are, or its value is missing.
    Form(String),
    /// There is no option of this name.
    Unknown(String),
    /// The value of an option is not one of those that it can have.
    Value {
        /// The value.
        found: String,
        /// The values that there are.
        known: &'static [&'static str],
    },
    /// The name of the execution is not allowed.
    Name(String),
    /// A setting of services makes no sense.
    Setting(SettingsError),
    /// There is more than one input.
    Inputs,
}

/// An input that cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum InputError {
    /// It cannot be read.
    Unread(ReadError),
    /// It is not JSON.
    NotJson {
        /// Where it is from.
        from: String,
        /// What is wrong.
        error: JsonError,
        /// It is the name of a file.
        names_file: bool,
    },
}

impl Display for CommandError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Settings(error) => error.fmt(f),
            Self::Case(error) => error.fmt(f),
            Self::Start { what, error } => write!(f, "{what} cannot be started: {error}"),
            Self::History { file, error } => write!(f, "`{}` cannot be written: {error}", file.display()),
            Self::Output(error) => write!(f, "the output cannot be written: {error}"),
        }
    }
}

impl Display for ArgumentError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(reason) => f.write_str(reason),
            Self::Unknown(name) => write!(f, "there is no option `--{name}`"),
            Self::Value { found, known } => {
                write!(f, "`{found}` is not one of `{}`", known.join("`, `"))
            }
            Self::Name(name) => write!(
                f,
                "`{name}` cannot be the name of an execution, which has 1 to 80 characters, none of them a space or one of \
                 <>{{}}[]?*\"#%\\^|~`$&,;:/"
            ),
            Self::Setting(error) => error.fmt(f),
            Self::Inputs => f.write_str("there is more than one input"),
        }
    }
}

impl Display for InputError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(error) => error.fmt(f),
            Self::NotJson { from, error, names_file } => {
                let hint = if *names_file { "; a file is named with an `@` before it" } else { "" };
                write!(f, "{from} is not JSON: {error}{hint}")
            }
        }
    }
}

impl Error for CommandError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Input(error) => Some(error),
            Self::Settings(error) => Some(error),
            Self::Case(error) => Some(error),
            Self::Start { error, .. } | Self::History { error, .. } | Self::Output(error) => Some(error),
        }
    }
}

impl Error for ArgumentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Setting(error) => Some(error),
            Self::Form(_) | Self::Unknown(_) | Self::Value { .. } | Self::Name(_) | Self::Inputs => None,
        }
    }
}

impl Error for InputError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unread(error) => Some(error),
            Self::NotJson { error, .. } => Some(error),
        }
    }
}

impl From<InputError> for CommandError {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<SettingsError> for CommandError {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

impl From<CaseError> for CommandError {
    fn from(error: CaseError) -> Self {
        Self::Case(error)
    }
}

impl From<ReadError> for InputError {
    fn from(error: ReadError) -> Self {
        Self::Unread(error)
    }
}

impl From<SettingsError> for ArgumentError {
    fn from(error: SettingsError) -> Self {
        Self::Setting(error)
    }
}

impl From<lexopt::Error> for ArgumentError {
    fn from(error: lexopt::Error) -> Self {
        Self::Form(error.to_string())
    }
}

/// For commands, whose errors are messages.
impl From<CommandError> for String {
    fn from(error: CommandError) -> Self {
        error.to_string()
    }
}

impl From<ArgumentError> for String {
    fn from(error: ArgumentError) -> Self {
        error.to_string()
    }
}

impl From<InputError> for String {
    fn from(error: InputError) -> Self {
        error.to_string()
    }
}
