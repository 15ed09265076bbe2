//! `asl.toml`, as far as it says how definitions are compiled.
//!
//! In: the folder of a definition. Out: the file that counts for it, and what that says. It is found from there upwards: the nearest counts. The
//! macro, the command and programs read it here, so that it means the same to all of them; what the words mean is the compiler's, and what else
//! the file says is the runtime's.

mod definitions;
mod error;
mod test_folders;
mod words;

pub use definitions::{Definitions, Fault, Given, KEYS, TABLE, read};
pub use error::FileError;
pub use test_folders::TestFolders;
pub use words::meant;

use asl_language::files;
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// The name of the file.
pub const FILE: &str = "asl.toml";

/// The file that counts for the definitions of a folder, and how many folders it is above it.
#[must_use]
pub fn find(folder: &Path) -> Option<(PathBuf, usize)> {
    // The folder of a bare file name is empty.
    let folder = Path::new(".").join(folder);
    let folder = std::path::absolute(&folder).unwrap_or(folder);
    let files = folder.ancestors().map(|folder| folder.join(FILE)).zip(0..);
    files.into_iter().find(|(file, _)| file.is_file())
}

/// Reads how definitions are compiled; what else is in the file is not looked at.
///
/// # Errors
/// The file cannot be read, or what it says about definitions makes no sense.
pub fn definitions(file: &Path) -> Result<Definitions, FileError> {
    let text = text(file)?;
    let table = table(&text, file)?;
    let found = table.iter().find(|(name, _)| name.get_ref() == TABLE);
    found.map_or_else(
        || Ok(Definitions::default()),
        |(_, value)| {
            read(value, folder(file)).map_err(|(place, what)| FileError::at(&text, file, place.start, what))
        },
    )
}

/// The text of a file.
///
/// # Errors
/// It cannot be read.
pub fn text(file: &Path) -> Result<String, FileError> {
    files::text(file, files::FileKind::Written).map_err(FileError::Unread)
}

/// What the text of a file is.
///
/// # Errors
/// It is not TOML.
pub fn table<'t>(text: &'t str, file: &Path) -> Result<DeTable<'t>, FileError> {
    let root = DeTable::parse(text).map_err(|error| {
        FileError::at(text, file, error.span().unwrap_or_default().start, error.message())
    })?;
    Ok(root.into_inner())
}

/// What its paths are relative to.
#[must_use]
pub fn folder(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}
