//! Calls of cargo.
//!
//! In: the folder of a package. Out: the files that it became, or what the compiler said. What cargo does is shown meanwhile.

use super::error::{BuildError, SetupError};
use super::progress;
use serde_json::Value;
use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

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

/// What those do who have no toolchain.
pub(super) const TO_INSTALL: &str =
    "definitions are compiled to native code by Rust, which is installed from https://rustup.rs";

/// What is built.
#[derive(Clone, Copy, Debug)]
pub(super) struct Package<'a> {
    /// Its folder.
    pub(super) folder: &'a Path,
    /// Where cargo builds.
    pub(super) target: &'a Path,
    /// In which profile.
    pub(super) profile: &'a str,
    /// By which compiler; without one, cargo finds it.
    pub(super) rustc: Option<&'a Path>,
    /// It shares the standard library with whatever it is linked with.
    pub(super) is_shared: bool,
    /// What is shown while that takes its time.
    pub(super) doing: &'static str,
}

/// What a crate became.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Artifact {
    /// The name of the crate.
    pub(super) name: String,
    /// Its files.
    pub(super) files: Vec<PathBuf>,
    /// The program, if it is one.
    pub(super) executable: Option<PathBuf>,
}

impl Package<'_> {
    /// Builds it, and returns the program that it is.
    pub(super) fn executable(&self) -> Result<PathBuf, BuildError> {
        let artifacts = self.build()?;
        let executable = artifacts.into_iter().rev().find_map(|artifact| artifact.executable);
        executable.ok_or_else(|| BuildError::Setup(SetupError::NoProgram(self.folder.to_owned())))
    }

    /// Builds it, and returns what it and all that it needs became.
    pub(super) fn build(&self) -> Result<Vec<Artifact>, BuildError> {
        let failed = |error: io::Error| BuildError::Setup(unavailable(&error));
        let mut child = self.command().spawn().map_err(failed)?;
        // Both outputs are read at once, so that cargo waits for neither.
        let output = child.stdout.take();
        let artifacts = thread::spawn(move || output.map(artifacts).unwrap_or_default());
        let text = follow(&mut child, self.doing);
        if child.wait().map_err(failed)?.success() {
            return Ok(artifacts.join().unwrap_or_default());
        }
        Err(BuildError::Refused { folder: self.folder.to_owned(), text })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args([if self.is_shared { "rustc" } else { "build" }, "--profile", self.profile])
            .args(["--color", "never"])
            .args(["--message-format", "json-render-diagnostics", "--target-dir"])
            .arg(self.target)
            // Settings of the folder that the user is in are meant for what is there.
            .current_dir(self.folder);
        // So are these, for the program around this one; they would build all dependencies once more, or to another place.
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET"] {
            command.env_remove(variable);
        }
        if let Some(rustc) = self.rustc {
            command.env("RUSTC", rustc);
        }
        if self.is_shared {
            command.args(["--", "-Cprefer-dynamic"]);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Why cargo does not run, and what helps.
fn unavailable(error: &io::Error) -> SetupError {
    if error.kind() == io::ErrorKind::NotFound {
        SetupError::NoCargo
    } else {
        SetupError::CargoDoesNotRun(error.to_string())
    }
}

/// What cargo says of the crates that it has built, or found built.
fn artifacts(output: impl Read) -> Vec<Artifact> {
    BufReader::new(output).lines().map_while(Result::ok).filter_map(|line| artifact(&line)).collect()
}

fn artifact(line: &str) -> Option<Artifact> {
    let message: Value = serde_json::from_str(line).ok()?;
    if message.get("reason")? != "compiler-artifact" {
        return None;
    }
    let name = message.get("target")?.get("name")?.as_str()?.replace('-', "_");
    let files = message.get("filenames")?.as_array()?;
    let files = files.iter().filter_map(|file| Some(PathBuf::from(file.as_str()?))).collect();
    let executable = message.get("executable").and_then(Value::as_str).map(PathBuf::from);
    Some(Artifact { name, files, executable })
}

/// Shows what cargo does, and collects what the compiler says.
fn follow(child: &mut Child, doing: &'static str) -> String {
    let progress = progress::begin(doing);
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

    #[test]
    fn the_files_of_crates_are_what_cargo_says() {
        let output = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"asl-value"},"filenames":["/t/libasl_value-1.rlib","/t/libasl_value-1.rmeta"],"executable":null,"fresh":true}
{"reason":"build-script-executed","package_id":"serde"}
this is not JSON
{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"machine"},"filenames":["/t/machine"],"executable":"/t/machine"}
{"reason":"build-finished","success":true}
"#;
        let files = |files: &[&str]| files.iter().map(PathBuf::from).collect();
        assert_eq!(
            artifacts(output.as_bytes()),
            [
                Artifact {
                    name: String::from("asl_value"),
                    files: files(&["/t/libasl_value-1.rlib", "/t/libasl_value-1.rmeta"]),
                    executable: None
                },
                Artifact {
                    name: String::from("machine"),
                    files: files(&["/t/machine"]),
                    executable: Some(PathBuf::from("/t/machine"))
                },
            ]
        );
    }
}
