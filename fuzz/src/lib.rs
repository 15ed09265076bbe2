//! What the targets share: definitions around a text of one of the small languages.

use asl_compiler::embedded::definitions;
use asl_compiler::source::SourceFile;
use asl_compiler::{Module, Options, compile};

/// Compiles a text under a name, which says whether it is YAML.
pub fn survive(name: &str, bytes: &[u8]) {
    survive_source(&SourceFile::new(name, bytes));
}

/// The same for each machine of a text that may be a template.
pub fn survive_each(name: &str, bytes: &[u8]) {
    let file = SourceFile::new("named.asl.json", "{ \"StartAt\": \"${A}\" }");
    for found in definitions(&SourceFile::new(name, bytes), &mut |_| Ok(file.clone())) {
        if let Ok(source) = found.source {
            survive_source(&source);
        }
    }
}

fn survive_source(source: &SourceFile) {
    let compilation = compile(source, &Options::default(), &Module::of_source(source));
    assert_eq!(
        compilation.tokens.is_none(),
        compilation
            .diagnostics
            .iter()
            .any(|found| { found.severity == asl_compiler::diagnostic::Severity::Error })
    );
}

/// A JSON string.
#[must_use]
pub fn quoted(bytes: &[u8]) -> String {
    let mut quoted = String::from("\"");
    for character in String::from_utf8_lossy(bytes).chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
