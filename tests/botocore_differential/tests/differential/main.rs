//! Calls of AWS services with random parameters: does the client send what botocore sends, where it sends it, and make of answers what botocore
//! makes of them?
//!
//! `generate.py` makes the calls and says what botocore does. Its models are to be those that the table of services was made from: where there is no
//! Python with that version of botocore, this says that it is skipped.

#![expect(clippy::expect_used, reason = "a test that cannot set its scene fails")]
#![allow(clippy::print_stderr, reason = "a test says what it has compared")]

mod answer;
mod call;
mod known;
/// As the command makes them.
#[path = "../../../../asl-cli/src/actions/made.rs"]
mod made;
mod request;
mod signature;

use asl_runtime::integrations::aws::dry::Client;
use call::RecordedCall;
use signature::Signatures;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// So many calls are compared where nothing else is asked for.
const COUNT: &str = "5000";

/// So many differences of a kind are shown.
const SHOWN: usize = 12;

/// How many differences have which reason.
type Reasons = BTreeMap<&'static str, usize>;

/// Says why nothing was tested, past the test harness, which hides what a test that passes prints.
fn skipped(reason: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

#[test]
fn requests_and_answers_are_those_of_botocore() {
    let Some(lines) = generated() else {
        return skipped(&format!("there is no Python with {}", source()));
    };
    let mut differences: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut clients = BTreeMap::new();
    let mut signatures = Signatures::new();
    let (mut calls, mut answers, mut reasons) = (0, 0, Reasons::new());
    for line in lines.lines() {
        let Some(call) = RecordedCall::read(line) else { continue };
        calls += 1;
        answers += usize::from(call.has_answer());
        let client =
            clients.entry(call.region.clone()).or_insert_with(|| Client::new(&call.region, [false, false]));
        let sent = request::sent(client, &call);
        let mut found = match &sent {
            Ok(sent) => request::compare(sent, &call),
            Err(refusal) => vec![refusal.clone()],
        };
        found.extend(answer::compare(&call));
        for difference in found {
            match known::reason(&call, &difference) {
                Some(reason) => *reasons.entry(reason).or_default() += 1,
                None => {
                    differences.entry(difference.kind.to_owned()).or_default().push(shown(&call, &difference))
                }
            }
        }
        if let Ok(sent) = sent {
            signatures.add(client, call, &sent);
        }
    }
    let signed = signatures.len();
    let wrong = python().map(|python| signatures.wrong(&python, &mut reasons));
    eprintln!("{calls} requests and {answers} answers compared, {signed} signatures made again");
    if let Some(wrong) = wrong.filter(|wrong| !wrong.is_empty()) {
        differences.insert("signatures".to_owned(), wrong);
    }
    reasons.iter().for_each(|(reason, count)| eprintln!("{count} differ: {reason}"));
    let lines: Vec<_> = differences
        .iter()
        .map(|(kind, all)| {
            let some: Vec<_> = all.iter().take(SHOWN).map(|text| format!("  {text}")).collect();
            format!("{} differ in {kind}:\n{}", all.len(), some.join("\n"))
        })
        .collect();
    assert!(calls > 100, "only {calls} calls were made");
    assert!(differences.is_empty(), "{}", lines.join("\n"));
}

/// Both sides of a difference, a line each, from shortly before they differ and as far as people read.
fn shown(call: &RecordedCall, difference: &call::Difference) -> String {
    let same = difference.ours.chars().zip(difference.theirs.chars()).take_while(|(one, other)| one == other);
    let before = same.count().saturating_sub(100);
    let start = |text: &str| text.chars().skip(before).take(600).collect::<String>();
    let (ours, theirs) = (start(&difference.ours), start(&difference.theirs));
    format!("{}:{}\n    {ours}\n    {theirs}", call.service, call.operation)
}

/// What the table of services was made from: `botocore 1.44.8`.
fn source() -> &'static str {
    asl_compiler::services::table().expect("a table").source()
}

/// What the generator says: that of a file where the environment names one.
fn generated() -> Option<String> {
    if let Ok(file) = std::env::var("ASL_BOTOCORE_CALLS") {
        return Some(std::fs::read_to_string(file).expect("a file of calls"));
    }
    let count = std::env::var("ASL_BOTOCORE_COUNT").unwrap_or_else(|_| COUNT.to_owned());
    let mut command = Command::new(python()?);
    command.arg(folder().join("generate.py")).args(["--count", &count]);
    let said = command.output().expect("Python runs");
    let errors = String::from_utf8_lossy(&said.stderr);
    assert!(said.status.success(), "{errors}");
    Some(String::from_utf8(said.stdout).expect("JSON"))
}

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A Python with the botocore that the table of services was made from.
fn python() -> Option<PathBuf> {
    let own = folder().join("../../target/botocore/bin/python3");
    let version = "import botocore; print('botocore', botocore.__version__)";
    [own, PathBuf::from("python3")].into_iter().find(|python| {
        let said = Command::new(python).args(["-c", version]).output();
        said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).trim() == source())
    })
}
