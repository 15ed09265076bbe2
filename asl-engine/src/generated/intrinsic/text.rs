//! Texts.

use super::java;
use asl_value::{Array, Value};

/// The longest text that is put together, in bytes: with one that doubles in a loop, an execution ends before memory does.
const LONGEST: usize = 320_000_000;

/// `States.Format`: each `{}` of the template is replaced by the next argument; `\{`, `\}` and `\\` represent themselves.
#[must_use]
pub fn format(template: &Value, arguments: &[&Value]) -> Option<Value> {
    formatted(template, arguments, LONGEST)
}

fn formatted(template: &Value, arguments: &[&Value], most: usize) -> Option<Value> {
    let template = template.as_str()?;
    let mut characters = template.chars();
    // Room for the template and for short arguments.
    let mut formatted = String::with_capacity(template.len() + 8 * arguments.len());
    let mut arguments = arguments.iter();
    while let Some(character) = characters.next() {
        match character {
            '\\' => formatted.push(characters.next()?),
            '{' => {
                (characters.next()? == '}').then_some(())?;
                java::print(arguments.next()?, &mut formatted);
                if formatted.len() > most {
                    return None;
                }
            }
            '}' => return None,
            other => formatted.push(other),
        }
    }
    arguments.next().is_none().then(|| formatted.into())
}

/// `States.StringSplit`: the second argument is a set of characters, and empty parts are dropped.
#[must_use]
pub fn string_split(text: &Value, separators: &Value) -> Option<Value> {
    let (text, separators) = (text.as_str()?, separators.as_str()?);
    let mut separators: Vec<char> = separators.chars().collect();
    separators.sort_unstable();
    let is_separator = |character| separators.binary_search(&character).is_ok();
    let parts = text.split(is_separator).filter(|part| !part.is_empty());
    Some(parts.map(Value::from).collect::<Array>().into())
}

/// `States.UUID`, version 4. `random` is in 0..1.
#[must_use]
pub fn uuid(random: impl FnMut() -> f64) -> Option<Value> {
    Some(crate::random::uuid(random).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_take_the_places_of_braces() {
        let (one, two) = (Value::from(1), Value::from("two"));
        let format = |template: &str, arguments: &[&Value]| {
            format(&template.into(), arguments).map(|value| value.as_str().unwrap().to_owned())
        };
        assert_eq!(format("{} and {}", &[&one, &two]), Some("1 and two".into()));
        assert_eq!(format(r"\{\} \\ {}", &[&Value::Null]), Some(r"{} \ null".into()));
        assert_eq!(format("{}", &[]), None);
        assert_eq!(format("x", &[&one]), None);
        assert_eq!(format("{x}", &[&one]), None);
    }

    #[test]
    fn a_text_that_would_take_all_memory_is_refused() {
        let part = Value::from("x".repeat(10));
        let formatted = |count: usize| formatted(&"{}".repeat(count).into(), &vec![&part; count], 40);
        assert_eq!(formatted(4), Some("x".repeat(40).into()));
        assert_eq!(formatted(5), None);
    }

    #[test]
    fn texts_are_split_at_any_of_the_characters() {
        let split = |text: &str, separators: &str| {
            string_split(&text.into(), &separators.into()).unwrap().to_string()
        };
        assert_eq!(split("a,b;c", ",;"), r#"["a","b","c"]"#);
        assert_eq!(split(",,,,", ","), "[]");
        assert_eq!(split("abc", ""), r#"["abc"]"#);
    }
}
