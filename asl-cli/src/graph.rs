//! `asl graph`: the picture of a machine, and of an execution of it.

use crate::options::CompileArguments;
use crate::read::read;
use crate::report::style_for;
use crate::{Outcome, complain, print};
use asl_compiler::diagnostic::Severity;
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use asl_compiler::source::SourceFile;
use asl_graph::{Execution, Theme, dot, mermaid, model, svg};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::PathBuf;

/// Draw a machine: its states, what leads from one to the other, and if there is one what happened in an execution.
///
/// Errors of the definition go to the standard error, and the picture shows what is readable. Exit code: 0 if the definition has no errors,
/// 1 if it has, 2 if a file could not be read or written.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The definition; `-` is the standard input
    file: String,

    /// What the picture is written in
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    format: Format,

    /// Where it is written; by default to the standard output
    #[arg(long, short)]
    output: Option<PathBuf>,

    /// Colour what happened in an execution: a file that `aws stepfunctions get-execution-history` or `--history` of an execution wrote
    #[arg(long, value_name = "FILE")]
    execution: Option<PathBuf>,

    /// For which ground an SVG is
    #[arg(long, value_enum, default_value_t = ThemeArgument::Auto)]
    theme: ThemeArgument,

    #[command(flatten)]
    compile: CompileArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A picture of its own
    Svg,
    /// Text for Graphviz
    Dot,
    /// Text for Mermaid
    Mermaid,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ThemeArgument {
    /// As the reader prefers
    Auto,
    /// For paper
    Light,
    /// For a dark screen
    Dark,
}

/// Draws the picture.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let source = match read(&arguments.file) {
        Ok(source) => source,
        Err(reason) => return complain(&reason),
    };
    let execution = match arguments.execution.as_ref().map(read_execution).transpose() {
        Ok(execution) => execution,
        Err(reason) => return complain(&reason),
    };
    let outcome = report_errors(&source, arguments);
    // What is neither JSON nor YAML has nothing to show.
    let Some(definition) = asl_compiler::read(&source, &arguments.compile.options()) else { return outcome };
    let graph = model::read(&definition);
    let title = source.name().rsplit(['/', '\\']).next().unwrap_or_default();
    let theme = match arguments.theme {
        ThemeArgument::Auto => Theme::Auto,
        ThemeArgument::Light => Theme::Light,
        ThemeArgument::Dark => Theme::Dark,
    };
    let picture = match arguments.format {
        Format::Svg => svg(&graph, title, execution.as_ref(), theme),
        Format::Dot => dot(&graph, title),
        Format::Mermaid => mermaid(&graph),
    };
    match &arguments.output {
        None => print(&picture),
        Some(path) => {
            if let Err(error) = std::fs::write(path, picture) {
                return complain(&format!("`{}` cannot be written: {error}", path.display()));
            }
        }
    }
    outcome
}

fn report_errors(source: &SourceFile, arguments: &Arguments) -> Outcome {
    let mut found = asl_compiler::check(source, &arguments.compile.options()).diagnostics;
    found.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let problems = render_all(source, &found, style_for(&std::io::stderr()), DEFAULT_LIMIT);
    let _ = std::io::stderr().write_all(problems.as_bytes());
    if found.is_empty() { Outcome::Fine } else { Outcome::ProblemsFound }
}

fn read_execution(path: &PathBuf) -> Result<Execution, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
    let json = serde_json::from_str(&text).map_err(|error| format!("`{name}` is not JSON: {error}"))?;
    Execution::read(&json)
        .ok_or_else(|| format!("`{name}` is no history of an execution: it has no `events`"))
}
