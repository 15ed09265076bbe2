//! `asl man`: the manual pages of the command and of its subcommands.

use crate::{Outcome, complain, print};
use clap::{Args, CommandFactory};
use clap_mangen::{Man, generate_to};
use std::path::PathBuf;

/// Write the manual pages to a folder, a file for each command; without a folder, print that of `asl` itself.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder, such as `~/.local/share/man/man1`
    folder: Option<PathBuf>,
}

/// Writes or prints them.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let command = crate::Arguments::command();
    let Some(folder) = &arguments.folder else {
        let mut text = Vec::new();
        // A vector takes whatever is written.
        let _ = Man::new(command).render(&mut text);
        print(&String::from_utf8_lossy(&text));
        return Outcome::Fine;
    };
    match std::fs::create_dir_all(folder).and_then(|()| generate_to(command, folder)) {
        Ok(()) => Outcome::Fine,
        Err(error) => complain(&format!("`{}` cannot be written: {error}", folder.display())),
    }
}
