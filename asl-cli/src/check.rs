//! `asl check`: looks for problems in definitions.

mod against;
mod cases;

use crate::answer::{self, Answers, Outcome, as_line, complain, print};
use crate::cases::CasesArguments;
use crate::changes;
use crate::embedded::MachineArgument;
use crate::find::sources;
use crate::guard::guarded;
use crate::options::CompileArguments;
use crate::place;
use crate::read::read;
use crate::report::github::to_command;
use crate::report::{sarif, style_for, to_json};
use against::Stranded;
use asl_compiler::Options;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::fixes::mend;
use asl_compiler::render::{DEFAULT_LIMIT, Style, render_all};
use asl_compiler::shape::{Shape, schema};
use asl_compiler::source::SourceFile;
use asl_language::visible;
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Look for problems in definitions
///
/// Exit code: 0 if there are no errors, 1 if there are, 2 if a file could not be read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl check order.asl.json\n\
\x20 asl check flows --watch\n\
\x20 asl check flows --format github --deny-warnings")]
pub(crate) struct Arguments {
    /// Definitions in JSON or YAML, templates with definitions, or folders with such files; `-` is the standard input
    #[arg(required_unless_present = "cases", conflicts_with = "cases", value_name = "FILE")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    machine: MachineArgument,

    /// Nothing is run here
    #[arg(long = "input", hide = true, value_parser = no_input, allow_hyphen_values = true)]
    _input: Option<String>,

    /// How problems are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// When to use colours; without it, on a terminal unless the variable `NO_COLOR` is set
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,

    /// Take warnings for errors
    #[arg(long)]
    deny_warnings: bool,

    /// The same as `--deny-warnings`, as other tools write it
    #[arg(long, hide = true, value_enum, value_name = "WHAT")]
    deny: Option<Denied>,

    /// Mend errors that have one certain repair, in the files themselves; with `--deny-warnings`, such warnings as well
    #[arg(long, conflicts_with_all = ["cases", "watch"])]
    fix: bool,

    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with = "cases")]
    watch: bool,

    /// A folder of executions: those that have not ended and began with another version of a definition are problems
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["cases", "watch"])]
    against: Option<PathBuf>,

    #[command(flatten)]
    cases: CasesArguments,

    #[command(flatten)]
    compile: CompileArguments,
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

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Denied {
    Warnings,
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

/// Says what was meant by the input of a command that runs nothing.
fn no_input(_: &str) -> Result<String, String> {
    Err("nothing is run, so that there is no input; a JSON Schema of the input is `--schema FILE`".to_owned())
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

impl Arguments {
    const fn denies_warnings(&self) -> bool {
        self.deny_warnings || matches!(self.deny, Some(Denied::Warnings))
    }
}

impl Answers for Arguments {
    fn format(&self) -> answer::Format {
        match self.format {
            Format::Json => answer::Format::Json,
            Format::Human | Format::Sarif | Format::Github => answer::Format::Human,
        }
    }

    /// Checks all files, whatever is wrong with one of them.
    fn answer(&self) -> Result<Outcome, String> {
        if let Some(cases) = self.cases.get() {
            return cases::run(cases, &self.compile.options()?, self.format());
        }
        if self.watch {
            let files: Vec<_> = self.files.iter().flat_map(|file| watched(file)).collect();
            changes::watch(&files, self.format(), || {
                round(self);
                None
            });
            return Ok(Outcome::Fine);
        }
        Ok(round(self))
    }
}

/// An argument, and the files that it names if it is a template.
fn watched(file: &Path) -> Vec<PathBuf> {
    let mut files = vec![file.to_owned()];
    if file.is_file() {
        files.extend(sources(file, None).all.into_iter().map(|source| source.path().to_owned()));
    }
    files
}

/// Checks all files once, and prints what there is to say.
fn round(arguments: &Arguments) -> Outcome {
    let (text, outcome) = check(arguments);
    print(&text);
    outcome
}

/// Checks all files once: what there is to print, and how it went.
fn check(arguments: &Arguments) -> (String, Outcome) {
    let mut outcome = Outcome::Fine;
    let mut checked = Vec::new();
    let mut input = None;
    if let Some(file) = arguments.compile.schema() {
        match read(file) {
            Ok(source) => {
                let schema = schema::read(&source);
                input = Some(schema.shape);
                // Of a schema there is something to say only if it is at fault.
                if !schema.diagnostics.is_empty() {
                    checked.push(Checked { source, diagnostics: schema.diagnostics });
                }
            }
            Err(reason) => outcome = could_not_run(&reason),
        }
    }
    for argument in &arguments.files {
        let found = sources(argument, arguments.machine.name());
        for reason in &found.unread {
            outcome = could_not_run(reason);
        }
        for reason in &found.elsewhere {
            arguments.format().note(reason);
        }
        for source in found.all {
            match check_one(arguments, source, input.as_ref()) {
                Ok(found) => checked.push(found),
                Err(reason) => outcome = could_not_run(&reason),
            }
        }
    }
    let errors: usize = checked.iter().map(|file| file.count(Severity::Error)).sum();
    if errors > 0 {
        outcome = outcome.max(Outcome::ProblemsFound);
    }
    let stranded = match against(arguments, &checked) {
        Ok(stranded) => stranded,
        Err(reason) => {
            outcome = could_not_run(&reason);
            Vec::new()
        }
    };
    if !stranded.is_empty() {
        outcome = outcome.max(Outcome::ProblemsFound);
    }
    let text = match arguments.format {
        Format::Human => {
            as_text(&checked, arguments.color) + &stranded.iter().map(Stranded::as_text).collect::<String>()
        }
        Format::Json => as_json(&checked, &stranded),
        Format::Sarif => format!("{:#}\n", sarif::to_log(all(&checked))),
        Format::Github => {
            let problems = all(&checked).map(|(source, found)| to_command(source, found));
            problems.chain(stranded.iter().map(Stranded::as_command)).collect()
        }
    };
    (text, outcome)
}

/// Checks a definition, after what can be mended was mended, if that was asked for. `input` is the shape that an option describes.
fn check_one(arguments: &Arguments, source: SourceFile, input: Option<&Shape>) -> Result<Checked, String> {
    let options = arguments.compile.options_with(source.path(), input)?;
    let fixed = if arguments.fix { fix(&source, &options, arguments)? } else { None };
    let source = fixed.unwrap_or(source);
    let name = format!("`{}`", source.title());
    let mut diagnostics = guarded(&name, || asl_compiler::check(&source, &options).diagnostics)?;
    if arguments.denies_warnings() {
        diagnostics.iter_mut().for_each(|found| found.severity = Severity::Error);
    }
    if arguments.fix && source.machine().is_some() && !diagnostics.is_empty() {
        arguments.format().note(&format!("{name} is left alone: `--fix` does not change templates"));
    }
    Ok(Checked { source, diagnostics })
}

/// Mends a file; what it is afterwards, if anything has changed.
fn fix(source: &SourceFile, options: &Options, arguments: &Arguments) -> Result<Option<SourceFile>, String> {
    let path = source.path();
    // A definition inside of a template is mended there by hand, and what came by the standard input has no place to be written to.
    if source.machine().is_some() || !path.is_file() {
        return Ok(None);
    }
    let (text, count) =
        guarded(&format!("`{}`", source.title()), || mend(source, options, arguments.denies_warnings()))?;
    if count == 0 {
        return Ok(None);
    }
    place::write(path, &text).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
    let problems = if count == 1 { "problem" } else { "problems" };
    arguments.format().note(&format!("{}: mended {count} {problems}", source.title()));
    Ok(Some(SourceFile::new(source.name(), text).read_from(path)))
}

/// The executions that go on with another version of what was checked.
fn against(arguments: &Arguments, checked: &[Checked]) -> Result<Vec<Stranded>, String> {
    let Some(folder) = &arguments.against else { return Ok(Vec::new()) };
    checked.iter().filter_map(|file| Stranded::of(&file.source, folder).transpose()).collect()
}

/// One file that cannot be read keeps none of the others from being checked.
fn could_not_run(reason: &str) -> Outcome {
    complain(reason);
    Outcome::CouldNotRun
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
    let title = checked.source.title();
    let name = visible::line(&title);
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

fn as_json(checked: &[Checked], stranded: &[Stranded]) -> String {
    let problems = all(checked).map(|(source, diagnostic)| to_json(source, diagnostic));
    let problems: Value = problems.chain(stranded.iter().map(Stranded::as_json)).collect();
    as_line(&problems)
}
