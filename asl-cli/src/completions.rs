//! `asl completions`: what a shell needs to complete the command's arguments.

use crate::{Outcome, print};
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

/// Print the completions for a shell, to be put where it looks for them.
///
/// For example: `asl completions bash > ~/.local/share/bash-completion/completions/asl`
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints them.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let mut text = Vec::new();
    generate(arguments.shell, &mut crate::Arguments::command(), "asl", &mut text);
    print(&String::from_utf8_lossy(&text));
    Outcome::Fine
}
