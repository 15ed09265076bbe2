//! `asl convert --to jsonata`: a definition in JSONPath, written in JSONata.
//!
//! In: a definition. Out: its text in the other language, and remarks at their places about what is not the same. With `--verify`, the tests and the
//! histories of the user are run with both, and nothing is written where they differ.

mod verify;

use crate::answer::{Answers, Format, Outcome, complain, problems};
use crate::options::CompileArguments;
use crate::place;
use crate::program::WorkerArguments;
use crate::read::read;
use asl_compiler::convert::{Conversion, Manner, Refusal, Remark, Weight, to_jsonata};
use asl_compiler::source::SourceFile;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Write a definition in another query language: one in JSONPath in JSONata
///
/// Comments, the order of fields, placeholders and the layout stay. A state that would come to something else for some data stays as it is, unless
/// `--approximately` is given; what is not the same is said at its place. Exit code: 0 if all states are converted, and with `--verify` agree,
/// 1 if not, 2 if the command failed to run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl convert order.asl.json --to jsonata\n\
\x20 asl convert order.asl.json --to jsonata --in-place --verify\n\
\x20 asl convert order.asl.json --to jsonata --variables -o order.jsonata.asl.json\n\
\x20 asl convert order.asl.json --to jsonata --verify --history execution.json -o order.jsonata.asl.json")]
pub(crate) struct Arguments {
    /// The definition, in JSON or YAML
    file: PathBuf,

    /// The language that it is written in then
    #[arg(long, value_enum)]
    to: Language,

    /// Write it to this file; by default it is printed
    #[arg(long, short, value_name = "FILE", conflicts_with = "in_place")]
    output: Option<PathBuf>,

    /// Write it over the definition
    #[arg(long)]
    in_place: bool,

    /// Convert states too that come to something else for some data; the remarks say for which
    #[arg(long)]
    approximately: bool,

    /// Put what states only carry along for later ones into variables; states in between pass on less
    #[arg(long)]
    variables: bool,

    /// Run the tests beside the definition with both, and write nothing if they come to something else
    #[arg(long)]
    verify: bool,

    /// With `--verify`, run this execution that AWS recorded too; may be repeated
    #[arg(long, value_name = "FILE", requires = "verify")]
    history: Vec<PathBuf>,

    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    worker: WorkerArguments,

    #[command(flatten)]
    compile: CompileArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    /// JSONata, which AWS recommends
    Jsonata,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Converts the file.
    fn answer(&self) -> Result<Outcome, String> {
        let Language::Jsonata = self.to;
        let source = read(&self.file)?;
        let conversion = match to_jsonata(&source, &self.compile.options_of(&self.file)?, self.manner()) {
            Ok(conversion) => conversion,
            Err(Refusal::Errors(found)) => {
                self.format.show(&source, &found);
                return Ok(self.format.only_problems(problems(&source, &found)));
            }
            Err(Refusal::InTemplate) => {
                return Err(format!(
                    "`{}` is a template, or what AWS says about a machine, and only separate definitions are converted; `aws stepfunctions \
                     describe-state-machine --query definition --output text` prints one, and a template can name its file",
                    source.name()
                ));
            }
            Err(Refusal::Shared) => {
                return Err(format!(
                    "`{}` has a value that several places share by an anchor (`&name`, `*name`), and that becomes something else in each: write it out first",
                    source.name()
                ));
            }
        };
        let differences =
            if self.verify { Some(verify::differences(self, &source, &conversion)?) } else { None };
        let is_the_same = differences.as_ref().is_none_or(|found| found.differences.is_empty());
        if is_the_same {
            self.write(&conversion.text)?;
        }
        self.say(&source, &conversion, differences.as_ref());
        Ok(if is_the_same && !is_kept(&conversion) { Outcome::Fine } else { Outcome::ProblemsFound })
    }
}

impl Arguments {
    const fn manner(&self) -> Manner {
        Manner { approximately: self.approximately, variables: self.variables }
    }

    fn target(&self) -> Option<&PathBuf> {
        self.output.as_ref().or_else(|| self.in_place.then_some(&self.file))
    }

    fn write(&self, text: &str) -> Result<(), String> {
        self.target().map_or(Ok(()), |path| {
            place::write(path, text)
                .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
        })
    }

    fn say(&self, source: &SourceFile, conversion: &Conversion, verified: Option<&verify::Verified>) {
        if self.format == Format::Human {
            let lines: String = conversion.remarks.iter().map(|remark| as_text(source, remark)).collect();
            let verified = verified.map(verify::Verified::to_text).unwrap_or_default();
            crate::answer::remark(&format!("{lines}{verified}"));
            if is_kept(conversion) {
                complain(
                    "some states stay in JSONPath; `--approximately` converts those too that differ for some data only",
                );
            }
        }
        let is_printed = self.target().is_none() && verified.is_none_or(|found| found.differences.is_empty());
        self.format.print(
            || if is_printed { conversion.text.clone() } else { String::new() },
            || {
                json!({
                    "file": source.name(),
                    "converted": conversion.converted,
                    "kept": conversion.kept,
                    "variables": conversion.variables,
                    "text": conversion.text,
                    "remarks": conversion.remarks.iter().map(|remark| as_json(source, remark)).collect::<Value>(),
                    "verified": verified.map(verify::Verified::to_json),
                })
            },
        );
    }
}

/// Whether a state stays in the other language.
fn is_kept(conversion: &Conversion) -> bool {
    conversion.kept > 0
}

const fn word(weight: Weight) -> &'static str {
    match weight {
        Weight::Failure => "fails-otherwise",
        Weight::Value => "differs",
        Weight::Impossible => "impossible",
    }
}

fn as_text(source: &SourceFile, remark: &Remark) -> String {
    let place = source.position(remark.span.start);
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}:{}:{}: {}: state `{}`: {}",
        source.name(),
        place.line,
        place.column,
        word(remark.weight),
        remark.state,
        remark.message
    );
    text
}

fn as_json(source: &SourceFile, remark: &Remark) -> Value {
    let place = source.position(remark.span.start);
    json!({
        "state": remark.state,
        "line": place.line,
        "column": place.column,
        "weight": word(remark.weight),
        "message": remark.message,
    })
}
