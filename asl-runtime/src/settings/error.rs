//! Why settings count for nothing.

use super::Setting;
use asl_language::files::ReadError;
use asl_project::FileError;
use std::error::Error;
use std::fmt::{Display, Formatter, Result};
use std::path::PathBuf;

/// A setting that makes no sense, or a file that cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file of the settings.
    File(FileError),
    /// A text that is not a value of the setting.
    Form {
        /// The setting.
        setting: Setting,
        /// The text.
        text: String,
    },
    /// A connection whose file cannot be read.
    NoConnection {
        /// The name of the connection.
        name: String,
        /// Why.
        error: ReadError,
    },
    /// The file of a connection.
    Connection {
        /// The file.
        file: PathBuf,
        /// What in it makes no sense.
        error: Box<dyn Error + Send + Sync>,
    },
    /// A Lambda function that cannot be called.
    Function {
        /// The name of the function.
        name: String,
        /// Why.
        error: Box<dyn Error + Send + Sync>,
    },
}

impl Display for SettingsError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::File(error) => error.fmt(formatter),
            Self::Form { setting, text } => write!(
                formatter,
                "`{text}` is not a value of `--{}`, which is `{}`",
                setting.option(),
                setting.form()
            ),
            Self::NoConnection { name, error } => {
                write!(formatter, "the connection `{name}` has no settings: {error}")
            }
            Self::Connection { file, error } => {
                write!(formatter, "the connection `{}` makes no sense: {error}", file.display())
            }
            Self::Function { name, error } => {
                write!(formatter, "the function `{name}` cannot be called: {error}")
            }
        }
    }
}

impl Error for SettingsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File(error) => Some(error),
            Self::NoConnection { error, .. } => Some(error),
            Self::Form { .. } => None,
            Self::Connection { error, .. } | Self::Function { error, .. } => Some(error.as_ref()),
        }
    }
}

impl From<FileError> for SettingsError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}
