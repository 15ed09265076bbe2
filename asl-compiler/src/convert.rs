//! A definition in JSONPath to the same in JSONata.
//!
//! In: the text of a definition without errors. Out: its text with other expressions, and remarks at their places about what is not the same. What says
//! nothing about data stays as it is written: comments, the order of fields, placeholders, the layout.
//!
//! Two machines that succeed are to yield the same output. One that fails can fail otherwise, because JSONata has another error for what cannot be evaluated. What
//! would come to something else for some data keeps a state as it was, unless that is asked for; states of both languages go together in one machine.
//! Never evaluates.

mod carried;
mod choice;
mod code;
mod edit;
mod filter;
mod input;
mod intrinsic;
mod map;
mod output;
mod path;
mod state;
mod template;
mod yaml;

use crate::analysis::check;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::document::{read_template, read_value};
use crate::embedded::Template;
use crate::json::Value;
use crate::options::Options;
use crate::source::{SourceFile, Span};
use carried::{Plan, ScopeKind};
use edit::Object;
use state::Converter;

/// What a definition became.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// Its text.
    pub text: String,
    /// How many states are in JSONata now that were not.
    pub converted: usize,
    /// How many states stay in JSONPath.
    pub kept: usize,
    /// The variables that carry now what was carried along in the data.
    pub variables: Vec<String>,
    /// What is not the same, in the order of the text.
    pub remarks: Vec<Remark>,
}

/// Something that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The state that it is about.
    pub state: String,
    /// Its place in the definition as it was.
    pub span: Span,
    /// How much it matters.
    pub weight: Weight,
    /// What it is.
    pub message: String,
}

/// How much something matters that is not the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Only executions that fail are concerned: they fail otherwise, or go on.
    Failure,
    /// For some data, another value comes out. Such a state is converted only if that is asked for.
    Value,
    /// There is nothing in JSONata that does it.
    Impossible,
}

/// Why a definition cannot be converted.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// It has errors, which come first.
    Errors(Vec<Diagnostic>),
    /// It is in a template, which has a language to itself.
    InTemplate,
    /// Several of its places share one value by an anchor of YAML, and would have to be different.
    Shared,
}

/// How a definition is converted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// States that would come to something else for some data are converted too.
    pub approximately: bool,
    /// What states only carry along for later ones goes into variables. The output of the machine and what tasks get are the same, but not what is passed
    /// from state to state.
    pub variables: bool,
}

/// Converts a definition.
///
/// # Errors
/// It has errors, or its text cannot have the new value.
pub fn to_jsonata(source: &SourceFile, options: &Options, manner: Manner) -> Result<Conversion, Refusal> {
    let template = read_template(source, &mut Diagnostics::default());
    if source.machine().is_some() || template.as_ref().is_some_and(|root| Template::of(root).is_some()) {
        return Err(Refusal::InTemplate);
    }
    let diagnostics = check(source, options).diagnostics;
    if diagnostics.iter().any(|found| found.severity == Severity::Error) {
        return Err(Refusal::Errors(diagnostics));
    }
    let read = |source| read_value(source, &mut Diagnostics::default()).ok_or(Refusal::Errors(Vec::new()));
    let definition = read(source)?;
    if !source.is_yaml() {
        return Ok(converted(source, &definition, manner));
    }
    // What is different is written into the YAML.
    let as_json = SourceFile::new("definition.json", definition.to_string());
    let read_as_json = read(&as_json)?;
    let conversion = converted(&as_json, &read_as_json, manner);
    let new = read(&SourceFile::new("definition.json", conversion.text.as_str()))?;
    let text = yaml::patched(source, &definition, &new).ok_or(Refusal::Shared)?;
    let there =
        |remark: Remark| Remark { span: yaml::place_in(&read_as_json, &definition, remark.span), ..remark };
    let mut remarks: Vec<_> = conversion.remarks.into_iter().map(there).collect();
    remarks.sort_by_key(|remark| (remark.span, remark.weight));
    remarks.dedup();
    Ok(Conversion { text, remarks, ..conversion })
}

/// A definition in JSON.
fn converted(source: &SourceFile, definition: &Value, manner: Manner) -> Conversion {
    let machine_is_jsonata = definition.get("QueryLanguage").and_then(Value::as_str) == Some("JSONata");
    let converter =
        |whole, plan| Converter::new(source, machine_is_jsonata, manner.approximately, whole, plan);
    let mut first = converter(false, Plan::default());
    let mixed = machine(definition, &mut first);
    let plan = if manner.variables {
        Plan::of(first.flow(), &carried::assigned(definition))
    } else {
        Plan::default()
    };
    // If all states are in JSONata, the machine can be.
    let whole = first.converted > 0 && first.kept == 0;
    if !whole && plan.variables.is_empty() {
        return first.finish(surrounded(source, definition, mixed));
    }
    let mut second = converter(whole, plan);
    let text = machine(definition, &mut second);
    second.finish(surrounded(source, definition, text))
}

fn machine<'a>(definition: &'a Value, converter: &mut Converter<'a>) -> String {
    let states = converter.scope(definition, ScopeKind::Machine);
    let mut object = Object::new(converter.source, definition);
    object.replace("States", "States", &states);
    if converter.whole {
        match definition.get("QueryLanguage") {
            Some(_) => object.replace("QueryLanguage", "QueryLanguage", "\"JSONata\""),
            None => object.add_before("StartAt", "QueryLanguage", "\"JSONata\""),
        }
    }
    object.finish()
}

/// What is before and after the definition is kept too.
fn surrounded(source: &SourceFile, definition: &Value, converted: String) -> String {
    let before = source.slice(Span::new(0, definition.span.start));
    let after = source.slice(Span::new(definition.span.end, source.text().len()));
    format!("{before}{converted}{after}")
}

#[cfg(test)]
mod tests;
