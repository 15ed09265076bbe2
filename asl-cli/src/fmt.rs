//! `asl fmt`: lays definitions out anew.

use crate::answer::{Answers, Format, Outcome, complain, print};
use crate::find::sources;
use crate::place;
use crate::read::read;
use crate::report::to_json;
use asl_compiler::format::format;
use asl_compiler::source::SourceFile;
use asl_language::visible;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Lay definitions out anew, in the files themselves
///
/// Fields come into the order of the specification; states and data keep theirs. Comments and placeholders stay, and so does how strings and
/// numbers are written. Templates are left alone. The standard input is laid out to the standard output. Exit code: 0 if all is well, 1 with
/// `--check` if a file is laid out differently, or if a file is not JSON or YAML, 2 if one could not be read or written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl fmt flows\n\
\x20 asl fmt --check flows\n\
\x20 asl fmt - < order.asl.json")]
pub(crate) struct Arguments {
    /// Definitions in JSON or YAML, or folders with such files; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Change nothing, and list the files that would change
    #[arg(long)]
    check: bool,

    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Lays out all files, whatever is wrong with one of them.
    fn answer(&self) -> Result<Outcome, String> {
        let mut run =
            Run { arguments: self, outcome: Outcome::Fine, seen: BTreeSet::new(), answers: Vec::new() };
        for argument in &self.files {
            run.argument(argument);
        }
        if self.format == Format::Json {
            self.format.print(String::new, || Value::from(run.answers));
        }
        Ok(run.outcome)
    }
}

struct Run<'a> {
    arguments: &'a Arguments,
    outcome: Outcome,
    /// The files that were looked at.
    seen: BTreeSet<PathBuf>,
    answers: Vec<Value>,
}

impl Run<'_> {
    /// A file, the standard input, or the definitions of a folder.
    fn argument(&mut self, argument: &Path) {
        if !argument.is_dir() {
            match read(argument) {
                Ok(source) => self.file(&source, argument),
                Err(reason) => self.end(Outcome::CouldNotRun, &reason),
            }
            return;
        }
        let found = sources(argument, None);
        for reason in &found.unread {
            self.end(Outcome::CouldNotRun, reason);
        }
        // What a template holds is laid out by those who lay out the template, and what it names is a separate file.
        for source in found.all {
            match read(source.path()) {
                Ok(source) => self.file(&source, source.path()),
                Err(reason) => self.end(Outcome::CouldNotRun, &reason),
            }
        }
    }

    fn file(&mut self, source: &SourceFile, path: &Path) {
        if !self.seen.insert(path.to_owned()) {
            return;
        }
        let name = source.title();
        let text = match format(source) {
            Ok(Some(text)) => text,
            Ok(None) => {
                self.arguments
                    .format
                    .note(&format!("{name} is left alone: it is not a definition by itself"));
                return;
            }
            Err(problems) => {
                self.arguments.format.show(source, &problems);
                let problems: Value = problems.iter().map(|problem| to_json(source, problem)).collect();
                self.answers.push(json!({ "file": name, "changed": false, "problems": problems }));
                self.outcome = self.outcome.max(Outcome::ProblemsFound);
                return;
            }
        };
        let is_changed = text != source.text();
        let is_input = path.as_os_str() == "-";
        match (self.arguments.check, is_input, is_changed) {
            (true, _, true) => self.outcome = self.outcome.max(Outcome::ProblemsFound),
            (false, true, _) if self.arguments.format == Format::Human => print(&text),
            (false, false, true) => {
                if let Err(error) = place::write(path, &text) {
                    self.end(
                        Outcome::CouldNotRun,
                        &format!("`{}` cannot be written: {error}", path.display()),
                    );
                    return;
                }
            }
            _ => {}
        }
        if is_changed && self.arguments.format == Format::Human && (self.arguments.check || !is_input) {
            let done = if self.arguments.check { "would change" } else { "laid out anew" };
            print(&format!("{}: {done}\n", visible::line(&name)));
        }
        // What was read from no file is written to none.
        let text = (is_input && !self.arguments.check).then_some(text);
        self.answers.push(match text {
            Some(text) => json!({ "file": name, "changed": is_changed, "text": text }),
            None => json!({ "file": name, "changed": is_changed }),
        });
    }

    /// One file that cannot be read or written keeps none of the others from being laid out.
    fn end(&mut self, outcome: Outcome, reason: &str) {
        complain(reason);
        self.outcome = self.outcome.max(outcome);
    }
}
