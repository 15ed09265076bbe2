//! Results for people, as `cargo test` shows them, and for programs.

use super::coverage::{Covered, total};
use super::definition::Kind;
use super::execute::{Results, Tested};
use super::suite::{Case, Suite};
use crate::report::to_json as to_json_at;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::time::Duration;

/// A value that is longer is cut where it stands beside another one.
const WIDTH: usize = 60;

/// All that a person wants to know.
pub(super) fn to_text(
    suites: &[Suite],
    results: &Results,
    taken: Duration,
    coverage: Option<&[Covered<'_>]>,
) -> String {
    let count: usize = results.iter().map(Vec::len).sum();
    let mut text = format!("running {count} test{}\n", if count == 1 { "" } else { "s" });
    for (suite, case, tested) in all(suites, results) {
        let verdict = if tested.passed() { "ok" } else { "FAILED" };
        let _ = writeln!(text, "test {}: {} ... {verdict}", suite.definition.name(), case.name);
    }
    let failed: Vec<_> = all(suites, results).filter(|(_, _, tested)| !tested.passed()).collect();
    if !failed.is_empty() {
        text.push_str("\nfailures:\n");
    }
    for (suite, case, tested) in &failed {
        let _ = writeln!(text, "\n---- {}:{} {} ----", suite.file.name(), case.line, case.name);
        text.push_str(&explain(tested));
    }
    let verdict = if failed.is_empty() { "ok" } else { "FAILED" };
    let _ = writeln!(
        text,
        "\ntest result: {verdict}. {} passed; {} failed; finished in {:.2}s",
        count - failed.len(),
        failed.len(),
        taken.as_secs_f64()
    );
    if let Some(coverage) = coverage {
        write_coverage(&mut text, coverage);
    }
    text
}

fn all<'a>(
    suites: &'a [Suite],
    results: &'a Results,
) -> impl Iterator<Item = (&'a Suite, &'a Case, &'a Tested)> {
    let suites = suites.iter().zip(results);
    suites.flat_map(|(suite, results)| {
        suite.cases.iter().zip(results).map(move |(case, tested)| (suite, case, tested))
    })
}

/// Why a test has failed: what was expected beside what was found, and how the execution went.
pub(super) fn explain(tested: &Tested) -> String {
    let mut text = String::new();
    if let Err(reason) = &tested.answer {
        let _ = writeln!(text, "  {reason}");
        return text;
    }
    let shown =
        |value: Option<&Value>| value.map_or_else(|| String::from("-"), |value| cut(&value.to_string()));
    let mut rows = vec![[String::from("at"), String::from("expected"), String::from("found")]];
    for difference in tested.differences() {
        let place = difference.get("place").and_then(Value::as_str).unwrap_or_default();
        rows.push([place.to_owned(), shown(difference.get("expected")), shown(difference.get("found"))]);
    }
    if rows.len() > 1 {
        write_table(&mut text, &rows);
    }
    if let Some(error) = tested.text("error") {
        let cause = tested.text("cause").map(|cause| format!(": {cause}")).unwrap_or_default();
        let _ = writeln!(text, "  it failed with {error}{cause}");
    }
    let path = tested.field("path").and_then(Value::as_array).into_iter().flatten().map(step);
    let _ = writeln!(text, "  it went through {}", path.collect::<Vec<_>>().join(", "));
    text
}

/// The name of a step; what is in its branches would be too long.
fn step(step: &Value) -> String {
    let name = step.as_str().or_else(|| step.as_object()?.keys().next().map(String::as_str));
    name.unwrap_or_default().to_owned()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((place, _)) => format!("{}..", text.get(..place).unwrap_or(text)),
        None => text.to_owned(),
    }
}

fn write_table(text: &mut String, rows: &[[String; 3]]) {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let (first, second) = (width(0), width(1));
    for [place, expected, found] in rows {
        let _ = writeln!(text, "  {place:first$}  {expected:second$}  {found}");
    }
}

fn write_coverage(text: &mut String, coverage: &[Covered<'_>]) {
    let _ = writeln!(text, "\ncoverage: {}", total(coverage));
    for covered in coverage {
        let _ = writeln!(text, "\n{}", covered.file);
        for kind in Kind::ALL {
            let share = covered.share(kind);
            if share.all > 0 {
                let _ = writeln!(text, "  {:12}{share}", kind.name());
            }
        }
        for part in covered.unused() {
            let what = if part.text.is_empty() { "never entered" } else { part.text.as_str() };
            let _ = writeln!(text, "  not used: {}:{} `{}` {what}", covered.file, part.line, part.state);
        }
    }
}

/// The same for programs.
pub(super) fn to_json(suites: &[Suite], results: &Results, coverage: Option<&[Covered<'_>]>) -> Value {
    let tests: Vec<Value> = all(suites, results)
        .map(|(suite, case, tested)| {
            let mut object = Map::new();
            object.insert("definition".to_owned(), suite.definition.name().into());
            object.insert("file".to_owned(), suite.file.name().into());
            object.insert("line".to_owned(), case.line.into());
            object.insert("name".to_owned(), case.name.as_str().into());
            object.insert("passed".to_owned(), tested.passed().into());
            match &tested.answer {
                Ok(answer) => {
                    let fields = answer.iter().filter(|(name, _)| *name != "coverage");
                    object.extend(fields.map(|(name, value)| (name.clone(), value.clone())));
                }
                Err(reason) => {
                    object.insert("fault".to_owned(), reason.as_str().into());
                }
            }
            Value::Object(object)
        })
        .collect();
    let passed = results.iter().flatten().filter(|tested| tested.passed()).count();
    let found = suites.iter().flat_map(|suite| {
        let of_definition = suite.refused.iter().map(|problem| to_json_at(&suite.definition, problem));
        suite.problems.iter().map(|problem| to_json_at(&suite.file, problem)).chain(of_definition)
    });
    let found: Vec<_> = found.collect();
    let failed = tests.len() - passed;
    let mut report = json!({ "passed": passed, "failed": failed, "tests": tests, "problems": found });
    if let (Some(coverage), Some(report)) = (coverage, report.as_object_mut()) {
        report.insert("coverage".to_owned(), coverage.iter().map(Covered::to_json).collect());
    }
    report
}
