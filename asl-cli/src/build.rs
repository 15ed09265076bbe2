//! `asl build`: one native executable of a definition.

use crate::answer::{Answers, Format, Outcome, problems};
use crate::executable::{Built, ExecutableArguments, Keeper};
use crate::place;
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Build one native executable of a definition
///
/// It runs executions: input from a file or the standard input, output on the standard output, what happens on the standard error; ask it
/// with `--help`. With `--host` it is a function of AWS Lambda, or an endpoint for Restate. Exit code: 0 if there is an executable, 1 if the definition has errors, 2 if the command failed to run.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl build order.asl.json --release -o order && ./order --help\n\
\x20 asl build order.asl.json --release --host lambda && zip function.zip bootstrap")]
pub(crate) struct Arguments {
    /// Where the executable goes; by default it is named after the definition, or `bootstrap` for Lambda, in this folder
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Who starts executions of it, and keeps them
    #[arg(long, value_enum, default_value_t)]
    host: Keeper,

    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    executable: ExecutableArguments,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Builds the executable, and copies it to where it is wanted.
    fn answer(&self) -> Result<Outcome, String> {
        let built = self.executable.build_executable(self.host)?;
        let Built { source, diagnostics, program, unserved, placeholders, features: _ } = &built;
        built.show(self.format);
        built.show_calls(self.format);
        let found = problems(source, diagnostics);
        let Some(executable) = program else { return Ok(self.format.only_problems(found)) };
        let path = self.output.clone().unwrap_or_else(|| match self.host {
            // What Lambda starts.
            Keeper::Lambda => PathBuf::from("bootstrap"),
            Keeper::Process | Keeper::Restate => name_of(&self.executable.file),
        });
        copy(executable, &path)?;
        self.format.print(
            || format!("built `{}`\n", path.display()),
            || json!({ "executable": path, "problems": found, "unserved": unserved, "placeholders": placeholders }),
        );
        Ok(Outcome::Fine)
    }
}

/// `order` for `flows/order.asl.json`.
fn name_of(file: &Path) -> PathBuf {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').find(|part| !part.is_empty() && *part != "-").unwrap_or("machine");
    PathBuf::from(format!("{stem}{}", std::env::consts::EXE_SUFFIX))
}

fn copy(executable: &Path, path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!("`{}` is a folder; name the executable with `--output`", path.display()));
    }
    // One that runs just now cannot be overwritten, but it can be replaced.
    place::copy(executable, path).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}
