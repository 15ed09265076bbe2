//! Damaged texts: whatever they are, the compiler answers soon, and neither panics nor overflows the stack.
//!
//! Each run is the same: the texts are fixtures and pieces of the small languages, damaged by numbers that follow from a seed. The targets in
//! `fuzz/` look for more with coverage.

#![allow(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test reads its fixtures, and fails by a panic"
)]

use asl_compiler::embedded::definitions;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, compile};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// When a run counts as one that never ends. It takes some seconds; how many depends on what else the machine does, and says nothing.
const PATIENCE: Duration = Duration::from_secs(1800);

/// What the languages are made of, and what is unusual in all of them.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "'",
    "\\",
    ",",
    ":",
    ".",
    "..",
    "$",
    "$$",
    "@",
    "*",
    "?(",
    "%}",
    "{%",
    "${",
    "~>",
    ":=",
    "&",
    "^(",
    "|",
    "/a/",
    "\\u",
    "\\ud800",
    "\u{0}",
    "\u{feff}",
    "é",
    "😀",
    "1e999",
    "-",
    "99999999999999999999",
    "null",
    "true",
    "function($x){$x}",
    "$states.input",
    "States.Format(",
    "States.Array(",
    "\"Next\":",
    "\"Type\":",
    "\"Map\"",
    "\"Choice\"",
    "\"States\":",
    ": |\n",
    "- ",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "\n  ",
    "\t",
];

/// Numbers that look random (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}

fn damage(text: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(20)).min(bytes.len());
        let piece = PIECES[numbers.below(PIECES.len())].as_bytes();
        match numbers.below(8) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => {
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            3 => {
                let many = piece.repeat(1 + numbers.below(3000));
                bytes.splice(at..at, many);
            }
            4 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            _ => drop(bytes.splice(at..at, piece.iter().copied())),
        }
    }
    bytes
}

/// The text that is at hand.
type AtHand = Arc<Mutex<String>>;

/// Does a run to its end, or says at which text it does not end.
fn ends(run: impl FnOnce(&AtHand) + Send + 'static) {
    let at_hand = AtHand::default();
    let (ended, end) = channel();
    let worker = std::thread::spawn({
        let at_hand = Arc::clone(&at_hand);
        move || {
            run(&at_hand);
            let _ = ended.send(());
        }
    });
    if end.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
        panic!("no end of {:?}", at_hand.lock().unwrap());
    }
    // A panic of the run is one of the test.
    worker.join().unwrap_or_else(|reason| std::panic::resume_unwind(reason));
}

/// Compiles a text.
fn survive(name: &str, bytes: &[u8], at_hand: &AtHand) {
    *at_hand.lock().unwrap() = String::from_utf8_lossy(bytes).into_owned();
    let source = SourceFile::new(name, bytes);
    let compilation = compile(&source, &Options::default(), &Module::of_file(source.name()));
    assert_eq!(compilation.tokens.is_none(), compilation.diagnostics.iter().any(is_error));
    #[cfg(feature = "inspect")]
    lay_out(&source);
}

/// Lays a text out, which changes nothing more the second time.
#[cfg(feature = "inspect")]
fn lay_out(source: &SourceFile) {
    use asl_compiler::format::format;
    if let Ok(Some(text)) = format(source) {
        let again = format(&SourceFile::new(source.name(), text.as_str()));
        assert_eq!(again, Ok(Some(text)), "{:?}", source.text());
    }
}

/// Compiles each machine of a text that may be a template.
fn survive_each(name: &str, bytes: &[u8], at_hand: &AtHand) {
    survive(name, bytes, at_hand);
    let file = SourceFile::new("named.asl.json", "{\"StartAt\": \"${A}\"}");
    for found in definitions(&SourceFile::new(name, bytes), &mut |_| Ok(file.clone())) {
        let Ok(source) = found.source else { continue };
        let compilation = compile(&source, &Options::default(), &Module::of_source(&source));
        assert_eq!(compilation.tokens.is_none(), compilation.diagnostics.iter().any(is_error));
        for found in compilation.diagnostics {
            assert!(found.span.start <= found.span.end && found.span.end <= source.text().len(), "{found:?}");
        }
    }
}

fn is_error(found: &asl_compiler::diagnostic::Diagnostic) -> bool {
    found.severity == asl_compiler::diagnostic::Severity::Error
}

fn fixtures(ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/none");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.to_str().is_some_and(|path| path.ends_with(ending)));
    paths.sort();
    paths
}

fn damage_fixtures(ending: &str, times: usize, at_hand: &AtHand) {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for path in fixtures(ending) {
        let text = fs::read(&path).unwrap();
        for _ in 0..times {
            survive(&format!("damaged{ending}"), &damage(&text, &mut numbers), at_hand);
        }
    }
}

#[test]
fn damaged_definitions() {
    ends(|at_hand| damage_fixtures(".asl.json", 30, at_hand));
}

#[test]
fn damaged_yaml() {
    ends(|at_hand| damage_fixtures(".asl.yaml", 300, at_hand));
}

#[test]
fn damaged_templates() {
    ends(|at_hand| {
        let mut numbers = Numbers(0x0139_408d_cbbf_7a44);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/embedded");
        let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.is_file() && path.extension().is_some_and(|ending| ending != "snap"));
        paths.sort();
        for path in paths {
            let (name, text) = (path.file_name().unwrap().to_str().unwrap(), fs::read(&path).unwrap());
            (0..200).for_each(|_| survive_each(name, &damage(&text, &mut numbers), at_hand));
        }
    });
}

/// A definition with a text in all the places that read one.
fn around(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    format!(
        r#"{{ "StartAt": "A", "States": {{
        "A": {{ "Type": "Pass", "InputPath": {quoted}, "Parameters": {{ "a.$": {quoted} }}, "ResultPath": {quoted}, "Next": "B" }},
        "B": {{ "Type": "Choice", "Choices": [{{ "Variable": {quoted}, "StringMatches": {quoted}, "Next": "C" }}], "Default": "C" }},
        "C": {{ "Type": "Pass", "QueryLanguage": "JSONata", "Output": {quoted}, "End": true }} }} }}"#
    )
}

#[test]
fn damaged_paths_functions_and_expressions() {
    ends(damage_small_languages);
}

fn damage_small_languages(at_hand: &AtHand) {
    let texts = [
        "$.a['b'][0].c[?(@.d >= 5 && @.e != 'x')]..f[1:-1:2]",
        "$$.Execution.Input.a[*].b",
        "States.Format('{} and {}', $.a, States.MathAdd($.b, -1))",
        "States.ArrayContains(States.StringSplit('a,b', ','), States.JsonToString($.c))",
        "{% $states.input.a[b > 1].c ~> $map(function($v, $i) { $v + $i }) ~> $sum() %}",
        "{% ($x := {'a': [1..5], 'b': /a+(b|c)*/i}; $x.a^(>$)[0] ? $x : $string($states.context.Execution)) %}",
        "{% $states.input.a.%.b{c: $sum(d)}@$e#$f.g ~> |h|{'i': 1}, ['j']| %}",
    ];
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    for text in texts {
        survive("whole.asl.json", around(text.as_bytes()).as_bytes(), at_hand);
        for _ in 0..250 {
            survive("damaged.asl.json", around(&damage(text.as_bytes(), &mut numbers)).as_bytes(), at_hand);
        }
    }
}
