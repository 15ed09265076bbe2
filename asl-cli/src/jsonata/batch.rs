//! `asl jsonata --cases`: many expressions in one program, a line of results for each case.
//!
//! In: a folder of cases. Out: the report. A case that does not compile, hangs or crashes is a line like any other.

use super::Arguments;
use super::case::{Case, read_all};
use super::program::Program;
use crate::worker::Worker;
use crate::{Outcome, print};
use asl_compiler::jsonata::{self, Fault};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Duration;

/// What is waited for beyond the time that an evaluation may take.
const GRACE: Duration = Duration::from_secs(5);

/// The number of an expression in the program, or why it has none.
type Compiled<'c> = HashMap<&'c str, Result<usize, Fault>>;

/// Evaluates all cases of a folder.
pub(crate) fn run(arguments: &Arguments, folder: &Path, report: &Path) -> Result<Outcome, String> {
    let mut cases = read_all(folder)?;
    cases.retain(|case| arguments.filter.as_ref().is_none_or(|filter| case.id.contains(filter)));
    let (mut program, compiled) = compile_all(&cases);
    let executable = program.build(&arguments.runtime)?;
    let mut worker = Worker::new(executable, arguments.time_limit() + GRACE);
    let unwritten = |error: std::io::Error| format!("`{}` cannot be written: {error}", report.display());
    let mut lines = BufWriter::new(File::create(report).map_err(unwritten)?);
    let (mut right, mut faults) = (0, 0);
    for case in &cases {
        let Some(compiled) = compiled.get(case.expression.as_str()) else { continue };
        let mut line = Map::new();
        line.insert("id".to_owned(), case.id.as_str().into());
        line.extend(result(case, compiled, &program, &mut worker, arguments.time_limit()));
        right += usize::from(case.is_as_expected(&line));
        faults += usize::from(line.contains_key("fault"));
        writeln!(lines, "{}", Value::Object(line)).map_err(unwritten)?;
    }
    lines.flush().map_err(unwritten)?;
    print(&format!("{} cases: {right} as expected, {faults} did not end\n", cases.len()));
    Ok(if right == cases.len() { Outcome::Fine } else { Outcome::ProblemsFound })
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
