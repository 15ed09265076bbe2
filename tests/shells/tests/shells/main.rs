//! The same executions in every shell: in memory, in a journal, in a worker, on a server, on Lambda and on Restate. All of them come to the
//! same.
//!
//! The executions are in `src/cases.json`. Where there is no server of Restate, that shell is skipped.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot be set up has failed"
)]
#![expect(clippy::print_stdout, reason = "a program for people")]

#[path = "../../../../asl-restate/tests/support/http.rs"]
mod http;
#[expect(dead_code, reason = "the tests of that crate use the rest")]
#[path = "../../../../asl-restate/tests/support/restate.rs"]
mod restate;
#[expect(dead_code, reason = "the tests of that crate use the rest")]
#[path = "../../../../asl-lambda/tests/function/runtime_api.rs"]
mod runtime_api;
mod shell;

use serde_json::{Value as Json, json};
use shell::{Durable, Lambda, Memory, Restate, Server, Shell, Worker};
use std::collections::BTreeMap;

/// What came of an execution: its output, or its error and its cause.
type End = Result<Json, (String, String)>;

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("lambda") => shell::serve_lambda(&arguments[2]),
        Some("restate") => shell::serve_restate(&arguments[2]),
        // What a harness would do.
        Some("--list") => {}
        _ => test(),
    }
}

fn test() {
    let cases: Vec<Json> = serde_json::from_str(asl_shells_tests::CASES).unwrap();
    // Texts of errors that no case says are the same everywhere, too.
    let mut causes = BTreeMap::new();
    all::<Memory>(&cases, &mut causes);
    all::<Durable>(&cases, &mut causes);
    all::<Worker>(&cases, &mut causes);
    all::<Server>(&cases, &mut causes);
    all::<Lambda>(&cases, &mut causes);
    all::<Restate>(&cases, &mut causes);
}

/// Runs all executions in a shell.
fn all<S: Shell>(cases: &[Json], causes: &mut BTreeMap<String, String>) {
    shell::block_on(async {
        let Some(mut shell) = S::start().await else {
            return println!("{}: skipped, as there is no server of it on the path", S::NAME);
        };
        // What a shell does not promise yet is not asked of it.
        let is_promised = |case: &&Json| {
            case["only"].as_array().is_none_or(|shells| shells.iter().any(|shell| shell == S::NAME))
        };
        let mut executions = 0;
        for case in cases.iter().filter(is_promised) {
            executions += 1;
            let name = case["name"].as_str().unwrap();
            let end = shell.run(case["machine"].as_str().unwrap(), &case["input"]).await;
            check(S::NAME, case, name, end, causes);
        }
        println!("{}: {executions} executions came to what they should", S::NAME);
    });
}

fn check(shell: &str, case: &Json, name: &str, end: End, causes: &mut BTreeMap<String, String>) {
    match end {
        Ok(output) => assert_eq!(case.get("output"), Some(&output), "{shell}: {name}"),
        Err((error, cause)) => {
            assert_eq!(case.get("error"), Some(&json!(error)), "{shell}: {name}: {cause}");
            match case.get("cause") {
                Some(expected) => assert_eq!(expected, &json!(cause), "{shell}: {name}"),
                None => {
                    let known = causes.entry(name.to_owned()).or_insert_with(|| cause.clone());
                    assert_eq!(*known, cause, "{shell}: {name}");
                }
            }
        }
    }
}
