//! `asl completions`: what a shell needs to complete the command's arguments.

use crate::answer::{Answers, Outcome, print};
use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};

/// Print what a shell needs to complete the arguments of this command
///
/// For example: `asl completions bash > ~/.local/share/bash-completion/completions/asl`
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Answers for Arguments {
    fn answer(&self) -> Result<Outcome, String> {
        let mut text = Vec::new();
        generate(self.shell, &mut crate::Arguments::command(), "asl", &mut text);
        print(&String::from_utf8_lossy(&text));
        Ok(Outcome::Fine)
    }
}
