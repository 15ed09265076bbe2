//! Stage 1: the text of a file as a value, in whichever of its languages it is written.
//!
//! In: a [`SourceFile`]. Out: a JSON value with places, and problems. Never knows what the value is.

use crate::diagnostic::Diagnostics;
use crate::json::{self, Value};
use crate::source::SourceFile;
use crate::yaml::{self, Tags};

/// The text of a file that is beside definitions as a value, JSON or YAML.
#[must_use]
pub fn read_value(source: &SourceFile, diagnostics: &mut Diagnostics) -> Option<Value> {
    parse(source, Tags::Refused, diagnostics)
}

/// The value of a whole file, JSON or YAML, with the short tags of a template as functions: `!Ref Table` is `{ "Ref": "Table" }`.
#[must_use]
pub fn read_template(source: &SourceFile, diagnostics: &mut Diagnostics) -> Option<Value> {
    parse(source, Tags::Functions, diagnostics)
}

fn parse(source: &SourceFile, tags: Tags, diagnostics: &mut Diagnostics) -> Option<Value> {
    if let Some(fault) = source.fault() {
        diagnostics.push(fault.clone());
        return None;
    }
    if source.is_yaml() { yaml::parse(source, tags, diagnostics) } else { json::parse(source, diagnostics) }
}
