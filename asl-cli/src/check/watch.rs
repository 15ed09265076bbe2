//! `asl check --watch`: checks again whenever a file changes, until the command is stopped.
//!
//! In: the arguments. Out: what a check prints, after every change.

use super::{Arguments, round};
use crate::stamps::{PAUSE, stamps};
use crate::{Outcome, print, printed};
use std::io::IsTerminal;

/// Runs until the process is stopped, for example with Ctrl-C.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    loop {
        let seen = stamps(&arguments.files);
        if std::io::stdout().is_terminal() {
            // Only the newest problems are on the screen.
            print("\u{1b}[2J\u{1b}[3J\u{1b}[H");
        }
        let (text, _) = round(arguments);
        if !printed(&text) || !printed("watching for changes, Ctrl-C ends\n") {
            return Outcome::Fine;
        }
        while stamps(&arguments.files) == seen {
            std::thread::sleep(PAUSE);
        }
    }
}
