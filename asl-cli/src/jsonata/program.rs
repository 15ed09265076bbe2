//! The program that compiled expressions run in.
//!
//! In: expressions. Out: the path of an executable that answers requests about them.

use crate::program::{self, BuildError, RuntimeArgument, module_name};
use asl_compiler::jsonata::{Dialect, Expression, emit};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

const MAIN: &str = include_str!("program/main.rs");

/// How often the program is built without the expressions whose code was refused.
const ATTEMPTS: usize = 8;

/// The expressions of a program, in the order of their numbers.
#[derive(Debug, Default)]
pub(crate) struct Program {
    expressions: Vec<String>,
    refused: BTreeMap<usize, String>,
}

impl Program {
    /// Adds an expression, and gives its number.
    pub(crate) fn add(&mut self, text: &str, expression: &Expression) -> usize {
        let function = emit(expression, "expression", Dialect::Plain);
        let code = format!(
            "use ::asl_runtime::__private as rt;\n\
             use rt::jsonata::Compiled;\n\
             pub(crate) static EXPRESSION: Compiled = Compiled::new({text:?}, expression);\n\
             {function}\n"
        );
        self.expressions.push(code);
        self.expressions.len() - 1
    }

    /// Builds the program, or finds it built. Code that is refused, which is a fault of the compiler, is left out of it.
    pub(crate) fn build(&mut self, runtime: &RuntimeArgument) -> Result<PathBuf, String> {
        let mut attempts = 0..ATTEMPTS;
        loop {
            let program = program::Program::new("jsonata", self.main(), self.expressions.clone());
            match program.build(runtime) {
                Ok(executable) => return Ok(executable),
                Err(BuildError::Refused { text, .. })
                    if attempts.next().is_some() && self.leave_out(&text) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Why the code of an expression was refused, if it was.
    pub(crate) fn refused(&self, number: usize) -> Option<&str> {
        self.refused.get(&number).map(String::as_str)
    }

    /// Notes the files that errors point at; whether there are any.
    fn leave_out(&mut self, text: &str) -> bool {
        let before = self.refused.len();
        let mut message = "";
        for line in text.lines() {
            if line.starts_with("error") {
                message = line;
            }
            if let Some(number) = file_number(line).filter(|_| !message.is_empty()) {
                self.refused.entry(number).or_insert_with(|| message.to_owned());
            }
            if line.starts_with("warning") || line.is_empty() {
                message = "";
            }
        }
        self.refused.len() > before
    }

    fn main(&self) -> String {
        let (mut modules, mut table) = (String::new(), String::new());
        for number in 0..self.expressions.len() {
            let file = module_name(number);
            if self.refused.contains_key(&number) {
                let _ = writeln!(table, "    None,");
            } else {
                let _ = writeln!(modules, "mod {file};");
                let _ = writeln!(table, "    Some(&{file}::EXPRESSION),");
            }
        }
        format!("{MAIN}\n{modules}\nstatic EXPRESSIONS: &[Option<&Compiled>] = &[\n{table}];\n")
    }
}

/// The number in ` --> src/file_12.rs:3:4`.
fn file_number(line: &str) -> Option<usize> {
    let (_, place) = line.split_once("--> src/file_")?;
    place.split_once(".rs")?.0.parse().ok()
}
