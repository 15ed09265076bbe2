//! Answers to what an editor asks about one document.
//!
//! In: an open document and the parameters of a request. Out: the result as the protocol wants it. What is known of a definition comes
//! from [`asl_compiler::inspect`]; only its form is made here.

use super::document::Document;
use super::problems::{Abilities, problem};
use super::server::{INVALID_PARAMS, Open, REQUEST_FAILED, Refusal};
use asl_compiler::fixes::fixes;
use asl_compiler::format::format;
use asl_compiler::inspect::{Completion, CompletionKind, Inspection, Symbol};
use asl_compiler::source::Span;
use serde_json::{Value, json};

type Answer = fn(&mut Open, &Value) -> Result<Value, Refusal>;

/// Who answers a method.
pub(super) fn for_method(method: &str) -> Option<Answer> {
    let answer: Answer = match method {
        "textDocument/hover" => hover,
        "textDocument/definition" => definition,
        "textDocument/references" => references,
        "textDocument/documentHighlight" => highlight,
        "textDocument/documentSymbol" => symbols,
        "textDocument/foldingRange" => folding,
        "textDocument/completion" => completion,
        "textDocument/codeAction" => code_actions,
        "textDocument/prepareRename" => prepare_rename,
        "textDocument/rename" => rename,
        "textDocument/formatting" => formatting,
        _ => return None,
    };
    Some(answer)
}

fn offset(document: &Document, params: &Value) -> Result<usize, Refusal> {
    match params.get("position") {
        Some(position) if position.is_object() => Ok(document.offset(Some(position))),
        _ => Err(Refusal(INVALID_PARAMS, "there is no `position`".to_owned())),
    }
}

fn hover(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let found = Inspection::new(document.source()).hover(offset(document, params)?);
    Ok(found.map_or(Value::Null, |hover| {
        let contents = json!({ "kind": "markdown", "value": hover.text });
        json!({ "contents": contents, "range": document.range(hover.span) })
    }))
}

fn definition(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let found = Inspection::new(document.source()).definitions(offset(document, params)?);
    Ok(locations(document, &found))
}

fn references(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let with_definitions = params.pointer("/context/includeDeclaration") == Some(&Value::Bool(true));
    let inspection = Inspection::new(document.source());
    Ok(locations(document, &inspection.references(offset(document, params)?, with_definitions)))
}

/// The whole text laid out anew, in one change; none if it is as it should be, or cannot be read.
fn formatting(open: &mut Open, _: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let source = document.source();
    let Ok(Some(text)) = format(source) else { return Ok(json!([])) };
    if text == source.text() {
        return Ok(json!([]));
    }
    let whole = Span::new(0, source.text().len());
    Ok(json!([{ "range": document.range(whole), "newText": text }]))
}

fn locations(document: &Document, spans: &[Span]) -> Value {
    spans.iter().map(|span| json!({ "uri": document.uri, "range": document.range(*span) })).collect()
}

fn highlight(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let spans = Inspection::new(document.source()).references(offset(document, params)?, true);
    Ok(spans.into_iter().map(|span| json!({ "range": document.range(span) })).collect())
}

fn symbols(open: &mut Open, _: &Value) -> Result<Value, Refusal> {
    let symbols = Inspection::new(open.document.source()).symbols();
    Ok(symbols.iter().map(|found| symbol(&open.document, found)).collect())
}

fn symbol(document: &Document, found: &Symbol) -> Value {
    const CLASS: u8 = 5;
    let children: Value = found.inner.iter().map(|inner| symbol(document, inner)).collect();
    // The protocol has no symbols without a name.
    let name = if found.name.is_empty() { "\"\"" } else { &found.name };
    json!({
        "name": name,
        "detail": found.state_type.map(|state_type| state_type.to_string()).unwrap_or_default(),
        "kind": CLASS,
        "range": document.range(found.span),
        "selectionRange": document.range(found.name_span),
        "children": children,
    })
}

fn folding(open: &mut Open, _: &Value) -> Result<Value, Refusal> {
    let mut ranges = Vec::new();
    fold(&open.document, &Inspection::new(open.document.source()).symbols(), &mut ranges);
    Ok(ranges.into())
}

fn fold(document: &Document, symbols: &[Symbol], ranges: &mut Vec<Value>) {
    for symbol in symbols {
        let range = document.range(symbol.span);
        let line = |end: &str| range.pointer(end).and_then(Value::as_u64).unwrap_or_default();
        let (start, end) = (line("/start/line"), line("/end/line"));
        if start < end {
            ranges.push(json!({ "startLine": start, "endLine": end }));
        }
        fold(document, &symbol.inner, ranges);
    }
}

fn completion(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let found = Inspection::new(document.source()).completions(offset(document, params)?);
    let items: Value = found.iter().enumerate().map(|(index, found)| item(document, index, found)).collect();
    Ok(json!({ "isIncomplete": false, "items": items }))
}

fn item(document: &Document, index: usize, found: &Completion) -> Value {
    const PROPERTY: u8 = 10;
    let kind = match found.kind {
        CompletionKind::Field => 5,
        CompletionKind::Value => 12,
        CompletionKind::State => 18,
        CompletionKind::Resource => 9,
        CompletionKind::Error => 23,
        CompletionKind::Path => PROPERTY,
        CompletionKind::Variable => 6,
        CompletionKind::Function => 3,
    };
    // Editors compare it with the text that is replaced, its quotes included.
    let quoted = document.source().slice(found.span).starts_with('"');
    let filter = if quoted { format!("\"{}\"", found.label) } else { found.label.clone() };
    json!({
        "label": found.label,
        "kind": kind,
        "detail": found.detail,
        "documentation": { "kind": "markdown", "value": found.documentation },
        "sortText": format!("{index:05}"),
        "filterText": filter,
        "textEdit": { "range": document.range(found.span), "newText": found.text },
    })
}

/// For so many problems of a range that have suggestions these are tried: the definition is checked once more with each, and a range can be a line with thousands.
const TRIED: usize = 16;

fn code_actions(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let Some(range) = params.get("range").filter(|range| range.is_object()) else {
        return Err(Refusal(INVALID_PARAMS, "there is no `range`".to_owned()));
    };
    let (start, end) = (open.document.offset(range.get("start")), open.document.offset(range.get("end")));
    let problems = open.problems().to_vec();
    let document = &open.document;
    let touched = problems.iter().filter(|found| found.span.start <= end && start <= found.span.end);
    let suggest = touched.filter(|found| !found.help.is_empty());
    let actions = suggest.take(TRIED).flat_map(|found| {
        let fixes = fixes(document.source(), &open.options, &problems, found);
        let only = fixes.len() == 1;
        fixes.into_iter().map(move |fix| {
            let edits = json!([{ "range": document.range(fix.span), "newText": fix.text }]);
            json!({
                "title": format!("replace with `{}`", fix.word),
                "kind": "quickfix",
                "isPreferred": only,
                "diagnostics": [problem(document, found, Abilities::default())],
                "edit": { "changes": { document.uri.as_str(): edits } },
            })
        })
    });
    Ok(actions.collect())
}

fn prepare_rename(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let span = Inspection::new(document.source()).name_span(offset(document, params)?);
    Ok(span.map_or(Value::Null, |span| {
        let name = document.source().slice(span);
        let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
        // The quotes are not part of the name.
        let span = if inner.is_some() { Span::new(span.start + 1, span.end - 1) } else { span };
        json!({ "range": document.range(span), "placeholder": inner.unwrap_or(name) })
    }))
}

fn rename(open: &mut Open, params: &Value) -> Result<Value, Refusal> {
    let document = &open.document;
    let Some(new) = params.get("newName").and_then(Value::as_str) else {
        return Err(Refusal(INVALID_PARAMS, "there is no `newName`".to_owned()));
    };
    let inspection = Inspection::new(document.source());
    let edits = inspection
        .rename(offset(document, params)?, new)
        .map_err(|error| Refusal(REQUEST_FAILED, error.to_string()))?;
    let edits: Value = edits
        .into_iter()
        .map(|(span, text)| json!({ "range": document.range(span), "newText": text }))
        .collect();
    Ok(json!({ "changes": { document.uri.as_str(): edits } }))
}
