//! Signatures of functions at run time: which arguments fit, where the context is filled in, and what is made an array.

use crate::data::Data;
use crate::failure::{Failure, Result};
use crate::sequence::Collector;
use crate::view::{ValueKind, View};
use asl_language::jsonata::signature::Occurs;
pub(crate) use asl_language::jsonata::signature::count;
pub use asl_language::jsonata::signature::{Parameter, parameters};

/// The arguments as a function takes them.
pub(super) fn validated(
    name: &str,
    parameters: &[Parameter<'_>],
    arguments: &[Data],
    context: View<'_>,
) -> Result<Vec<Data>> {
    let mut taken = Vec::with_capacity(parameters.len());
    if !distribute(parameters, arguments, &mut taken) {
        return Err(mismatch(name, parameters, arguments));
    }
    let (mut valid, mut rest) = (Vec::with_capacity(parameters.len()), arguments.iter());
    let mut position = 0;
    for (parameter, taken) in parameters.iter().zip(taken) {
        if taken == 0 && parameter.context {
            valid.push(context_argument(name, parameter, context, position)?);
        } else if taken == 0 {
            // As the reference does it: what is left out takes the place of the argument that comes next.
            valid.push(rest.next().cloned().unwrap_or_default());
            position += 1;
        }
        for argument in rest.by_ref().take(taken) {
            position += 1;
            valid.push(if parameter.array {
                array_argument(name, parameter, taken, argument, position)?
            } else {
                argument.clone()
            });
        }
    }
    Ok(valid)
}

/// Whether each argument is of a type that the parameter at its place takes.
pub(super) fn check_types(name: &str, parameters: &[Parameter<'_>], arguments: &[Data]) -> Result<()> {
    let takes = |parameter: &Parameter<'_>, argument: &Data| {
        let view = argument.view();
        view.is_nothing() || (fits(parameter, view) && (view.is_array() || !parameter.array))
    };
    match parameters.iter().zip(arguments).position(|(parameter, argument)| !takes(parameter, argument)) {
        None => Ok(()),
        Some(place) => Err(no_match(name, place + 1)),
    }
}

/// How many arguments each parameter takes, as many as it can while the rest fit.
fn distribute(parameters: &[Parameter<'_>], arguments: &[Data], taken: &mut Vec<usize>) -> bool {
    let Some((parameter, rest)) = parameters.split_first() else { return arguments.is_empty() };
    let (least, most) = match parameter.occurs {
        Occurs::Once => (1, 1),
        Occurs::Optional => (0, 1),
        Occurs::Repeated => (1, arguments.len()),
    };
    let fitting = arguments.iter().take(most).take_while(|argument| fits(parameter, argument.view()));
    let most = fitting.count();
    for count in (least..=most).rev() {
        let depth = taken.len();
        taken.push(count);
        if distribute(rest, arguments.get(count..).unwrap_or_default(), taken) {
            return true;
        }
        taken.truncate(depth);
    }
    false
}

fn fits(parameter: &Parameter<'_>, argument: View<'_>) -> bool {
    parameter.types.has(letter(argument))
}

const fn letter(view: View<'_>) -> u8 {
    match view.kind() {
        ValueKind::Nothing => b'm',
        ValueKind::Null => b'l',
        ValueKind::Boolean => b'b',
        ValueKind::Number => b'n',
        ValueKind::String => b's',
        ValueKind::Array => b'a',
        ValueKind::Object => b'o',
        ValueKind::Function => b'f',
    }
}

fn context_argument(
    name: &str,
    parameter: &Parameter<'_>,
    context: View<'_>,
    position: usize,
) -> Result<Data> {
    if fits(parameter, context) {
        return Ok(context.to_data());
    }
    let argument = position + 1;
    Err(Failure::new(
        "T0411",
        format!("Context value is not a compatible type with argument {argument} of function {name:?}"),
    ))
}

fn array_argument(
    name: &str,
    parameter: &Parameter<'_>,
    taken: usize,
    argument: &Data,
    position: usize,
) -> Result<Data> {
    let view = argument.view();
    let fits = match (parameter.elements.as_bytes(), view.kind()) {
        (_, ValueKind::Nothing) => return Ok(Data::Nothing),
        ([], _) => true,
        ([wanted, ..], ValueKind::Array) => view.elements().all(|element| letter(element) == *wanted),
        // As the reference does it: the letters of all that is taken are compared with the text of the type.
        ([wanted], _) => taken == 1 && letter(view) == *wanted,
        _ => false,
    };
    match (fits, view.is_array()) {
        (false, _) => Err(not_array_of(name, parameter, position)),
        (true, true) => Ok(argument.clone()),
        (true, false) => Ok(singleton(argument)),
    }
}

/// An array of one.
pub(super) fn singleton(data: &Data) -> Data {
    let mut elements = Collector::with_capacity(1);
    elements.push(data.clone());
    elements.into_array()
}

#[cold]
fn not_array_of(name: &str, parameter: &Parameter<'_>, position: usize) -> Failure {
    let elements = match parameter.elements {
        "a" => "arrays",
        "b" => "booleans",
        "f" => "functions",
        "n" => "numbers",
        "o" => "objects",
        "s" => "strings",
        other => other,
    };
    Failure::new(
        "T0412",
        format!("Argument {position} of function {name:?} must be an array of {elements:?}"),
    )
}

/// The first argument that does not fit.
#[cold]
fn mismatch(name: &str, parameters: &[Parameter<'_>], arguments: &[Data]) -> Failure {
    let mut good = 0;
    for parameters in (1..=parameters.len()).filter_map(|count| parameters.get(..count)) {
        // The longest start of the arguments that the first parameters take, as far as they take any.
        let taken = (0..=arguments.len()).rev().find(|count| {
            distribute(parameters, arguments.get(..*count).unwrap_or_default(), &mut Vec::new())
        });
        match taken {
            Some(taken) => good = taken,
            None => break,
        }
    }
    no_match(name, good + 1)
}

#[cold]
fn no_match(name: &str, argument: usize) -> Failure {
    Failure::new(
        "T0410",
        format!("Argument {argument} of function {name:?} does not match function signature"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use asl_value::Value;

    const SUBSTRING: [Parameter<'_>; 3] = parameters("<s-nn?:s>");
    const JOIN: [Parameter<'_>; 2] = parameters("<a<s>s?:s>");
    const ZIP: [Parameter<'_>; 1] = parameters("<a+>");

    fn json(text: &str) -> Vec<Data> {
        Value::from_json(text).unwrap().as_array().unwrap().iter().cloned().map(Data::Value).collect()
    }

    fn outcome(parameters: &[Parameter<'_>], arguments: &str) -> String {
        match validated("f", parameters, &json(arguments), View::Value(&Value::from("context"))) {
            Ok(valid) => {
                let valid: Vec<_> =
                    valid.into_iter().map(|data| data.into_json().unwrap_or_default().to_string()).collect();
                valid.join(" ")
            }
            Err(failure) => failure.to_string(),
        }
    }

    #[test]
    fn the_context_stands_in_for_what_is_missing() {
        assert_eq!(outcome(&SUBSTRING, r#"["a", 1, 2]"#), r#""a" 1 2"#);
        assert_eq!(outcome(&SUBSTRING, "[1, 2]"), r#""context" 1 2"#);
        assert_eq!(
            outcome(&SUBSTRING, r#"["a"]"#),
            r#"T0410: Argument 2 of function "f" does not match function signature"#
        );
    }

    #[test]
    fn single_values_become_arrays() {
        assert_eq!(outcome(&JOIN, r#"["a"]"#), r#"["a"] null"#);
        assert_eq!(outcome(&JOIN, r#"[["a", "b"], "-"]"#), r#"["a","b"] "-""#);
        assert_eq!(
            outcome(&JOIN, r#"[["a", 1]]"#),
            r#"T0412: Argument 1 of function "f" must be an array of "strings""#
        );
        assert_eq!(outcome(&ZIP, "[[1], 2, [3]]"), "[1] [2] [3]");
    }
}
