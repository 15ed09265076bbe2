//! A definition to a separate program: an executable that does all by itself, or a worker that this command asks.
//!
//! In: a definition, and how it is compiled. Out: the path of a program with it, in the cache, or the problems of the definition. An
//! executable has in it only the services that the definition calls, and a worker has none.

mod services;

use crate::answer::Format;
use crate::embedded::MachineArgument;
use crate::options::CompileArguments;
use crate::program::{Optimisation, Program, RuntimeArgument, literal, module_name, to_text};
use asl_compiler::diagnostic::Diagnostic;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, Target};
use clap::{Args, ValueEnum};
use services::Called;
pub(crate) use services::features_of;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Who starts the executions of an executable, and keeps them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Keeper {
    /// No other process: it runs one execution each time that it is started
    #[default]
    Process,
    /// AWS Lambda: an invocation is an execution
    Lambda,
    /// A cluster of Restate, which calls it
    Restate,
}

impl Keeper {
    /// The crate beside `asl-runtime` that the executable needs.
    const fn crate_name(self) -> Option<&'static str> {
        match self {
            Self::Process => None,
            Self::Lambda => Some("asl-lambda"),
            Self::Restate => Some("asl-restate"),
        }
    }

    /// The program around a machine, by the path of its type.
    fn main(self, machine: &str, about: &str) -> String {
        match self {
            Self::Process => format!("asl_runtime::command::main::<{machine}>({})", literal(about)),
            Self::Lambda => format!("asl_lambda::main::<{machine}>()"),
            Self::Restate => format!("asl_restate::main::<{machine}>()"),
        }
    }
}

/// The arguments that all commands share that make a program of a definition.
#[derive(Debug, Args)]
pub(crate) struct ExecutableArguments {
    /// The definition in JSON or YAML, or a template with it; `-` is the standard input
    pub(crate) file: PathBuf,

    #[command(flatten)]
    machine: MachineArgument,

    /// Let the compiler optimise, which takes longer
    #[arg(long)]
    release: bool,

    #[command(flatten)]
    runtime: RuntimeArgument,

    #[command(flatten)]
    compile: CompileArguments,
}

/// A definition, its problems, and its program if it has no errors.
#[derive(Debug)]
pub(crate) struct Built {
    pub(crate) source: SourceFile,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) program: Option<PathBuf>,
    /// The Cargo features of `asl-runtime` that serve what it calls.
    pub(crate) features: BTreeSet<&'static str>,
    /// Resources of tasks that nothing serves.
    pub(crate) unserved: Vec<String>,
    /// The names of placeholders that have no value.
    pub(crate) placeholders: Vec<String>,
}

/// A definition and the code of its program, which is not built yet.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) about: Built,
    code: Option<Program>,
}

impl Compiled {
    /// Whether there is something to build.
    pub(crate) fn has_code(&self) -> bool {
        self.code.is_some()
    }
}

impl ExecutableArguments {
    /// How the definition is compiled.
    pub(crate) fn options(&self) -> Result<Options, String> {
        self.compile.options_of(&self.file)
    }

    /// The files that the definition is read from.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.machine.files(&self.file)
    }

    /// Compiles the definition, and builds its executable, or finds it built.
    pub(crate) fn build_executable(&self, keeper: Keeper) -> Result<Built, String> {
        self.build(self.compile(Target::Program, keeper)?)
    }

    /// Builds what was compiled, if that had no errors.
    pub(crate) fn build(&self, compiled: Compiled) -> Result<Built, String> {
        let Compiled { mut about, code } = compiled;
        about.program = code.map(|code| code.build(&self.runtime)).transpose()?;
        Ok(about)
    }

    /// Compiles the definition for a worker, which takes a moment.
    pub(crate) fn compile_worker(&self) -> Result<Compiled, String> {
        self.compile(Target::Worker, Keeper::Process)
    }

    fn compile(&self, target: Target, keeper: Keeper) -> Result<Compiled, String> {
        let source = self.machine.read(&self.file)?;
        let options = self.options()?;
        let module = Module::of_source(&source);
        let module = if target == Target::Worker { module.for_worker() } else { module };
        let compilation = asl_compiler::compile(&source, &options, &module);
        let definition = asl_compiler::read(&source, &options);
        let mut about = Built {
            source,
            diagnostics: compilation.diagnostics,
            program: None,
            features: BTreeSet::new(),
            unserved: Vec::new(),
            placeholders: Vec::new(),
        };
        let mut code = None;
        if let (Some(tokens), Some(definition)) = (compilation.tokens, definition) {
            let Called { features, unserved, placeholders } = services::called(&definition);
            let program = match target {
                Target::Worker => Program::worker("worker", [(module.name, tokens.to_string())]),
                Target::Program => {
                    let about =
                        definition.get("Comment").and_then(|comment| comment.as_str()).unwrap_or_default();
                    let main = main(keeper, &module.name, about);
                    let program = Program::new("machine", main, vec![to_text(tokens)?])
                        .features(features.iter().copied());
                    match keeper.crate_name() {
                        Some(name) => program.around(name),
                        None => program.features(["command"]),
                    }
                }
            };
            let program =
                program.optimisation(if self.release { Optimisation::Full } else { Optimisation::None });
            about.features = features;
            about.unserved = unserved;
            about.placeholders = Vec::from_iter(placeholders);
            code = Some(program);
        }
        Ok(Compiled { about, code })
    }
}

impl Built {
    /// Shows the problems of the definition.
    pub(crate) fn show(&self, format: Format) {
        format.show(&self.source, &self.diagnostics);
    }

    /// Shows what it calls in vain, for those whose tasks services do.
    pub(crate) fn show_calls(&self, format: Format) {
        for resource in &self.unserved {
            format.note(&format!("nothing in the executable serves `{resource}`, so its tasks will fail"));
        }
        let names: Vec<_> = self.placeholders.iter().map(|name| format!("`${{{name}}}`")).collect();
        if let Some(first) = self.placeholders.first() {
            let names = names.join(", ");
            format.note(&format!(
                "without a value: {names}; provide one with `--substitute {first}=..`, or, where it is a function, what takes its place \
                 with `--lambda '${{{first}}}=COMMAND'`"
            ));
        }
    }
}

fn main(keeper: Keeper, machine: &str, about: &str) -> String {
    let file = module_name(0);
    let call = keeper.main(&format!("{file}::{machine}::Machine"), about);
    format!("mod {file};\n\nfn main() -> std::process::ExitCode {{\n    {call}\n}}\n")
}
