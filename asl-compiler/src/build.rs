//! The front end for build scripts: a definition in, a file of Rust in `OUT_DIR` and lines for cargo out.
//!
//! In `build.rs`, with the feature `build` of `asl-compiler` among the build dependencies:
//!
//! ```no_run
//! asl_compiler::build::compile("machine.asl.json");
//! ```
//!
//! and in the program:
//!
//! ```ignore
//! include!(concat!(env!("OUT_DIR"), "/machine.rs"));
//! ```
//!
//! It is the only part of the crate that reads and writes files, and it decides nothing else.

#![expect(clippy::disallowed_methods, reason = "a front end finds and writes files")]
#![expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

use crate::diagnostic::{Diagnostic, Severity};
use crate::render::{Style, render};
use crate::source::{SIZE_LIMIT, SourceFile};
use crate::{Module, Options, embedded};
use asl_language::files;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Compiles a definition with the default options; see [`Build::compile`].
pub fn compile(path: impl AsRef<Path>) {
    Build::new().compile(path);
}

/// How definitions are compiled.
///
/// ```no_run
/// use asl_compiler::build::Build;
/// use asl_compiler::{HttpResult, Options};
///
/// let options = Options { http_result: HttpResult::Body, ..Options::default() };
/// Build::new().options(options).module("orders").compile("flows/machine.asl.json");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Build {
    options: Options,
    machine: Option<String>,
    module: Option<String>,
    folder: Option<PathBuf>,
}

/// What came of a definition.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    /// The file in the output folder.
    file: String,
    rust: String,
    /// Lines for cargo.
    lines: Vec<String>,
}

impl Build {
    /// The default options.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what the definition is checked for and compiled with.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Sets which state machine of a template is compiled, if it has several. The module is named after it.
    #[must_use]
    pub fn machine(mut self, name: impl Into<String>) -> Self {
        self.machine = Some(name.into());
        self
    }

    /// Sets the name of the module, and of the file; by default that of the definition up to its first dot.
    #[must_use]
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.module = Some(name.into());
        self
    }

    /// Sets the folder that the file is written to; by default `OUT_DIR`.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Compiles a definition, whose path is relative to the folder of the package, to `machine.rs` for `machine.asl.json`.
    ///
    /// Cargo is told to run the build script again when the definition changes, and about every problem. A definition with errors lets the
    /// build fail, and becomes a module without a machine, so that nothing else is complained about.
    pub fn compile(&self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        println!("cargo::rerun-if-changed={}", path.display());
        if let Err(reason) = self.read_and_write(path) {
            println!("cargo::error={reason}");
        }
    }

    fn read_and_write(&self, path: &Path) -> Result<(), String> {
        let source =
            embedded::choose(&read(path)?, self.machine.as_deref(), "Build::machine", &mut |named| {
                let named = path.with_file_name(named);
                println!("cargo::rerun-if-changed={}", named.display());
                read(&named)
            })
            .map_err(|error| error.to_string())?;
        let outcome = self.translate(&source);
        for line in &outcome.lines {
            println!("{line}");
        }
        let output = env::var_os("OUT_DIR").map(PathBuf::from);
        let folder = self.folder.clone().or(output);
        let folder = folder.ok_or("there is no variable `OUT_DIR`, which cargo sets for build scripts")?;
        let file = folder.join(&outcome.file);
        fs::write(&file, outcome.rust)
            .map_err(|error| format!("`{}` cannot be written: {error}", file.display()))
    }

    fn translate(&self, source: &SourceFile) -> Outcome {
        let mut module = Module::of_file(source.name());
        if let Some(machine) = &self.machine {
            module = module.of_machine(machine);
        }
        if let Some(name) = &self.module {
            module.name.clone_from(name);
        }
        let compilation = crate::compile(source, &self.options, &module);
        let lines = compilation.diagnostics.iter().flat_map(|found| lines(source, found)).collect();
        let rust = format!("{}\n", compilation.into_module(&module));
        Outcome { file: format!("{}.rs", module.name), rust, lines }
    }
}

fn read(path: &Path) -> Result<SourceFile, String> {
    let name = path.display().to_string();
    let bytes = files::start(&name, path, SIZE_LIMIT)?;
    Ok(SourceFile::new(name, bytes))
}

/// The diagnostic as `rustc` shows it. Cargo takes a line at a time.
fn lines(source: &SourceFile, diagnostic: &Diagnostic) -> Vec<String> {
    let kind = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let text = render(source, diagnostic, Style::Plain);
    text.lines().map(|line| format!("cargo::{kind}={line}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(build: &Build, text: &str) -> Outcome {
        build.translate(&SourceFile::new("flows/two-steps.asl.json", text.as_bytes().to_vec()))
    }

    #[test]
    fn a_definition_becomes_a_file_that_is_named_after_it() {
        let fine = r#"{ "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }"#;
        let outcome = translated(&Build::new(), fine);
        assert_eq!((outcome.file.as_str(), outcome.lines), ("two_steps.rs", vec![]));
        assert!(outcome.rust.contains("pub mod two_steps {"), "{}", outcome.rust);
        assert_eq!(translated(&Build::new().module("order"), fine).file, "order.rs");
    }

    #[test]
    fn a_problem_is_told_line_by_line_and_leaves_a_module() {
        let outcome = translated(
            &Build::new(),
            r#"{ "StartAt": "Dome", "States": { "Done": { "Type": "Succeed" } } }"#,
        );
        assert_eq!(
            outcome.lines.first().map(String::as_str),
            Some("cargo::error=error: state `Dome` does not exist")
        );
        assert!(outcome.lines.iter().all(|line| line.starts_with("cargo::")), "{:?}", outcome.lines);
        assert!(
            outcome.lines.iter().any(|line| line.contains("flows/two-steps.asl.json:1:14")),
            "{:?}",
            outcome.lines
        );
        assert!(outcome.rust.contains("pub mod two_steps {"), "{}", outcome.rust);
    }
}
