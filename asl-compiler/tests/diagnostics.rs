//! What the compiler says about definitions that are at fault.
//!
//! Each `diagnostics/<code>/<behaviour>.asl.json` (or `.asl.yaml`) is a test: its diagnostics, as people see them, are the snapshot beside it,
//! and `<code>` is among them. `none/` holds definitions that must pass without a word. A name that ends in `.aws.asl.json` is checked
//! under the profile of AWS, one that ends in `.body.asl.json` with the body as the result of `http:invoke`, and one with `.express` before
//! its ending as a machine of Express executions. One with `.given` there has values for the placeholders `${Five}` and `${Text}`, and what
//! is in `unresolved-placeholder/` is compiled. What is reported only on request is asked for in the folder of its code. A `<behaviour>.schema.json` beside it describes its input.

#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test reads its fixtures, and fails by a panic"
)]

use asl_compiler::code::Code;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::render::{Style, render};
use asl_compiler::shape::{Shape, schema};
use asl_compiler::source::SourceFile;
use asl_compiler::{HttpResult, MachineType, Module, Options, Profile, Substitution, check, compile};
use std::fs;
use std::path::{Path, PathBuf};

const SUFFIXES: [&str; 2] = [".asl.json", ".asl.yaml"];

/// The ending of the schema of a fixture's input.
const SCHEMA: &str = ".schema.json";

/// The name of a fixture without its ending.
fn behaviour(path: &Path) -> Option<&str> {
    SUFFIXES.iter().find_map(|suffix| name(path).strip_suffix(suffix))
}

/// Codes that have no fixture, because the text would be huge, or no text, or no definition.
const WITHOUT_FIXTURE: &[Code] =
    &[Code::FileTooLarge, Code::InvalidSchema, Code::InvalidUtf8, Code::TooManyStates];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

#[test]
fn every_fixture_is_diagnosed_as_its_snapshot_says() {
    for folder in entries(&root()) {
        let fixtures: Vec<_> =
            entries(&folder).into_iter().filter(|path| behaviour(path).is_some()).collect();
        assert!(!fixtures.is_empty(), "{} holds no fixture", folder.display());
        for fixture in fixtures {
            check_fixture(&folder, &fixture);
        }
    }
}

/// The input that the schema beside a fixture describes, if there is one.
fn input(fixture: &Path) -> Shape {
    let path = fixture.with_file_name(format!("{}{SCHEMA}", behaviour(fixture).unwrap()));
    let Ok(text) = fs::read(&path) else { return Shape::UNKNOWN };
    let schema = schema::read(&SourceFile::new(name(&path), text));
    assert_eq!(schema.diagnostics, [], "{}", path.display());
    schema.shape
}

/// The code of a folder, if it has to be asked for.
fn on_request(folder: &str) -> Vec<Code> {
    Code::ALL.iter().copied().filter(|code| code.is_on_request() && code.as_str() == folder).collect()
}

fn check_fixture(folder: &Path, fixture: &Path) {
    let source = SourceFile::new(name(fixture), fs::read(fixture).unwrap());
    let behaviour = behaviour(fixture).unwrap();
    let options = Options {
        profile: if behaviour.ends_with(".aws") { Profile::Aws } else { Profile::Local },
        machine_type: if behaviour.contains(".express") {
            MachineType::Express
        } else {
            MachineType::Standard
        },
        http_result: if behaviour.ends_with(".body") { HttpResult::Body } else { HttpResult::Envelope },
        substitutions: if behaviour.contains(".given") {
            vec![Substitution::parse("Five", "5"), Substitution::string("Text", "a text")]
        } else {
            Vec::new()
        },
        input: input(fixture),
        warn: on_request(name(folder)),
        ..Options::default()
    };
    if name(folder) == Code::UnresolvedPlaceholder.as_str() {
        assert_eq!(
            check(&source, &options).diagnostics,
            [],
            "{}: only compiling needs values",
            fixture.display()
        );
        let compilation = compile(&source, &options, &Module::of_file(name(fixture)));
        assert!(compilation.tokens.is_none());
        return assert_snapshot(folder, fixture, behaviour, &render_list(&source, &compilation.diagnostics));
    }
    let analysis = check(&source, &options);
    let errors = analysis.diagnostics.iter().any(|found| found.severity == Severity::Error);
    let open = errors || source.text().contains("${");
    assert!(analysis.has_machine() != errors || open, "{}: a machine, or errors", fixture.display());
    if name(folder) == "none" {
        assert_eq!(analysis.diagnostics, [], "{}", fixture.display());
        return;
    }
    let code = name(folder);
    assert!(
        analysis.diagnostics.iter().any(|found| found.code.as_str() == code),
        "{} is not diagnosed as `{code}`: {:?}",
        fixture.display(),
        analysis.diagnostics
    );
    assert_snapshot(folder, fixture, behaviour, &render_list(&source, &analysis.diagnostics));
}

fn render_list(source: &SourceFile, diagnostics: &[Diagnostic]) -> String {
    let text: Vec<_> = diagnostics.iter().map(|found| render(source, found, Style::Plain)).collect();
    text.join("\n\n")
}

fn assert_snapshot(folder: &Path, fixture: &Path, behaviour: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => folder,
        prepend_module_to_snapshot => false,
        omit_expression => true,
        input_file => fixture,
    }, {
        insta::assert_snapshot!(behaviour, text);
    });
}

#[test]
fn every_snapshot_has_its_fixture() {
    for folder in entries(&root()) {
        for snapshot in entries(&folder).iter().filter(|path| behaviour(path).is_none()) {
            let name = name(snapshot);
            let behaviour = name.strip_suffix(".snap").or_else(|| name.strip_suffix(SCHEMA));
            let behaviour = behaviour.expect("only fixtures, schemas and snapshots");
            assert!(
                SUFFIXES.iter().any(|suffix| folder.join(format!("{behaviour}{suffix}")).exists()),
                "{} is left over",
                snapshot.display()
            );
        }
    }
}

#[test]
fn every_code_has_a_fixture() {
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| !WITHOUT_FIXTURE.contains(code) && !root().join(code.as_str()).exists())
        .collect();
    assert_eq!(missing, [] as [&Code; 0]);
}

fn codes(text: impl Into<Vec<u8>>) -> Vec<Code> {
    let analysis = check(&SourceFile::new("machine.asl.json", text), &Options::default());
    assert!(!analysis.has_machine());
    analysis.diagnostics.iter().map(|found| found.code).collect()
}

#[test]
fn bytes_that_are_no_utf_8_are_an_error() {
    assert_eq!(codes(b"{ \"StartAt\": \"\xff\" }"), [Code::InvalidUtf8]);
}

#[test]
fn a_huge_file_is_an_error() {
    assert_eq!(codes(vec![b' '; 16 << 20]), [Code::FileTooLarge]);
}

#[test]
fn too_many_states_are_an_error() {
    let states: Vec<_> = (0..=10_000).map(|n| format!(r#""S{n}": {{ "Type": "Succeed" }}"#)).collect();
    let text = format!(r#"{{ "StartAt": "S0", "States": {{ {} }} }}"#, states.join(","));
    assert_eq!(codes(text), [Code::TooManyStates]);
}

#[test]
fn warnings_can_be_switched_off_and_errors_cannot() {
    let text = fs::read(root().join("path-not-in-result/field_of_the_response_body.asl.json")).unwrap();
    let source = SourceFile::new("machine.asl.json", text);
    let options =
        Options { allow: vec![Code::AwsNeedsConnection, Code::PathNotInResult], ..Options::default() };
    let codes: Vec<_> = check(&source, &options).diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, [Code::PathNotInResult, Code::PathNotInResult]);
}

#[test]
fn names_newer_than_the_table_of_services_can_be_allowed() {
    let fixture = root().join("unknown-action/services_and_actions.asl.json");
    let source = SourceFile::new("machine.asl.json", fs::read(fixture).unwrap());
    let options = Options { allow: vec![Code::UnknownAction], ..Options::default() };
    assert_eq!(check(&source, &options).diagnostics, []);
    assert!(Code::UnknownAction.can_be_allowed() && !Code::UnknownState.can_be_allowed());
}
