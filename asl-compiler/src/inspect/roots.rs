//! Inspection: the definitions of a file that may be in the middle of being written.
//!
//! In: a [`SourceFile`]. Out: the definition that it is, or those in it if it is a template. Nothing has to be right.

use super::read;
use crate::diagnostic::Diagnostics;
use crate::document::read_template;
use crate::embedded::{Content, Embedded, Template, place};
use crate::json::Value;
use crate::source::{SourceFile, Span};

/// A definition in a file.
#[derive(Debug)]
pub(super) struct Root {
    pub(super) value: Value,
    pub(super) written: Written,
    /// What its template calls it, and where.
    pub(super) name: Option<(String, Span)>,
}

/// How names are written in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    Json,
    Yaml,
    /// As JSON inside of a string, with the escapes of that.
    Escaped,
}

/// The definitions, in the order of the file.
pub(super) fn read(source: &SourceFile) -> Vec<Root> {
    let yaml = source.is_yaml().then(|| read_template(source, &mut Diagnostics::default())).flatten();
    let value = yaml.unwrap_or_else(|| read::read(source));
    let written = if source.is_yaml() { Written::Yaml } else { Written::Json };
    let template = Template::of(&value);
    let machines = template.iter().flat_map(|template| &template.machines);
    let roots: Vec<_> = machines.filter_map(|machine| of_machine(source, machine, written)).collect();
    if roots.is_empty() { vec![Root { value, written, name: None }] } else { roots }
}

fn of_machine(source: &SourceFile, machine: &Embedded<'_>, written: Written) -> Option<Root> {
    let (value, written) = match &machine.content {
        Content::Value(value) => ((*value).clone(), written),
        Content::Text(text) => {
            let mut value = read::read(&SourceFile::new("", text.value.as_str()));
            place(&mut value, text);
            let is_escaped = written == Written::Json || source.slice(text.span).starts_with('"');
            (value, if is_escaped { Written::Escaped } else { Written::Json })
        }
        Content::File(_) | Content::Elsewhere(_) => return None,
    };
    Some(Root { value, written, name: Some((machine.name.clone(), machine.place)) })
}
