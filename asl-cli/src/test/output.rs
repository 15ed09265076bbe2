//! Results for people, as `cargo test` shows them, and for programs.

use super::coverage::{Covered, total};
use super::definition::PartKind;
use super::execute::{Results, Tested};
use super::suite::{Case, Suite};
use crate::report::{style_for, to_json as to_json_at};
use asl_compiler::render::Style;
use asl_language::visible;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::time::Duration;

/// A value that is longer is cut where it is beside another one.
const WIDTH: usize = 60;

/// How values are shown that were expected or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Side by side, the long ones cut to where they differ.
    Cut,
    /// One below the other.
    Whole,
}

/// Nothing reads what each of many iterations went through.
const LANES: usize = 4;

/// All that a person wants to know.
pub(super) fn to_text(
    suites: &[Suite],
    results: &Results,
    taken: Duration,
    coverage: Option<&[Covered<'_>]>,
    values: Values,
) -> String {
    let count: usize = results.iter().map(Vec::len).sum();
    let mut text = format!("running {count} test{}\n", if count == 1 { "" } else { "s" });
    for (suite, case, tested) in all(suites, results) {
        let verdict = verdict(tested.passed());
        let name = format!("{}: {}", suite.definition.title(), case.name);
        let _ = writeln!(text, "test {} ... {verdict}", visible::line(&name));
    }
    let failed: Vec<_> = all(suites, results).filter(|(_, _, tested)| !tested.passed()).collect();
    if !failed.is_empty() {
        text.push_str("\nfailures:\n");
    }
    for (suite, case, tested) in &failed {
        let name = format!("{}:{} {}", suite.file.name(), case.line, case.name);
        let _ = writeln!(text, "\n---- {} ----", visible::line(&name));
        text.push_str(&visible::lines(&explain(tested, values)));
    }
    // Cases of a file that has errors are not among those that were run.
    let unread = suites.iter().filter(|suite| suite.has_errors()).count();
    let verdict = verdict(failed.is_empty() && unread == 0);
    let unread = if unread == 0 { String::new() } else { format!(" {unread} with errors in their files;") };
    let _ = writeln!(
        text,
        "\ntest result: {verdict}. {} passed; {} failed;{unread} finished in {:.2}s",
        count - failed.len(),
        failed.len(),
        taken.as_secs_f64()
    );
    if let Some(coverage) = coverage {
        write_coverage(&mut text, coverage);
    }
    text
}

/// In colour on a terminal.
fn verdict(passed: bool) -> &'static str {
    match (passed, style_for(&std::io::stdout())) {
        (true, Style::Plain) => "ok",
        (false, Style::Plain) => "FAILED",
        (true, Style::Coloured) => "\x1b[32mok\x1b[0m",
        (false, Style::Coloured) => "\x1b[31mFAILED\x1b[0m",
    }
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
pub(super) fn explain(tested: &Tested, values: Values) -> String {
    let mut text = String::new();
    if let Err(reason) = &tested.answer {
        let _ = writeln!(text, "  {reason}");
        return text;
    }
    let shown = |value: Option<&Value>| value.map_or_else(|| String::from("-"), Value::to_string);
    if values == Values::Whole {
        for difference in tested.differences() {
            let place = difference.get("place").and_then(Value::as_str).unwrap_or_default();
            let (expected, found) = (shown(difference.get("expected")), shown(difference.get("found")));
            let _ = writeln!(text, "  at {place}\n    expected  {expected}\n    found     {found}");
        }
    }
    let mut rows = vec![[String::from("at"), String::from("expected"), String::from("found")]];
    for difference in tested.differences().iter().filter(|_| values == Values::Cut) {
        let place = difference.get("place").and_then(Value::as_str).unwrap_or_default();
        let (expected, found) = (shown(difference.get("expected")), shown(difference.get("found")));
        let from = first_difference(&expected, &found);
        rows.push([place.to_owned(), cut(&expected, from), cut(&found, from)]);
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

/// The name of a step, with what its first branches or iterations went through.
fn step(step: &Value) -> String {
    let Some((name, lanes)) = step.as_object().and_then(|fields| fields.iter().next()) else {
        return step.as_str().unwrap_or_default().to_owned();
    };
    let lanes = lanes.as_array().map(Vec::as_slice).unwrap_or_default();
    let shown = lanes.iter().take(LANES).map(|lane| {
        let steps = lane.as_array().into_iter().flatten().map(self::step);
        steps.collect::<Vec<_>>().join(", ")
    });
    let more = if lanes.len() > LANES { " | .." } else { "" };
    format!("{name} ({}{more})", shown.collect::<Vec<_>>().join(" | "))
}

/// Where two texts that stand side by side begin to differ, in letters.
fn first_difference(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// A text that is too long, cut on both sides of what is of interest.
fn cut(text: &str, interest: usize) -> String {
    let length = text.chars().count();
    if length <= WIDTH {
        return text.to_owned();
    }
    let start = if interest < WIDTH / 2 { 0 } else { (interest - WIDTH / 3).min(length - WIDTH) };
    let part: String = text.chars().skip(start).take(WIDTH).collect();
    let (before, after) = (if start > 0 { ".." } else { "" }, if start + WIDTH < length { ".." } else { "" });
    format!("{before}{part}{after}")
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
        let _ = writeln!(text, "\n{}", covered.definition.title());
        for kind in PartKind::ALL {
            let share = covered.share(kind);
            if share.all > 0 {
                let _ = writeln!(text, "  {:12}{share}", kind.name());
            }
        }
        for part in covered.unused() {
            let what = if part.text.is_empty() { "never entered" } else { part.text.as_str() };
            let _ = writeln!(
                text,
                "  not used: {}:{} `{}` {what}",
                covered.definition.name(),
                part.line,
                part.state
            );
        }
    }
}

/// The same for programs.
pub(super) fn to_json(suites: &[Suite], results: &Results, coverage: Option<&[Covered<'_>]>) -> Value {
    let tests: Vec<Value> = all(suites, results)
        .map(|(suite, case, tested)| {
            let mut object = Map::new();
            object.insert("definition".to_owned(), suite.definition.name().into());
            object.extend(suite.definition.machine().map(|machine| ("machine".to_owned(), machine.into())));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_to_where_they_differ() {
        let (one, other) = (format!("{}b{}", "a".repeat(200), "c".repeat(99)), "a".repeat(250));
        let from = first_difference(&one, &other);
        assert_eq!(from, 200);
        assert!(cut(&one, from).contains("ab") && cut(&one, from).starts_with("..a"), "{}", cut(&one, from));
        assert_eq!(cut("short", 3), "short");
        assert!(cut(&other, 0).starts_with("aa") && cut(&other, 0).ends_with(".."));
    }

    #[test]
    fn what_branches_went_through_is_in_brackets() {
        let path = json!({ "Both": [["A", "B"], ["C"]] });
        assert_eq!(step(&path), "Both (A, B | C)");
        assert_eq!(
            step(&json!({ "Each": [["A"], ["A"], ["A"], ["A"], ["A"]] })),
            "Each (A | A | A | A | ..)"
        );
        assert_eq!(step(&json!("Done")), "Done");
    }
}
