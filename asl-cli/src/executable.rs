//! A definition to an executable of its own.
//!
//! In: a definition, and how it is compiled. Out: the path of a program around it, in the cache, or the problems of the definition. Only
//! the services that the definition calls are linked.

mod services;

use crate::answer::Format;
use crate::options::CompileArguments;
use crate::program::{Optimisation, Program, RuntimeArgument, literal, module_name, to_text};
use crate::read::read;
use asl_compiler::diagnostic::Diagnostic;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options};
use clap::Args;
use services::Called;
use std::path::PathBuf;

/// The arguments that all commands share that make an executable of a definition.
#[derive(Debug, Args)]
pub(crate) struct ExecutableArguments {
    /// The definition in JSON or YAML; `-` is the standard input
    pub(crate) file: PathBuf,

    /// Let the compiler optimise, which takes longer
    #[arg(long)]
    release: bool,

    #[command(flatten)]
    runtime: RuntimeArgument,

    #[command(flatten)]
    compile: CompileArguments,
}

/// A definition, its problems, and its executable if it has no errors.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) source: SourceFile,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) executable: Option<PathBuf>,
    /// Resources of tasks that no crate is linked for.
    pub(crate) unserved: Vec<String>,
    /// The names of placeholders that have no value.
    pub(crate) placeholders: Vec<String>,
}

/// What becomes of the tasks of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tasks {
    /// Services do them.
    Done,
    /// Mocks answer them, and no service is linked.
    Mocked,
}

impl ExecutableArguments {
    /// How the definition is compiled.
    pub(crate) fn options(&self) -> Options {
        self.compile.options()
    }

    /// Compiles the definition, and builds its executable or finds it built.
    pub(crate) fn build(&self, tasks: Tasks) -> Result<Built, String> {
        let source = read(&self.file)?;
        let options = self.options();
        let module = Module::of_file(source.name());
        let compilation = asl_compiler::compile(&source, &options, &module);
        let (executable, unserved, placeholders) = (None, Vec::new(), Vec::new());
        let diagnostics = compilation.diagnostics;
        let mut built = Built { source, diagnostics, executable, unserved, placeholders };
        let definition = asl_compiler::read(&built.source, &options);
        if let (Some(tokens), Some(definition)) = (compilation.tokens, definition) {
            let called = match tasks {
                Tasks::Done => services::called(&definition),
                Tasks::Mocked => Called::default(),
            };
            let about = definition.get("Comment").and_then(|comment| comment.as_str()).unwrap_or_default();
            let program = Program::new("machine", main(tasks, &module.name, about), vec![to_text(tokens)?])
                .features(["command"])
                .features(called.features)
                .optimisation(if self.release { Optimisation::Full } else { Optimisation::None });
            built.executable = Some(program.build(&self.runtime)?);
            built.unserved = called.unserved;
            built.placeholders = Vec::from_iter(called.placeholders);
        }
        Ok(built)
    }
}

impl Built {
    /// Shows the problems of the definition, and what it calls in vain.
    pub(crate) fn show(&self, format: Format) {
        format.show(&self.source, &self.diagnostics);
        for resource in &self.unserved {
            format.note(&format!("nothing in the executable serves `{resource}`, so its tasks will fail"));
        }
        let names: Vec<_> = self.placeholders.iter().map(|name| format!("`${{{name}}}`")).collect();
        if let Some(first) = self.placeholders.first() {
            let names = names.join(", ");
            format.note(&format!("without a value: {names}; give it one with `--substitute {first}=..`"));
        }
    }
}

fn main(tasks: Tasks, machine: &str, about: &str) -> String {
    let (file, about) = (module_name(0), literal(about));
    let main = match tasks {
        Tasks::Done => "main",
        Tasks::Mocked => "mocked",
    };
    format!(
        "mod {file};\n\n\
         fn main() -> std::process::ExitCode {{\n    \
             asl_runtime::command::{main}::<{file}::{machine}::Machine>({about})\n\
         }}\n"
    )
}
