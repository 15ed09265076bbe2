//! `asl man`: the manual pages of the command and of its subcommands.

use crate::answer::{Answers, Outcome, print};
use clap::{Args, CommandFactory};
use clap_mangen::{Man, generate_to};
use std::path::PathBuf;

/// Write the manual pages to a folder
///
/// There is a page for each command. Without a folder that of `asl` itself is printed.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder, such as `~/.local/share/man/man1`
    folder: Option<PathBuf>,
}

impl Answers for Arguments {
    fn answer(&self) -> Result<Outcome, String> {
        let command = crate::Arguments::command();
        let Some(folder) = &self.folder else {
            let mut text = Vec::new();
            // A vector takes whatever is written.
            let _ = Man::new(command).render(&mut text);
            print(&String::from_utf8_lossy(&text));
            return Ok(Outcome::Fine);
        };
        match std::fs::create_dir_all(folder).and_then(|()| generate_to(command, folder)) {
            Ok(()) => Ok(Outcome::Fine),
            Err(error) => Err(format!("`{}` cannot be written: {error}", folder.display())),
        }
    }
}
