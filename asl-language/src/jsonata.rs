//! JSONata: the table of its functions, which compiler and runtime read.

pub mod signature;

use signature::Parameter;

/// Where an expression is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// JSONata as it is, on data that is given to it.
    Plain,
    /// In a state: nothing but `$states`, variables and more functions.
    States,
}

/// A built-in function, without what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// The name of its static in `asl_jsonata::functions`.
    pub constant: &'static str,
    /// Without the `$`.
    pub name: &'static str,
    /// What it takes at run time, and in states.
    pub signature: &'static str,
    /// What it takes in JSONata as it is, if that has it.
    plain: Option<&'static str>,
    /// How many parameters the reference's implementation has (`Function.length` of JavaScript: those before the first one with a
    /// default), which is what higher-order functions ask for: `$map(x, $uppercase)` calls it with one argument.
    pub arity: usize,
    /// What it returns is a sequence: a single item of it is that item, and none is nothing.
    pub is_sequence: bool,
}

impl Function {
    const fn new(constant: &'static str, name: &'static str, signature: &'static str, arity: usize) -> Self {
        Self { constant, name, signature, plain: Some(signature), arity, is_sequence: false }
    }

    const fn sequence(self) -> Self {
        Self { is_sequence: true, ..self }
    }

    const fn of_states(self) -> Self {
        Self { plain: None, ..self }
    }

    const fn plainly(self, signature: &'static str) -> Self {
        Self { plain: Some(signature), ..self }
    }

    /// What it takes in a dialect that has it.
    #[must_use]
    pub const fn signature_in(&self, dialect: Dialect) -> Option<&'static str> {
        match dialect {
            Dialect::Plain => self.plain,
            Dialect::States => Some(self.signature),
        }
    }

    /// What it takes in a dialect that has it, parameter by parameter.
    #[must_use]
    pub fn parameters_in(&self, dialect: Dialect) -> Option<Vec<Parameter<'static>>> {
        signature::parse(self.signature_in(dialect)?).ok()
    }

    /// Whether only Step Functions has it.
    #[must_use]
    pub const fn is_of_states(&self) -> bool {
        self.plain.is_none()
    }

    /// What it returns, in letters of a signature, if it says so.
    #[must_use]
    pub fn returns(&self) -> Option<&'static str> {
        signature::returned(self.signature)
    }
}

/// All functions of a dialect.
pub fn all(dialect: Dialect) -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().copied().filter(move |function| function.signature_in(dialect).is_some())
}

/// The function of a name without the `$`.
#[must_use]
pub fn find(name: &str, dialect: Dialect) -> Option<&'static Function> {
    all(dialect).find(|function| function.name == name)
}

/// The table, as the arguments of a macro: for each function the name of its static, its own name, its signature, its arity, and
///
/// - `of_states`: only Step Functions has it; what it takes was measured on AWS
/// - `plainly ".."`: it takes something else in JSONata as it is
/// - `sequence`: what it returns is a sequence, so that a single item comes without the array
///
/// `$eval` is not among them, because nothing is compiled at run time.
#[macro_export]
#[doc(hidden)]
macro_rules! jsonata_functions {
    ($then:ident) => {
        $then! {
            PARTITION "partition" "<an:a<a>>" 2 of_states;
            RANGE "range" "<nnn:a<n>>" 3 of_states;
            HASH "hash" "<ss:s>" 2 of_states;
            RANDOM "random" "<n?:n>" 0 plainly "<:n>";
            UUID "uuid" "<:s>" 0 of_states;
            PARSE "parse" "<s:x>" 1 of_states;

            SUM "sum" "<a<n>:n>" 1;
            COUNT "count" "<a:n>" 1;
            MAX "max" "<a<n>:n>" 1;
            MIN "min" "<a<n>:n>" 1;
            AVERAGE "average" "<a<n>:n>" 1;

            STRING "string" "<x-b?:s>" 1;
            SUBSTRING "substring" "<s-nn?:s>" 3;
            SUBSTRING_BEFORE "substringBefore" "<s-s:s>" 2;
            SUBSTRING_AFTER "substringAfter" "<s-s:s>" 2;
            LOWERCASE "lowercase" "<s-:s>" 1;
            UPPERCASE "uppercase" "<s-:s>" 1;
            LENGTH "length" "<s-:n>" 1;
            TRIM "trim" "<s-:s>" 1;
            PAD "pad" "<s-ns?:s>" 3;
            MATCH "match" "<s-f<s:o>n?:a<o>>" 3 sequence;
            CONTAINS "contains" "<s-(sf):b>" 2;
            REPLACE "replace" "<s-(sf)(sf)n?:s>" 4;
            SPLIT "split" "<s-(sf)n?:a<s>>" 3;
            JOIN "join" "<a<s>s?:s>" 2;
            FORMAT_NUMBER "formatNumber" "<n-so?:s>" 3;
            FORMAT_BASE "formatBase" "<n-n?:s>" 2;
            FORMAT_INTEGER "formatInteger" "<n-s:s>" 2;
            PARSE_INTEGER "parseInteger" "<s-s:n>" 2;

            NUMBER "number" "<(nsb)-:n>" 1;
            FLOOR "floor" "<n-:n>" 1;
            CEIL "ceil" "<n-:n>" 1;
            ROUND "round" "<n-n?:n>" 2;
            ABS "abs" "<n-:n>" 1;
            SQRT "sqrt" "<n-:n>" 1;
            POWER "power" "<n-n:n>" 2;
            BOOLEAN "boolean" "<x-:b>" 1;
            NOT "not" "<x-:b>" 1;

            MAP "map" "<af>" 2 sequence;
            ZIP "zip" "<a+>" 0;
            FILTER "filter" "<af>" 2 sequence;
            SINGLE "single" "<af?>" 2;
            REDUCE "reduce" "<afj?:j>" 3;
            SIFT "sift" "<o-f?:o>" 2;
            KEYS "keys" "<x-:a<s>>" 1 sequence;
            LOOKUP "lookup" "<x-s:x>" 2;
            APPEND "append" "<xx:a>" 2;
            EXISTS "exists" "<x:b>" 1;
            SPREAD "spread" "<x-:a<o>>" 1 sequence;
            MERGE "merge" "<a<o>:o>" 1;
            REVERSE "reverse" "<a:a>" 1;
            EACH "each" "<o-f:a>" 2 sequence;
            ERROR "error" "<s?:x>" 1;
            ASSERT "assert" "<bs?:x>" 2;
            TYPE "type" "<x:s>" 1;
            SORT "sort" "<af?:a>" 2;
            SHUFFLE "shuffle" "<a:a>" 1;
            DISTINCT "distinct" "<x:x>" 1;

            BASE64ENCODE "base64encode" "<s-:s>" 1;
            BASE64DECODE "base64decode" "<s-:s>" 1;
            ENCODE_URL_COMPONENT "encodeUrlComponent" "<s-:s>" 1;
            ENCODE_URL "encodeUrl" "<s-:s>" 1;
            DECODE_URL_COMPONENT "decodeUrlComponent" "<s-:s>" 1;
            DECODE_URL "decodeUrl" "<s-:s>" 1;

            TO_MILLIS "toMillis" "<s-s?:n>" 2;
            FROM_MILLIS "fromMillis" "<n-s?s?:s>" 3;
            CLONE "clone" "<(oa)-:o>" 1;
            NOW "now" "<s?s?:s>" 2;
            MILLIS "millis" "<:n>" 0;
        }
    };
}

macro_rules! table {
    ($($constant:ident $name:literal $signature:literal $arity:literal $($note:ident $($other:literal)?)*;)*) => {
        $(
            #[doc = concat!("`$", $name, $signature, "`")]
            pub const $constant: Function =
                Function::new(stringify!($constant), $name, $signature, $arity)$(.$note($($other)?))*;
        )*

        /// All functions, those first that Step Functions adds.
        pub const FUNCTIONS: &[&Function] = &[$(&$constant),*];
    };
}

jsonata_functions!(table);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_static_mean_one_function() {
        for function in FUNCTIONS {
            let mut constant = String::new();
            for letter in function.name.chars() {
                constant.extend(letter.is_ascii_uppercase().then_some('_'));
                constant.push(letter.to_ascii_uppercase());
            }
            assert_eq!(function.constant, constant);
            let same = FUNCTIONS.iter().filter(|other| other.name == function.name);
            assert_eq!(same.count(), 1, "{}", function.name);
        }
    }

    #[test]
    fn every_signature_is_one() {
        for function in FUNCTIONS {
            for text in function.plain.into_iter().chain([function.signature]) {
                assert!(signature::parse(text).is_ok(), "${}{text}", function.name);
            }
            assert!(function.arity <= 4, "{}", function.name);
        }
    }

    #[test]
    fn states_have_more_than_jsonata() {
        let of = |name, dialect| find(name, dialect).and_then(|function| function.signature_in(dialect));
        assert_eq!(of("random", Dialect::Plain), Some("<:n>"));
        assert_eq!(of("random", Dialect::States), Some("<n?:n>"));
        assert_eq!(of("uuid", Dialect::Plain), None);
        assert_eq!(of("eval", Dialect::Plain), None);
        assert_eq!(find("match", Dialect::Plain).and_then(Function::returns), Some("a<o>"));
        assert_eq!(find("map", Dialect::Plain).and_then(Function::returns), None);
    }
}
