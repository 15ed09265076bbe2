//! Inspection: what functions take and give, for people.
//!
//! In: the name of a function as it is written. Out: Markdown; nothing for a name that no function has.

use crate::intrinsic;
use crate::jsonata::{Dialect, functions};
use asl_language::jsonata::signature::{Occurs, Parameter};

/// A function of JSONata, `$name`, or an intrinsic function, `States.Name`.
pub(super) fn function(name: &str) -> Option<String> {
    match name.strip_prefix('$') {
        Some(plain) => jsonata(plain),
        None => intrinsic::in_words(name),
    }
}

fn jsonata(name: &str) -> Option<String> {
    let function = functions::find(name, Dialect::States)?;
    let takes: Vec<_> = function.parameters_in(Dialect::States)?.iter().map(parameter).collect();
    let given = function.returns().and_then(|given| given.chars().next());
    let given = given.map(|letter| format!(": {}", word(letter)));
    Some(format!("`${name}({}){}`, a function of JSONata", takes.join(", "), given.unwrap_or_default()))
}

fn parameter(takes: &Parameter<'_>) -> String {
    // Any value is written with all letters of its types.
    let is_anything = takes.letters.len() > 3;
    let types: Vec<_> = takes.letters.chars().map(word).collect();
    let words = if is_anything { "any".to_owned() } else { types.join(" | ") };
    match takes.occurs {
        Occurs::Once => words,
        Occurs::Optional => format!("{words}?"),
        Occurs::Repeated => format!("{words}.."),
    }
}

const fn word(letter: char) -> &'static str {
    match letter {
        's' => "string",
        'n' => "number",
        'b' => "boolean",
        'l' => "null",
        'a' => "array",
        'o' => "object",
        'f' => "function",
        _ => "any",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_functions_take_and_give() {
        let in_words = |name| function(name).unwrap_or_default();
        assert_eq!(
            in_words("$substring"),
            "`$substring(string?, number, number?): string`, a function of JSONata"
        );
        assert_eq!(in_words("$uuid"), "`$uuid(): string`, a function of JSONata");
        assert_eq!(in_words("$exists"), "`$exists(any): boolean`, a function of JSONata");
        assert_eq!(
            in_words("States.Format"),
            "`States.Format`: takes a string, and any number of values more; returns a string"
        );
        assert_eq!(in_words("States.UUID"), "`States.UUID`: takes nothing; returns a string");
        assert_eq!(function("$nothing").or(function("States.Nothing")), None);
    }
}
