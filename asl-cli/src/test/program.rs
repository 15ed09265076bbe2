//! The program that the machines of all suites run in.

use super::Arguments;
use super::suite::Suite;
use crate::program::{Served, to_text};
use asl_compiler::{Module, Options};
use std::collections::HashMap;

/// How a request is answered: a case is run.
const ANSWER: &str = include_str!("answer.rs");

/// Compiles the definitions of the suites that have cases, each once.
pub(super) fn compile(suites: &mut [Suite], arguments: &Arguments) -> Result<Served, String> {
    let options = Options { tell_rules: true, ..arguments.compile.options() };
    let mut program = Served::new("test", ANSWER);
    let mut compiled: HashMap<String, Option<usize>> = HashMap::new();
    for suite in suites.iter_mut().filter(|suite| !suite.cases.is_empty()) {
        if let Some(machine) = compiled.get(suite.definition.name()) {
            suite.machine = *machine;
            continue;
        }
        let module = Module::of_file(suite.definition.name());
        let compilation = asl_compiler::compile(&suite.definition, &options, &module);
        match compilation.tokens {
            Some(tokens) => {
                suite.machine = Some(program.add(to_text(tokens)?, |file| entry(file, &module.name)))
            }
            None => suite.refused = compilation.diagnostics,
        }
        compiled.insert(suite.definition.name().to_owned(), suite.machine);
    }
    Ok(program)
}

fn entry(file: &str, machine: &str) -> String {
    format!("|case| Box::pin(async move {{ case.run::<{file}::{machine}::Machine>().await }})")
}
