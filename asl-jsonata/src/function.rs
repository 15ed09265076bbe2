//! Functions as values, and calling them.

use crate::data::Data;
use crate::deferred::Deferred;
use crate::evaluation::Evaluation;
use crate::failure::{Failure, Result};
use crate::functions::Arguments;
use crate::signature::{Parameter, check_types, validated};
use crate::view::View;
use asl_value::Value;
use std::any::Any;
use std::fmt;
use std::rc::Rc;

/// A built-in function.
#[derive(Clone, Copy)]
pub struct Builtin {
    /// The name without the `$`.
    pub name: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter<'static>],
    /// How many arguments it says that it takes, which decides what higher-order functions call it with.
    pub arity: usize,
    /// What it does. It gets arguments that fit the parameters: the context is filled in, and arrays are arrays.
    pub call: fn(&Evaluation<'_>, Arguments<'_>) -> Result<Data>,
}

/// What the body of a lambda comes to.
#[derive(Debug)]
pub enum Outcome {
    /// A result.
    Data(Data),
    /// A call in tail position, which the caller of the lambda goes on with.
    TailCall(Data, Vec<Data>),
}

impl Outcome {
    /// A call in tail position.
    #[must_use]
    pub fn tail_call<const N: usize>(function: Data, arguments: [Data; N]) -> Self {
        Self::TailCall(function, arguments.into())
    }
}

pub(super) type Body = dyn Fn(&Evaluation<'_>, &[Data]) -> Result<Outcome>;

/// A function.
#[derive(Clone)]
pub struct Function(Rc<Inner>);

enum Inner {
    Builtin(&'static Builtin),
    Lambda { arity: usize, body: Deferred },
    Signed { parameters: &'static [Parameter<'static>], function: Function },
    Matcher { matcher: Rc<dyn Any>, call: fn(&Rc<dyn Any>, &Evaluation<'_>, Arguments<'_>) -> Result<Data> },
}

impl Function {
    /// A built-in function as a value.
    #[must_use]
    pub fn builtin(builtin: &'static Builtin) -> Self {
        Self(Rc::new(Inner::Builtin(builtin)))
    }

    /// A function of this many parameters. Arguments that a caller leaves out are nothing.
    #[must_use]
    pub fn lambda(
        arity: usize,
        body: impl Fn(&Evaluation<'_>, &[Data]) -> Result<Outcome> + 'static,
    ) -> Self {
        Self(Rc::new(Inner::Lambda { arity, body: Deferred::new(Box::new(body)) }))
    }

    /// The same with a signature.
    #[must_use]
    pub fn signed(self, parameters: &'static [Parameter<'static>]) -> Self {
        Self(Rc::new(Inner::Signed { parameters, function: self }))
    }

    /// A regular expression, which is a function too: `call` is what it does with its arguments.
    #[must_use]
    pub fn matcher(
        matcher: Rc<dyn Any>,
        call: fn(&Rc<dyn Any>, &Evaluation<'_>, Arguments<'_>) -> Result<Data>,
    ) -> Self {
        Self(Rc::new(Inner::Matcher { matcher, call }))
    }

    /// The regular expression that was given to [`matcher`](Self::matcher), if this is one.
    #[must_use]
    pub fn as_matcher<T: 'static>(&self) -> Option<&T> {
        match &*self.0 {
            Inner::Matcher { matcher, .. } => matcher.downcast_ref(),
            Inner::Builtin(_) | Inner::Lambda { .. } | Inner::Signed { .. } => None,
        }
    }

    /// How many arguments it says that it takes.
    #[must_use]
    pub fn arity(&self) -> usize {
        match &*self.0 {
            Inner::Builtin(builtin) => builtin.arity,
            Inner::Lambda { arity, .. } => *arity,
            Inner::Signed { function, .. } => function.arity(),
            Inner::Matcher { .. } => 2,
        }
    }

    /// Whether both are one function.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
            || matches!((&*self.0, &*other.0), (Inner::Builtin(one), Inner::Builtin(other)) if std::ptr::eq(*one, *other))
    }

    /// What tells it from functions that are not the [same](Self::same).
    pub(super) fn address(&self) -> usize {
        match &*self.0 {
            Inner::Builtin(builtin) => std::ptr::from_ref::<Builtin>(builtin).addr(),
            Inner::Signed { .. } | Inner::Lambda { .. } | Inner::Matcher { .. } => Rc::as_ptr(&self.0).addr(),
        }
    }

    /// Calls it with arguments that are taken as they are, as the reference does with applied functions: no context is filled in, and
    /// nothing is made an array. What the function cannot take makes the reference break.
    pub(super) fn call_unchecked(&self, evaluation: &Evaluation<'_>, arguments: &[Data]) -> Result<Data> {
        match &*self.0 {
            Inner::Builtin(builtin) => {
                check_types(builtin.name, builtin.parameters, arguments)?;
                evaluation.nested(|| (builtin.call)(evaluation, Arguments::new(arguments)))
            }
            Inner::Signed { function, .. } => function.call_unchecked(evaluation, arguments),
            Inner::Lambda { .. } | Inner::Matcher { .. } => self.call(evaluation, arguments),
        }
    }

    /// Calls it. The result is as the function returns it, a sequence of one may be one still: [`Data::settled`] ends the evaluation
    /// of a call that is in an expression, and higher-order functions take results as they are.
    ///
    /// # Errors
    /// The function fails.
    pub fn call(&self, evaluation: &Evaluation<'_>, arguments: &[Data]) -> Result<Data> {
        const NULL: &Value = &Value::Null;
        self.call_in(evaluation, arguments, View::Value(NULL))
    }

    /// Calls it where a context takes the place of missing arguments.
    ///
    /// # Errors
    /// The function fails.
    pub fn call_in(
        &self,
        evaluation: &Evaluation<'_>,
        arguments: &[Data],
        context: View<'_>,
    ) -> Result<Data> {
        let mut outcome = evaluation.nested(|| self.start(evaluation, arguments, context))?;
        loop {
            match outcome {
                Outcome::Data(data) => return evaluation.bounded(data),
                Outcome::TailCall(function, arguments) => {
                    let Data::Function(function) = function else { return Err(not_a_function()) };
                    arguments.iter().try_for_each(|argument| evaluation.check_size(argument))?;
                    outcome = evaluation.nested(|| function.start(evaluation, &arguments, context))?;
                }
            }
        }
    }

    fn start(&self, evaluation: &Evaluation<'_>, arguments: &[Data], context: View<'_>) -> Result<Outcome> {
        match &*self.0 {
            Inner::Builtin(builtin) => {
                call_builtin(evaluation, builtin, context, arguments).map(Outcome::Data)
            }
            Inner::Lambda { body, .. } => body.call(evaluation, arguments),
            Inner::Signed { parameters, function, .. } => {
                let valid = validated("", parameters, arguments, context)?;
                function.start(evaluation, &valid, context)
            }
            Inner::Matcher { matcher, call } => {
                call(matcher, evaluation, Arguments::new(arguments)).map(Outcome::Data)
            }
        }
    }
}

/// Calls what must be a function, so many levels down in the expression.
///
/// # Errors
/// It is none, or it fails.
pub fn call(
    evaluation: &Evaluation<'_>,
    levels: u32,
    function: View<'_>,
    context: View<'_>,
    arguments: &[Data],
) -> Result<Data> {
    match function.as_function() {
        Some(function) => evaluation.deeper(levels, || function.call_in(evaluation, arguments, context)),
        None => Err(not_a_function()),
    }
}

/// Calls a built-in function that may call others, so many levels down in the expression.
///
/// # Errors
/// The arguments do not fit, or the function fails.
pub fn call_higher_order(
    evaluation: &Evaluation<'_>,
    levels: u32,
    builtin: &Builtin,
    context: View<'_>,
    arguments: &[Data],
) -> Result<Data> {
    evaluation.deeper(levels, || call_builtin(evaluation, builtin, context, arguments))
}

/// Calls a built-in function by its name in the program.
///
/// # Errors
/// The arguments do not fit, or the function fails.
pub fn call_builtin(
    evaluation: &Evaluation<'_>,
    builtin: &Builtin,
    context: View<'_>,
    arguments: &[Data],
) -> Result<Data> {
    let valid = validated(builtin.name, builtin.parameters, arguments, context)?;
    (builtin.call)(evaluation, Arguments::new(&valid))
}

#[cold]
fn not_a_function() -> Failure {
    Failure::new("T1006", "Attempted to invoke a non-function")
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Inner::Builtin(builtin) => write!(f, "${}", builtin.name),
            Inner::Lambda { .. } | Inner::Signed { .. } => f.write_str("function"),
            Inner::Matcher { .. } => f.write_str("regular expression"),
        }
    }
}

impl fmt::Debug for Builtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}", self.name)
    }
}
