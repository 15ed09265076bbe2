//! The command `asl`: a door to the compiler for people and build scripts.
//!
//! In: arguments and files. Out: text on the standard output, and an exit code: 0 if all is well, 1 if problems were found,
//! 2 if the command could not do its work. It finds files, calls the compiler and prints; it decides nothing.

mod build;
mod check;
mod completions;
mod executable;
mod expand;
mod explain;
mod find;
mod graph;
mod jsonata;
mod lsp;
mod man;
mod new;
mod options;
mod policy;
mod program;
mod read;
mod replay;
mod report;
mod run;
mod stamps;
mod test;
mod watch;
mod worker;

use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Check and compile Amazon States Language definitions.
#[derive(Debug, Parser)]
#[command(name = "asl", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Arguments),
    Check(check::Arguments),
    Completions(completions::Arguments),
    Expand(expand::Arguments),
    Explain(explain::Arguments),
    Graph(graph::Arguments),
    Jsonata(jsonata::Arguments),
    Lsp(lsp::Arguments),
    Man(man::Arguments),
    New(new::Arguments),
    Policy(policy::Arguments),
    Replay(replay::Arguments),
    Run(run::Arguments),
    Test(test::Arguments),
    /// Check a definition and run an execution of it, again after every change, until Ctrl-C.
    ///
    /// The arguments are those of `asl run`. Changes of the definition count, and of the file of the input.
    Watch(run::Arguments),
}

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Nothing to complain about.
    Fine,
    /// There are problems in a definition.
    ProblemsFound,
    /// A file could not be read, or an argument makes no sense.
    CouldNotRun,
}

fn main() -> ExitCode {
    // Arguments that make no sense end here, with a text and the exit code 2.
    let outcome = match Arguments::parse().command {
        Command::Build(arguments) => build::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Expand(arguments) => expand::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Graph(arguments) => graph::run(&arguments),
        Command::Jsonata(arguments) => jsonata::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Policy(arguments) => policy::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Watch(arguments) => watch::run(&arguments),
    };
    match outcome {
        Outcome::Fine => ExitCode::SUCCESS,
        Outcome::ProblemsFound => ExitCode::from(1),
        Outcome::CouldNotRun => ExitCode::from(2),
    }
}

/// Prints what was asked for. Nobody is left to tell if the reader of a pipe has gone.
fn print(text: &str) {
    let _ = printed(text);
}

/// Prints what was asked for; whether anybody reads it.
fn printed(text: &str) -> bool {
    let mut output = std::io::stdout();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).is_ok()
}

/// Prints why the command could not do its work.
fn complain(text: &str) -> Outcome {
    let _ = writeln!(std::io::stderr(), "error: {text}");
    Outcome::CouldNotRun
}
