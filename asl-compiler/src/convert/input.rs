//! What the paths of a field start at.
//!
//! In: `InputPath`, a template, or what JSONata calls the input, the result or the error output. Out: the value at the first steps of a path, as an
//! expression or a part of the template.

use super::code::{Code, literal, step};
use crate::json::Value;

/// What `$` is.
#[derive(Clone, Debug)]
pub(super) enum Input<'a> {
    /// What an expression comes to.
    Code(Code),
    /// What a template comes to, whose own paths start elsewhere.
    Template(&'a Value, Box<Input<'a>>),
    /// A value of the definition, in which nothing is looked up.
    Constant(&'a Value),
}

impl<'a> Input<'a> {
    /// The input of a state.
    pub(super) fn state() -> Self {
        Self::Code(Code::atom("$states.input"))
    }

    /// The result of a task, or the array of those of branches or iterations.
    pub(super) fn result() -> Self {
        Self::Code(Code::atom("$states.result"))
    }

    /// What a catcher gets.
    pub(super) fn error() -> Self {
        Self::Code(Code::atom("$states.errorOutput"))
    }

    /// Whether it is that field of `$states`, and nothing else.
    pub(super) fn is(&self, field: &str) -> bool {
        matches!(self, Self::Code(code) if code.text == field)
    }

    /// A field of it. Of a template it is what the template has there.
    pub(super) fn member(&self, name: &str, converter: &mut super::Converter<'a>) -> Option<Input<'a>> {
        match self {
            Self::Code(code) => Some(Self::Code(Code::atom(format!(
                "{}{}",
                code.within(super::code::Binds::Atom),
                step(name)?
            )))),
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
            Self::Code(code) => Some(code.clone()),
            Self::Constant(value) => Some(literal(value)),
            Self::Template(value, inner) => converter.template_code(value, inner),
        }
    }
}
