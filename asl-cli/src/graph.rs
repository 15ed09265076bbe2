//! `asl graph`: the picture of a machine, and of an execution of it.

use crate::answer::{self, Answers, Outcome, as_line, print, problems};
use crate::embedded::MachineArgument;
use crate::options::CompileArguments;
use asl_compiler::diagnostic::Severity;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use asl_graph::{Summary, Theme, dot, mermaid, model, svg, to_json};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::PathBuf;

/// Draw a machine, and what happened in an execution of it
///
/// The picture shows the states and what leads from one to the other.
///
/// Errors of the definition go to the standard error, and the picture shows what is readable. Exit code: 0 if the definition has no errors,
/// 1 if it has, 2 if a file could not be read or written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl graph order.asl.json -o order.svg\n\
\x20 asl graph order.asl.json --execution history.json --theme dark -o run.svg\n\
\x20 asl graph order.asl.json --format mermaid")]
pub(crate) struct Arguments {
    /// The definition, or a template with it; `-` is the standard input
    file: PathBuf,

    #[command(flatten)]
    machine: MachineArgument,

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
    /// For programs: the states, what leads from one to the other, and what happened
    Json,
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

impl Answers for Arguments {
    fn format(&self) -> answer::Format {
        match self.format {
            Format::Json => answer::Format::Json,
            Format::Svg | Format::Dot | Format::Mermaid => answer::Format::Human,
        }
    }

    /// Draws the picture.
    fn answer(&self) -> Result<Outcome, String> {
        let source = self.machine.read(&self.file)?;
        let execution = self.execution.as_ref().map(read_execution).transpose()?;
        let options = self.compile.options_of(&self.file)?;
        let mut found = asl_compiler::check(&source, &options).diagnostics;
        found.retain(|diagnostic| diagnostic.severity == Severity::Error);
        self.format().show(&source, &found);
        let problems = problems(&source, &found);
        // What is neither JSON nor YAML has nothing to show.
        let Some(definition) = asl_compiler::read(&source, &options) else {
            return Ok(self.format().only_problems(problems));
        };
        let picture = self.draw(&source, &definition, execution.as_ref(), problems);
        match &self.output {
            None => print(&picture),
            Some(path) => std::fs::write(path, picture)
                .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?,
        }
        Ok(if found.is_empty() { Outcome::Fine } else { Outcome::ProblemsFound })
    }
}

impl Arguments {
    fn draw(
        &self,
        source: &SourceFile,
        definition: &json::Value,
        execution: Option<&Summary>,
        problems: Value,
    ) -> String {
        let graph = model::read(definition);
        let file = source.name().rsplit(['/', '\\']).next().unwrap_or_default();
        let title = source.machine().unwrap_or(file);
        let theme = match self.theme {
            ThemeArgument::Auto => Theme::Auto,
            ThemeArgument::Light => Theme::Light,
            ThemeArgument::Dark => Theme::Dark,
        };
        match self.format {
            Format::Svg => svg(&graph, title, execution, theme),
            Format::Dot => dot(&graph, title),
            Format::Mermaid => mermaid(&graph),
            Format::Json => {
                let mut model = to_json(&graph, execution);
                if let Some(fields) = model.as_object_mut() {
                    fields.insert("problems".to_owned(), problems);
                }
                as_line(&model)
            }
        }
    }
}

fn read_execution(path: &PathBuf) -> Result<Summary, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| format!("`{name}` cannot be read: {error}"))?;
    let json = serde_json::from_str(&text).map_err(|error| format!("`{name}` is not JSON: {error}"))?;
    Summary::read(&json).ok_or_else(|| format!("`{name}` is no history of an execution: it has no `events`"))
}
