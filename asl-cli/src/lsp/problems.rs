//! Problems as the protocol wants them.
//!
//! In: a document and what the compiler says about it. Out: `Diagnostic` objects. Never leaves anything out that `asl check` shows.

use super::document::Document;
use super::pages;
use asl_compiler::code::Code;
use asl_compiler::diagnostic::{Diagnostic, Severity};
use serde_json::{Map, Value, json};

/// What an editor may show paler, because it has no effect.
const UNNECESSARY: u8 = 1;

/// What the editor can show.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    pub(super) related: bool,
    pub(super) code_description: bool,
    pub(super) tags: bool,
}

impl Abilities {
    /// What an editor says of itself.
    pub(super) fn of(capabilities: Option<&Value>) -> Self {
        let diagnostics = capabilities.and_then(|all| all.pointer("/textDocument/publishDiagnostics"));
        let has = |field: &str| diagnostics.and_then(|has| has.get(field)).is_some_and(|has| has != false);
        Self {
            related: has("relatedInformation"),
            code_description: has("codeDescriptionSupport"),
            tags: has("tagSupport"),
        }
    }
}

/// The problem as an object.
pub(super) fn problem(document: &Document, found: &Diagnostic, abilities: Abilities) -> Value {
    let severity = match found.severity {
        Severity::Error => 1,
        Severity::Warning => 2,
    };
    let mut object = Map::new();
    object.insert("range".to_owned(), document.range(found.span));
    object.insert("severity".to_owned(), severity.into());
    object.insert("code".to_owned(), found.code.as_str().into());
    object.insert("source".to_owned(), "asl".into());
    object.insert("message".to_owned(), message(found, abilities).into());
    if abilities.code_description
        && let Some(page) = pages::uri(found.code)
    {
        object.insert("codeDescription".to_owned(), json!({ "href": page }));
    }
    if abilities.tags && is_unnecessary(found.code) {
        object.insert("tags".to_owned(), json!([UNNECESSARY]));
    }
    if abilities.related && !found.related.is_empty() {
        let place = |(span, label): &(_, String)| {
            let location = json!({ "uri": document.uri, "range": document.range(*span) });
            json!({ "location": location, "message": label })
        };
        object.insert("relatedInformation".to_owned(), found.related.iter().map(place).collect());
    }
    Value::Object(object)
}

fn message(found: &Diagnostic, abilities: Abilities) -> String {
    let mut lines = vec![found.message.clone()];
    lines.extend((!found.label.is_empty()).then(|| found.label.clone()));
    if !abilities.related {
        lines.extend(found.related.iter().map(|(_, label)| label.clone()));
    }
    lines.extend(found.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

fn is_unnecessary(code: Code) -> bool {
    matches!(code.as_str(), "unreachable-state" | "rule-never-reached" | "credentials-ignored")
}
