//! `asl check`: looks for problems in definitions.

mod cases;
mod watch;

use crate::find::sources;
use crate::options::CompileArguments;
use crate::read::read;
use crate::report::github::to_command;
use crate::report::{sarif, style_for, to_json};
use crate::{Outcome, complain, print};
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::render::{DEFAULT_LIMIT, Style, render_all};
use asl_compiler::shape::schema;
use asl_compiler::source::SourceFile;
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::PathBuf;

/// Look for problems in definitions.
///
/// Exit code: 0 if there are no errors, 1 if there are, 2 if a file could not be read.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Definitions in JSON or YAML, or folders with such files; `-` is the standard input
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

    /// A JSON Schema (2020-12) of the input of executions: paths into it are checked as well
    #[arg(long, value_name = "SCHEMA")]
    input: Option<String>,

    /// How problems are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// When to use colours; without it, on a terminal unless the variable `NO_COLOR` is set
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,

    /// Exit with 1 also if there are only warnings
    #[arg(long)]
    deny_warnings: bool,

    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with = "cases")]
    watch: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As `rustc` shows them
    #[value(alias = "text")]
    Human,
    /// One JSON array of all problems of all files
    Json,
    /// A SARIF 2.1.0 log, for code scanning
    Sarif,
    /// Commands of GitHub Actions, which show problems beside the changed lines
    Github,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal
    Auto,
    /// Even into a file
    Always,
    /// Nowhere
    Never,
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
    if let (Some(folder), Some(report)) = (&arguments.cases, &arguments.report) {
        let options = arguments.compile.options();
        return cases::run(folder, report, &options).unwrap_or_else(|reason| complain(&reason));
    }
    if arguments.watch {
        return watch::run(arguments);
    }
    let (text, outcome) = round(arguments);
    print(&text);
    outcome
}

/// Checks all files once: what there is to print, and how it went.
fn round(arguments: &Arguments) -> (String, Outcome) {
    let mut options = arguments.compile.options();
    let mut outcome = Outcome::Fine;
    let mut checked = Vec::new();
    if let Some(file) = &arguments.input {
        match read(file) {
            Ok(source) => {
                let schema = schema::read(&source);
                options.input = schema.shape;
                // Of a schema there is something to say only if it is at fault.
                if !schema.diagnostics.is_empty() {
                    checked.push(Checked { source, diagnostics: schema.diagnostics });
                }
            }
            Err(reason) => outcome = complain(&reason),
        }
    }
    for argument in &arguments.files {
        match sources(argument) {
            Ok(sources) => checked.extend(sources.into_iter().map(|source| {
                let diagnostics = asl_compiler::check(&source, &options).diagnostics;
                Checked { source, diagnostics }
            })),
            Err(reason) => outcome = complain(&reason),
        }
    }
    let errors: usize = checked.iter().map(|file| file.count(Severity::Error)).sum();
    let warnings: usize = checked.iter().map(|file| file.count(Severity::Warning)).sum();
    if errors > 0 || (warnings > 0 && arguments.deny_warnings) {
        outcome = outcome.max(Outcome::ProblemsFound);
    }
    let text = match arguments.format {
        Format::Human => as_text(&checked, arguments.color),
        Format::Json => as_json(&checked),
        Format::Sarif => format!("{:#}\n", sarif::to_log(all(&checked))),
        Format::Github => all(&checked).map(|(source, found)| to_command(source, found)).collect(),
    };
    (text, outcome)
}

/// All problems of all files.
fn all(checked: &[Checked]) -> impl Iterator<Item = (&SourceFile, &Diagnostic)> {
    checked.iter().flat_map(|file| file.diagnostics.iter().map(|diagnostic| (&file.source, diagnostic)))
}

fn as_text(checked: &[Checked], colour: Colour) -> String {
    let style = match colour {
        Colour::Auto => style_for(&std::io::stdout()),
        Colour::Always => Style::Coloured,
        Colour::Never => Style::Plain,
    };
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
    let problems: Value = all(checked).map(|(source, diagnostic)| to_json(source, diagnostic)).collect();
    format!("{problems:#}\n")
}
