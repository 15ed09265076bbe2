//! The built-in functions: a file a family.
//!
//! **The convention.** A function `name` is `fn name(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data>` in its family,
//! and the macro `builtins!` there makes a `static` of it, its name in capitals, with the name and the signature of the reference:
//!
//! ```ignore
//! builtins! {
//!     SUBSTRING = substring, "substring", "<s-nn?:s>", 3;
//! }
//! ```
//!
//! The last number is the count of parameters that the reference's implementation has (`Function.length` of JavaScript: those before the
//! first one with a default), which is what higher-order functions ask for (`$map(x, $uppercase)` calls it with one argument).
//!
//! - Arguments come as the signature wants them: the context is filled in for `-`, what is not an array has been made one for `a`, and types
//!   fit (T0410, T0411 and T0412 happen before the function is called). What is left out, or nothing, is nothing: [`Arguments::get`].
//! - A result sequence is given as one ([`Collector::into_sequence`](crate::Collector::into_sequence)), even when it is empty or has one
//!   element: the caller settles it. An array that is not a sequence stays an array.
//! - Functions among the arguments are called with [`Function::call`](crate::Function::call), with as many arguments as
//!   [`Function::arity`](crate::Function::arity) says; the results are taken as they are.
//! - Loops whose length the data decides count their steps with [`Evaluation::step`](crate::Evaluation::step).
//! - All statics are exported flat from here, because compiled expressions name them `functions::SUBSTRING_BEFORE`
//!   (`$substringBefore`): a `_` before each capital of the name.

mod aggregation;
mod arrays;
mod dates;
mod encoding;
pub(crate) mod higher_order;
mod matching;
mod numbers;
mod objects;
mod states;
mod strings;
mod values;

pub use aggregation::{AVERAGE, COUNT, MAX, MIN, SUM};
pub(crate) use arrays::appended;
pub use arrays::{APPEND, DISTINCT, REVERSE, SHUFFLE, ZIP};
pub use dates::{FROM_MILLIS, MILLIS, NOW, TO_MILLIS};
pub use encoding::{
    BASE64DECODE, BASE64ENCODE, DECODE_URL, DECODE_URL_COMPONENT, ENCODE_URL, ENCODE_URL_COMPONENT,
};
pub use higher_order::{EACH, FILTER, MAP, REDUCE, SIFT, SINGLE, SORT};
pub use matching::{CONTAINS, MATCH, REPLACE, SPLIT};
pub use numbers::{
    ABS, CEIL, FLOOR, FORMAT_BASE, FORMAT_INTEGER, FORMAT_NUMBER, NUMBER, PARSE_INTEGER, POWER, ROUND, SQRT,
};
pub use objects::{KEYS, LOOKUP, MERGE, SPREAD};
pub use states::{HASH, PARSE, PARTITION, RANDOM, RANGE, UUID};
pub use strings::{
    JOIN, LENGTH, LOWERCASE, PAD, STRING, SUBSTRING, SUBSTRING_AFTER, SUBSTRING_BEFORE, TRIM, UPPERCASE,
};
pub use values::{ASSERT, BOOLEAN, CLONE, ERROR, EXISTS, NOT, TYPE};

use crate::data::Data;
use crate::function::Function;
use crate::view::{Elements, View};

/// Makes the statics of built-in functions.
macro_rules! builtins {
    ($($constant:ident = $function:path, $name:literal, $signature:literal, $arity:literal;)*) => {
        $(
            #[doc = concat!("`$", $name, $signature, "`")]
            pub static $constant: $crate::Builtin = {
                const PARAMETERS: [$crate::Parameter; $crate::signature::count($signature)] =
                    $crate::signature::parameters($signature);
                $crate::Builtin { name: $name, parameters: &PARAMETERS, arity: $arity, call: $function }
            };
        )*
    };
}
pub(crate) use builtins;

/// The arguments of a built-in function.
#[derive(Clone, Copy, Debug)]
pub struct Arguments<'a>(&'a [Data]);

impl<'a> Arguments<'a> {
    /// From arguments that fit.
    #[must_use]
    #[inline]
    pub const fn new(arguments: &'a [Data]) -> Self {
        Self(arguments)
    }

    /// All of them.
    #[must_use]
    pub const fn all(self) -> &'a [Data] {
        self.0
    }

    /// The argument at a place, from 0; nothing if it is left out.
    #[must_use]
    #[inline]
    pub fn get(self, index: usize) -> View<'a> {
        self.0.get(index).map_or(View::Nothing, Data::view)
    }

    /// The text, if the argument is a string.
    #[must_use]
    pub fn text(self, index: usize) -> Option<&'a str> {
        self.get(index).as_str()
    }

    /// The number, if the argument is one.
    #[must_use]
    pub fn number(self, index: usize) -> Option<f64> {
        self.get(index).as_f64()
    }

    /// The Boolean, if the argument is one.
    #[must_use]
    pub fn boolean(self, index: usize) -> Option<bool> {
        self.get(index).as_bool()
    }

    /// The function, if the argument is one.
    #[must_use]
    pub fn function(self, index: usize) -> Option<&'a Function> {
        self.get(index).as_function()
    }

    /// The elements, unless the argument is nothing.
    #[must_use]
    pub fn elements(self, index: usize) -> Option<Elements<'a>> {
        let argument = self.get(index);
        (!argument.is_nothing()).then(|| argument.elements())
    }
}

#[cfg(test)]
mod tests;
