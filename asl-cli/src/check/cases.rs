//! `asl check --cases`: the verdict on each definition of a folder, a line of JSON for each.
//!
//! In: a folder of folders with a JSON file for each case, which holds a `definition` or its text. Out: the report. Judges only what
//! the compiler says: whether that is right is for the reader who compares the report.

use crate::answer::{Format, Outcome};
use crate::cases::Cases;
use crate::report::to_json;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::source::SourceFile;
use asl_compiler::{MachineType, Options};
use asl_language::files;
use serde_json::{Map, Value, json};
use std::path::Path;

/// Writes a line for each case to the report.
pub(super) fn run(cases: Cases<'_>, options: &Options, format: Format) -> Result<Outcome, String> {
    let mut lines = Vec::new();
    for path in cases.files()? {
        lines.extend(judge(&cases, &path, options)?);
    }
    cases.report(&lines)?;
    let is_refused = |line: &&Map<String, Value>| line.get("errors") != Some(&json!([]));
    let (count, refused) = (lines.len(), lines.iter().filter(is_refused).count());
    format.print(
        || format!("{count} cases: {refused} with errors\n"),
        || json!({ "cases": count, "with_errors": refused }),
    );
    Ok(Outcome::Fine)
}

/// The line of a case, if it counts.
fn judge(cases: &Cases<'_>, path: &Path, options: &Options) -> Result<Option<Map<String, Value>>, String> {
    let text = files::text(path, files::FileKind::Data)?;
    let Ok(Value::Object(case)) = serde_json::from_str(&text) else {
        return Err(format!("`{}` is not a JSON object", path.display()));
    };
    let text = |name: &str| case.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = text("id").unwrap_or_else(|| name_of(cases.folder, path));
    if !cases.takes(&id) {
        return Ok(None);
    }
    let definition = text("definition_text").or_else(|| Some(format!("{:#}", case.get("definition")?)));
    let definition = definition.ok_or_else(|| format!("`{}` has no definition", path.display()))?;
    let machine_type = match text("machine_type").as_deref() {
        Some("EXPRESS") => MachineType::Express,
        _ => options.machine_type,
    };
    let source = SourceFile::new("machine.asl.json", definition);
    // Whether AWS takes a definition does not depend on what becomes of it when it runs.
    let options = Options { machine_type, ignore_data: true, ..options.clone() };
    let diagnostics = asl_compiler::check(&source, &options).diagnostics;
    let with = |severity| of_severity(&source, &diagnostics, severity);
    let mut line = Map::new();
    line.insert("id".to_owned(), id.into());
    line.insert("errors".to_owned(), with(Severity::Error));
    line.insert("warnings".to_owned(), with(Severity::Warning));
    Ok(Some(line))
}

fn of_severity(source: &SourceFile, diagnostics: &[Diagnostic], severity: Severity) -> Value {
    let found = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity);
    found.map(|diagnostic| to_json(source, diagnostic)).collect()
}

/// The path below the folder without the file's extension.
fn name_of(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path).with_extension("");
    below.to_string_lossy().replace('\\', "/")
}
