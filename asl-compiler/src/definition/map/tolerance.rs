//! `ToleratedFailurePercentage`.

use super::parse_number_path;
use crate::checked;
use crate::definition::fields::Fields;
use crate::definition::{At, Expression, Found, Names, Part, Reader, Reported};
use crate::path::Path;
use crate::source::Span;

/// A part of a hundred.
#[derive(Clone, Debug, PartialEq)]
pub enum Percentage {
    /// Given in the definition: from 0 to 100, with a fraction if need be.
    Constant(At<f64>),
    /// Given by an expression.
    Expression(Expression),
    /// Found in the input.
    Path(Path),
}

impl Percentage {
    /// Where it is.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Constant(at) => at.span,
            Self::Expression(expression) => expression.span,
            Self::Path(path) => path.span,
        }
    }
}

impl Part for Percentage {
    type Checked = checked::Percentage;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Constant(_) => {}
            Self::Expression(expression) => expression.find(found),
            Self::Path(path) => path.find(found),
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Percentage, Reported> {
        Ok(match self {
            Self::Constant(at) => checked::Percentage::Constant(at.value),
            Self::Expression(expression) => checked::Percentage::Expression(expression.checked(names)?),
            Self::Path(path) => checked::Percentage::Path(path.lower()),
        })
    }
}

pub(super) fn parse_percentage(fields: &mut Fields<'_>, reader: &mut Reader<'_>) -> Option<Percentage> {
    const NAME: &str = "ToleratedFailurePercentage";
    const PATH_NAME: &str = "ToleratedFailurePercentagePath";
    fields.exclusive(&[NAME, PATH_NAME], reader);
    if let Some(expression) = fields.expression(NAME, reader) {
        return Some(Percentage::Expression(expression));
    }
    let constant = fields.number(NAME, 0.0..=100.0, reader).map(Percentage::Constant);
    let path = parse_number_path(fields, PATH_NAME, reader).map(Percentage::Path);
    constant.or(path)
}
