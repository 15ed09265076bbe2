//! Diagnostics as workflow commands of GitHub Actions, which show them beside the changed lines.
//!
//! In: a source file with a diagnostic. Out: a line such as `::error file=..,line=..::..`.

use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::source::SourceFile;

/// The command, with a line break at its end.
pub(crate) fn to_command(source: &SourceFile, diagnostic: &Diagnostic) -> String {
    let command = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let (start, end) = (source.position(diagnostic.span.start), source.position(diagnostic.span.end));
    // GitHub takes columns only within one line.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column.max(start.column + 1) - 1)
    } else {
        String::new()
    };
    format!(
        "::{command} file={},line={},endLine={}{columns},title={}::{}\n",
        property(source.name()),
        start.line,
        end.line,
        property(&format!("asl::{}", diagnostic.code)),
        data(&super::text(diagnostic)),
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
