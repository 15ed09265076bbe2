//! One test: of a file, or of a request as the API has it.

use super::bench::Workbench;
use super::{Arguments, setting};
use crate::answer::{Outcome, as_line, has_errors, print, problems};
use crate::read::{as_json, read};
use asl_compiler::{Options, check};
use asl_server::test_state::{Refusal, Test};
use serde_json::Value;
use std::path::Path;

/// Tests a state of a file.
pub(super) fn of_file(arguments: &Arguments, file: &Path) -> Result<Outcome, String> {
    let (source, options) = (arguments.machine.read(file)?, arguments.compile.options_of(file)?);
    if arguments.test.state().is_some() {
        // Problems are shown where they are in the file.
        let options = Options { ignore_data: true, ..options.clone() };
        let diagnostics = check(&source, &options).diagnostics;
        if has_errors(&diagnostics) {
            arguments.format.show(&source, &diagnostics);
            return Ok(arguments.format.only_problems(problems(&source, &diagnostics)));
        }
    }
    let definition = asl_compiler::read(&source, &options)
        .ok_or_else(|| format!("`{}` is neither JSON nor YAML", source.name()))?;
    answer(arguments, &arguments.test.request(as_json(&definition).to_string())?)
}

/// Answers a request.
pub(super) fn of_request(arguments: &Arguments, request: &Path) -> Result<Outcome, String> {
    let source = read(request)?;
    let request = serde_json::from_str(source.text())
        .map_err(|error| format!("`{}` is not JSON: {error}", source.name()))?;
    answer(arguments, &request)
}

fn answer(arguments: &Arguments, request: &Value) -> Result<Outcome, String> {
    let test = match Test::read(request, &setting(), &arguments.compile.options()?) {
        Ok(test) => test,
        Err(refusal) => return Ok(refused(arguments, &refusal)),
    };
    let bench = Workbench::start(arguments, [test.code()])?;
    let answer = bench.within(test.run(&bench))??;
    print(&as_line(&answer));
    let status = answer.get("status").and_then(Value::as_str);
    Ok(if matches!(status, Some("SUCCEEDED" | "CAUGHT_ERROR")) {
        Outcome::Fine
    } else {
        Outcome::ProblemsFound
    })
}

/// A definition with errors is the fault of what is tested; all else is that of the test.
fn refused(arguments: &Arguments, refusal: &Refusal) -> Outcome {
    let outcome = arguments.format.refuse(&refusal.to_string());
    if refusal.kind == "InvalidDefinition" { Outcome::ProblemsFound } else { outcome }
}
