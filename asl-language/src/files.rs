//! Files that a user names, read into memory up to a limit: a file may be anything, a device that never ends as well.
//!
//! In: a path, and how much of it may be read. Out: its bytes or its text, or why there is none, with its name. The one place outside of stores of objects where
//! files of users are read; the compiler, which does no IO, must not call it.

use crate::limits::{DATA_BYTES, WRITTEN_BYTES};
use std::error::Error;
use std::fmt;
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

/// A file that is not read: its name, and why.
///
/// ```
/// use asl_language::files::{self, FileKind, Unread};
/// use std::path::Path;
///
/// let error = files::text(Path::new("no-such-file.json"), FileKind::Data).unwrap_err();
/// assert!(matches!(error.why, Unread::Missing));
/// assert_eq!(error.to_string(), "no such file: `no-such-file.json`");
/// ```
#[derive(Debug)]
pub struct ReadError {
    /// What the file is called.
    pub name: String,
    /// Why it is not read.
    pub why: Unread,
}

/// Why a file is not read.
#[derive(Debug)]
pub enum Unread {
    /// It does not exist.
    Missing,
    /// It is a directory.
    Directory,
    /// It has more bytes than this.
    TooLarge(usize),
    /// It is not text: the byte with this number, from 0, is not UTF-8.
    NotText(usize),
    /// The system says why.
    Failed(io::Error),
}

impl Unread {
    fn at(self, name: &str) -> ReadError {
        ReadError { name: name.to_owned(), why: self }
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        if error.kind() == ErrorKind::NotFound { Self::Missing } else { Self::Failed(error) }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.why {
            Unread::Missing => write!(f, "no such file: `{name}`"),
            Unread::Directory => write!(f, "`{name}` is a directory, not a file"),
            Unread::TooLarge(most) => {
                write!(f, "`{name}` is larger than {} MiB, which is the most that is read", most >> 20)
            }
            Unread::NotText(place) => write!(f, "`{name}` is not UTF-8: byte {place} is none"),
            Unread::Failed(error) => write!(f, "`{name}` cannot be read: {error}"),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.why {
            Unread::Failed(error) => Some(error),
            Unread::Missing | Unread::Directory | Unread::TooLarge(_) | Unread::NotText(_) => None,
        }
    }
}

/// For commands, whose errors are messages.
impl From<ReadError> for String {
    fn from(error: ReadError) -> Self {
        error.to_string()
    }
}

/// The bytes of a file.
///
/// # Errors
/// There is none, it cannot be read, or it is too large.
pub fn bytes(path: &Path, kind: FileKind) -> Result<Vec<u8>, ReadError> {
    let name = path.to_string_lossy();
    let file = open(&name, path)?;
    // What says that it is too large is not read for that.
    if file.metadata().is_ok_and(|metadata| metadata.len() > kind.most() as u64) {
        return Err(Unread::TooLarge(kind.most()).at(&name));
    }
    whole(&name, file, kind)
}

/// The text of a file.
///
/// # Errors
/// As [`bytes`], or it is not UTF-8.
pub fn text(path: &Path, kind: FileKind) -> Result<String, ReadError> {
    utf8(&path.to_string_lossy(), bytes(path, kind)?)
}

/// The text of something other than a file, such as the standard input; `name` is what it is called.
///
/// # Errors
/// It cannot be read, is too large, or is not UTF-8.
pub fn text_of(name: &str, input: impl Read, kind: FileKind) -> Result<String, ReadError> {
    utf8(name, whole(name, input, kind)?)
}

/// The bytes of a file, but no more than one above what is allowed, for those who say themselves that it is too large; `name` is what the file is
/// called.
///
/// # Errors
/// There is none, or it cannot be read.
pub fn start(name: &str, path: &Path, most: usize) -> Result<Vec<u8>, ReadError> {
    at_most(open(name, path)?, most).map_err(|error| Unread::from(error).at(name))
}

/// What the user names is read whatever it is: a pipe as well.
fn open(name: &str, path: &Path) -> Result<File, ReadError> {
    let file = File::open(path).map_err(|error| Unread::from(error).at(name))?;
    match file.metadata() {
        Ok(metadata) if metadata.is_dir() => Err(Unread::Directory.at(name)),
        Ok(_) => Ok(file),
        Err(error) => Err(Unread::from(error).at(name)),
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

fn whole(name: &str, input: impl Read, kind: FileKind) -> Result<Vec<u8>, ReadError> {
    let bytes = at_most(input, kind.most()).map_err(|error| Unread::from(error).at(name))?;
    if bytes.len() > kind.most() { Err(Unread::TooLarge(kind.most()).at(name)) } else { Ok(bytes) }
}

fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, ReadError> {
    String::from_utf8(bytes).map_err(|error| Unread::NotText(error.utf8_error().valid_up_to()).at(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_may_be() {
        let most = WRITTEN_BYTES;
        let text_of = |name, input: &mut dyn Read, kind| text_of(name, input, kind).map_err(String::from);
        assert_eq!(text_of("it", &mut &b"text"[..], FileKind::Written), Ok("text".to_owned()));
        let full = vec![b' '; most];
        assert_eq!(text_of("it", &mut &*full, FileKind::Written).map(|text| text.len()), Ok(most));
        let error = Err("`it` is larger than 8 MiB, which is the most that is read".to_owned());
        assert_eq!(text_of("it", &mut (&*full).chain(&b" "[..]), FileKind::Written), error);
        assert_eq!(text_of("it", &mut io::repeat(b' '), FileKind::Written), error, "it never ends");
        assert_eq!(
            text_of("it", &mut (&*full).chain(&b" "[..]), FileKind::Data).map(|text| text.len()),
            Ok(most + 1)
        );
    }

    #[test]
    fn what_is_no_text_file_is_said_to_be_none() {
        let folder = std::env::temp_dir();
        let name = folder.display();
        let text = |path: &Path| text(path, FileKind::Data).map_err(String::from);
        assert_eq!(text(&folder), Err(format!("`{name}` is a directory, not a file")));
        let missing = folder.join("asl-language-has-no-such-file");
        assert_eq!(text(&missing), Err(format!("no such file: `{}`", missing.display())));
        let error = Err("`it` is not UTF-8: byte 2 is none".to_owned());
        assert_eq!(text_of("it", &b"ab\xff"[..], FileKind::Data).map_err(String::from), error);
    }
}
