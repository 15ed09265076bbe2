//! Whether there are pages for people beside the API, and what they may do.

use asl_server::ConsoleOptions;
use clap::{Args, ValueEnum};

/// The options.
#[derive(Debug, Args)]
pub(super) struct ConsoleArguments {
    /// The console for browsers: with forms that start, stop and change things, without them, or none
    #[arg(long, value_enum, default_value_t = Mode::On)]
    console: Mode,

    /// A name by which browsers may call the server, beside its addresses and `localhost`; may be repeated
    #[arg(long, value_name = "NAME")]
    console_host: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    On,
    ReadOnly,
    Off,
}

impl ConsoleArguments {
    /// How the console is shown; nothing, if there is none.
    pub(super) fn options(&self) -> Option<ConsoleOptions> {
        let console = match self.console {
            Mode::On => asl_server::console(),
            Mode::ReadOnly => asl_server::console().read_only(),
            Mode::Off => return None,
        };
        Some(self.console_host.iter().fold(console, |console, name| console.host(name)))
    }
}
