//! `asl jsonata 'a.b' --input @data.json`: one expression, and its value.

use super::Arguments;
use super::program::Program;
use crate::answer::{Format, Outcome, complain, problems};
use crate::input::json as json_of;
use asl_compiler::jsonata::{Dialect, alone};
use asl_compiler::source::SourceFile;
use serde_json::{Map, Value, json};

/// Compiles an expression, and prints its value.
pub(crate) fn run(arguments: &Arguments, text: &str) -> Result<Outcome, String> {
    let source = SourceFile::new("expression", text);
    let (tree, diagnostics) = alone::read(&source, Dialect::Plain, &|name| {
        arguments.bindings.iter().any(|(bound, _)| bound == name)
    });
    arguments.format.show(&source, &diagnostics);
    let Some(tree) = tree else { return Ok(arguments.format.only_problems(problems(&source, &diagnostics))) };
    let mut program = Program::default();
    let number = program.add(text, &tree);
    let mut worker = program.worker(&arguments.worker)?;
    if let Some(reason) = program.refused(number) {
        return Err(format!("the generated code is not Rust, which is a fault of the compiler: {reason}"));
    }
    let milliseconds = u64::try_from(arguments.worker.time_limit().as_millis()).unwrap_or(u64::MAX);
    let bindings: Map<String, Value> = arguments.bindings.iter().cloned().collect();
    let mut request = json!({ "entry": number, "timelimit": milliseconds, "bindings": bindings });
    if let (Some(input), Some(request)) = (&arguments.input, request.as_object_mut()) {
        request.insert("data".to_owned(), json_of(input)?);
    }
    let answer = worker.ask(&request)?;
    Ok(show(arguments.format, &answer))
}

fn show(format: Format, answer: &Map<String, Value>) -> Outcome {
    let shown = || answer.get("result").map(|result| format!("{result:#}\n")).unwrap_or_default();
    format.print(shown, || answer.clone().into());
    let Some(reason) = answer.get("message").and_then(Value::as_str) else { return Outcome::Fine };
    if format == Format::Human {
        complain(reason);
    }
    Outcome::ProblemsFound
}
