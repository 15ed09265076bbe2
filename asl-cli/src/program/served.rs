//! Programs that answer requests about the expressions that are compiled into them.
//!
//! In: how a request is answered, and the code of each entry. Out: the path of an executable, which a [`Worker`] asks:
//! a line of JSON in for a request, which names the number of its `entry`, and a line of JSON out.

use super::{BuildError, Program, RuntimeArgument, module_name};
use crate::worker::Worker;
use clap::Args;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

/// Reads requests, and writes answers.
const SERVE: &str = include_str!("serve.rs.txt");

/// The arguments that all commands share that ask such programs, or workers.
#[derive(Debug, Args)]
pub(crate) struct WorkerArguments {
    /// How long one execution, test or evaluation may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    time_limit: u64,

    #[command(flatten)]
    runtime: RuntimeArgument,
}

impl WorkerArguments {
    pub(crate) const fn time_limit(&self) -> Duration {
        Duration::from_secs(self.time_limit)
    }

    pub(crate) const fn runtime(&self) -> &RuntimeArgument {
        &self.runtime
    }

    /// Builds (or reuses) the program, and returns a client for it.
    pub(crate) fn worker(&self, program: &Served) -> Result<Worker, BuildError> {
        Ok(Worker::new(program.build(&self.runtime)?, self.time_limit()))
    }
}

/// A program that answers requests.
#[derive(Debug)]
pub(crate) struct Served {
    name: &'static str,
    answer: &'static str,
    entries: Vec<Entry>,
    left_out: BTreeSet<usize>,
}

#[derive(Debug)]
struct Entry {
    code: String,
    /// What the table has for it.
    value: String,
}

impl Served {
    /// A program for the command of this name, which needs `asl-engine` alone. `answer` is Rust, with a type `Entry` and a function `answer` of
    /// an entry and a request.
    pub(crate) const fn new(name: &'static str, answer: &'static str) -> Self {
        Self { name, answer, entries: Vec::new(), left_out: BTreeSet::new() }
    }

    /// Adds an entry by its code and what the table has for it, which is told the name of the module of the code; returns its number.
    pub(crate) fn add(&mut self, code: String, value: impl FnOnce(&str) -> String) -> usize {
        let number = self.entries.len();
        self.entries.push(Entry { code, value: value(&module_name(number)) });
        number
    }

    /// Leaves an entry out, which keeps its number.
    pub(crate) fn leave_out(&mut self, number: usize) {
        self.left_out.insert(number);
    }

    fn build(&self, runtime: &RuntimeArgument) -> Result<PathBuf, BuildError> {
        let modules = self.entries.iter().map(|entry| entry.code.clone()).collect();
        Program::on_engine(self.name, self.main(), modules).build(runtime)
    }

    fn main(&self) -> String {
        let (mut modules, mut table) = (String::new(), String::new());
        for (number, entry) in self.entries.iter().enumerate() {
            if self.left_out.contains(&number) {
                table.push_str("    None,\n");
            } else {
                let _ = writeln!(modules, "mod {};", module_name(number));
                let _ = writeln!(table, "    Some({}),", entry.value);
            }
        }
        let answer = self.answer;
        format!("{SERVE}\n{answer}\n{modules}\nstatic ENTRIES: &[Option<Entry>] = &[\n{table}];\n")
    }
}
