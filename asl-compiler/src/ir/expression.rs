//! JSONata expressions, lowered.

use crate::jsonata;

/// A JSONata expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// The field that it is the value of, for error texts: `Output/order/total`.
    pub field: String,
    /// The expression as written, for error texts.
    pub text: String,
    /// Its structure.
    pub tree: jsonata::Expression,
}
