//! `asl jsonata 'a.b' --input data.json`: one expression, and its value.

use super::Arguments;
use super::program::Program;
use crate::read::read;
use crate::report::style_for;
use crate::worker::Worker;
use crate::{Outcome, print};
use asl_compiler::jsonata::{Dialect, alone};
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use asl_compiler::source::SourceFile;
use serde_json::{Map, Value};
use std::io::Write;

/// Compiles an expression, and prints its value.
pub(crate) fn run(arguments: &Arguments, text: &str) -> Result<Outcome, String> {
    let source = SourceFile::new("expression", text);
    let (tree, diagnostics) = alone::read(&source, Dialect::Plain, &|name| {
        arguments.bindings.iter().any(|(bound, _)| bound == name)
    });
    let problems = render_all(&source, &diagnostics, style_for(&std::io::stderr()), DEFAULT_LIMIT);
    let _ = std::io::stderr().write_all(problems.as_bytes());
    let Some(tree) = tree else { return Ok(Outcome::ProblemsFound) };
    let mut program = Program::default();
    let number = program.add(text, &tree);
    let executable = program.build(&arguments.runtime)?;
    if let Some(reason) = program.refused(number) {
        return Err(format!("the generated code is not Rust, which is a fault of the compiler: {reason}"));
    }
    let milliseconds = u64::try_from(arguments.time_limit().as_millis()).unwrap_or(u64::MAX);
    let bindings: Map<String, Value> = arguments.bindings.iter().cloned().collect();
    let mut request = Map::new();
    request.insert("expression".to_owned(), number.into());
    request.insert("timelimit".to_owned(), milliseconds.into());
    request.insert("bindings".to_owned(), bindings.into());
    if let Some(input) = &arguments.input {
        request.insert("data".to_owned(), read_json(input)?);
    }
    let answer = Worker::new(executable, arguments.time_limit() * 2).ask(&request.into())?;
    Ok(show(&answer))
}

fn read_json(path: &str) -> Result<Value, String> {
    let source = read(path)?;
    serde_json::from_str(source.text()).map_err(|error| format!("`{path}` is no JSON: {error}"))
}

fn show(answer: &Map<String, Value>) -> Outcome {
    if let Some(result) = answer.get("result") {
        print(&format!("{result:#}\n"));
        return Outcome::Fine;
    }
    if answer.contains_key("undefined") {
        return Outcome::Fine;
    }
    let reason = answer.get("message").or_else(|| answer.get("fault")).and_then(Value::as_str);
    let _ = writeln!(std::io::stderr(), "error: {}", reason.unwrap_or_default());
    Outcome::ProblemsFound
}
