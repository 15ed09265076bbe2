//! Stage 1 as one step: a source file to the value of the definition that it is read as.
//!
//! In: a [`SourceFile`], and values of placeholders. Out: the value, JSON or YAML, on its own or out of a template, with these values and those
//! of the template in it, and problems. Never knows what a definition is.

use crate::cloud_formation::{replace_functions, resolve_functions};
use crate::diagnostic::Diagnostics;
use crate::document::{read_template, read_value};
use crate::embedded::{Origin, Template, Written, parse_text};
use crate::json::{Text, Value};
use crate::options::Options;
use crate::source::SourceFile;
use crate::substitute::{Substitution, substitute, substitute_text};
use crate::vocabulary::MachineType;

/// A definition that was read.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) value: Value,
    /// What its template says about it.
    pub(crate) machine_type: Option<MachineType>,
    /// It is not the whole text of its file as it is.
    pub(crate) is_part: bool,
}

/// The text of a definition as a value, JSON or YAML, with the values of placeholders put in: for tools that look at what is written, valid
/// or not. None is for a text that cannot be read at all; [`check`](crate::check) says why.
#[must_use]
pub fn read(source: &SourceFile, options: &Options) -> Option<Value> {
    read_definition(source, options, &mut Diagnostics::default()).map(|read| read.value)
}

/// Reads the definition.
pub(crate) fn read_definition(
    source: &SourceFile,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Option<Read> {
    let given = &options.substitutions;
    let mut read = match Origin::of(source) {
        Some(origin) => read_machine(source, origin, given, diagnostics)?,
        None => read_file(source, options, diagnostics)?,
    };
    substitute(&mut read.value, given, diagnostics);
    Some(read)
}

/// The definition of a state machine of a template, with the values of that in it: what they make of a text is what AWS sees.
fn read_machine(
    source: &SourceFile,
    origin: &Origin,
    given: &[Substitution],
    diagnostics: &mut Diagnostics,
) -> Option<Read> {
    let is_given = |name: &str| given.iter().any(|given| given.name() == name);
    let substitutions = origin.substitutions.iter().filter(|found| !is_given(found.name()));
    let substitutions: Vec<_> = substitutions.cloned().collect();
    let problems = origin.part.iter().flat_map(|part| &part.problems);
    problems.for_each(|problem| diagnostics.push(problem.clone()));
    let value = match origin.part.as_ref().map(|part| &part.written) {
        Some(Written::Value(value)) => {
            let mut value = value.clone();
            resolve_functions(&mut value);
            substitute(&mut value, &substitutions, diagnostics);
            value
        }
        Some(Written::Text(text)) => read_text(text.clone(), "definition.json", &substitutions, diagnostics)?,
        None if substitutions.is_empty() || source.fault().is_some() => read_alone(source, diagnostics)?,
        None => read_text(Text::of_file(source.text()), source.name(), &substitutions, diagnostics)?,
    };
    let is_part = origin.part.is_some() || !substitutions.is_empty();
    Some(Read { value, machine_type: origin.machine_type, is_part })
}

fn read_text(
    mut text: Text,
    name: &str,
    substitutions: &[Substitution],
    diagnostics: &mut Diagnostics,
) -> Option<Value> {
    substitute_text(&mut text, substitutions, diagnostics);
    let mut value = parse_text(&text, name, diagnostics)?;
    replace_functions(&mut value);
    Some(value)
}

/// A definition in a separate file.
fn read_alone(source: &SourceFile, diagnostics: &mut Diagnostics) -> Option<Value> {
    let mut value = read_value(source, diagnostics)?;
    replace_functions(&mut value);
    Some(value)
}

/// The definition that a file is, or the only one that it holds as a template.
fn read_file(source: &SourceFile, options: &Options, diagnostics: &mut Diagnostics) -> Option<Read> {
    let mut found = Diagnostics::default();
    let root = read_template(source, &mut found);
    let found = found.into_sorted();
    if let Some(template) = root.as_ref().and_then(Template::of) {
        let Some(machine) = template.only().filter(|machine| machine.content.is_here()) else {
            diagnostics.push(template.refuse(options.file_name_for_help.is_some()));
            return None;
        };
        return read_machine(source, &machine.origin(&found), &options.substitutions, diagnostics);
    }
    let is_function = source.is_yaml() && source.text().contains('!');
    let value = if is_function {
        // What could be a function in a template means nothing here.
        read_alone(source, diagnostics)?
    } else {
        found.into_iter().for_each(|found| diagnostics.push(found));
        let mut value = root?;
        replace_functions(&mut value);
        value
    };
    Some(Read { value, machine_type: None, is_part: false })
}
