//! The program that compiled machines run in.
//!
//! In: the code of machines. Out: the path of an executable that answers requests about them.

use crate::program::{self, RuntimeArgument, module_name};
use std::fmt::Write as _;
use std::path::PathBuf;

const MAIN: &str = include_str!("program/main.rs");

/// The machines of a program, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Program {
    machines: Vec<Machine>,
}

#[derive(Debug)]
struct Machine {
    module: String,
    code: String,
}

impl Program {
    /// Adds a machine by the name of its module and its code, and gives its number.
    pub(crate) fn add(&mut self, module: String, code: String) -> usize {
        self.machines.push(Machine { module, code });
        self.machines.len() - 1
    }

    /// Builds the program, or finds it built.
    pub(crate) fn build(self, runtime: &RuntimeArgument) -> Result<PathBuf, String> {
        let main = self.main();
        let modules = self.machines.into_iter().map(|machine| machine.code).collect();
        Ok(program::Program::new("replay", main, modules).build(runtime)?)
    }

    fn main(&self) -> String {
        let (mut modules, mut table) = (String::new(), String::new());
        for (number, machine) in self.machines.iter().enumerate() {
            let file = module_name(number);
            let _ = writeln!(modules, "mod {file};");
            let _ = writeln!(
                table,
                "    |replay| Box::pin(replay.run::<{file}::{}::Machine>()),",
                machine.module
            );
        }
        format!("{MAIN}\n{modules}\nstatic MACHINES: &[Run] = &[\n{table}];\n")
    }
}
