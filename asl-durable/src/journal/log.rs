//! Puts on the disk what SQLite has committed to its log, the file `journal.sqlite-wal`.
//!
//! SQLite could do that itself (`synchronous = FULL`), but it asks for more than is needed: that the time of the last change of the file is
//! on the disk as well, which costs a second write of the file system for each commit. So does a file that grows. This one grows ahead by
//! zeros, which SQLite reads as the end of the log, and SQLite begins it anew when what is in it is in the tables.

use crate::error::DurableError;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The log grows by so many bytes at once.
const ROOM: usize = 1 << 20;

/// The log of a file of SQLite.
pub(super) struct Log {
    /// Nowhere, if all of it is in memory.
    path: Option<PathBuf>,
    /// Not there before the first commit.
    file: Option<Opened>,
    /// A sync has failed. It is not known what is on the disk since then, and another sync might say that all is well though it is not; when
    /// the folder is opened again, SQLite sees what is there.
    is_broken: bool,
}

struct Opened {
    file: File,
    length: u64,
}

impl Log {
    /// The log beside the file at this path.
    pub(super) fn beside(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push("-wal");
        Self { path: Some(name.into()), file: None, is_broken: false }
    }

    /// That of a file in memory, which has none.
    pub(super) const fn nowhere() -> Self {
        Self { path: None, file: None, is_broken: false }
    }

    /// How long it is.
    pub(super) fn length(&self) -> u64 {
        self.path.as_ref().and_then(|path| path.metadata().ok()).map_or(0, |log| log.len())
    }

    /// Puts on the disk what was committed. Once that has failed, nothing may be committed any more.
    pub(super) fn sync(&mut self) -> Result<(), DurableError> {
        self.sync_file().map_err(|error| {
            self.is_broken = true;
            DurableError::Journal(format!("its log cannot be synced: {error}"))
        })
    }

    /// Whether something may be committed.
    pub(super) fn check(&self) -> Result<(), DurableError> {
        let broken = "its log could not be synced, and is not used until the folder is opened again";
        if self.is_broken { Err(DurableError::Journal(broken.to_owned())) } else { Ok(()) }
    }

    fn sync_file(&mut self) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let opened = match &mut self.file {
            Some(opened) => opened,
            none => {
                let file = OpenOptions::new().write(true).open(path)?;
                // That there is such a file is on the disk as well, where folders can be synced.
                if let Some(folder) = path.parent() {
                    File::open(folder).and_then(|folder| folder.sync_all()).or_else(unless_unsupported)?;
                }
                none.insert(Opened { file, length: 0 })
            }
        };
        opened.make_room()?;
        opened.file.sync_data()
    }
}

impl Opened {
    /// Lets the file grow if SQLite just did. Without room for that it does not: there may be enough for what is to be written.
    fn make_room(&mut self) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        if length == self.length {
            return Ok(());
        }
        self.file.seek(SeekFrom::Start(length))?;
        let grown = self.file.write_all(&vec![0; ROOM]);
        self.length = self.file.metadata()?.len();
        if grown.is_err() {
            self.file.set_len(length)?;
            self.length = length;
        }
        Ok(())
    }
}

fn unless_unsupported(error: io::Error) -> io::Result<()> {
    let is_unsupported = matches!(
        error.kind(),
        io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput
    );
    if is_unsupported { Ok(()) } else { Err(error) }
}
