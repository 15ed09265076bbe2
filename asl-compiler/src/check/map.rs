//! Map states: what is asked of the store, names that have to be unique, and what only a distributed Map has.

use super::Checker;
use super::parameters::{check_name, constant_text, wrong_type};
use super::services::bucket_fault;
use crate::code::Code;
use crate::definition::{ItemReader, Items, Map, State, Template, Work};
use crate::diagnostic::Diagnostic;
use crate::json::Text;
use crate::resolve::Machine;
use crate::source::Span;
use crate::vocabulary::{ItemSource, MapMode};
use std::collections::HashMap;

pub(super) fn check(state: &State, map: &Map, checker: &mut Checker<'_>) {
    check_mode(state, map, checker);
    check_items(state, map, checker);
    let field = state.query_language.parameters();
    if let Some(reader) = &map.item_reader {
        check_headers(reader, checker);
        check_reader_parameters(field, reader, checker);
    }
    let written = map.result_writer.as_ref().and_then(|writer| writer.parameters.as_ref());
    if let Some(parameters) = written {
        check_parameters(field, "s3:putObject", parameters, &["Bucket"], PUT_OBJECT, checker);
    }
}

/// A plain text is not an array, be it a word that a tool puts one in place of: AWS gets what is written.
fn check_items(state: &State, map: &Map, checker: &mut Checker<'_>) {
    if let Items::Template(Template::Constant(value)) = &map.items
        // A path without the signs of an expression is told elsewhere what it is.
        && value.as_str().is_some_and(|text| !text.starts_with('$'))
    {
        let message = format!("`Items` of state `{}` is a text", state.name.value);
        let diagnostic = Diagnostic::new(Code::ItemsNotAnArray, value.span, message)
            .label("expected an array, or an expression that returns one")
            .help("write an expression between `{%` and `%}`, or a placeholder: `${Items}`");
        checker.report_accepted(diagnostic);
    }
}

/// Reports labels that another state has; nothing is wrong with one state that is in the text once.
pub(super) fn check_labels(machine: &Machine<'_>, checker: &mut Checker<'_>) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for state in &machine.states {
        let Work::Map(map) = &state.definition.work else { continue };
        let Some(label) = &map.label else { continue };
        if let Some(first) = seen.get(label.value.as_str()) {
            let message = format!("there are two Map states with the label `{}`", label.value);
            checker.diagnostics.push(
                Diagnostic::new(Code::DuplicateLabel, label.span, message)
                    .label("a label names the executions of one Map state")
                    .related(*first, "the first is here"),
            );
        } else {
            seen.insert(&label.value, label.span);
        }
    }
}

/// Fields of distributed Map states in one whose mode is another.
fn check_mode(state: &State, map: &Map, checker: &mut Checker<'_>) {
    if map.mode != MapMode::Inline {
        return;
    }
    let name = &state.name.value;
    let help = "write `\"ProcessorConfig\": { \"Mode\": \"DISTRIBUTED\", \"ExecutionType\": \"STANDARD\" }` in the `ItemProcessor`";
    for (field, span) in changing(map) {
        let message = format!("`{field}` makes the inline Map state `{name}` a distributed one");
        let diagnostic = Diagnostic::new(Code::NeedsDistributedMap, span, message)
            .label("only a distributed Map has it, whose iterations are separate executions");
        checker.diagnostics.push(diagnostic.help(help));
    }
    if map.is_distributed() {
        return;
    }
    for (field, span) in ignored(map) {
        let message = format!("`{field}` counts for nothing in the inline Map state `{name}`");
        let diagnostic =
            Diagnostic::new(Code::NeedsDistributedMap, span, message).label("only a distributed Map has it");
        checker.diagnostics.push(diagnostic.help(help));
    }
}

/// The fields that make no sense in an inline Map.
fn changing(map: &Map) -> impl Iterator<Item = (&'static str, Span)> {
    let fields = [
        ("ItemReader", map.item_reader.as_ref().map(|reader| reader.span)),
        ("ItemBatcher", map.item_batcher.as_ref().map(|batcher| batcher.span)),
        ("ResultWriter", map.result_writer.as_ref().map(|writer| writer.span)),
    ];
    fields.into_iter().filter_map(|(field, span)| Some((field, span?)))
}

/// The fields that an inline Map does not look at.
fn ignored(map: &Map) -> impl Iterator<Item = (&'static str, Span)> {
    let fields = [
        ("ExecutionType", map.execution_type.map(|at| at.span)),
        ("Label", map.label.as_ref().map(|label| label.span)),
    ];
    fields.into_iter().filter_map(|(field, span)| Some((field, span?)))
}

/// AWS takes them, and the reader fails.
fn check_headers(reader: &ItemReader, checker: &mut Checker<'_>) {
    let mut seen: HashMap<&str, &Text> = HashMap::new();
    for header in reader.config.csv_headers.iter().flatten() {
        let Some(first) = seen.insert(&header.value, header) else { continue };
        let message = format!("`CSVHeaders` has the name `{}` twice", header.value);
        checker.report_accepted(
            Diagnostic::new(Code::DuplicateCsvHeader, header.span, message)
                .label("the Map fails with `States.ItemReaderFailed`")
                .related(first.span, "the first is here"),
        );
    }
}

const GET_OBJECT: &[&str] = &["Bucket", "ExpectedBucketOwner", "Key", "VersionId"];
const LIST_OBJECTS: &[&str] = &["Bucket", "ExpectedBucketOwner", "Prefix"];
const PUT_OBJECT: &[&str] = &["Bucket", "ExpectedBucketOwner", "Prefix"];

fn check_reader_parameters(field: &str, reader: &ItemReader, checker: &mut Checker<'_>) {
    let (Some(source), Some(parameters)) = (reader.source, &reader.parameters) else { return };
    match source {
        ItemSource::GetObject => {
            check_parameters(field, "s3:getObject", parameters, &["Bucket", "Key"], GET_OBJECT, checker);
        }
        ItemSource::ListObjects => {
            check_parameters(field, "s3:listObjectsV2", parameters, &["Bucket"], LIST_OBJECTS, checker);
        }
    }
}

fn check_parameters(
    field: &str,
    action: &str,
    parameters: &Template,
    required: &[&str],
    known: &[&'static str],
    checker: &mut Checker<'_>,
) {
    let Template::Object(span, members) = parameters else {
        wrong_type(&format!("`{field}` of `{action}`"), "an object", parameters, None, checker);
        return;
    };
    for name in required.iter().filter(|name| parameters.member(name).is_none()) {
        let start = Span::new(span.start, span.start.saturating_add(1));
        let message = format!("`{action}` needs the parameter `{name}`");
        let diagnostic = Diagnostic::new(Code::InvalidParameter, start, message);
        checker.diagnostics.push(diagnostic.label(format!("`{field}` has no `{name}`")));
    }
    for member in members {
        check_name(action, "parameter", member, known, checker);
        if known.contains(&member.name()) {
            wrong_type(&format!("`{}`", member.name()), "a string", &member.value, None, checker);
        }
        if let Some(text) = constant_text(&member.value).filter(|_| member.name() == "Bucket") {
            bucket_fault(text).into_iter().for_each(|fault| checker.report_accepted(fault));
        }
    }
}
