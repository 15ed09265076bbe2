//! What the paths of a field start at.
//!
//! In: `InputPath`, a template, or what JSONata calls the result or the error output. Out: the value at the first steps of a path, as an
//! expression or a part of the template.

use super::code::{Binds, Code, literal, step};
use super::output::{rest_of, variable, with_fields};
use crate::json::Value;

/// What `$` is.
#[derive(Clone, Debug)]
pub(super) enum Input<'a> {
    /// The data of the state: its input, with the variables that only carry on what would be in it.
    Data,
    /// What an expression comes to.
    Code(Code),
    /// What a template comes to, whose own paths start elsewhere.
    Template(&'a Value, Box<Input<'a>>),
    /// A value of the definition, in which nothing is looked up.
    Constant(&'a Value),
}

impl<'a> Input<'a> {
    /// The result of a task, or the array of those of branches or iterations.
    pub(super) fn result() -> Self {
        Self::Code(Code::atom("$states.result"))
    }

    /// What a catcher gets.
    pub(super) fn error() -> Self {
        Self::Code(Code::atom("$states.errorOutput"))
    }

    /// A field of it. Of a template it is what the template has there.
    pub(super) fn member(&self, name: &str, converter: &mut super::Converter<'a>) -> Option<Input<'a>> {
        let of = |code: &Code| Some(Code::atom(format!("{}{}", code.within(Binds::Atom), step(name)?)));
        match self {
            Self::Data => {
                converter.note_field(name);
                let entry = converter.here();
                match entry.fields.get(name) {
                    Some(name) => Some(Self::Code(variable(name))),
                    None => of(&rest_of(&entry)).map(Self::Code),
                }
            }
            Self::Code(code) => of(code).map(Self::Code),
            Self::Constant(value) => Some(Self::Constant(value.get(name)?)),
            Self::Template(value, inner) => {
                if let Some(value) = value.get(&format!("{name}.$")) {
                    return converter.dynamic(value.as_text()?, inner).map(Self::Code);
                }
                Some(Self::Template(value.get(name)?, inner.clone()))
            }
        }
    }

    /// All of it as an expression.
    pub(super) fn as_code(&self, converter: &mut super::Converter<'a>) -> Option<Code> {
        match self {
            Self::Data => {
                converter.note_whole();
                let entry = converter.here();
                let fields = entry.fields.iter().map(|(field, name)| (field.clone(), variable(name)));
                Some(with_fields(rest_of(&entry), &Vec::from_iter(fields)))
            }
            Self::Code(code) => Some(code.clone()),
            Self::Constant(value) => Some(literal(value)),
            Self::Template(value, inner) => converter.template_code(value, inner),
        }
    }
}
