//! `asl test-state --cases`: many tests in one worker, a line of results for each.
//!
//! In: a folder of cases, of which those of other kinds are passed over. Out: the report. A request that is refused is a line like any other.

use super::bench::Workbench;
use super::case::{ACCOUNT, Case};
use super::{Arguments, setting};
use crate::answer::Outcome;
use crate::cases::Cases;
use asl_compiler::{Options, Profile};
use asl_server::test_state::{Refusal, Setting, Test};
use serde_json::{Map, Value, json};

/// Tests all cases of a folder.
pub(super) fn run(arguments: &Arguments, cases: Cases<'_>) -> Result<Outcome, String> {
    let setting = Setting { account: ACCOUNT.to_owned(), ..setting() };
    // AWS took them or refused them.
    let options = Options { profile: Profile::Aws, ..arguments.compile.options()? };
    let mut tests = Vec::new();
    for path in cases.files()? {
        if let Some(case) = Case::read(&path)?.filter(|case| cases.takes(&case.id)) {
            let test = Test::read(&case.request(), &setting, &options);
            tests.push((case, test));
        }
    }
    let codes = tests.iter().filter_map(|(_, test)| test.as_ref().ok()).map(Test::code);
    let bench = Workbench::start(arguments, codes)?;
    let lines: Vec<_> = tests.iter().map(|(case, test)| line(case, test, &bench)).collect();
    cases.report(&lines)?;
    let is_as_recorded = |(case, _): &&(Case, _), line: &Map<String, Value>| {
        line.get("status").and_then(Value::as_str) == case.status()
    };
    let as_recorded = tests.iter().zip(&lines).filter(|(test, line)| is_as_recorded(test, line)).count();
    let total = tests.len();
    let summary = json!({ "cases": total, "as_recorded": as_recorded });
    arguments.format.print(|| format!("{total} cases: {as_recorded} ended as recorded\n"), || summary);
    Ok(if as_recorded == total { Outcome::Fine } else { Outcome::ProblemsFound })
}

/// The line of a case: the answer, or the error of the API.
fn line(case: &Case, test: &Result<Test, Refusal>, bench: &Workbench) -> Map<String, Value> {
    let mut line = Map::new();
    line.insert("id".to_owned(), case.id.as_str().into());
    line.insert("compiled".to_owned(), true.into());
    let answered = match test {
        Ok(test) => bench.within(test.run(bench)).and_then(|answer| Ok(answer?)),
        Err(Refusal { kind, message }) => {
            Ok(json!({ "status": "API_ERROR", "error_code": kind, "error_message": message }))
        }
    };
    match answered {
        Ok(Value::Object(fields)) => line.extend(fields),
        Ok(other) => drop(line.insert("fault".to_owned(), other)),
        Err(reason) => drop(line.insert("fault".to_owned(), reason.into())),
    }
    line
}
