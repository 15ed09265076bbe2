//! Parameters and results that are put together of other ones.
//!
//! In: what is asked for, and the values that it is in. Out: an object. What is nowhere is left out.

use asl_engine::generated::action::{Ask, Origin};
use asl_value::{Object, Text, Value};

/// What something is put together of.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'v> {
    /// The parameters of the task.
    pub(crate) given: &'v Value,
    /// What the service has answered.
    pub(crate) answer: &'v Value,
    /// What was looked up.
    pub(crate) found: &'v Value,
}

impl<'v> Sources<'v> {
    /// The parameters of a task alone.
    pub(crate) const fn given(given: &'v Value) -> Self {
        Self { given, answer: &Value::Null, found: &Value::Null }
    }
}

/// Puts together what is asked for.
pub(crate) fn collected(asked: &[Ask], sources: Sources<'_>) -> Object {
    let mut collected = Value::empty_object();
    for ask in asked {
        let source = match ask.origin {
            Origin::Parameters => sources.given,
            Origin::Answer => sources.answer,
            Origin::Found => sources.found,
            Origin::Text(text) => {
                put(&mut collected, ask.name, &Value::String(Text::new_static(text)));
                continue;
            }
        };
        let values = all(source, ask.path);
        if ask.listed {
            let values: Vec<Value> = values.into_iter().cloned().collect();
            put(&mut collected, ask.name, &values.into());
        } else if let Some(value) = values.first() {
            put(&mut collected, ask.name, value);
        }
    }
    collected.as_object().cloned().unwrap_or_default()
}

/// Puts a value at the end of a way.
fn put(target: &mut Value, way: &'static str, value: &Value) {
    let (step, rest) = way.split_once('.').map_or((way, None), |(step, rest)| (step, Some(rest)));
    match (target, rest) {
        (Value::Array(elements), Some(rest)) if step == "[]" => {
            for index in 0..elements.len() {
                elements.update(index, |element| put(element, rest, value));
            }
        }
        (Value::Object(fields), None) => drop(fields.insert(Text::new_static(step), value.clone())),
        (Value::Object(fields), Some(rest)) => drop(fields.update(step, |field| put(field, rest, value))),
        _ => {}
    }
}

/// All values at the end of a way; `[]` is each element of a list.
pub(crate) fn all<'v>(value: &'v Value, path: &[&str]) -> Vec<&'v Value> {
    let mut values = vec![value];
    for step in path {
        values = match *step {
            "[]" => {
                values.into_iter().filter_map(Value::as_array).flat_map(|elements| elements.iter()).collect()
            }
            name => values.into_iter().filter_map(|value| value.get(name)).collect(),
        };
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ask(name: &'static str, origin: Origin, path: &'static [&'static str], listed: bool) -> Ask {
        Ask { name, origin, path, listed }
    }

    #[test]
    fn values_are_put_into_objects_and_lists() {
        let given = Value::from_json(r#"{"Cluster":"j-1","Group":{"Count":2},"Fleet":{"Count":3}}"#).unwrap();
        let found = Value::from_json(r#"{"Id":"ig-1"}"#).unwrap();
        let asked = [
            ask("ClusterIds", Origin::Parameters, &["Cluster"], true),
            ask("Groups", Origin::Parameters, &["Group"], true),
            ask("Groups.[].Id", Origin::Found, &["Id"], false),
            ask("Fleet", Origin::Parameters, &["Fleet"], false),
            ask("Fleet.Id", Origin::Found, &["Id"], false),
            ask("Nothing.Id", Origin::Found, &["Id"], false),
            ask("Kind", Origin::Text("spot"), &[], false),
            ask("Missing", Origin::Answer, &["Id"], false),
        ];
        let collected = collected(&asked, Sources { found: &found, ..Sources::given(&given) });
        assert_eq!(
            Value::from(collected).to_string(),
            r#"{"ClusterIds":["j-1"],"Groups":[{"Count":2,"Id":"ig-1"}],"Fleet":{"Count":3,"Id":"ig-1"},"Kind":"spot"}"#
        );
    }
}
