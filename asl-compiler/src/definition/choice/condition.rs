//! The conditions of choice rules: what they read, and what becomes of them where nothing is at fault.

use super::{Comparison, Condition, Operand};
use crate::checked;
use crate::definition::{Found, Names, Part, Reported};
use crate::path::Path;
use crate::vocabulary::Property;

impl Part for Condition {
    type Checked = checked::Condition;

    fn find<'d>(&'d self, found: &mut Found<'d>) {
        match self {
            Self::Expression(expression) => expression.find(found),
            Self::Constant(_) => {}
            Self::And(conditions) | Self::Or(conditions) => conditions.find(found),
            Self::Not(inner) => inner.find(found),
            // Its `Variable` need not be there.
            Self::Test { comparison: Comparison::Is(Property::Present, _), .. } => {}
            Self::Test { variable, comparison, .. } => {
                variable.find(found);
                found.paths.extend(comparison.operand_path());
            }
        }
    }

    fn checked(&self, names: &mut Names<'_>) -> Result<checked::Condition, Reported> {
        Ok(match self {
            Self::Expression(expression) => checked::Condition::Expression(expression.checked(names)?),
            Self::Constant(constant) => checked::Condition::Constant(*constant),
            Self::And(all) => checked::Condition::And(all.checked(names)?),
            Self::Or(any) => checked::Condition::Or(any.checked(names)?),
            Self::Not(inner) => checked::Condition::Not(Box::new(inner.checked(names)?)),
            Self::Test { variable, comparison, .. } => {
                checked::Condition::Test { variable: variable.lower(), test: comparison.checked() }
            }
        })
    }
}

impl Comparison {
    /// The path of the `...Path` form.
    #[must_use]
    pub const fn operand_path(&self) -> Option<&Path> {
        match self {
            Self::String(_, Operand::Path(path))
            | Self::Numeric(_, Operand::Path(path))
            | Self::Boolean(Operand::Path(path))
            | Self::Timestamp(_, Operand::Path(path)) => Some(path),
            Self::String(..)
            | Self::Numeric(..)
            | Self::Boolean(_)
            | Self::Timestamp(..)
            | Self::StringMatches(_)
            | Self::Is(..) => None,
        }
    }

    fn checked(&self) -> checked::Test {
        match self {
            Self::String(relation, value) => {
                checked::Test::String(*relation, value.checked(|text| text.value.clone()))
            }
            Self::Numeric(relation, value) => checked::Test::Numeric(*relation, value.checked(Clone::clone)),
            Self::Boolean(value) => checked::Test::Boolean(value.checked(Clone::clone)),
            Self::Timestamp(relation, value) => {
                checked::Test::Timestamp(*relation, value.checked(Clone::clone))
            }
            Self::StringMatches(parts) => checked::Test::StringMatches(parts.clone()),
            Self::Is(property, wanted) => checked::Test::Is(*property, *wanted),
        }
    }
}

impl<T> Operand<T> {
    fn checked<U>(&self, constant: impl FnOnce(&T) -> U) -> checked::Operand<U> {
        match self {
            Self::Constant(value) => checked::Operand::Constant(constant(value)),
            Self::Path(path) => checked::Operand::Path(path.lower()),
        }
    }
}
