//! Finds and reads the definition.

use asl_compiler::source::{SIZE_LIMIT, SourceFile};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use syn::LitStr;

/// A definition that was read.
pub(crate) struct Definition {
    pub(crate) source: SourceFile,
    /// It lies where `include_bytes!` would find it, so that its changes can be tracked.
    pub(crate) beside_caller: bool,
}

/// Reads the file, a definition or something else as `what` says, that a path in the user's source code names.
pub(crate) fn read(what: &str, literal: &LitStr) -> Result<Definition, String> {
    let written = literal.value();
    if written.is_empty() {
        return Err(format!("expected the path of a {what}"));
    }
    let (path, beside_caller) = locate(literal, Path::new(&written));
    let name = shown(&path);
    let metadata =
        fs::metadata(&path).map_err(|error| format!("cannot read the {what} `{name}`: {error}"))?;
    if metadata.is_dir() {
        return Err(format!("cannot read the {what} `{name}`: it is a directory"));
    }
    let source = if metadata.len() > SIZE_LIMIT as u64 {
        SourceFile::too_large(name, metadata.len())
    } else {
        let bytes = fs::read(&path).map_err(|error| format!("cannot read the {what} `{name}`: {error}"))?;
        SourceFile::new(name, bytes)
    };
    Ok(Definition { source, beside_caller })
}

/// The path from the folder of the calling source file; where that is not known (an editor may not say), from the package.
fn locate(literal: &LitStr, written: &Path) -> (PathBuf, bool) {
    let caller = literal.span().unwrap().local_file();
    if let Some(folder) = caller.as_deref().and_then(Path::parent) {
        return (folder.join(written), true);
    }
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let in_source_folder = package.join("src").join(written);
    (if in_source_folder.exists() { in_source_folder } else { package.join(written) }, false)
}

/// The path as messages show it: relative to the folder that cargo runs in, like the paths of rustc's own messages.
fn shown(path: &Path) -> String {
    let folder = env::current_dir().unwrap_or_default();
    path.strip_prefix(&folder).unwrap_or(path).display().to_string()
}
