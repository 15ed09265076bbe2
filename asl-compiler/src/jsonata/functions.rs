//! The built-in functions: their names, and what they take.

use super::signature::{self, Signature};
use crate::source::Span;

/// Where an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JSONata as it is, on data that is given to it.
    Plain,
    /// In a state: nothing but `$states`, variables and more functions.
    States,
}

/// A built-in function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Without the `$`.
    pub name: &'static str,
    /// What it takes.
    pub signature: &'static str,
}

impl Function {
    /// What it takes, parameter by parameter.
    #[must_use]
    pub fn takes(&self) -> Option<Signature> {
        signature::parse(self.signature, Span::default()).ok()
    }
}

/// The function of a name without the `$`.
#[must_use]
pub fn find(name: &str, dialect: Dialect) -> Option<&'static Function> {
    all(dialect).find(|function| function.name == name)
}

/// All functions of a dialect.
pub fn all(dialect: Dialect) -> impl Iterator<Item = &'static Function> {
    let more = match dialect {
        Dialect::Plain => &[],
        Dialect::States => OF_STATES,
    };
    // A function that Step Functions has in a form of its own comes first.
    more.iter().chain(FUNCTIONS)
}

macro_rules! functions {
    ($list:ident, $doc:literal, $($name:literal $signature:literal;)*) => {
        #[doc = $doc]
        const $list: &[Function] = &[$(Function { name: $name, signature: $signature },)*];
    };
}

functions! { OF_STATES, "What Step Functions adds; what these take was measured on AWS.",
    "partition" "<an:a>"; "range" "<nnn:a>"; "hash" "<ss:s>"; "random" "<n?:n>"; "uuid" "<:s>"; "parse" "<s:x>";
}

functions! { FUNCTIONS, "The functions of JSONata. `$eval` is not among them, because nothing is compiled at run time.",
    "sum" "<a<n>:n>"; "count" "<a:n>"; "max" "<a<n>:n>"; "min" "<a<n>:n>"; "average" "<a<n>:n>";
    "string" "<x-b?:s>"; "substring" "<s-nn?:s>"; "substringBefore" "<s-s:s>"; "substringAfter" "<s-s:s>";
    "lowercase" "<s-:s>"; "uppercase" "<s-:s>"; "length" "<s-:n>"; "trim" "<s-:s>"; "pad" "<s-ns?:s>";
    "match" "<s-f<s:o>n?:a<o>>"; "contains" "<s-(sf):b>"; "replace" "<s-(sf)(sf)n?:s>"; "split" "<s-(sf)n?:a<s>>";
    "join" "<a<s>s?:s>"; "formatNumber" "<n-so?:s>"; "formatBase" "<n-n?:s>"; "formatInteger" "<n-s:s>";
    "parseInteger" "<s-s:n>"; "number" "<(nsb)-:n>"; "floor" "<n-:n>"; "ceil" "<n-:n>"; "round" "<n-n?:n>";
    "abs" "<n-:n>"; "sqrt" "<n-:n>"; "power" "<n-n:n>"; "random" "<:n>"; "boolean" "<x-:b>"; "not" "<x-:b>";
    "map" "<af>"; "zip" "<a+>"; "filter" "<af>"; "single" "<af?>"; "reduce" "<afj?:j>"; "sift" "<o-f?:o>";
    "keys" "<x-:a<s>>"; "lookup" "<x-s:x>"; "append" "<xx:a>"; "exists" "<x:b>"; "spread" "<x-:a<o>>";
    "merge" "<a<o>:o>"; "reverse" "<a:a>"; "each" "<o-f:a>"; "error" "<s?:x>"; "assert" "<bs?:x>"; "type" "<x:s>";
    "sort" "<af?:a>"; "shuffle" "<a:a>"; "distinct" "<x:x>"; "base64encode" "<s-:s>"; "base64decode" "<s-:s>";
    "encodeUrlComponent" "<s-:s>"; "encodeUrl" "<s-:s>"; "decodeUrlComponent" "<s-:s>"; "decodeUrl" "<s-:s>";
    "toMillis" "<s-s?:n>"; "fromMillis" "<n-s?s?:s>"; "clone" "<(oa)-:o>"; "now" "<s?s?:s>"; "millis" "<:n>";
}
