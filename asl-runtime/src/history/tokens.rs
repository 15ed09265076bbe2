//! Task tokens of a recording in place of those of now.
//!
//! In: the parameters of a task, now and as they were recorded. Out: the token that they held then. Tokens are drawn anew in each run, so
//! without this all that holds one would differ.

use asl_engine::history::{Event, EventDetails};
use asl_value::{Text, Value};

/// Whether parameters are the same but for the token.
pub(super) fn same(now: &Value, recorded: &Value, token: &str) -> bool {
    compare(now, recorded, token, &mut None)
}

/// The recorded token, where parameters are the same but for it.
pub(super) fn recorded(now: &Value, recorded: &Value, token: &str) -> Option<Text> {
    let mut found = None;
    if compare(now, recorded, token, &mut found) { found } else { None }
}

fn compare(now: &Value, recorded: &Value, token: &str, found: &mut Option<Text>) -> bool {
    match (now, recorded) {
        (Value::String(now), Value::String(recorded)) if now != recorded => {
            let Some((before, after)) = now.split_once(token) else { return false };
            let other = recorded.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            let Some(other) = other else { return false };
            *found.get_or_insert_with(|| other.into()) == other
        }
        (Value::Array(now), Value::Array(recorded)) => {
            now.len() == recorded.len()
                && now.iter().zip(recorded.iter()).all(|(now, recorded)| compare(now, recorded, token, found))
        }
        (Value::Object(now), Value::Object(recorded)) => {
            now.len() == recorded.len()
                && now.iter().all(|(key, now)| {
                    recorded.get(key).is_some_and(|recorded| compare(now, recorded, token, found))
                })
        }
        _ => now == recorded,
    }
}

/// Puts recorded tokens into what an event says of the parameters of a task.
pub(super) fn put_back(tokens: &[(Text, Text)], event: &mut Event) {
    let EventDetails::TaskScheduled { parameters, .. } = &mut event.details else { return };
    for (token, recorded) in tokens {
        *parameters = replaced(parameters, token, recorded);
    }
}

fn replaced(value: &Value, token: &str, recorded: &str) -> Value {
    match value {
        Value::String(text) if text.contains(token) => text.replace(token, recorded).into(),
        Value::Array(elements) => {
            elements.iter().map(|element| replaced(element, token, recorded)).collect::<Vec<_>>().into()
        }
        Value::Object(fields) => fields
            .iter()
            .map(|(key, field)| (key, replaced(field, token, recorded)))
            .collect::<asl_value::Object>()
            .into(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        Value::from_json(text).unwrap()
    }

    #[test]
    fn a_token_is_found_wherever_it_is() {
        let now = value(r#"{"Body":{"text":"token=NOW;"},"List":["NOW",1]}"#);
        let then = value(r#"{"Body":{"text":"token=then;"},"List":["then",1]}"#);
        assert_eq!(recorded(&now, &then, "NOW"), Some("then".into()));
        assert_eq!(replaced(&now, "NOW", "then"), then);
        assert!(same(&then, &then, "NOW"));
        assert_eq!(recorded(&then, &then, "NOW"), None);
    }

    #[test]
    fn other_parameters_are_not_the_same() {
        let now = value(r#"{"a":"NOW","b":"NOW"}"#);
        for other in [r#"{"a":"x","b":"y"}"#, r#"{"a":"x"}"#, r#"{"a":"x","b":1}"#, r#"["x"]"#] {
            assert!(!same(&now, &value(other), "NOW"), "{other}");
        }
    }
}
