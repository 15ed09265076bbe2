//! The command `asl`: a door to the compiler for people and build scripts.
//!
//! In: arguments and files. Out: text on the standard output, and an exit code: 0 if all is well, 1 if something is not as it should be,
//! 2 if the command failed to run. It finds files, calls the compiler and prints; it decides nothing.

mod actions;
mod answer;
mod build;
mod care;
mod cases;
mod changes;
mod check;
mod clean;
mod completions;
mod convert;
mod data;
mod doctor;
mod embedded;
mod executable;
mod executions;
mod expand;
mod explain;
mod find;
mod fmt;
mod graph;
mod guard;
mod input;
mod jsonata;
mod lsp;
mod machines;
mod man;
mod mcp;
mod new;
mod options;
mod place;
mod policy;
mod program;
mod read;
mod replay;
mod report;
mod run;
mod serve;
mod settings;
mod test;
mod test_state;
mod watch;
mod worker;

use answer::{Answers, Outcome};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Checking a definition asks for memory many thousand times, and on a thread of its own, for which this one is much faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Check, compile, run and test workflows in the Amazon States Language.
#[derive(Debug, Parser)]
#[command(
    name = "asl",
    version,
    propagate_version = true,
    max_term_width = 110,
    after_help = "Begin with `asl new hello`, or with a definition of your own: `asl check order.asl.json`, `asl run order.asl.json`.\n\
                  Exit code: 0 if all is well, 1 if a definition has errors or a test or an execution fails, 2 if the command failed to run."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Explain(explain::Arguments),
    Run(run::Arguments),
    Watch(watch::Arguments),
    Build(build::Arguments),
    Serve(serve::Arguments),
    Test(test::Arguments),
    TestState(test_state::Arguments),
    Replay(replay::Arguments),
    Executions(executions::Arguments),
    Data(care::Arguments),
    Convert(convert::Arguments),
    Expand(expand::Arguments),
    Graph(graph::Arguments),
    Policy(policy::Arguments),
    Jsonata(jsonata::Arguments),
    Lsp(lsp::Arguments),
    Mcp(mcp::Arguments),
    Doctor(doctor::Arguments),
    Clean(clean::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Command {
    fn as_answers(&self) -> &(dyn Answers + Sync) {
        match self {
            Self::New(arguments) => arguments,
            Self::Check(arguments) => arguments,
            Self::Fmt(arguments) => arguments,
            Self::Explain(arguments) => arguments,
            Self::Run(arguments) => arguments,
            Self::Watch(arguments) => arguments,
            Self::Build(arguments) => arguments,
            Self::Serve(arguments) => arguments,
            Self::Test(arguments) => arguments,
            Self::TestState(arguments) => arguments,
            Self::Replay(arguments) => arguments,
            Self::Executions(arguments) => arguments,
            Self::Data(arguments) => arguments,
            Self::Convert(arguments) => arguments,
            Self::Expand(arguments) => arguments,
            Self::Graph(arguments) => arguments,
            Self::Policy(arguments) => arguments,
            Self::Jsonata(arguments) => arguments,
            Self::Lsp(arguments) => arguments,
            Self::Mcp(arguments) => arguments,
            Self::Doctor(arguments) => arguments,
            Self::Clean(arguments) => arguments,
            Self::Completions(arguments) => arguments,
            Self::Man(arguments) => arguments,
        }
    }
}

fn main() -> ExitCode {
    match answer::ended(answer()) {
        Outcome::Fine => ExitCode::SUCCESS,
        Outcome::ProblemsFound => ExitCode::from(1),
        Outcome::CouldNotRun => ExitCode::from(2),
        Outcome::Ended(code) => ExitCode::from(code),
    }
}

fn answer() -> Outcome {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // It was asked for help, or the arguments make no sense.
        Err(error) => return answer::explain(&error),
    };
    let command = arguments.command.as_answers();
    answer::begin(command);
    let answer = guard::guarded("this", || command.answer()).and_then(|answer| answer);
    answer.unwrap_or_else(|reason| command.format().refuse(&reason))
}
