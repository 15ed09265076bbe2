//! `asl check`: looks for problems in definitions.

mod cases;

use crate::options::CompileArguments;
use crate::read::read;
use crate::report::{style_for, to_json};
use crate::{Outcome, complain, print};
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use asl_compiler::source::SourceFile;
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::PathBuf;

/// Look for problems in definitions.
///
/// Exit code: 0 if there are none, 1 if there are, 2 if a file could not be read.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Definitions; `-` is the standard input
    #[arg(required_unless_present = "cases", value_name = "FILE")]
    files: Vec<String>,

    /// Judge the definitions in the JSON files of this folder and its folders, for `--report`
    #[arg(long, value_name = "FOLDER", requires = "report", conflicts_with = "files")]
    cases: Option<PathBuf>,

    /// Write a line of JSON for each case: its id, its errors and its warnings
    #[arg(long, value_name = "FILE", requires = "cases")]
    report: Option<PathBuf>,

    #[command(flatten)]
    compile: CompileArguments,

    /// How problems are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Exit with 1 also if there are only warnings
    #[arg(long)]
    deny_warnings: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As `rustc` shows them
    Text,
    /// One JSON array of all problems of all files
    Json,
}

/// A file and its problems.
struct Checked {
    source: SourceFile,
    diagnostics: Vec<Diagnostic>,
}

impl Checked {
    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

/// Checks all files, whatever is wrong with one of them.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let options = arguments.compile.options();
    if let (Some(folder), Some(report)) = (&arguments.cases, &arguments.report) {
        return cases::run(folder, report, &options).unwrap_or_else(|reason| complain(&reason));
    }
    let mut outcome = Outcome::Fine;
    let mut checked = Vec::new();
    for file in &arguments.files {
        match read(file) {
            Ok(source) => {
                let diagnostics = asl_compiler::check(&source, &options).diagnostics;
                checked.push(Checked { source, diagnostics });
            }
            Err(reason) => outcome = complain(&reason),
        }
    }
    print(&match arguments.format {
        Format::Text => as_text(&checked),
        Format::Json => as_json(&checked),
    });
    let errors: usize = checked.iter().map(|file| file.count(Severity::Error)).sum();
    let warnings: usize = checked.iter().map(|file| file.count(Severity::Warning)).sum();
    if errors > 0 || (warnings > 0 && arguments.deny_warnings) {
        outcome = outcome.max(Outcome::ProblemsFound);
    }
    outcome
}

fn as_text(checked: &[Checked]) -> String {
    let style = style_for(&std::io::stdout());
    let mut text = String::new();
    for Checked { source, diagnostics } in checked {
        text.push_str(&render_all(source, diagnostics, style, DEFAULT_LIMIT));
    }
    for file in checked {
        text.push_str(&summary(file));
    }
    text
}

/// One line about a file.
fn summary(checked: &Checked) -> String {
    let name = checked.source.name();
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    };
    let errors = counted(checked.count(Severity::Error), "error");
    let warnings = counted(checked.count(Severity::Warning), "warning");
    match (errors, warnings) {
        (None, None) => format!("{name}: no problems\n"),
        (Some(count), None) | (None, Some(count)) => format!("{name}: {count}\n"),
        (Some(errors), Some(warnings)) => format!("{name}: {errors}, {warnings}\n"),
    }
}

fn as_json(checked: &[Checked]) -> String {
    let problems: Value = checked
        .iter()
        .flat_map(|file| file.diagnostics.iter().map(|diagnostic| to_json(&file.source, diagnostic)))
        .collect();
    format!("{problems:#}\n")
}
