//! Fields that hold paths.

use super::Fields;
use crate::code::Code;
use crate::definition::choice::is_operator;
use crate::definition::{Reader, ResultPath, Selection};
use crate::diagnostic::Diagnostic;
use crate::intrinsic::is_intrinsic;
use crate::json::{Kind, Text};
use crate::path::{Path, Root, Written};
use crate::state_fields::StateField;

impl Fields<'_> {
    /// `InputPath` or `OutputPath`: a path, or `null`.
    pub(crate) fn selection(&mut self, name: &str, reader: &mut Reader<'_>) -> Selection {
        let Some(value) = self.value(name) else { return Selection::Whole };
        if value.is_null() {
            return Selection::Nothing;
        }
        let Kind::String(text) = &value.kind else {
            self.wrong_type::<()>(name, value, "a path or `null`", reader);
            return Selection::Whole;
        };
        match path(name, text, reader) {
            Some(path) if path.is_whole() => Selection::Whole,
            Some(path) => Selection::Path(path),
            None => Selection::Whole,
        }
    }

    /// A path to a single value.
    pub(crate) fn reference_path(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<Path> {
        let text = self.text(name, reader)?;
        reference(name, text, reader)
    }

    /// `ResultPath`: a reference path into the state's input, or `null`.
    pub(crate) fn result_path(&mut self, reader: &mut Reader<'_>) -> ResultPath {
        let Some(value) = self.value("ResultPath") else { return ResultPath::Replace };
        if value.is_null() {
            return ResultPath::Discard;
        }
        let Kind::String(text) = &value.kind else {
            self.wrong_type::<()>("ResultPath", value, "a reference path or `null`", reader);
            return ResultPath::Replace;
        };
        match written(text, reader) {
            Some(path) if path.steps.is_empty() => ResultPath::Replace,
            Some(path) => ResultPath::At(path),
            None => ResultPath::Replace,
        }
    }
}

/// A full path as the value of the field `name`.
pub(crate) fn path(name: &str, text: &Text, reader: &mut Reader<'_>) -> Option<Path> {
    if is_intrinsic(text) {
        reader.report(
            Diagnostic::new(
                Code::InvalidPath,
                text.span,
                format!("`{name}` cannot be an intrinsic function"),
            )
            .label("expected a path"),
        );
        return None;
    }
    Written::parse(text, reader.diagnostics)?.resolve(reader.place, reader.diagnostics)
}

/// A path that leads to one value as the value of the field `name`.
pub(crate) fn reference(name: &str, text: &Text, reader: &mut Reader<'_>) -> Option<Path> {
    if is_intrinsic(text) {
        return path(name, text, reader);
    }
    let path = Written::parse(text, reader.diagnostics)?;
    if let Some((span, what)) = path.part_of_no_reference() {
        let message = format!("`{}` is not a reference path, which `{name}` needs", text.value);
        let diagnostic = Diagnostic::new(Code::InvalidReferencePath, span, message);
        reader.report(diagnostic.label(format!("{what} is not possible in a reference path")));
        return None;
    }
    if let Some(span) = path.operator_in_name() {
        let message = format!("`{}` is not a reference path, which `{name}` needs", text.value);
        let diagnostic = Diagnostic::new(Code::InvalidReferencePath, span, message);
        reader.report(
            diagnostic
                .label("a character in it cannot be in a plain name")
                .help("write such a name in brackets and quotes: `$['a:name']`"),
        );
        return None;
    }
    path.resolve(reader.place, reader.diagnostics)
}

/// A `ResultPath`: it is written to, so that it has to be in the state's own data.
fn written(text: &Text, reader: &mut Reader<'_>) -> Option<Path> {
    if is_intrinsic(text) {
        return path("ResultPath", text, reader);
    }
    let path = Written::parse(text, reader.diagnostics)?;
    let what = match path.root {
        Root::Data => return reference("ResultPath", text, reader),
        Root::Context => "the context object cannot be written to",
        Root::Variable(_) => "a variable is written to with `Assign`",
    };
    let message = format!("`ResultPath` cannot be `{}`", text.value);
    reader.report(Diagnostic::new(Code::InvalidReferencePath, text.span, message).label(what));
    None
}

/// Where a path belongs that was written as the constant of a field in JSONPath: the field `...Path`, if there is one.
pub(in crate::definition) fn in_its_field(name: &str, text: &str) -> Option<String> {
    let path_name = format!("{name}Path");
    let is_field = StateField::of(&path_name).is_some_and(|row| row.is_in(false)) || is_operator(&path_name);
    let is_path = text.starts_with("$.") || text.starts_with("$[");
    (is_path && is_field).then(|| format!("write `\"{path_name}\": \"{text}\"`"))
}
