//! Results as JUnit XML, as build servers read it: a suite for each test file, a case for each case.

use super::execute::{Results, Tested};
use super::output::{Values, explain};
use super::suite::{Case, Suite};
use std::fmt::Write as _;
use std::time::Duration;

/// The whole document.
pub(super) fn to_xml(suites: &[Suite], results: &Results) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&Tested> = results.iter().flatten().collect();
    let _ = writeln!(xml, "<testsuites name=\"asl test\" {}>", counts(&all));
    for (suite, tested) in suites.iter().zip(results) {
        let all: Vec<&Tested> = tested.iter().collect();
        let _ =
            writeln!(xml, "  <testsuite name=\"{}\" {}>", escaped(&suite.definition.title()), counts(&all));
        for (case, tested) in suite.cases.iter().zip(tested) {
            write_case(&mut xml, suite, case, tested);
        }
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn counts(tested: &[&Tested]) -> String {
    let failures = tested.iter().filter(|tested| tested.answer.is_ok() && !tested.passed()).count();
    let errors = tested.iter().filter(|tested| tested.answer.is_err()).count();
    let time: Duration = tested.iter().map(|tested| tested.taken()).sum();
    let (tests, time) = (tested.len(), time.as_secs_f64());
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"0\" time=\"{time:.6}\"")
}

fn write_case(xml: &mut String, suite: &Suite, case: &Case, tested: &Tested) {
    let (name, class) = (escaped(&case.name), escaped(&suite.definition.title()));
    let (file, line, time) = (escaped(suite.file.name()), case.line, tested.taken().as_secs_f64());
    let _ = write!(
        xml,
        "    <testcase name=\"{name}\" classname=\"{class}\" file=\"{file}\" line=\"{line}\" time=\"{time:.6}\""
    );
    if tested.passed() {
        xml.push_str("/>\n");
        return;
    }
    let (element, message) = match &tested.answer {
        Ok(_) => ("failure", String::from("the execution is not as expected")),
        Err(reason) => ("error", reason.clone()),
    };
    let text = escaped(&explain(tested, Values::Cut));
    let _ = writeln!(
        xml,
        ">\n      <{element} message=\"{}\">{text}</{element}>\n    </testcase>",
        escaped(&message)
    );
}

/// A text in an attribute or an element. What XML cannot hold at all is replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push('\t'),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_breaks_the_document() {
        assert_eq!(escaped("a<b & \"c\"\n\u{1}é"), "a&lt;b &amp; &quot;c&quot;&#10;\u{fffd}é");
    }
}
