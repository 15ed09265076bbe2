//! Where a server keeps its machines and executions.
//!
//! Beside the definitions, unless it is told otherwise: what is made of a project stays with it, two projects share nothing, and deleting the
//! folder starts anew.

use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder beside the definitions.
const NAME: &str = ".asl";

/// Where a server keeps what it is told.
#[derive(Debug, Args)]
pub(super) struct Storage {
    /// The folder in which machines and executions are kept; by default `.asl` in the folder of the definitions
    #[arg(long, value_name = "FOLDER", conflicts_with = "memory")]
    data: Option<PathBuf>,

    /// Keep machines and executions in memory: they end with the process
    #[arg(long)]
    memory: bool,
}

impl Storage {
    /// The folder, if it is not memory, for definitions in another one.
    pub(super) fn folder(&self, definitions: Option<&Path>) -> Result<Option<PathBuf>, String> {
        if self.memory {
            return Ok(None);
        }
        if let Some(data) = &self.data {
            return Ok(Some(data.clone()));
        }
        // A definition may be named itself.
        let beside = definitions.map(|path| if path.is_dir() { path } else { path.parent().unwrap_or(path) });
        let folder = beside.unwrap_or(Path::new("")).join(NAME);
        unshared(&folder).map_err(|error| format!("`{}` cannot be used: {error}", folder.display()))?;
        Ok(Some(folder))
    }
}

/// Makes a folder that is of this machine alone, and not of the project.
fn unshared(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let ignored = folder.join(".gitignore");
    if ignored.exists() { Ok(()) } else { fs::write(ignored, "*\n") }
}
