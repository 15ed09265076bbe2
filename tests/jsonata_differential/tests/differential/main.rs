//! Random expressions, compiled by us and interpreted by `jsonata-core`: both must agree.
//!
//! In: what the build script has made. Out: the differences that no rule of `known.rs` explains. With `ASL_DIFFERENTIAL_REPORT` what we
//! come to is written to a file, a line for each expression and document, which `reference.js` compares with the reference
//! implementation. With `ASL_DIFFERENTIAL_ALONE` no other is asked. Where Node finds the reference implementation, it is asked as well.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic, and says what it has seen")]

mod known;
mod outcome;

use asl_runtime::Value;
use asl_runtime::jsonata::{Bindings, Compiled, EvaluationLimits};
use outcome::Outcome;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs, panic, thread};

/// An expression and documents for it.
struct Case {
    expression: &'static str,
    documents: [&'static str; 2],
    /// What it was compiled to, or the code of the error in its syntax.
    code: Result<&'static Compiled, &'static str>,
    /// What the compiler finds that must fail where it is reached.
    errors: &'static str,
}

/// What the reference implementation came to.
struct Recorded {
    expression: &'static str,
    document: &'static str,
    code: Result<&'static Compiled, &'static str>,
    /// As `reference.js` says it.
    reference: &'static str,
}

#[allow(unused_braces, clippy::all, reason = "random expressions are not how people write")]
mod expressions {
    use super::{Case, Recorded};

    include!(concat!(env!("OUT_DIR"), "/expressions.rs"));
}

/// One evaluation of so many may differ for a reason that has no rule: `jsonata-core` has rare faults of many kinds, and a fault of ours
/// shows more often, or in the recording.
const TOLERANCE: usize = 100;

/// Code that is not optimised needs much of the stack.
const STACK: usize = 256 << 20;

/// Says why nothing was tested, past the test harness, which hides what a test that passes prints.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

#[test]
fn compiled_and_interpreted_expressions_come_to_the_same() {
    thread::Builder::new().stack_size(STACK).spawn(compare).unwrap().join().unwrap();
}

#[test]
fn recorded_evaluations_come_to_what_the_reference_came_to() {
    thread::Builder::new().stack_size(STACK).spawn(compare_with_recorded).unwrap().join().unwrap();
}

/// `ASL_JSONATA` names the folder of `jsonata@2.0.6`, where Node does not find it by its name.
#[test]
fn evaluations_come_to_what_the_reference_comes_to_on_node() {
    let folder = env::var("ASL_JSONATA").unwrap_or_else(|_| String::from("jsonata"));
    let node = || {
        let mut node = Command::new("node");
        node.current_dir(env!("CARGO_MANIFEST_DIR"));
        node
    };
    let is_there = node().args(["-e", "require(process.argv[1])", &folder]).output();
    if !is_there.is_ok_and(|output| output.status.success()) {
        skipped(
            "there is no Node, or it does not find `jsonata` (npm install jsonata@2.0.6, ASL_JSONATA=FOLDER)",
        );
        return;
    }
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential.jsonl");
    let lines = thread::Builder::new().stack_size(STACK).spawn(report_of_all).unwrap().join().unwrap();
    fs::write(&report, lines).unwrap();
    let output = node().arg("reference.js").arg(&report).arg(&folder).output().unwrap();
    let says = String::from_utf8_lossy(&output.stdout);
    println!("{}", says.lines().last().unwrap_or_default());
    assert!(output.status.success(), "{says}");
}

/// What we come to, line by line.
fn report_of_all() -> String {
    let of_case = |case: &'static Case| {
        case.documents.map(|document| line(case, document, &ours(case.code, document)).to_string() + "\n")
    };
    expressions::CASES.iter().flat_map(of_case).collect()
}

fn compare_with_recorded() {
    for Recorded { expression, document, code, reference } in expressions::RECORDED {
        let ours = ours(*code, document);
        let reference = Outcome::recorded(reference);
        assert!(
            ours.is_as(&reference),
            "{expression}\n  on {document}\n  ours: {ours}\n  reference: {reference}"
        );
    }
}

fn compare() {
    let (mut differences, mut report, mut explained) = (String::new(), String::new(), BTreeMap::new());
    let alone = env::var("ASL_DIFFERENTIAL_ALONE").is_ok();
    for case in expressions::CASES {
        for document in case.documents {
            let ours = ours(case.code, document);
            writeln!(report, "{}", line(case, document, &ours)).unwrap();
            if alone {
                continue;
            }
            let theirs = theirs(case.expression, document);
            if ours.agrees(&theirs) {
                continue;
            }
            match known::explanation(case.expression, &ours, &theirs) {
                Some(rule) => *explained.entry(rule).or_insert(0) += 1,
                None => {
                    writeln!(
                        differences,
                        "{}\n  on {document}\n  ours: {ours}\n  theirs: {theirs}\n",
                        case.expression
                    )
                    .unwrap();
                }
            }
        }
    }
    if let Ok(path) = env::var("ASL_DIFFERENTIAL_REPORT") {
        fs::write(path, report).unwrap();
    }
    println!("differences that are explained: {explained:#?}");
    let number = differences.matches("\n  on ").count();
    let evaluations = expressions::CASES.len() * 2;
    println!("{number} differences of {evaluations}\n{differences}");
    assert!(number * TOLERANCE <= evaluations, "{number} differences of {evaluations}\n{differences}");
}

fn ours(code: Result<&'static Compiled, &'static str>, document: &str) -> Outcome {
    let code = match code {
        Ok(code) => code,
        Err(code) => return Outcome::failed(code, "a syntax error"),
    };
    // Only what never ends takes so long, however busy the machine is.
    let limits = EvaluationLimits::none().with_steps(100_000_000);
    let data = Value::from_json(document).unwrap();
    match Bindings::new().with_limits(limits).evaluate(code, &data) {
        Ok(value) => Outcome::of(value.map(|value| value.to_string())),
        Err(failure) => Outcome::failed(failure.code().unwrap_or_default(), &failure.to_string()),
    }
}

fn theirs(expression: &str, document: &str) -> Outcome {
    let evaluate = || {
        let data = jsonata_core::value::JValue::from_json_str(document).unwrap();
        let expression = match jsonata_core::Expression::compile(expression) {
            Ok(expression) => expression,
            Err(error) => return Outcome::failed("", &error.to_string()),
        };
        match expression.evaluate(&data) {
            Ok(value) if value.is_undefined() => Outcome::Nothing,
            Ok(value) => Outcome::of(value.to_json_string().ok()),
            Err(error) => Outcome::failed(error.code().unwrap_or_default(), error.message()),
        }
    };
    panic::catch_unwind(evaluate).unwrap_or_else(|_| Outcome::failed("", "a panic"))
}

fn line(case: &Case, document: &str, ours: &Outcome) -> serde_json::Value {
    json!({ "expression": case.expression, "document": document, "ours": ours.described(), "errors": case.errors })
}
