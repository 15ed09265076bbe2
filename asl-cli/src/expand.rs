//! `asl expand`: shows the Rust that a definition is compiled to.

use crate::answer::{Answers, Format, Outcome, problems};
use crate::embedded::MachineArgument;
use crate::options::CompileArguments;
use crate::program::to_text;
use crate::read::read;
use asl_compiler::Module;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Print the Rust that a definition is compiled to
///
/// Problems go to the standard error. Exit code: 0 if there is Rust, 1 if the definition has errors, 2 if the file could not be
/// read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n\
\x20 asl expand order.asl.json | less")]
pub(crate) struct Arguments {
    /// The definition in JSON or YAML, or a template with it; `-` is the standard input
    file: PathBuf,

    #[command(flatten)]
    machine: MachineArgument,

    /// For whom the result is
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    #[command(flatten)]
    compile: CompileArguments,
}

impl Answers for Arguments {
    fn format(&self) -> Format {
        self.format
    }

    /// Compiles the file and prints the result.
    fn answer(&self) -> Result<Outcome, String> {
        let source = self.machine.read(&self.file)?;
        let mut module = Module::of_source(&source);
        if let Some(schema) = self.compile.schema_of(&self.file) {
            module = module.with_input(&read(&schema)?);
        }
        let compilation = asl_compiler::compile(&source, &self.compile.options_of(&self.file)?, &module);
        self.format.show(&source, &compilation.diagnostics);
        let found = problems(&source, &compilation.diagnostics);
        let Some(tokens) = compilation.tokens else { return Ok(self.format.only_problems(found)) };
        let rust = to_text(tokens)?;
        self.format
            .print(|| rust.clone(), || json!({ "module": module.name, "rust": rust, "problems": found }));
        Ok(Outcome::Fine)
    }
}
