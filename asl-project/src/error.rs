//! Why a file counts for nothing.

use asl_language::files::ReadError;
use std::error::Error;
use std::fmt::{Display, Formatter, Result};
use std::path::{Path, PathBuf};

/// A file that cannot be read, or makes no sense.
#[derive(Debug)]
pub enum FileError {
    /// It cannot be read.
    Unread(ReadError),
    /// It makes no sense.
    Invalid {
        /// The file.
        file: PathBuf,
        /// The line, the first of which is 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
}

impl FileError {
    /// What makes no sense at a place of the text.
    #[must_use]
    pub fn at(text: &str, file: &Path, place: usize, what: impl Into<String>) -> Self {
        let line = text.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1;
        Self::Invalid { file: file.to_owned(), line, what: what.into() }
    }
}

impl Display for FileError {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        match self {
            Self::Unread(error) => error.fmt(formatter),
            Self::Invalid { file, line, what } => write!(formatter, "{}:{line}: {what}", file.display()),
        }
    }
}

impl Error for FileError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unread(error) => Some(error),
            Self::Invalid { .. } => None,
        }
    }
}
