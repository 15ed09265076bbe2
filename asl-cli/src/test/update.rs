//! `asl test --update`: expected outputs become those that were found.
//!
//! In: suites, and what came of their cases. Out: the test files with other outputs; all else in them stays as it is written. Only what an execution that
//! succeeds comes to is written: that one fails now is never what was expected.

use super::execute::{Results, Tested};
use super::suite::{Case, Suite};
use crate::place;
use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json::Value;
use asl_compiler::source::{SourceFile, Span};

/// A compact value of this length is easier to read than one on separate lines.
const SHORT: usize = 60;

/// Writes the files, and returns how many outputs are new.
pub(super) fn write(suites: &[Suite], results: &Results) -> Result<usize, String> {
    let mut count = 0;
    for (suite, results) in suites.iter().zip(results) {
        let edits = edits(suite, results);
        count += edits.len();
        if !edits.is_empty() {
            let path = suite.file.path();
            place::write(path, &edited(suite.file.text(), edits))
                .map_err(|error| format!("`{}` cannot be written: {error}", path.display()))?;
        }
    }
    Ok(count)
}

/// What comes to other places of the file.
fn edits(suite: &Suite, results: &[Tested]) -> Vec<(Span, String)> {
    // Lines of YAML mean something by themselves.
    if suite.file.is_yaml() {
        return Vec::new();
    }
    let content = asl_compiler::read_value(&suite.file, &mut Diagnostics::default());
    let Some(content) = content else { return Vec::new() };
    let cases = content.get("cases").and_then(Value::as_array).unwrap_or_default();
    let tested = suite.cases.iter().zip(results).filter(|(_, tested)| !tested.passed());
    tested.filter_map(|(case, tested)| edit(&suite.file, cases, case, tested)).collect()
}

fn edit(file: &SourceFile, cases: &[Value], case: &Case, tested: &Tested) -> Option<(Span, String)> {
    let written = cases.iter().find(|written| is(file, written, case))?;
    let output = tested.field("output")?;
    let there = written.get("expect")?.get("output")?;
    let is_other = tested.differences().iter().any(|difference| {
        difference
            .get("place")
            .and_then(serde_json::Value::as_str)
            .is_some_and(|place| place.starts_with("output"))
    });
    is_other.then(|| (there.span, laid_out(output, indentation(file.text(), there.span.start))))
}

fn is(file: &SourceFile, written: &Value, case: &Case) -> bool {
    let name = written.get("name").and_then(Value::as_str);
    file.line(written.span.start) == case.line && name.is_none_or(|name| name == case.name)
}

/// A value, in the lines of a file.
fn laid_out(value: &serde_json::Value, indentation: &str) -> String {
    let compact = value.to_string();
    if compact.chars().count() <= SHORT {
        compact
    } else {
        format!("{value:#}").replace('\n', &format!("\n{indentation}"))
    }
}

/// The white space that the line of a place begins with.
fn indentation(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.get(..line.len() - line.trim_start().len()).unwrap_or_default()
}

fn edited(text: &str, mut edits: Vec<(Span, String)>) -> String {
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    edits.into_iter().fold(text.to_owned(), |text, (span, new)| {
        let (before, after) = (text.get(..span.start), text.get(span.end..));
        format!("{}{new}{}", before.unwrap_or_default(), after.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_values_have_lines_of_their_own() {
        assert_eq!(laid_out(&json!({ "a": 1 }), "    "), r#"{"a":1}"#);
        let long = json!({ "a": "x".repeat(SHORT) });
        assert_eq!(laid_out(&long, "  "), format!("{{\n    \"a\": \"{}\"\n  }}", "x".repeat(SHORT)));
        assert_eq!(indentation("{\n  \"a\": 1", 9), "  ");
        assert_eq!(
            edited("abc", vec![(Span::new(0, 1), String::from("x")), (Span::new(2, 3), String::from("yz"))]),
            "xbyz"
        );
    }
}
