//! `asl replay machine.asl.json --history history.json`: one execution, compared with what was recorded.

use super::program::{Program, to_text};
use super::worker::Worker;
use super::{Arguments, difference};
use crate::read::read;
use crate::report::style_for;
use crate::{Outcome, print};
use asl_compiler::Module;
use asl_compiler::render::{DEFAULT_LIMIT, render_all};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// Replays an execution, and says where it differs first.
pub(crate) fn run(arguments: &Arguments, file: &str, history: &Path) -> Result<Outcome, String> {
    let source = read(file)?;
    let recorded = read_history(history)?;
    let module = Module::of_file(source.name());
    let compilation = asl_compiler::compile(&source, &arguments.compile.options(), &module);
    let problems =
        render_all(&source, &compilation.diagnostics, style_for(&std::io::stderr()), DEFAULT_LIMIT);
    let _ = std::io::stderr().write_all(problems.as_bytes());
    let Some(tokens) = compilation.tokens else { return Ok(Outcome::ProblemsFound) };
    let mut program = Program::default();
    let machine = program.add(module.name, to_text(tokens)?);
    let mut worker = Worker::new(program.build(arguments.runtime.as_deref())?, arguments.time_limit());
    let answer = worker.ask(&json!({ "machine": machine, "history": recorded }))?;
    let now = answer.get("events").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    Ok(match difference::first(&recorded, now) {
        None => {
            print(&format!("{file}: all {} events agree\n", recorded.len()));
            Outcome::Fine
        }
        Some(difference) => {
            print(&format!("{file}: {difference}"));
            Outcome::ProblemsFound
        }
    })
}

/// The events of `{"events": [..]}`, or of the list alone.
fn read_history(path: &Path) -> Result<Vec<Value>, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    let history: Value =
        serde_json::from_str(&text).map_err(|error| format!("`{}` is no JSON: {error}", path.display()))?;
    let events = history.get("events").unwrap_or(&history).as_array().filter(|events| !events.is_empty());
    events.cloned().ok_or_else(|| {
        let path = path.display();
        format!("`{path}` has no events: it should be what `aws stepfunctions get-execution-history` prints")
    })
}
