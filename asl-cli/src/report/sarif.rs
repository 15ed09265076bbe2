//! Diagnostics in SARIF 2.1.0, which code scanning tools read.
//!
//! In: source files with their diagnostics. Out: one run, with a rule for each code that occurs, described by its page.

use crate::explain::page;
use asl_compiler::code::Code;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use asl_compiler::source::{SourceFile, Span};
use serde_json::{Value, json};

/// The whole log.
pub(crate) fn to_log<'a>(found: impl Iterator<Item = (&'a SourceFile, &'a Diagnostic)>) -> Value {
    let found: Vec<_> = found.collect();
    let mut codes: Vec<_> = found.iter().map(|(_, diagnostic)| diagnostic.code).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules: Vec<_> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<_> =
        found.iter().map(|(source, diagnostic)| result(source, diagnostic, &codes)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "asl",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    let page = page(code).unwrap_or_default();
    json!({
        "id": code.as_str(),
        "shortDescription": { "text": code.summary() },
        "fullDescription": { "text": code.summary() },
        "help": { "text": page, "markdown": page },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn result(source: &SourceFile, diagnostic: &Diagnostic, codes: &[Code]) -> Value {
    let related: Vec<_> = diagnostic
        .related
        .iter()
        .zip(0..)
        .map(|((span, label), id)| {
            json!({ "id": id, "message": { "text": label }, "physicalLocation": location(source, *span) })
        })
        .collect();
    json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": level(diagnostic.severity),
        "message": { "text": super::text(diagnostic) },
        "locations": [{ "physicalLocation": location(source, diagnostic.span) }],
        "relatedLocations": related,
    })
}

fn location(source: &SourceFile, span: Span) -> Value {
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({
        "artifactLocation": { "uri": uri(source.name()) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A path as a reference: relative ones stay relative, to the folder that the command runs in.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
