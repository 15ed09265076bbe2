//! Operators and functions that are given what they never take.

use super::Inference;
use crate::diagnostic::Severity;
use crate::jsonata::check::{Finding, Known, Letter, typed_faults};
use crate::jsonata::tree::Expression;
use crate::shape::{Array, Kinds, Shape, Values};
use asl_value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// What the parts of an expression give, as far as they were looked at.
#[derive(Debug, Default)]
pub(super) struct Types(HashMap<*const Expression, Shape>);

impl Types {
    pub(super) fn insert(&mut self, expression: &Expression, given: &Shape) {
        if !given.is_unknown() {
            self.0.insert(std::ptr::from_ref(expression), given.clone());
        }
    }

    /// What a part yields, if anything is known about it.
    pub(super) fn shape(&self, expression: &Expression) -> Option<&Shape> {
        self.0.get(&std::ptr::from_ref(expression))
    }
}

impl Known for Types {
    fn letter(&self, expression: &Expression) -> Option<Letter> {
        self.shape(expression).and_then(letter)
    }

    fn letters(&self, expression: &Expression) -> Option<String> {
        self.shape(expression).and_then(letters)
    }

    fn texts(&self, expression: &Expression) -> Option<Vec<Arc<str>>> {
        let kinds = self.shape(expression)?.kinds()?;
        let Values::OneOf(texts) = &kinds.strings else { return None };
        let is_only = letters(self.shape(expression)?)? == "s";
        (is_only && texts.iter().all(|text| !text.is_empty())).then(|| texts.clone())
    }

    fn value(&self, expression: &Expression) -> Option<Value> {
        self.shape(expression)?.only_value()
    }

    fn has_several(&self, expression: &Expression) -> bool {
        let kinds = self.shape(expression).and_then(Shape::kinds);
        let array = kinds.and_then(|kinds| kinds.array.as_ref());
        matches!(array, Some(Array::Tuple(elements)) if elements.len() > 1)
    }

    fn item(&self, expression: &Expression, is: &dyn Fn(&Letter) -> bool) -> Option<Letter> {
        let array = self.shape(expression)?.kinds()?.array.as_ref()?;
        let Array::Tuple(items) = array else { return self.items(expression).filter(is) };
        items.iter().filter_map(letter).find(|found| is(found))
    }

    fn items(&self, expression: &Expression) -> Option<Letter> {
        letter(&self.shape(expression)?.kinds()?.array.as_ref()?.element())
    }
}

impl Inference<'_, '_, '_> {
    /// Reports an operator or a call whose parts were looked at. `first` is what a call is applied to.
    pub(super) fn check_types(&mut self, expression: &Expression, first: Option<&Expression>) {
        let is_bound = |name: &str| self.scope.binds(name);
        let found = typed_faults(expression, first, &is_bound, self.scope.has_context(), &self.types);
        self.report(found);
    }

    pub(super) fn report(&mut self, found: Vec<Finding>) {
        for mut finding in found {
            if !self.is_sure {
                finding.severity = Severity::Warning;
            }
            if let Some(diagnostic) = self.expression.diagnostic(&finding) {
                self.faults.push(diagnostic);
            }
        }
    }
}

/// The type of a value that can only be of one.
fn letter(shape: &Shape) -> Option<Letter> {
    let letters = letters(shape)?;
    let mut letters = letters.chars();
    letters.next().filter(|_| letters.next().is_none())
}

/// The types that a value may be of.
fn letters(shape: &Shape) -> Option<String> {
    let Kinds { null, booleans, numbers, strings, array, object } = shape.kinds()?;
    let kinds = [
        ('l', *null),
        ('b', !Values::is_none(booleans)),
        ('n', !numbers.is_none()),
        ('s', !strings.is_none()),
        ('a', array.is_some()),
        ('o', object.is_some()),
    ];
    Some(kinds.into_iter().filter_map(|(letter, is)| is.then_some(letter)).collect())
}

/// What `$type` returns for a value.
pub(super) fn names_of_types(shape: &Shape) -> Option<Shape> {
    let name = |letter| match letter {
        'l' => "null",
        'b' => "boolean",
        'n' => "number",
        's' => "string",
        'a' => "array",
        _ => "object",
    };
    let names = letters(shape)?;
    names.chars().map(|letter| Shape::constant_string(name(letter))).reduce(|all, one| all.join(&one))
}
