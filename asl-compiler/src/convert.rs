//! A definition in JSONPath to the same in JSONata.
//!
//! In: the text of a definition without errors. Out: its text with other expressions, and remarks at their places about what is not the same. What says
//! nothing about data stays as it is written: comments, the order of fields, placeholders, the layout.
//!
//! Two machines that succeed are to yield the same output. One that fails can fail otherwise, because JSONata has another error for what cannot be evaluated. What
//! would come to something else for some data keeps a state as it was, unless that is asked for; states of both languages go together in one machine.
//! Never evaluates.

mod choice;
mod code;
mod edit;
mod filter;
mod input;
mod intrinsic;
mod map;
mod path;
mod state;
mod template;

use crate::analysis::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::{self, Value};
use crate::options::Options;
use crate::source::{SourceFile, Span};
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
    /// Its text is in another form than JSON.
    NotJson,
}

/// Converts a definition. States that would come to something else for some data are converted too if `approximately`.
///
/// # Errors
/// It has errors, or is not JSON.
pub fn to_jsonata(
    source: &SourceFile,
    options: &Options,
    approximately: bool,
) -> Result<Conversion, Refusal> {
    if source.is_yaml() || source.machine().is_some() {
        return Err(Refusal::NotJson);
    }
    let diagnostics = check(source, options).diagnostics;
    if diagnostics.iter().any(|found| found.severity == Severity::Error) {
        return Err(Refusal::Errors(diagnostics));
    }
    let mut ignored = crate::diagnostic::Diagnostics::default();
    let Some(definition) = json::parse(source, &mut ignored) else { return Err(Refusal::NotJson) };
    let machine_is_jsonata = definition.get("QueryLanguage").and_then(Value::as_str) == Some("JSONata");
    let mut converter = Converter::new(source, machine_is_jsonata, approximately);
    let mixed = machine(&definition, &mut converter);
    if converter.converted == 0 || converter.kept > 0 {
        return Ok(converter.finish(surrounded(source, &definition, mixed)));
    }
    // All states are in JSONata, so the machine can be.
    let mut converter = Converter::new(source, machine_is_jsonata, approximately);
    converter.whole = true;
    let whole = machine(&definition, &mut converter);
    Ok(converter.finish(surrounded(source, &definition, whole)))
}

fn machine<'a>(definition: &'a Value, converter: &mut Converter<'a>) -> String {
    let states = converter.scope(definition);
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
