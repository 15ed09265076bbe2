//! `asl graph`: the picture of a machine, and of an execution of it.

mod picture;

use crate::answer::{self, Answers, Outcome, as_line, print_bytes, problems};
use crate::embedded::MachineArgument;
use crate::options::CompileArguments;
use crate::read::{self, as_json};
use asl_compiler::diagnostic::Severity;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use asl_graph::{Layout, Summary, Theme, dot, mermaid, model, to_json};
use clap::{Args, ValueEnum};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Draw a machine, and what happened in an execution of it
///
/// The picture shows the states and what leads from one to the other.
///
/// Errors of the definition go to the standard error, and the picture shows what is readable. Exit code: 0 if the definition has no errors,
/// 1 if it has, 2 if a file could not be read or written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl graph order.asl.json -o order.svg\n\
\x20 asl graph order.asl.json --execution history.json --theme dark -o run.png\n\
\x20 asl graph order.asl.json --execution history.json -o report.html\n\
\x20 asl graph order.asl.json --execution history.json --coverage coverage.json -o both.png\n\
\x20 asl graph order.asl.json --format mermaid")]
pub(crate) struct Arguments {
    /// The definition, or a template with it; `-` is the standard input
    file: PathBuf,

    #[command(flatten)]
    machine: MachineArgument,

    /// What the picture is written in; by default as the name of the output ends, or SVG
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// Where it is written; by default to the standard output
    #[arg(long, short)]
    output: Option<PathBuf>,

    /// Colour what happened in an execution: a file that `aws stepfunctions get-execution-history` or `--history` of an execution wrote
    #[arg(long, value_name = "FILE")]
    execution: Option<PathBuf>,

    /// Colour what tests have used: a file that `asl test --coverage --format json` wrote; beside the execution, if there is one
    #[arg(long, value_name = "FILE")]
    coverage: Option<PathBuf>,

    /// For which ground the picture is; a PNG and a PDF are for paper, if nothing else is asked for
    #[arg(long, value_enum, default_value_t = ThemeArgument::Auto)]
    theme: ThemeArgument,

    #[command(flatten)]
    compile: CompileArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A picture of its own
    Svg,
    /// The same in pixels, two for each of the SVG
    Png,
    /// The same on a page of its size
    Pdf,
    /// Text for Graphviz
    Dot,
    /// Text for Mermaid
    Mermaid,
    /// A page of an execution: what failed and why, picture, timeline, data and events
    Html,
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
        match self.written_in() {
            Format::Json => answer::Format::Json,
            Format::Svg | Format::Png | Format::Pdf | Format::Dot | Format::Mermaid | Format::Html => {
                answer::Format::Human
            }
        }
    }

    /// Draws the picture.
    fn answer(&self) -> Result<Outcome, String> {
        let source = self.machine.read(&self.file)?;
        let execution = self.execution.as_deref().map(Execution::read).transpose()?;
        let covered = self.coverage.as_deref().map(|path| Covered::read(path, &source)).transpose()?;
        let options = self.compile.options_of(&self.file)?;
        let mut found = asl_compiler::check(&source, &options).diagnostics;
        found.retain(|diagnostic| diagnostic.severity == Severity::Error);
        self.format().show(&source, &found);
        let problems = problems(&source, &found);
        // What is neither JSON nor YAML has nothing to show.
        let Some(definition) = asl_compiler::read(&source, &options) else {
            return Ok(self.format().only_problems(problems));
        };
        let picture = self.draw(&source, &definition, execution, covered.as_ref(), problems)?;
        match &self.output {
            None => print_bytes(&picture),
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
        execution: Option<Execution>,
        covered: Option<&Covered>,
        problems: Value,
    ) -> Result<Vec<u8>, String> {
        let graph = model::read(definition);
        let file = source.name().rsplit(['/', '\\']).next().unwrap_or_default();
        let title = source.machine().unwrap_or(file);
        let format = self.written_in();
        let theme = match self.theme {
            // Neither knows which ground its reader prefers.
            ThemeArgument::Auto if matches!(format, Format::Png | Format::Pdf) => Theme::Light,
            ThemeArgument::Auto => Theme::Auto,
            ThemeArgument::Light => Theme::Light,
            ThemeArgument::Dark => Theme::Dark,
        };
        let summary = execution.as_ref().map(|execution| &execution.summary);
        let svg = || {
            let layout = Layout::of(&graph);
            match (summary, covered) {
                (Some(execution), Some(covered)) => {
                    let pictures =
                        [("The execution", execution), (covered.caption.as_str(), &covered.summary)];
                    layout.side_by_side(title, pictures, theme)
                }
                (summary, covered) => {
                    layout.svg(title, summary.or(covered.map(|covered| &covered.summary)), theme)
                }
            }
        };
        if covered.is_some() && !matches!(format, Format::Svg | Format::Png | Format::Pdf) {
            return Err("coverage is in pictures alone: SVG, PNG or PDF".to_owned());
        }
        let text = match format {
            Format::Svg => svg(),
            Format::Png => return picture::png(&svg()),
            Format::Pdf => return picture::pdf(&svg()),
            Format::Dot => dot(&graph, title),
            Format::Mermaid => mermaid(&graph),
            Format::Html => {
                let execution = execution.ok_or("a page tells of an execution: `--execution` is missing")?;
                asl_server::report(title, &as_json(definition).to_string(), execution.history)
                    .ok_or("there are no events in the history")?
            }
            Format::Json => {
                let mut model = to_json(&graph, summary);
                if let Some(fields) = model.as_object_mut() {
                    fields.insert("problems".to_owned(), problems);
                }
                as_line(&model)
            }
        };
        Ok(text.into_bytes())
    }

    /// What was asked for, or what the name of the output says.
    fn written_in(&self) -> Format {
        let ending = self.output.as_ref().and_then(|path| path.extension()?.to_str()).unwrap_or_default();
        self.format.unwrap_or(match ending.to_ascii_lowercase().as_str() {
            "png" => Format::Png,
            "pdf" => Format::Pdf,
            "dot" | "gv" => Format::Dot,
            "mmd" | "mermaid" => Format::Mermaid,
            "html" | "htm" => Format::Html,
            "json" => Format::Json,
            _ => Format::Svg,
        })
    }
}

/// A history, and what happened in each state by it.
struct Execution {
    history: Value,
    summary: Summary,
}

impl Execution {
    fn read(path: &Path) -> Result<Self, String> {
        let name = path.display();
        let history = read::json(path)?;
        let summary = Summary::read(&history)
            .ok_or_else(|| format!("`{name}` is not a history of an execution: it has no `events`"))?;
        Ok(Self { history, summary })
    }
}

/// What tests have used of a definition.
struct Covered {
    summary: Summary,
    /// How much that is.
    caption: String,
}

impl Covered {
    /// That of the definition among all that a report is about.
    fn read(path: &Path, source: &SourceFile) -> Result<Self, String> {
        let report = read::json(path)?;
        let all = report.get("coverage").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let last = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let is_this = |covered: &&Value| {
            let text = |name: &str| covered.get(name).and_then(Value::as_str);
            text("file").map(last) == Some(last(source.name())) && text("machine") == source.machine()
        };
        let covered = all.iter().find(is_this);
        let summary = covered.and_then(Summary::of_coverage).ok_or_else(|| {
            let (report, definition) = (path.display(), source.title());
            format!("`{report}` has no coverage of `{definition}`: `asl test {definition} --coverage --format json` writes it")
        })?;
        let parts = || covered.and_then(|covered| covered.get("parts")?.as_array()).into_iter().flatten();
        let used = parts().filter(|part| part.get("count").and_then(Value::as_u64) > Some(0)).count();
        Ok(Self { summary, caption: format!("Covered by tests: {used} of {}", parts().count()) })
    }
}
