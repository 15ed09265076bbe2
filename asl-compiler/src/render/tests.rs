//! The texts that people see.

use super::*;
use crate::code::Code;

fn problem(source: &SourceFile, place: &str) -> Diagnostic {
    let start = source.text().find(place).expect("the place");
    Diagnostic::new(
        Code::UnknownState,
        Span::new(start, start + place.len()),
        "state `ChargeCrad` does not exist",
    )
    .label("`Next` of state `Validate` must name a state in `States`")
    .help("did you mean `ChargeCard`?")
}

const MACHINE: &str = r#"{
  "StartAt": "Validate",
  "States": {
    "Validate": {
      "Type": "Pass",
      "Comment": "valida a entrada",
      "Next": "ChargeCrad"
    }
  }
}
"#;

#[test]
fn a_diagnostic_looks_like_one_of_rustc() {
    let source = SourceFile::new("src/machine.json", MACHINE);
    let text = render(&source, &problem(&source, "\"ChargeCrad\""), Style::Plain);
    let expected = r#"
error: state `ChargeCrad` does not exist
 --> src/machine.json:7:15
  |
7 |       "Next": "ChargeCrad"
  |               ^^^^^^^^^^^^ `Next` of state `Validate` must name a state in `States`
  |
  = help: did you mean `ChargeCard`?
  = note: asl::unknown-state"#;
    assert_eq!(format!("\n{text}"), expected);
}

#[test]
fn related_places_are_shown() {
    let source = SourceFile::new("m.json", MACHINE);
    let states = source.text().find("\"States\"").expect("States");
    let diagnostic =
        problem(&source, "\"ChargeCrad\"").related(Span::new(states, states + 8), "the states are here");
    let text = render(&source, &diagnostic, Style::Plain);
    assert!(text.contains("3 |   \"States\": {\n  |   -------- the states are here\n"), "{text}");
    assert!(text.contains("--> m.json:7:15\n"), "{text}");
}

#[test]
fn a_warning_says_so_and_colours_can_be_had() {
    let source = SourceFile::new("m.json", MACHINE);
    let mut diagnostic = problem(&source, "\"ChargeCrad\"");
    diagnostic.severity = Severity::Warning;
    assert!(render(&source, &diagnostic, Style::Plain).starts_with("warning: state"));
    let coloured = render(&source, &diagnostic, Style::Coloured);
    assert!(coloured.contains("\u{1b}[") && coloured.contains("m.json:7:15"), "{coloured}");
}

#[test]
fn of_a_minified_file_only_the_surroundings_are_shown() {
    let filler = "\"k\":\"é日本 aaaaaaaaaaaaaaaaaaaa\",".repeat(20_000);
    let source = SourceFile::new("m.json", format!("{{{filler}\"Next\":\"ChargeCrad\",{filler}\"z\":1}}"));
    let start = source.text().find("\"ChargeCrad\"").expect("the place");
    let diagnostic = problem(&source, "\"ChargeCrad\"")
        .related(Span::new(0, 1), "the object starts here")
        .related(Span::new(start - 7, start - 1), "of this field");
    let text = render(&source, &diagnostic, Style::Plain);
    let column = source.position(start).column;
    assert!(text.len() < 1500, "{text}");
    assert!(text.contains(&format!("--> m.json:1:{column}\n")), "{text}");
    assert!(text.contains("\"Next\":\"ChargeCrad\""), "{text}");
    assert!(text.contains("= note: the object starts here: m.json:1:1\n"), "{text}");
    assert!(text.contains("of this field"), "{text}");
}

#[test]
fn a_related_place_far_away_is_a_note() {
    let filler = "\n".repeat(100_000);
    let source = SourceFile::new("m.json", format!("{{{filler}\"Next\": \"ChargeCrad\"}}"));
    let diagnostic = problem(&source, "\"ChargeCrad\"").related(Span::new(0, 1), "the object starts here");
    let text = render(&source, &diagnostic, Style::Plain);
    assert!(text.contains("--> m.json:100001:9\n"), "{text}");
    assert!(text.contains("= note: the object starts here: m.json:1:1\n"), "{text}");
}

#[test]
fn a_related_place_just_before_a_long_line_is_a_note() {
    let filler = "x".repeat(300);
    let source =
        SourceFile::new("m.json", format!("{{\"a\": 1,\n\"Next\": \"ChargeCrad\", \"k\": \"{filler}\"}}"));
    let diagnostic = problem(&source, "\"ChargeCrad\"").related(Span::new(1, 4), "the other is here");
    let text = render(&source, &diagnostic, Style::Plain);
    assert!(text.contains("--> m.json:2:9\n"), "{text}");
    assert!(text.contains("= note: the other is here: m.json:1:2\n"), "{text}");
}

#[test]
fn a_file_without_text_has_no_excerpt() {
    let source = SourceFile::new("m.json", "");
    let text = render(
        &source,
        &Diagnostic::new(Code::InvalidJson, Span::default(), "the file is empty"),
        Style::Plain,
    );
    assert_eq!(text, "error: the file is empty\n--> m.json\n = note: asl::invalid-json");
}

#[test]
fn the_position_is_the_one_of_the_source_at_every_offset() {
    for text in ["{\r\n\t\"é\": \"日本\"\r\n}\r\n", "a\n\n😀\r\n", "\u{301}x\u{0}y\n", &"é".repeat(300)]
    {
        let source = SourceFile::new("m.json", format!("\u{FEFF}{text}"));
        for offset in 0..=text.len() + 2 {
            let diagnostic =
                Diagnostic::new(Code::InvalidJson, Span::new(offset, offset + 3), "x").label("y");
            let rendered = render(&source, &diagnostic, Style::Plain);
            let position = source.position(offset);
            let place = format!(" --> m.json:{}:{}\n", position.line, position.column);
            assert!(rendered.contains(&place), "{text:?} at {offset}: {place} {rendered}");
        }
    }
}

#[test]
fn texts_of_the_user_stay_on_one_line() {
    let source = SourceFile::new("m.json", MACHINE);
    let mut diagnostic = problem(&source, "\"ChargeCrad\"");
    diagnostic.message = format!("state `a\nb\u{1b}[31m{}` does not exist", "x".repeat(10_000));
    let text = render(&source, &diagnostic, Style::Plain);
    let first = text.lines().next().expect("a line");
    assert!(first.starts_with(r"error: state `a\nb\u{1b}[31mxxx") && first.ends_with("xxx` does not exist"));
    assert!(first.contains("xxx...xxx") && first.len() < 500, "{first}");
}

#[test]
fn all_are_shown_up_to_the_limit_errors_first() {
    let source = SourceFile::new("m.json", MACHINE);
    let error = problem(&source, "\"ChargeCrad\"");
    let warning = Diagnostic { severity: Severity::Warning, ..error.clone() };
    let diagnostics = [warning, error.clone(), error];
    let text = render_all(&source, &diagnostics, Style::Plain, 2);
    assert_eq!(text.matches("error: ").count(), 2);
    assert!(!text.contains("warning: "));
    assert!(text.ends_with("\n\nand 1 more\n"), "{text}");
    assert!(!render_all(&source, &diagnostics, Style::Plain, 3).contains("more"));
    assert_eq!(render_all(&source, &[], Style::Plain, 0), "");
}
