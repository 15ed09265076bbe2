//! `asl jsonata --cases`: many expressions in one program, a line of results for each case.
//!
//! In: a folder of cases. Out: the report. A case that does not compile, hangs or crashes is a line like any other.

use super::Arguments;
use super::case::Case;
use super::program::Program;
use crate::answer::Outcome;
use crate::cases::Cases;
use crate::worker::Worker;
use asl_compiler::jsonata::{self, Fault};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// The number of an expression in the program, or why it has none.
type Compiled<'c> = HashMap<&'c str, Result<usize, Fault>>;

/// Evaluates all cases of a folder.
pub(crate) fn run(arguments: &Arguments, cases: Cases<'_>) -> Result<Outcome, String> {
    let read = cases.files()?.iter().map(|path| Case::read(path)).collect::<Result<Vec<_>, _>>()?;
    let wanted: Vec<_> = read.into_iter().filter(|case| cases.takes(&case.id)).collect();
    let (mut program, compiled) = compile_all(&wanted);
    let mut worker = program.worker(&arguments.worker)?;
    let (mut right, mut faults, mut lines) = (0, 0, Vec::new());
    for case in &wanted {
        let Some(compiled) = compiled.get(case.expression.as_str()) else { continue };
        let mut line = Map::new();
        line.insert("id".to_owned(), case.id.as_str().into());
        line.extend(result(case, compiled, &program, &mut worker, arguments.worker.time_limit()));
        right += usize::from(case.is_as_expected(&line));
        faults += usize::from(line.contains_key("fault"));
        lines.push(line);
    }
    cases.report(&lines)?;
    let count = wanted.len();
    arguments.format.print(
        || format!("{count} cases: {right} as expected, {faults} did not end\n"),
        || json!({ "cases": count, "as_expected": right, "did_not_end": faults }),
    );
    Ok(if right == count { Outcome::Fine } else { Outcome::ProblemsFound })
}

/// Compiles each expression once, however many cases have it.
fn compile_all(cases: &[Case]) -> (Program, Compiled<'_>) {
    let (mut program, mut compiled) = (Program::default(), HashMap::new());
    for case in cases {
        let text = case.expression.as_str();
        compiled.entry(text).or_insert_with(|| jsonata::parse(text).map(|tree| program.add(text, &tree)));
    }
    (program, compiled)
}

/// The line of a case without its id.
fn result(
    case: &Case,
    compiled: &Result<usize, Fault>,
    program: &Program,
    worker: &mut Worker,
    time_limit: Duration,
) -> Map<String, Value> {
    let number = match compiled {
        Ok(number) => *number,
        Err(fault) => return failed(fault.code, "compile", &fault.message),
    };
    if let Some(reason) = program.refused(number) {
        return fault(reason);
    }
    match worker.ask(&case.request(number, time_limit)) {
        Ok(mut answer) => {
            if answer.contains_key("error") {
                answer.insert("at".to_owned(), "run".into());
            }
            answer
        }
        Err(reason) => fault(&reason),
    }
}

fn failed(code: &str, at: &str, message: &str) -> Map<String, Value> {
    let fields = [("error", code), ("at", at), ("message", message)];
    fields.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect()
}

fn fault(reason: &str) -> Map<String, Value> {
    Map::from_iter([("fault".to_owned(), reason.into())])
}
