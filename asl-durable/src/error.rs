//! What can be wrong with a folder of executions, or with what is asked of it.

use asl_value::Text;
use std::fmt;
use std::path::PathBuf;

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DurableError {
    /// Another process has the folder.
    InUse(PathBuf),
    /// No executions are kept in the folder.
    Empty(PathBuf),
    /// The folder was written by a newer version of this crate; or by an older one, and is only looked at.
    Version {
        /// The version of the folder.
        found: i64,
        /// The newest version that this crate reads.
        newest: i64,
    },
    /// The journal cannot be opened, read or written.
    Journal(String),
    /// What the journal holds of an execution makes no sense.
    Damaged(String),
    /// The process of the machine has ended.
    Process(String),
    /// There is an execution of this name already, with another input, or it has ended.
    ExecutionAlreadyExists(Text),
    /// There is no such execution.
    ExecutionDoesNotExist(Text),
    /// No machine is known that has the definition which the execution began with.
    DefinitionUnknown(Text),
    /// The execution cannot be redriven.
    NotRedrivable(String),
}

impl fmt::Display for DurableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse(folder) => write!(f, "`{}` is in use by another process", folder.display()),
            Self::Empty(folder) => write!(f, "no executions are kept in `{}`", folder.display()),
            Self::Version { found, newest } if found < newest => {
                write!(
                    f,
                    "the journal is of version {found}, and can be looked at when it is of version {newest}, which it becomes when it is opened to write"
                )
            }
            Self::Version { found, newest } => {
                write!(
                    f,
                    "the journal is of version {found}, and version {newest} is the newest that is read here"
                )
            }
            Self::Journal(reason) => write!(f, "the journal failed: {reason}"),
            Self::Damaged(reason) => write!(f, "the journal is damaged: {reason}"),
            Self::Process(reason) => f.write_str(reason),
            Self::ExecutionAlreadyExists(arn) => write!(f, "Execution Already Exists: '{arn}'"),
            Self::ExecutionDoesNotExist(arn) => write!(f, "Execution Does Not Exist: '{arn}'"),
            Self::DefinitionUnknown(arn) => {
                write!(f, "`{arn}` began with a definition that no machine of this program has")
            }
            Self::NotRedrivable(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for DurableError {}

impl From<rusqlite::Error> for DurableError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Journal(error.to_string())
    }
}
