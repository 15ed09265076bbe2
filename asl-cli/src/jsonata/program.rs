//! The program that compiled expressions run in.
//!
//! In: expressions. Out: who answers requests about them.

use crate::program::{BuildError, Served, WorkerArguments, literal};
use crate::worker::Worker;
use asl_compiler::jsonata::{Dialect, Expression, emit};
use std::collections::BTreeMap;
use std::time::Duration;

/// How a request is answered: an expression is evaluated.
const ANSWER: &str = include_str!("answer.rs.txt");

/// What is waited for beyond the time that an evaluation may take.
const GRACE: Duration = Duration::from_secs(5);

/// How often the program is built without the expressions whose code was refused.
const ATTEMPTS: usize = 8;

/// The expressions of a program, by their numbers.
#[derive(Debug)]
pub(crate) struct Program {
    served: Served,
    refused: BTreeMap<usize, String>,
}

impl Default for Program {
    fn default() -> Self {
        Self { served: Served::new("jsonata", ANSWER), refused: BTreeMap::new() }
    }
}

impl Program {
    /// Adds an expression, and returns its number.
    pub(crate) fn add(&mut self, text: &str, expression: &Expression) -> usize {
        let function = emit(expression, "expression", Dialect::Plain);
        let text = literal(text);
        let code = format!(
            "use ::asl_engine::__private as rt;\n\
             use rt::jsonata::Compiled;\n\
             pub(crate) static EXPRESSION: Compiled = Compiled::new({text}, expression);\n\
             {function}\n"
        );
        self.served.add(code, |file| format!("&{file}::EXPRESSION"))
    }

    /// Builds (or reuses) the program, and returns a client for it. Code that is refused, which is a fault of the compiler, is left out of it.
    pub(crate) fn worker(&mut self, arguments: &WorkerArguments) -> Result<Worker, String> {
        let mut attempts = 0..ATTEMPTS;
        loop {
            match arguments.worker(&self.served) {
                Ok(worker) => return Ok(worker.with_grace(GRACE)),
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
                self.served.leave_out(number);
            }
            if line.starts_with("warning") || line.is_empty() {
                message = "";
            }
        }
        self.refused.len() > before
    }
}

/// The number in ` --> src/file_12.rs:3:4`.
fn file_number(line: &str) -> Option<usize> {
    let (_, place) = line.split_once("--> src/file_")?;
    place.split_once(".rs")?.0.parse().ok()
}
