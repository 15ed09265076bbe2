//! Compiled expressions as users meet them: `jsonata!("..")`.
//!
//! In: data, and values for variables. Out: a value, nothing, or a [`Failure`].

use crate::evaluation::{Environment, Evaluation, EvaluationLimits};
use crate::failure::{Failure, Result};
use crate::random;
use asl_value::{Object, Text, Value};
use serde_core::Serialize;
use std::cell::Cell;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

/// The code of an expression.
type Code = fn(&Evaluation<'_>) -> Result<Option<Value>>;

/// A compiled expression, made by `jsonata!`.
#[derive(Clone, Copy)]
pub struct Compiled {
    text: &'static str,
    code: Code,
}

impl Compiled {
    /// An expression of its text and its code; for generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(text: &'static str, code: Code) -> Self {
        Self { text, code }
    }

    /// The expression as it was written.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    /// Evaluates it on data, which is `$` and `$$`; no value is what the reference implementation calls `undefined`.
    ///
    /// # Errors
    /// As the expression and the data say: [`Failure::code`] is the code of the reference implementation.
    pub fn evaluate(&self, data: &Value) -> Result<Option<Value>> {
        Bindings::new().evaluate(self, data)
    }

    /// Evaluates it on anything that can be JSON.
    ///
    /// # Errors
    /// As [`evaluate`](Self::evaluate), or the data cannot be JSON.
    pub fn evaluate_on<T: Serialize + ?Sized>(&self, data: &T) -> Result<Option<Value>> {
        let data = Value::from_serialize(data).map_err(|error| Failure::bound(error.to_string()))?;
        self.evaluate(&data)
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Compiled").field(&self.text).finish()
    }
}

/// Values for the variables of expressions, and how far an evaluation may go.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    variables: Object,
    limits: EvaluationLimits,
}

impl Bindings {
    /// No variables, and only the limits that keep the program alive.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Binds a variable by its name without the `$`.
    #[must_use]
    pub fn bind(mut self, name: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.variables.insert(name, value);
        self
    }

    /// Limits the evaluation.
    #[must_use]
    pub const fn with_limits(mut self, limits: EvaluationLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Evaluates an expression on data.
    ///
    /// # Errors
    /// As [`Compiled::evaluate`].
    #[inline]
    pub fn evaluate(&self, expression: &Compiled, data: &Value) -> Result<Option<Value>> {
        let surroundings = self.surroundings();
        let evaluation = Evaluation::new(&surroundings, &self.limits).on(data);
        (expression.code)(&evaluation)
    }

    /// Evaluates an expression that needs no data.
    ///
    /// # Errors
    /// As [`Compiled::evaluate`].
    #[inline]
    pub fn evaluate_alone(&self, expression: &Compiled) -> Result<Option<Value>> {
        let surroundings = self.surroundings();
        (expression.code)(&Evaluation::new(&surroundings, &self.limits))
    }

    #[inline]
    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { variables: &self.variables, random: Cell::new(None) }
    }
}

fn seed() -> u64 {
    RandomState::new().hash_one(0)
}

/// What an expression sees that is in no state.
struct Surroundings<'a> {
    variables: &'a Object,
    /// Where the random numbers are; most expressions ask for none.
    random: Cell<Option<u64>>,
}

impl Environment for Surroundings<'_> {
    #[inline]
    fn variables(&self) -> &Object {
        self.variables
    }

    fn now_millis(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn random(&self) -> f64 {
        let state = self.random.get().unwrap_or_else(seed);
        self.random.set(Some(state.wrapping_add(random::STEP)));
        random::unit(random::mix(state))
    }
}
