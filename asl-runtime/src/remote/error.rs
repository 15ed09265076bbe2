//! Why a worker does not do what it is asked.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io;

/// Why a worker has no answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum WorkerError {
    /// Its process cannot be started.
    Start(io::Error),
    /// The request cannot be sent, for this reason.
    Request(String),
    /// The process has ended or refused the request: what it said.
    Ended(String),
    /// The process answered something else than it was asked.
    Nonsense,
}

impl Display for WorkerError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start(error) => write!(f, "the process of the machine cannot be started: {error}"),
            Self::Request(reason) | Self::Ended(reason) => f.write_str(reason),
            Self::Nonsense => f.write_str(super::NONSENSE),
        }
    }
}

impl Error for WorkerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Start(error) => Some(error),
            Self::Request(_) | Self::Ended(_) | Self::Nonsense => None,
        }
    }
}
