//! `asl build`: one native executable of a definition.

use crate::executable::{Built, ExecutableArguments};
use crate::report::{style_for, to_json};
use crate::{Outcome, complain, print};
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Build one native executable of a definition.
///
/// It runs executions: input from a file or the standard input, output on the standard output, what happens on the standard error; ask it
/// with `--help`. Exit code: 0 if there is an executable, 1 if the definition has errors, 2 if the command could not do its work.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where the executable goes; by default it is named after the definition, in this folder
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// How problems and the result are shown
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    executable: ExecutableArguments,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[value(alias = "text")]
    Human,
    /// For programs
    Json,
}

/// Builds the executable, and copies it to where it is wanted.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    build(arguments).unwrap_or_else(|reason| complain(&reason))
}

fn build(arguments: &Arguments) -> Result<Outcome, String> {
    let built = arguments.executable.build()?;
    let mut output = None;
    if let Some(executable) = &built.executable {
        let path = arguments.output.clone().unwrap_or_else(|| name_of(&arguments.executable.file));
        copy(executable, &path)?;
        output = Some(path);
    }
    match arguments.format {
        Format::Human => tell(&built),
        Format::Json => {
            let problems: Vec<_> =
                built.diagnostics.iter().map(|found| to_json(&built.source, found)).collect();
            print(&format!(
                "{}\n",
                json!({ "executable": output, "problems": problems, "unserved": built.unserved })
            ));
        }
    }
    Ok(if output.is_some() { Outcome::Fine } else { Outcome::ProblemsFound })
}

/// The problems of a definition, and what it calls in vain.
pub(crate) fn tell(built: &Built) {
    let mut errors = std::io::stderr();
    let mut text = render_all(&built.source, &built.diagnostics, style_for(&errors), DEFAULT_LIMIT);
    for resource in &built.unserved {
        text.push_str(&format!(
            "note: nothing in the executable serves `{resource}`, so its tasks will fail\n"
        ));
    }
    let _ = errors.write_all(text.as_bytes());
}

/// `order` for `flows/order.asl.json`.
fn name_of(file: &str) -> PathBuf {
    let name = Path::new(file).file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').find(|part| !part.is_empty() && *part != "-").unwrap_or("machine");
    PathBuf::from(format!("{stem}{}", std::env::consts::EXE_SUFFIX))
}

fn copy(executable: &Path, path: &Path) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!("`{}` is a folder; name the executable with `--output`", path.display()));
    }
    // One that runs just now cannot be overwritten, but it can be replaced.
    let _ = std::fs::remove_file(path);
    let copied = std::fs::copy(executable, path);
    copied.map(|_| ()).map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}
