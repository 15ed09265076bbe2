//! The reader of JSON alone: what is read is in the text, in order.
#![no_main]

use asl_compiler::diagnostic::Diagnostics;
use asl_compiler::json;
use asl_compiler::source::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let source = SourceFile::new("fuzzed.json", bytes);
    let mut diagnostics = Diagnostics::default();
    let value = json::parse(&source, &mut diagnostics);
    assert!(value.is_some() || diagnostics.has_errors() || source.fault().is_some());
    for found in diagnostics.into_sorted() {
        assert!(found.span.start <= found.span.end && found.span.end <= source.text().len());
    }
});
