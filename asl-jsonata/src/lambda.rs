//! Lambdas: variables that they share, partial application, composition.

use crate::data::Data;
use crate::evaluation::Evaluation;
use crate::failure::{Failure, Result};
use crate::function::{Function, Outcome, call_builtin};
use crate::functions::{MERGE, appended};
use crate::sequence::Collector;
use crate::view::View;
use asl_value::Value;
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// A variable that functions see while it changes.
#[derive(Clone)]
pub struct Variable(Rc<RefCell<Data>>);

impl Variable {
    pub(super) fn new(data: Data) -> Self {
        Self(Rc::new(RefCell::new(data)))
    }

    /// Its value.
    #[must_use]
    pub fn get(&self) -> Data {
        self.0.borrow().clone()
    }

    /// Sets its value.
    pub fn set(&self, data: Data) {
        // What was there is dropped when nothing holds the variable any more: dropping it can lead back here.
        let old = self.0.replace(data);
        drop(old);
    }
}

impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not its value: a function can lead back here.
        f.write_str("Variable")
    }
}

/// An argument of a lambda; nothing if it is left out.
#[must_use]
#[inline]
pub fn argument(arguments: &[Data], index: usize) -> View<'_> {
    arguments.get(index).map_or(View::Nothing, Data::view)
}

/// `function(a, ?)`: a function of the arguments that are left out.
///
/// # Errors
/// It is not a function.
pub fn partial<const N: usize>(function: View<'_>, arguments: [Option<Data>; N]) -> Result<Data> {
    let Some(function) = function.as_function().cloned() else {
        return Err(Failure::new("T1008", "Attempted to partially apply a non-function"));
    };
    let missing = arguments.iter().filter(|argument| argument.is_none()).count();
    let applied = Function::lambda(missing, move |evaluation, given| {
        let mut given = given.iter().cloned();
        let all: Vec<_> = arguments
            .iter()
            .map(|argument| argument.clone().unwrap_or_else(|| given.next().unwrap_or_default()))
            .collect();
        function.call_unchecked(evaluation, &all).map(Outcome::Data)
    });
    Ok(Data::Function(applied))
}

/// `left ~> right` where the right side is not a call, so many levels down in the expression.
///
/// # Errors
/// The right side is not a function, or it fails.
pub fn apply(evaluation: &Evaluation<'_>, levels: u32, left: Data, right: View<'_>) -> Result<Data> {
    let Some(right) = right.as_function() else {
        return Err(Failure::new(
            "T2006",
            "The right side of the function application operator ~> must be a function",
        ));
    };
    match left.as_function() {
        Some(left) => Ok(Data::Function(composed(left.clone(), right.clone()))),
        None => evaluation.deeper(levels, || right.call(evaluation, &[left])),
    }
}

fn composed(first: Function, second: Function) -> Function {
    Function::lambda(1, move |evaluation, arguments| {
        let argument = arguments.first().cloned().unwrap_or_default();
        let result = first.call(evaluation, &[argument])?.settled();
        // The caller calls it, so that a long chain of functions takes no more stack than one.
        Ok(Outcome::TailCall(Data::Function(second.clone()), vec![result]))
    })
}

/// What is called, where a name was written without a `$`.
///
/// # Errors
/// There is nothing, and a variable has that name.
pub fn procedure<'a>(function: View<'a>, is_variable: bool, partially: bool, name: &str) -> Result<View<'a>> {
    match (function, partially) {
        (View::Nothing, false) if is_variable => {
            let message = format!("Attempted to invoke a non-function. Did you mean ${name}?");
            Err(Failure::new("T1005", message))
        }
        (View::Nothing, true) if is_variable => {
            let message = format!("Attempted to partially apply a non-function. Did you mean ${name}?");
            Err(Failure::new("T1007", message))
        }
        _ => Ok(function),
    }
}

/// `$reduce` over an array with a function that is written in place.
#[derive(Debug)]
pub struct Reduction {
    total: Data,
    /// The first element is where it starts.
    from_first: bool,
    any: bool,
}

impl Reduction {
    /// The start: what is given, or else the first element.
    #[must_use]
    pub fn of(source: View<'_>, start: Data) -> Self {
        let from_first = start.is_nothing() && source.count() > 0;
        let total = if from_first { source.at(0).to_data() } else { start };
        Self { total, from_first, any: !source.is_nothing() }
    }

    /// The elements that are left, with their positions.
    pub fn rest<'a>(&self, source: View<'a>) -> impl Iterator<Item = (Option<f64>, View<'a>)> + use<'a> {
        crate::path::numbered(source).skip(usize::from(self.from_first))
    }

    /// What it has come to so far.
    #[must_use]
    pub fn total(&self) -> View<'_> {
        self.total.view()
    }

    /// What it comes to with the next element.
    ///
    /// # Errors
    /// It has grown too large.
    pub fn set(&mut self, evaluation: &Evaluation<'_>, total: Data) -> Result<()> {
        self.total = evaluation.bounded(total)?;
        Ok(())
    }

    /// It comes to `$append(total, added)`. The total is not copied.
    ///
    /// # Errors
    /// It has grown too large.
    pub fn append(&mut self, evaluation: &Evaluation<'_>, added: Data) -> Result<()> {
        let total = std::mem::take(&mut self.total);
        self.set(evaluation, appended(total, added))
    }

    /// It comes to `$merge([total, added])`. The total is not copied.
    ///
    /// # Errors
    /// One of the two is not an object, or it has grown too large.
    pub fn merge(&mut self, evaluation: &Evaluation<'_>, added: Data) -> Result<()> {
        let total = std::mem::take(&mut self.total);
        let merged = match (total, added) {
            (Data::Value(Value::Object(mut total)), Data::Value(Value::Object(added))) => {
                total.merge(&added);
                Data::Value(Value::Object(total))
            }
            (total, added) => {
                let mut objects = Collector::new();
                objects.append(total);
                objects.append(added);
                call_builtin(evaluation, &MERGE, View::Nothing, &[objects.into_array()])?
            }
        };
        self.set(evaluation, merged)
    }

    /// What it has come to; nothing of nothing.
    #[must_use]
    pub fn result(self) -> Data {
        if self.any { self.total } else { Data::Nothing }
    }
}
