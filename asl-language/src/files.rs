//! Files that a user names, read into memory up to a limit: a file may be anything, a device that never ends as well.
//!
//! In: a path, and how much of it may be read. Out: its bytes or its text, or why there is none, with its name. The one place outside of stores of objects where
//! files of users are read; the compiler, which does no IO, must not call it.

use crate::limits::{DATA_BYTES, WRITTEN_BYTES};
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// What a file is, and so how large it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// What people write: definitions, tests, settings, secrets.
    Written,
    /// What programs write: inputs, histories, objects.
    Data,
}

impl FileKind {
    /// The most bytes.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Written => WRITTEN_BYTES,
            Self::Data => DATA_BYTES,
        }
    }
}

/// The bytes of a file.
///
/// # Errors
/// There is none, it cannot be read, or it is too large.
pub fn bytes(path: &Path, kind: FileKind) -> Result<Vec<u8>, String> {
    let name = path.to_string_lossy();
    let file = open(&name, path)?;
    // What says that it is too large is not read for that.
    if file.metadata().is_ok_and(|metadata| metadata.len() > kind.most() as u64) {
        return Err(too_large(&name, kind));
    }
    whole(&name, file, kind)
}

/// The text of a file.
///
/// # Errors
/// As [`bytes`], or it is not UTF-8.
pub fn text(path: &Path, kind: FileKind) -> Result<String, String> {
    utf8(&path.to_string_lossy(), bytes(path, kind)?)
}

/// The text of what is no file, such as the standard input; `name` is what it is called.
///
/// # Errors
/// It cannot be read, is too large, or is not UTF-8.
pub fn text_of(name: &str, input: impl Read, kind: FileKind) -> Result<String, String> {
    utf8(name, whole(name, input, kind)?)
}

/// The bytes of a file, but no more than one above what is allowed, for those who say themselves that it is too large; `name` is what the file is
/// called.
///
/// # Errors
/// There is none, or it cannot be read.
pub fn start(name: &str, path: &Path, most: usize) -> Result<Vec<u8>, String> {
    at_most(open(name, path)?, most).map_err(|error| unread(name, &error))
}

/// What the user names is read whatever it is: a pipe as well.
fn open(name: &str, path: &Path) -> Result<File, String> {
    let file = File::open(path).map_err(|error| unread(name, &error))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => Err(format!("`{name}` is a directory, not a file")),
        Ok(_) => Ok(file),
        Err(error) => Err(unread(name, &error)),
    }
}

/// Reads one byte more than is allowed at most: enough to see that it is too much, wherever the bytes come from.
///
/// # Errors
/// It cannot be read.
pub fn at_most(input: impl Read, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn unread(name: &str, error: &io::Error) -> String {
    if error.kind() == ErrorKind::NotFound {
        format!("no such file: `{name}`")
    } else {
        format!("`{name}` cannot be read: {error}")
    }
}

fn whole(name: &str, input: impl Read, kind: FileKind) -> Result<Vec<u8>, String> {
    let bytes = at_most(input, kind.most()).map_err(|error| unread(name, &error))?;
    if bytes.len() > kind.most() { Err(too_large(name, kind)) } else { Ok(bytes) }
}

fn too_large(name: &str, kind: FileKind) -> String {
    format!("`{name}` is larger than {} MiB, which is the most that is read", kind.most() >> 20)
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes)
        .map_err(|error| format!("`{name}` is not UTF-8: byte {} is none", error.utf8_error().valid_up_to()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_may_be() {
        let most = WRITTEN_BYTES;
        assert_eq!(text_of("it", &b"text"[..], FileKind::Written), Ok("text".to_owned()));
        let full = vec![b' '; most];
        assert_eq!(text_of("it", &*full, FileKind::Written).map(|text| text.len()), Ok(most));
        let error = Err("`it` is larger than 8 MiB, which is the most that is read".to_owned());
        assert_eq!(text_of("it", (&*full).chain(&b" "[..]), FileKind::Written), error);
        assert_eq!(text_of("it", io::repeat(b' '), FileKind::Written), error, "it never ends");
        assert_eq!(
            text_of("it", (&*full).chain(&b" "[..]), FileKind::Data).map(|text| text.len()),
            Ok(most + 1)
        );
    }

    #[test]
    fn what_is_no_text_file_is_said_to_be_none() {
        let folder = std::env::temp_dir();
        let name = folder.display();
        assert_eq!(text(&folder, FileKind::Data), Err(format!("`{name}` is a directory, not a file")));
        let missing = folder.join("asl-language-has-no-such-file");
        assert_eq!(bytes(&missing, FileKind::Data), Err(format!("no such file: `{}`", missing.display())));
        let error = Err("`it` is not UTF-8: byte 2 is none".to_owned());
        assert_eq!(text_of("it", &b"ab\xff"[..], FileKind::Data), error);
    }
}
