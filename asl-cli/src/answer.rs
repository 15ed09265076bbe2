//! What commands answer: text for people, one value of JSON for programs.
//!
//! In: what a command found. Out: the standard output, and for people the standard error. With `--format json` the standard output is one
//! value whatever happens: the result, with the `problems` of definitions in it, or an object with the `error` that kept the command from
//! its work.

use crate::report::{style_for, to_json};
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use asl_compiler::source::SourceFile;
use asl_language::visible;
use clap::ValueEnum;
use serde_json::{Value, json};
use std::io::{Error, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Nothing to complain about.
    Fine,
    /// What the command looked at is not as it should be: a definition has errors, a test or an execution fails.
    ProblemsFound,
    /// A file could not be read, or an argument makes no sense.
    CouldNotRun,
    /// An execution has ended, with this exit code.
    Ended(u8),
}

/// For whom a command answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    #[value(alias = "text")]
    Human,
    /// For programs
    Json,
}

/// A command with its arguments.
pub(crate) trait Answers {
    /// For whom it answers; for people, unless it can do otherwise.
    fn format(&self) -> Format {
        Format::Human
    }

    /// Whether it is to keep everything but its result to itself.
    fn is_quiet(&self) -> bool {
        false
    }

    /// Does its work, or says why it cannot.
    fn answer(&self) -> Result<Outcome, String>;
}

impl Format {
    /// Shows the problems of a file. Programs find them in the answer.
    pub(crate) fn show(self, source: &SourceFile, diagnostics: &[Diagnostic]) {
        if self == Self::Human {
            let text = render_all(source, diagnostics, style_for(&std::io::stderr()), DEFAULT_LIMIT);
            write(&mut std::io::stderr(), text);
        }
    }

    /// Says something by the way.
    pub(crate) fn note(self, text: &str) {
        if self == Self::Human {
            write(&mut std::io::stderr(), format!("note: {}\n", visible::lines(text)));
        }
    }

    /// Prints what came of it.
    pub(crate) fn print(self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) {
        print(&match self {
            Self::Human => text(),
            Self::Json => as_line(&json()),
        });
    }

    /// What there is to say where the problems of a definition are all.
    pub(crate) fn only_problems(self, problems: Value) -> Outcome {
        self.print(String::new, || json!({ "problems": problems }));
        Outcome::ProblemsFound
    }

    /// Says why the command could not do its work.
    pub(crate) fn refuse(self, reason: &str) -> Outcome {
        match self {
            Self::Human => complain(reason),
            Self::Json => self.print(String::new, || json!({ "error": reason })),
        }
        Outcome::CouldNotRun
    }
}

/// Whether progress is not shown: the caller is a program, or asked for silence.
static SILENT: AtomicBool = AtomicBool::new(false);

/// Takes note of whom the command of this process answers.
pub(crate) fn begin(command: &dyn Answers) {
    SILENT.store(command.is_quiet() || command.format() == Format::Json, Ordering::Relaxed);
}

/// Says something by the way, from deep inside of a command.
pub(crate) fn by_the_way(text: &str) {
    if !SILENT.load(Ordering::Relaxed) {
        Format::Human.note(text);
    }
}

/// A line of JSON, which is laid out for people who look at it.
pub(crate) fn as_line(json: &Value) -> String {
    if std::io::stdout().is_terminal() { format!("{json:#}\n") } else { format!("{json}\n") }
}

/// The problems of a file as an answer has them.
pub(crate) fn problems(source: &SourceFile, diagnostics: &[Diagnostic]) -> Value {
    diagnostics.iter().map(|diagnostic| to_json(source, diagnostic)).collect()
}

/// Whether any of them is an error.
pub(crate) fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// Nothing reads any longer what is printed: the reader of a pipe has gone, or it could not be written.
static UNREAD: AtomicBool = AtomicBool::new(false);

/// Why something that was to be printed is lost.
static LOST: OnceLock<String> = OnceLock::new();

/// Prints what was asked for.
pub(crate) fn print(text: &str) {
    print_bytes(text.as_bytes());
}

/// The same for what need not be text.
pub(crate) fn print_bytes(bytes: &[u8]) {
    if !write(&mut std::io::stdout(), bytes) {
        UNREAD.store(true, Ordering::Relaxed);
    }
}

/// Writes bytes, and takes note if they are lost. A reader who has gone misses nothing.
fn write(output: &mut dyn Write, bytes: impl AsRef<[u8]>) -> bool {
    match output.write_all(bytes.as_ref()).and_then(|()| output.flush()) {
        Ok(()) => true,
        Err(error) => {
            lose(&error);
            false
        }
    }
}

/// Takes note of a text that could not be written.
fn lose(error: &Error) {
    if error.kind() != ErrorKind::BrokenPipe {
        LOST.get_or_init(|| format!("the output cannot be written: {error}"));
    }
}

/// Whether what is printed is still read.
pub(crate) fn is_read() -> bool {
    !UNREAD.load(Ordering::Relaxed)
}

/// How a command ends, all that it has printed counted: it has not done its work if any of that is lost.
pub(crate) fn ended(outcome: Outcome) -> Outcome {
    match LOST.get() {
        None => outcome,
        Some(reason) => {
            complain(reason);
            Outcome::CouldNotRun
        }
    }
}

/// Prints what clap has to say: its help, or why arguments make no sense.
pub(crate) fn explain(error: &clap::Error) -> Outcome {
    if let Err(error) = error.print() {
        lose(&error);
    }
    if error.use_stderr() { Outcome::CouldNotRun } else { Outcome::Fine }
}

/// Tells a person what there is to know about a result, on separate lines.
pub(crate) fn remark(lines: &str) {
    write(&mut std::io::stderr(), visible::lines(lines).as_ref());
}

/// Says to a person what is wrong.
pub(crate) fn complain(reason: &str) {
    write(&mut std::io::stderr(), format!("error: {}\n", visible::lines(reason)));
}
