//! `asl expand`: shows the Rust that a definition is compiled to.

use crate::options::CompileArguments;
use crate::read::read;
use crate::report::style_for;
use crate::{Outcome, complain, print};
use asl_compiler::Module;
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use clap::Args;
use std::io::Write;

/// Print the Rust that a definition is compiled to.
///
/// Problems go to the standard error. Exit code: 0 if there is Rust, 1 if the definition has errors, 2 if the file could not be
/// read.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The definition; `-` is the standard input
    file: String,

    #[command(flatten)]
    compile: CompileArguments,
}

/// Compiles the file and prints the result.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let source = match read(&arguments.file) {
        Ok(source) => source,
        Err(reason) => return complain(&reason),
    };
    let compilation =
        asl_compiler::compile(&source, &arguments.compile.options(), &Module::of_file(source.name()));
    let style = style_for(&std::io::stderr());
    let problems = render_all(&source, &compilation.diagnostics, style, DEFAULT_LIMIT);
    let _ = std::io::stderr().write_all(problems.as_bytes());
    let Some(tokens) = compilation.tokens else {
        return Outcome::ProblemsFound;
    };
    match syn::parse2(tokens) {
        Ok(file) => {
            print(&prettyplease::unparse(&file));
            Outcome::Fine
        }
        Err(error) => {
            complain(&format!("the generated code is not Rust, which is a fault of the compiler: {error}"))
        }
    }
}
