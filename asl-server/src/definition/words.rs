//! What the compiler finds, in AWS's words where AWS says the same, and in its own elsewhere.

use super::location;
use asl_compiler::diagnostic::Diagnostic;
use asl_compiler::source::SourceFile;

/// The code, the message and the location of a problem.
pub(super) fn say(_source: &SourceFile, diagnostic: &Diagnostic, path: Vec<String>) -> (&'static str, String, String) {
    ("SCHEMA_VALIDATION_FAILED", diagnostic.message.clone(), location::text(&path))
}
