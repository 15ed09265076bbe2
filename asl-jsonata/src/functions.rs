//! The built-in functions: a file a family.
//!
//! **The convention.** What a function is called, takes and returns is a row of [the table](asl_language::jsonata). What it does is
//! `fn name(evaluation: &Evaluation<'_>, arguments: Arguments<'_>) -> Result<Data>` in its family, and the macro `builtins!` there makes
//! a `static` of both, which has the name of the row. A row without a static does not compile, and neither does a static without a row.
//!
//! ```ignore
//! builtins! {
//!     SUBSTRING = substring;
//! }
//! ```
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

pub use aggregation::*;
pub(crate) use arrays::appended;
pub use arrays::*;
pub use dates::*;
pub use encoding::*;
pub use higher_order::*;
pub use matching::*;
pub use numbers::*;
pub use objects::*;
pub use states::*;
pub use strings::*;
pub use values::*;

use crate::data::Data;
use crate::function::Function;
use crate::view::{Elements, View};

/// Makes the statics of built-in functions.
macro_rules! builtins {
    ($($constant:ident = $function:path;)*) => {
        $(
            #[doc = concat!("[`asl_language::jsonata::", stringify!($constant), "`]")]
            pub static $constant: $crate::Builtin = {
                const FUNCTION: asl_language::jsonata::Function = asl_language::jsonata::$constant;
                const PARAMETERS: [$crate::Parameter<'static>; $crate::signature::count(FUNCTION.signature)] =
                    $crate::signature::parameters(FUNCTION.signature);
                $crate::Builtin {
                    name: FUNCTION.name,
                    parameters: &PARAMETERS,
                    arity: FUNCTION.arity,
                    call: $function,
                }
            };
        )*
    };
}
pub(crate) use builtins;

macro_rules! all {
    ($($constant:ident $name:literal $signature:literal $arity:literal $($note:ident $($other:literal)?)*;)*) => {
        /// All of them, in the order of the table.
        pub static ALL: &[&crate::Builtin] = &[$(&$constant),*];
    };
}

asl_language::jsonata_functions!(all);

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
