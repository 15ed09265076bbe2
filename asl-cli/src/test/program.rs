//! The program that the machines of all suites run in.

use super::Arguments;
use super::suite::Suite;
use crate::program::{Program, module_name, to_text};
use crate::report::style_for;
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use asl_compiler::{Module, Options};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

const MAIN: &str = include_str!("program/main.rs");

/// Compiles the definitions of the suites that have cases, each once, and builds the program; nothing if there is no machine.
pub(super) fn build(suites: &mut [Suite], arguments: &Arguments) -> Result<Option<PathBuf>, String> {
    let options = Options { tell_rules: true, ..arguments.compile.options() };
    let (mut codes, mut names) = (Vec::new(), Vec::new());
    let mut compiled: HashMap<String, Option<usize>> = HashMap::new();
    for suite in suites.iter_mut().filter(|suite| !suite.cases.is_empty()) {
        if let Some(machine) = compiled.get(suite.definition.name()) {
            suite.machine = *machine;
            continue;
        }
        let module = Module::of_file(suite.definition.name());
        let compilation = asl_compiler::compile(&suite.definition, &options, &module);
        if let Some(tokens) = compilation.tokens {
            suite.machine = Some(codes.len());
            codes.push(to_text(tokens)?);
            names.push(module.name);
        } else {
            let style = style_for(&std::io::stderr());
            let problems = render_all(&suite.definition, &compilation.diagnostics, style, DEFAULT_LIMIT);
            let _ = std::io::stderr().write_all(problems.as_bytes());
        }
        compiled.insert(suite.definition.name().to_owned(), suite.machine);
    }
    if codes.is_empty() {
        return Ok(None);
    }
    Ok(Some(Program::new("test", main(&names), codes).build(&arguments.runtime)?))
}

fn main(names: &[String]) -> String {
    let (mut modules, mut table) = (String::new(), String::new());
    for (number, name) in names.iter().enumerate() {
        let file = module_name(number);
        let _ = writeln!(modules, "mod {file};");
        let _ = writeln!(
            table,
            "    |case| Box::pin(async move {{ case.run::<{file}::{name}::Machine>().await }}),"
        );
    }
    format!("{MAIN}\n{modules}\nstatic MACHINES: &[Run] = &[\n{table}];\n")
}
