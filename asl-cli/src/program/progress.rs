//! What is said while something takes its time.
//!
//! In: what is done. Out: on a terminal, a line that moves until it is done; elsewhere, one line of text, so that a first build is not taken in a
//! pipeline for a command that hangs. `ASL_PROGRESS=off` says nothing at all.

use crate::answer;
use indicatif::{ProgressBar, ProgressStyle};
use std::env;
use std::io::IsTerminal;
use std::time::Duration;

/// Begins to say what is done.
pub(super) fn begin(doing: &'static str) -> ProgressBar {
    if is_off() {
        return ProgressBar::hidden();
    }
    if !std::io::stderr().is_terminal() {
        answer::by_the_way(&format!("{doing}; this can take minutes"));
        return ProgressBar::hidden();
    }
    let progress = ProgressBar::new_spinner().with_prefix(doing);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix}, {elapsed}: {wide_msg}") {
        progress.set_style(style);
    }
    progress.enable_steady_tick(Duration::from_millis(100));
    progress
}

/// Says why nothing seems to happen.
pub(super) fn wait(reason: &str) {
    if !is_off() {
        answer::by_the_way(reason);
    }
}

fn is_off() -> bool {
    env::var_os("ASL_PROGRESS").is_some_and(|value| value == "off")
}
