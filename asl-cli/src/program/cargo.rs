//! Calls of cargo.
//!
//! In: the folder of a program. Out: its executable, or what the compiler said. On a terminal it shows how far cargo is.

use super::Optimisation;
use indicatif::{ProgressBar, ProgressStyle};
use std::env;
use std::io::{BufRead, BufReader, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What cargo says about its progress, and not about the program.
const STATUSES: &[&str] = &[
    "Adding",
    "Blocking",
    "Checking",
    "Compiling",
    "Dirty",
    "Downloaded",
    "Downloading",
    "Finished",
    "Fresh",
    "Locking",
    "Removing",
    "Updating",
];

/// Why there is no executable.
#[derive(Debug)]
pub(crate) enum BuildError {
    /// A file or a folder is missing, or cannot be written.
    Files(String),
    /// The compiler refused it, with this text.
    Refused {
        /// Where the sources are.
        folder: PathBuf,
        /// What the compiler said.
        text: String,
    },
}

impl From<BuildError> for String {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Files(reason) => reason,
            BuildError::Refused { folder, text } => {
                format!("the program in `{}` cannot be built:\n{}", folder.display(), text.trim_end())
            }
        }
    }
}

/// Builds the package of this name.
pub(crate) fn build(
    folder: &Path,
    target: &Path,
    name: &str,
    optimisation: Optimisation,
) -> Result<PathBuf, BuildError> {
    let (profile, place) = match optimisation {
        Optimisation::None => ("dev", "debug"),
        Optimisation::Full => ("release", "release"),
    };
    let failed = |error| BuildError::Files(format!("cargo cannot be run: {error}"));
    let mut child = command(folder, target, profile).spawn().map_err(failed)?;
    let text = follow(&mut child);
    if child.wait().map_err(failed)?.success() {
        return Ok(target.join(place).join(format!("{name}{}", env::consts::EXE_SUFFIX)));
    }
    Err(BuildError::Refused { folder: folder.to_owned(), text })
}

fn command(folder: &Path, target: &Path, profile: &str) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["build", "--profile", profile, "--color", "never", "--target-dir"])
        .arg(target)
        // Settings of the folder that the user is in are meant for what is there.
        .current_dir(folder);
    // So are these, for the program around this one; they would build all dependencies once more, or to another place.
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

/// Shows what cargo does, and collects what the compiler says.
fn follow(child: &mut Child) -> String {
    let progress = progress();
    let mut text = String::new();
    for line in child
        .stderr
        .take()
        .into_iter()
        .flat_map(|errors| BufReader::new(errors).lines())
        .map_while(Result::ok)
    {
        match status(&line) {
            Some(status) => progress.set_message(status.to_owned()),
            None => {
                text.push_str(&line);
                text.push('\n');
            }
        }
    }
    progress.finish_and_clear();
    text
}

/// `Compiling serde v1.0.229`, if the line is such a one.
fn status(line: &str) -> Option<&str> {
    let status = line.strip_prefix(' ')?.trim_start();
    let word = status.split(' ').next()?;
    STATUSES.contains(&word).then_some(status)
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let progress = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} building the program, {elapsed}: {wide_msg}") {
        progress.set_style(style);
    }
    progress.enable_steady_tick(Duration::from_millis(100));
    progress
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_does_is_told_from_what_the_compiler_says() {
        assert_eq!(status("   Compiling serde v1.0.229"), Some("Compiling serde v1.0.229"));
        assert_eq!(status("error[E0425]: cannot find value"), None);
        assert_eq!(status("   --> src/file_0.rs:3:4"), None);
        assert_eq!(status("Compiling without a margin"), None);
    }
}
