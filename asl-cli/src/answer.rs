//! What commands answer: text for people, one value of JSON for programs.
//!
//! In: what a command found. Out: the standard output, and for people the standard error. With `--format json` the standard output is one
//! value whatever happens: the result, with the `problems` of definitions in it, or an object with the `error` that kept the command from
//! its work.

use crate::report::{style_for, to_json};
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use asl_compiler::source::SourceFile;
use clap::ValueEnum;
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
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

    /// Does its work, or says why it cannot.
    fn answer(&self) -> Result<Outcome, String>;
}

impl Format {
    /// Shows the problems of a file. Programs find them in the answer.
    pub(crate) fn show(self, source: &SourceFile, diagnostics: &[Diagnostic]) {
        if self == Self::Human {
            let text = render_all(source, diagnostics, style_for(&std::io::stderr()), DEFAULT_LIMIT);
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
    }

    /// Says something by the way.
    pub(crate) fn note(self, text: &str) {
        if self == Self::Human {
            let _ = writeln!(std::io::stderr(), "note: {text}");
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

/// Nobody reads any longer what is printed: the reader of a pipe has gone.
static UNREAD: AtomicBool = AtomicBool::new(false);

/// Prints what was asked for.
pub(crate) fn print(text: &str) {
    let mut output = std::io::stdout();
    if output.write_all(text.as_bytes()).and_then(|()| output.flush()).is_err() {
        UNREAD.store(true, Ordering::Relaxed);
    }
}

/// Whether somebody still reads what is printed.
pub(crate) fn is_read() -> bool {
    !UNREAD.load(Ordering::Relaxed)
}

/// Says to a person what is wrong.
pub(crate) fn complain(reason: &str) {
    let _ = writeln!(std::io::stderr(), "error: {reason}");
}
