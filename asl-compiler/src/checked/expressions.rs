//! JSONata expressions, and where they are in the fields of a state.

use super::{
    Catcher, Condition, ItemBatcher, ItemReader, Items, Output, Percentage, ResultPath, ResultWriter,
    Retrier, Rule, Seconds, Selection, Template, Text, Transition, Until,
};
use crate::jsonata;
use crate::vocabulary::{Constant, ExecutionType, MapMode, Path, StateId};
use std::sync::Arc;

/// A JSONata expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// The name of the function that it becomes: unique in the machine, and no keyword. The machine as a whole decides on it.
    pub function: String,
    /// The field that it is the value of, for error texts: `Output/order/total`.
    pub field: String,
    /// The expression as written, for error texts.
    pub text: String,
    /// Its structure.
    pub tree: Arc<jsonata::Expression>,
}

/// What can have expressions in it.
pub trait Expressions {
    /// Shows each of them, in order.
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression));
}

impl Expressions for Expression {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        see(self);
    }
}

impl<T: Expressions> Expressions for Option<T> {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        self.iter_mut().for_each(|inner| inner.each_expression(see));
    }
}

impl<T: Expressions> Expressions for Vec<T> {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        self.iter_mut().for_each(|inner| inner.each_expression(see));
    }
}

impl Expressions for (String, Template) {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        self.1.each_expression(see);
    }
}

impl Expressions for Template {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        match self {
            Self::Expression(expression) => see(expression),
            Self::Object(members) => members.each_expression(see),
            Self::Array(elements) => elements.each_expression(see),
            Self::Constant(_) | Self::Path { .. } | Self::Intrinsic { .. } => {}
        }
    }
}

impl Expressions for Output {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        match self {
            Self::Selection(_) => {}
            Self::Template(template) => template.each_expression(see),
        }
    }
}

impl Expressions for Items {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        match self {
            Self::Whole | Self::Path(_) | Self::Input => {}
            Self::Template(template) => template.each_expression(see),
        }
    }
}

impl Expressions for Condition {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        match self {
            Self::Expression(expression) | Self::Equals { value: expression, .. } => see(expression),
            // What is joined is not in JSONata.
            Self::Constant(_) | Self::And(_) | Self::Or(_) | Self::Not(_) | Self::Test { .. } => {}
        }
    }
}

impl Expressions for Rule {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        let Self { condition, assign, output, next: _ } = self;
        condition.each_expression(see);
        assign.each_expression(see);
        output.each_expression(see);
    }
}

impl Expressions for Catcher {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        let Self { error_equals: _, assign, result_path: _, output, next: _ } = self;
        assign.each_expression(see);
        output.each_expression(see);
    }
}

impl Expressions for ItemReader {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        self.parameters.each_expression(see);
        self.max_items.each_expression(see);
    }
}

impl Expressions for ItemBatcher {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        let Self { max_items, max_input_bytes, batch_input } = self;
        max_items.each_expression(see);
        max_input_bytes.each_expression(see);
        batch_input.each_expression(see);
    }
}

impl Expressions for ResultWriter {
    fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
        self.parameters.each_expression(see);
    }
}

/// What is an expression in one of its forms.
macro_rules! expression_in {
    ($($part:ident { $($with:ident)|+ },)*) => { $(
        impl Expressions for $part {
            fn each_expression(&mut self, see: &mut dyn FnMut(&mut Expression)) {
                if let $(Self::$with(expression))|+ = self {
                    see(expression);
                }
            }
        }
    )* };
}

expression_in! {
    Seconds { Expression },
    Percentage { Expression },
    Text { Expression },
    Until { SecondsExpression | TimestampExpression },
}

/// What never has expressions in it.
macro_rules! no_expression_in {
    ($($part:ty),* $(,)?) => { $(
        impl Expressions for $part {
            fn each_expression(&mut self, _: &mut dyn FnMut(&mut Expression)) {}
        }
    )* };
}

no_expression_in!(
    (),
    bool,
    MapMode,
    String,
    Constant,
    ExecutionType,
    Path,
    ResultPath,
    Retrier,
    Selection,
    StateId,
    Transition,
);
