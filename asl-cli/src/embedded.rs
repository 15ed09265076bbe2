//! Definitions inside of templates, and which of them is meant.
//!
//! In: the path of a definition or a template, and the name of a state machine. Out: [`SourceFile`]s that are read as one definition each. What a
//! template names starts at its folder; only what is a file is read.

use crate::read::read;
use asl_compiler::embedded::{self, Definition};
use asl_compiler::source::SourceFile;
use clap::Args;
use std::path::{Path, PathBuf};

/// The argument that all commands share that take one definition.
#[derive(Clone, Debug, Args)]
pub(crate) struct MachineArgument {
    /// Which state machine of a template, if it has several: SAM, CloudFormation, CDK, the Serverless Framework, a plan of Terraform
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
}

impl MachineArgument {
    /// The name that was given.
    pub(crate) fn name(&self) -> Option<&str> {
        self.machine.as_deref()
    }

    /// Reads the definition that a file is, or that is meant in a template.
    pub(crate) fn read(&self, path: &Path) -> Result<SourceFile, String> {
        choose(&read(path)?, path, self.name(), OPTION)
    }

    /// The files that a definition is read from.
    pub(crate) fn files(&self, path: &Path) -> Vec<PathBuf> {
        let named = self.read(path).ok().map(|source| source.path().to_owned());
        let named = named.filter(|named| named != path && path.as_os_str() != "-");
        std::iter::once(path.to_owned()).chain(named).collect()
    }
}

/// How a state machine is chosen on the command line.
pub(crate) const OPTION: &str = "--machine NAME";

/// The definition that a file which was read is, or that of a state machine in a template.
pub(crate) fn choose(
    source: &SourceFile,
    path: &Path,
    machine: Option<&str>,
    option: &str,
) -> Result<SourceFile, String> {
    embedded::choose(source, machine, option, &mut |named| read_named(path, named))
        .map_err(|error| error.to_string())
}

/// The definitions of a file that was read: itself, or those of a template.
pub(crate) fn definitions(source: &SourceFile, path: &Path) -> Vec<Definition> {
    embedded::definitions(source, &mut |named| read_named(path, named))
}

/// Reads a file that a template names.
fn read_named(template: &Path, named: &str) -> Result<SourceFile, String> {
    let folder = template.parent().unwrap_or(Path::new(""));
    let path: PathBuf = folder.join(named).components().collect();
    // A pipe may never end, and the user has named none.
    if path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        return Err(format!("`{}` is not a file", path.display()));
    }
    read(&path)
}
