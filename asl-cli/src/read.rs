//! Files and the standard input to source files.
//!
//! In: a path as the user wrote it. Out: a [`SourceFile`], or why there is none; and what it says as JSON. Never reads more than a definition may
//! have.

use asl_compiler::source::{SIZE_LIMIT, SourceFile};
use asl_language::files;
use serde_json::Value;
use std::path::Path;

pub(crate) use asl_server::as_json;

/// Reads `path`, or the standard input if it is `-`. What the user names is read, whatever it is: a pipe as well.
pub(crate) fn read(path: impl AsRef<Path>) -> Result<SourceFile, String> {
    let path = path.as_ref();
    if path.as_os_str() == "-" {
        let bytes = files::at_most(std::io::stdin().lock(), SIZE_LIMIT)
            .map_err(|error| format!("the standard input cannot be read: {error}"))?;
        return Ok(SourceFile::new("<stdin>", bytes).of_either_language());
    }
    let name = path.to_string_lossy();
    let bytes = files::start(&name, path, SIZE_LIMIT)?;
    Ok(SourceFile::new(name, bytes).read_from(path))
}

/// What a file of data says.
pub(crate) fn json(path: &Path) -> Result<Value, String> {
    let text = files::text(path, files::FileKind::Data)?;
    // Editors on Windows begin a file so.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let name = path.display();
    if text.trim().is_empty() {
        return Err(format!("`{name}` is empty"));
    }
    serde_json::from_str(text).map_err(|error| format!("`{name}` is not JSON: {error}"))
}
